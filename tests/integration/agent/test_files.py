"""Files that are damaged, full, locked or hanging: the fault is shown, the lock and the alarm go on."""

import threading
from pathlib import Path

import pytest

from app.agent import commands
from app.agent.events import Commit, KeepMove, OpenVault, SaveState
from app.agent.files import Files
from app.agent.identity import Identity, own_ids
from app.agent.profile import Profile
from app.agent.snapshot import Sign
from app.agent.start import AgentOptions, start_agent
from app.desktop.simulated import Machine
from app.domain.errors import UnavailableError
from app.protocol.record_kinds import AlarmRaised, LockFailed
from tests.helpers.agent import Pc, machine, running

ALARM = b"\xab" * 16


def works(pc: Pc) -> None:
    """Lock and alarm do what they must."""
    pc.agent.post(commands.LockNow())
    pc.seen.until(lambda shown: shown.seat.locked, "the lock")
    pc.agent.post(commands.RaiseAlarm(pc.machine.now().boot))
    pc.seen.until(lambda shown: shown.help.open, "the alarm")


def fault(pc: Pc, key: str) -> None:
    pc.seen.until(lambda shown: key in shown.faults, f"the fault {key}")


def test_a_wrong_key_is_told_and_the_file_stays_as_it_is(tmp_path: Path) -> None:
    mine = machine()
    with running(tmp_path, mine) as pc:
        works(pc)
        pc.seen.until(lambda shown: shown.help.sign is Sign.KEPT, "the sign")
    before = (tmp_path / "journal.db").read_bytes()
    other = machine()
    with running(tmp_path, other) as pc:
        fault(pc, "journal_key")
        works(pc)
    assert (tmp_path / "journal.db").read_bytes() == before


def test_a_damaged_journal_is_moved_aside_and_told(tmp_path: Path) -> None:
    mine = machine()
    with running(tmp_path, mine) as pc:
        works(pc)
        pc.seen.until(lambda shown: shown.help.sign is Sign.KEPT, "the sign")
    file = tmp_path / "journal.db"
    data = bytearray(file.read_bytes())
    for at in range(4096, len(data), 64):
        data[at] ^= 0xFF
    file.write_bytes(data)
    with running(tmp_path, mine) as pc:
        fault(pc, "journal_damaged")
        works(pc)
    assert list(tmp_path.glob("journal.db.damaged-*"))


def test_a_vault_that_hangs_holds_nothing_up(tmp_path: Path) -> None:
    gate = threading.Event()

    class Hanging(Machine):
        @property
        def secrets(self) -> dict[str, bytes]:
            gate.wait(20)
            return self._kept

        @secrets.setter
        def secrets(self, value: dict[str, bytes]) -> None:
            self._kept = value

    with running(tmp_path, Hanging(running=True)) as pc:
        works(pc)
        gate.set()
        pc.seen.until(lambda shown: shown.help.sign is Sign.KEPT, "the alarm to be kept once the vault is open")


@pytest.mark.parametrize("name", ["ids.json", "choices.toml", "enrolment.json"])
def test_each_damaged_file_costs_no_more_than_itself(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xff{[damaged")
    if name == "ids.json":
        with pytest.raises(UnavailableError, match="is damaged"):
            start_agent(AgentOptions(profile=tmp_path), machine().desktop())
        return
    with running(tmp_path) as pc:
        pc.seen.until(lambda shown: "not_enrolled" in shown.faults, "the start")
        works(pc)


def opened(folder: Path, machine: Machine) -> Files:
    profile = Profile(folder)
    return Files(profile, Identity(own_ids(profile)), machine.desktop().vault, machine.now)


def raised() -> KeepMove:
    return KeepMove(ALARM, 1, b"m" * 345, AlarmRaised(ms=1, alarm=ALARM, level=2, drill=False, on_call=False))


def test_what_comes_before_the_vault_opens_is_written_late_and_nothing_is_lost(tmp_path: Path) -> None:
    machine = Machine()
    files = opened(tmp_path, machine)
    files.commit(Commit((LockFailed(ms=1, method="logind", error="timeout"),)))
    files.keep_move(raised())
    files.save_state(SaveState("alarm", b"state"))
    list(files.open(OpenVault()))
    assert files.journal is not None
    rows = [row["record"] for row in files.journal.rows()]
    assert [row["type"] for row in rows if isinstance(row, dict)][-2:] == ["alarm.raised", "lock.failed"]
    assert [row.get("late") for row in rows if isinstance(row, dict)][-2:] == [True, None], "a lock has its own instant"
    assert files.local is not None
    assert files.local.get("alarm") == b"state"
    assert [packet for packet, _ in files.journal.alarms().load()] == [b"m" * 345]
    files.close()


def test_after_a_refusal_the_vault_may_open_later(tmp_path: Path) -> None:
    machine = Machine()
    files = opened(tmp_path, machine)
    machine.vault_open = False
    assert files.open(OpenVault())[0].faults == ("vault_missing",)  # type: ignore[index]  # a list with one answer
    assert not (tmp_path / "journal.db").exists(), "nothing in clear, nothing at all"
    machine.vault_open = True
    assert files.open(OpenVault())[0].journal  # type: ignore[index]  # a list with one answer
    assert list(files.open(OpenVault())) == [], "opening what is open does nothing"
    files.close()
    files.close()


def test_a_closed_journal_says_so_and_hands_on_what_waited(tmp_path: Path) -> None:
    machine = Machine()
    machine.vault_open = False
    files = opened(tmp_path, machine)
    list(files.open(OpenVault()))
    answers = list(files.commit(Commit((), ("card",))))
    assert answers[-1] == "card"
    assert (answers[0].kept, answers[0].reason) == (False, "closed")  # type: ignore[attr-defined]  # the first answer is Committed


def test_cursors_are_kept_with_an_open_alarm_only(tmp_path: Path) -> None:
    files = opened(tmp_path, Machine())
    list(files.open(OpenVault()))
    files.heard_to = lambda: {b"s" * 16: (3, 77)}
    files.save_state(SaveState("alarm", b"open"))
    files.heard_to = dict
    files.save_state(SaveState("alarm", b"open still"))
    assert files.cursors() == {b"s" * 16: (3, 77)}
    files.save_state(SaveState("alarm", b""))
    assert files.cursors() == {}
    files.close()
