"""A key set that was renewed reaches a running PC, and a wrong clock keeps nobody from being heard."""

import base64
import json
import time
from pathlib import Path

import msgspec
import pytest

from app.agent import commands, serverlink
from app.agent.enrolled import enrolled_servers
from app.agent.profile import Profile
from app.agent.snapshot import Sign
from app.desktop.simulated import Machine
from app.domain.moment import NS, Moment
from app.protocol.keys import Ed25519Signer
from app.protocol.keyset import KeySet, kept_keyset, sign_keyset
from app.server import commands as it
from app.server.commands import CodeFor
from app.server.storage.keyring import Keyring
from tests.helpers.agent import enrol, machine, running
from tests.helpers.server_thread import ServerThread

LIMIT = 20.0


def kept(folder: Path) -> KeySet:
    """The key set in the profile's enrolment file."""
    one = json.loads(Profile(folder).enrolment.read_bytes())["servers"][0]
    return kept_keyset(base64.b64decode(one["keys"]), bytes.fromhex(one["fingerprint"]))


def test_a_renewed_key_set_is_fetched_and_kept(
    server: ServerThread, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serverlink, "WARM", NS // 5)
    here = machine()
    enrol(server, tmp_path / "agent", here, "林小雨")
    old = kept(tmp_path / "agent")
    root = Ed25519Signer((server.folder / "keys" / "root.key").read_bytes())
    newer = msgspec.structs.replace(old, generation=old.generation + 1)
    with running(tmp_path / "agent", here):
        keys: Keyring = server.core.keys
        object.__setattr__(keys, "keyset_bytes", sign_keyset(newer, root))
        end = time.monotonic() + LIMIT
        while kept(tmp_path / "agent").generation == old.generation and time.monotonic() < end:
            time.sleep(0.05)  # poll: the file is written by a lane, with a limit above
    assert kept(tmp_path / "agent") == newer


def test_a_pc_that_is_weeks_behind_is_heard_and_learns_the_time(server: ServerThread, tmp_path: Path) -> None:
    here, there = machine(), machine()
    enrol(server, tmp_path / "agent", here, "林小雨")
    enrol(server, tmp_path / "lead", there, "陈主管", role="lead", seat="L-1")
    there.typing()
    started = 3600 * NS
    behind = Machine(running=True, start=Moment(started, started, time.time_ns() - 30 * 24 * 3600 * NS))
    behind.secrets.update(here.secrets)
    with running(tmp_path / "lead", there, lead=True) as lead, running(tmp_path / "agent", behind) as pc:
        pc.seen.until(lambda shown: shown.sync.connected, "the server's answers to be believed")
        pc.agent.post(commands.RaiseAlarm(behind.now().boot))
        board = lead.seen.until(lambda now: now.desk and now.desk.rows, "a row on the board")
        assert board.desk is not None
        lead.agent.post(commands.Painted(board.desk.rows[0].alarm, there.now().boot))
        pc.seen.until(lambda shown: shown.help.sign is Sign.SHOWN, "the sign that a desk shows it")


def test_a_pc_that_it_approves_while_it_runs_remembers_it(server: ServerThread, tmp_path: Path) -> None:
    here, folder = machine(), tmp_path / "agent"
    enrol(server, folder, here)
    assert [one.pending for one in enrolled_servers(Profile(folder))] == [True]
    with running(folder, here) as pc:
        pc.seen.until(lambda shown: shown.sync.pending_approval, "the wait for approval")
        who = CodeFor("Shanghai", "林小雨", "agent", "A", "A-1", "3")
        now = time.time_ns() // 1_000_000
        code = str(next(one["code"] for one in server.main_lane(it.list_devices) if one["code"]))
        server.main_lane(lambda conn: it.approve_device(conn, server.keys, code, who, now))
        pc.seen.until(lambda shown: not shown.sync.pending_approval, "the approval to be known", 40)
    assert [one.pending for one in enrolled_servers(Profile(folder))] == [False]
