"""A site's signed pack from the server to the PC: shown within a moment, refused whole, kept over restarts without a server."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import zstandard

from app.agent.enrolled import enrolled_servers
from app.agent.enrolling import enrol_from_command_line
from app.agent.profile import Profile
from app.agent.start import RunningAgent
from app.cli import main as safeseat
from app.content.packs import MAGIC
from app.domain.errors import UsageError
from app.health.doctor import examine
from app.protocol.document import DocKind, Document, make_document
from app.server import commands as it
from app.server.publishing import KIND, publish_pack
from app.server.storage import documents, offlinekeys, people
from app.server.storage.keyring import open_keyring
from tests.helpers.agent import Pc, enrol, machine, running
from tests.helpers.server_thread import ServerThread
from tests.unit.content.samples import DAY, FIRST, OTHER_SITE, SECOND, card, content, pack, script, three

YEAR = 365


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Office:
    """IT at one server: keys, publishing, and what gets past the server's own check."""

    def __init__(self, server: ServerThread, *, keys: bool = True) -> None:
        self.server = server
        server.code()
        site = server.main_lane(lambda conn: people.site_id(conn, "Shanghai"))
        assert site is not None
        self.site = site
        if keys:
            self.add_keys()

    def add_keys(self) -> None:
        folder = self.server.folder / "keys"
        for name, signer in (("content-1", FIRST), ("content-2", SECOND)):
            offlinekeys.add(folder, self.server.core.keys, "content", name, signer.pub33[1:].hex(), YEAR, now_ms())
            # what a start of the server does with the new key set
            self.server.core.keys = open_keyring(folder, now_ms())

    def made(self, body: Mapping[str, Any] | None = None, version: int = 1, **more: Any) -> bytes:
        more = {"site": self.site, "times": (now_ms() - DAY, now_ms() + DAY), **more}
        return pack(body, version, **more)

    def publish(self, body: Mapping[str, Any] | None = None, version: int = 1, **more: Any) -> str:
        file = self.made(body, version, **more)
        return self.server.main_lane(lambda conn: publish_pack(conn, self.server.core.keys, file, now_ms()))

    def smuggle(self, file: bytes, version: int) -> None:
        """As a server would that somebody has taken over: anything is handed out as the newest pack."""

        def work(conn: Any) -> None:
            documents.add(conn, self.site, KIND, version, file)
            documents.touch(conn)

        self.server.main_lane(work)


def titles(agent: RunningAgent) -> dict[str, str]:
    return {one.id: one.title for one in agent.library("en").scripts}


def holds(pc: Pc, version: int) -> None:
    pc.seen.until(lambda now: now.content.version == version, f"version {version} of the pack")


def refused(pc: Pc, word: str) -> None:
    shown = pc.seen.until(lambda now: word in now.content.refused, f"the refusal with {word}")
    assert "pack_refused" in shown.faults


OWN = {"scripts": {"own-case": script(title=three("本店情况", "本店情況", "Our own case"))}}


@pytest.fixture
def office(server: ServerThread) -> Office:
    return Office(server)


@contextmanager
def enrolled(server: ServerThread, folder: Path) -> Iterator[Pc]:
    here = machine()
    enrol(server, folder, here, "林小雨")
    with running(folder, here) as pc:
        yield pc


def test_a_published_card_and_number_are_shown_within_a_moment(office: Office, tmp_path: Path) -> None:
    with enrolled(office.server, tmp_path / "pc") as pc:
        pc.seen.until(lambda now: now.sync.connected, "the server")
        assert "own-case" not in titles(pc.agent)
        fire = card(title=three("着火了", "失火了", "Fire here"), numbers=["fire", "internal"])
        office.publish(content({**OWN, "cards": {"fire": fire}}, site={"guards_phone": "8119"}), second=SECOND)
        holds(pc, 1)
        assert titles(pc.agent)["own-case"] == "Our own case"
        assert next(one for one in pc.agent.library("zh_CN").cards if one.id == "fire").title == "着火了"
        assert dict(pc.agent.snapshot.settings.site)["guards_phone"] == "8119"
        # a second one, published by another process' way, takes the first one's place; the rest is as it was shipped
        file = tmp_path / "2.pack"
        file.write_bytes(office.made(content(site={"guards_phone": "8119"}), version=2, second=SECOND))
        assert safeseat(["server", "content", "publish", str(file), "--data", str(office.server.folder)]) == 0
        holds(pc, 2)
        assert "own-case" not in titles(pc.agent)
        assert not {"pack_refused", "pack_stale"} & set(pc.agent.snapshot.faults)


def test_what_is_not_right_is_refused_whole_and_the_last_good_one_stays(office: Office, tmp_path: Path) -> None:
    with enrolled(office.server, tmp_path / "pc") as pc:
        office.publish(content(OWN, site={"guards_phone": "8119"}), version=5)
        holds(pc, 5)
        altered = bytearray(office.made(version=6))
        altered[-1] ^= 1
        bomb = zstandard.ZstdCompressor().compress(bytes(64 << 20))
        document = Document(DocKind.CONTENT, office.site, 9, now_ms() - DAY, now_ms() + DAY, bomb)
        for version, (file, word) in enumerate((
            (bytes(altered), "signed this"),
            (office.made(version=7, site=OTHER_SITE), "another site"),
            (office.made(version=8, times=(now_ms() - 2 * DAY, now_ms() - DAY)), "stale"),
            (MAGIC + b"\0" + make_document(document, FIRST), "memory"),
            (office.made(version=4), "version 4"),
            (office.made(content(OWN, site={"guards_phone": "8120"}), version=11), "second person"),
            (b"nothing", "not a content pack"),
        ), 6):  # fmt: skip
            office.smuggle(file, version)
            refused(pc, word)
            assert pc.agent.snapshot.content.version == 5
            assert titles(pc.agent)["own-case"] == "Our own case"
        told = {one["what"]: one for one in examine(pc.folder, machine().desktop())}
        assert told["site content"]["state"] == "note"
        assert "not a content pack" in told["site content"]["says"]
        office.publish(content(OWN, site={"guards_phone": "8120"}), version=20, second=SECOND)
        holds(pc, 20)
        assert "pack_refused" not in pc.agent.snapshot.faults


def test_without_a_server_and_without_a_key_store_the_last_good_one_is_shown(office: Office, tmp_path: Path) -> None:
    folder, here = tmp_path / "pc", machine()
    enrol(office.server, folder, here, "林小雨")
    with running(folder, here) as pc:
        office.publish(content(OWN, site={"guards_phone": "8119"}))
        holds(pc, 1)
    with running(folder, here, "vault_missing") as pc:
        holds(pc, 1)
        assert titles(pc.agent)["own-case"] == "Our own case"


def test_a_kept_pack_that_was_altered_is_not_shown_until_the_server_brings_it_anew(office: Office, tmp_path: Path) -> None:
    folder, here = tmp_path / "pc", machine()
    enrol(office.server, folder, here, "林小雨")
    with running(folder, here) as pc:
        office.publish(content(OWN))
        holds(pc, 1)
    file = Profile(folder).pack
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    with running(folder, here, "vault_missing") as pc:
        refused(pc, "The kept pack is not used")
        assert "own-case" not in titles(pc.agent)
    with running(folder, here) as pc:
        holds(pc, 1)
        assert "pack_refused" not in pc.agent.snapshot.faults


def test_an_older_pack_put_back_into_the_profile_is_not_shown(office: Office, tmp_path: Path) -> None:
    folder, here = tmp_path / "pc", machine()
    enrol(office.server, folder, here, "林小雨")
    with running(folder, here) as pc:
        office.publish(content(OWN))
        holds(pc, 1)
        older = Profile(folder).pack.read_bytes()
        office.publish(content(), version=2)
        holds(pc, 2)
    Profile(folder).pack.write_bytes(older)
    with running(folder, here) as pc:
        holds(pc, 2)
        assert "own-case" not in titles(pc.agent)


def test_a_key_that_it_added_since_is_learned_with_the_pack(server: ServerThread, tmp_path: Path) -> None:
    office = Office(server, keys=False)
    with enrolled(server, tmp_path / "pc") as pc:
        pc.seen.until(lambda now: now.sync.connected, "the server")
        office.add_keys()
        office.publish(content(OWN))
        holds(pc, 1)


def test_a_pc_that_waited_for_its_approval_learns_its_site_with_the_pack(office: Office, tmp_path: Path) -> None:
    folder, here, server = tmp_path / "pc", machine(), office.server
    enrol_from_command_line(folder, f"http://127.0.0.1:{server.port}", None, None, here.desktop())
    assert [one.site for one in enrolled_servers(Profile(folder))] == [bytes(16)]
    office.publish(content(OWN))
    with running(folder, here) as pc:
        pc.seen.until(lambda now: now.sync.pending_approval, "the wait for approval")
        code = str(next(one["code"] for one in server.main_lane(it.list_devices) if one["code"]))
        who = it.CodeFor("Shanghai", "林小雨", "agent", "A", "A-1", "3")
        server.main_lane(lambda conn: it.approve_device(conn, server.keys, code, who, now_ms()))
        pc.seen.until(lambda now: now.content.version == 1, "the pack", 60)
    assert [one.site for one in enrolled_servers(Profile(folder))] == [office.site]
    with running(folder, here, "vault_missing") as pc:
        holds(pc, 1)


def test_the_server_publishes_only_what_the_pcs_would_take(office: Office) -> None:
    office.publish(content(site={"guards_phone": "8119"}), version=3)
    assert "already" in office.publish(content(site={"guards_phone": "8119"}), version=3, times=office_times(office))
    for file, word in (
        ({"version": 2}, "version 2"),
        ({"body": content(site={"guards_phone": "8120"}), "version": 4}, "second person"),
        ({"site": OTHER_SITE, "version": 4}, "no site"),
    ):
        with pytest.raises(UsageError, match=word):
            office.publish(**file)


def office_times(office: Office) -> tuple[int, int]:
    """The times of the pack in force, so that the same one can be made again."""
    from app.content.packs import framed

    file = office.server.main_lane(lambda conn: documents.newest(conn, office.site, KIND))
    assert file is not None
    document = framed(file)
    return document.not_before, document.not_after
