"""A report written while the agent is killed or the disk is full: nothing typed is lost, nothing unmasked is stored."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.agent.commands import EditReport, SendReport
from app.agent.profile import Profile
from app.agent.reports import FIELDS, unpack_state
from app.journal import cipher
from app.journal.keys import vault_names
from app.tools.demo.canaries import scan
from tests.helpers.agent import machine, running
from tests.helpers.canary import plant
from tests.helpers.report_writer import TEXT
from tests.helpers.room import full_disk

ID, CARD, PHONE = "11010519491231002X", "6222021738590462135", "13812345678"
LOWEST = 8
"""So many digits in a row of a number are searched for; shorter runs also stand in time stamps."""


class Writer:
    """The child process; every answer is awaited."""

    def __init__(self, profile: Path, keys: Path) -> None:
        command = [sys.executable, "-m", "tests.helpers.report_writer", str(profile), str(keys)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.answer() == "ready"

    def answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def put(self, **asked: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()

    def type(self, text: str, cursor: int | None = None) -> str:
        self.put(text=text, cursor=len(text) if cursor is None else cursor)
        return self.answer()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.close()

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


@contextmanager
def writer(profile: Path, keys: Path) -> Iterator[Writer]:
    made = Writer(profile, keys)
    try:
        yield made
    finally:
        if made.process.poll() is None:
            made.close()


def dumped(profile: Path, keys: Path, out: Path) -> bytes:
    """Write every value of both files as plain bytes, from a copy, and return the kept state of reports."""
    copy = out / "copy"
    shutil.copytree(profile, copy)
    secrets, names = json.loads(keys.read_text()), vault_names(Profile(profile).folder)
    state = b""
    with (out / "plain").open("wb") as plain:
        for name in ("journal", "local"):
            conn = cipher.connect(copy / f"{name}.db", bytes.fromhex(secrets[names[name]]))
            for (table,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                for row in conn.execute(f'SELECT * FROM "{table}"').fetchall():
                    for value in row:
                        plain.write((value if isinstance(value, bytes) else str(value).encode()) + b"\n")
                    if name == "local" and table == "state" and row[0] == "reports":
                        state = bytes(row[1])
            conn.close()
    return state


def windows(*numbers: str) -> list[str]:
    return [number[at : at + LOWEST] for number in numbers for at in range(len(number) - LOWEST + 1)]


def kept_text(state: bytes) -> str:
    found = unpack_state(state)
    assert found is not None
    return found.drafts[0].fields[TEXT]


@pytest.mark.parametrize("number", [ID, CARD, PHONE])
def test_typed_digit_by_digit_with_pauses_no_stored_version_holds_the_number(tmp_path: Path, number: str) -> None:
    profile, keys = tmp_path / "profile", tmp_path / "keys"
    text = "他报了号码 "
    versions = 0
    with writer(profile, keys) as child:
        for digit in number:
            text += digit
            assert child.type(text).startswith("kept")
            out = tmp_path / f"v{versions}"
            out.mkdir()
            state = dumped(profile, keys, out)
            assert scan(out, windows(number)) == []
            typed = kept_text(state)
            assert not any(number[at : at + 4] in typed for at in range(len(number) - 3)), typed
            versions += 1
        assert child.type(text + " 然后挂断", -1).startswith("kept")
        out = tmp_path / "left"
        out.mkdir()
        assert kept_text(dumped(profile, keys, out)).endswith("] 然后挂断")
        assert scan(out, windows(number)) == []
    assert versions == len(number)
    assert plant(tmp_path / "left", number) > 0
    assert scan(tmp_path / "left", windows(number)), "the search would have found it"


def test_an_agent_killed_while_somebody_writes_loses_nothing_that_was_told_as_kept(tmp_path: Path) -> None:
    profile, keys, text = tmp_path / "profile", tmp_path / "keys", ""
    for turn in range(4):
        child = Writer(profile, keys)
        for word in range(3):
            text += f"第{turn}轮的第{word}句，他说要投诉。"
            assert child.type(text).startswith("kept")
        child.put(text=text + "这一句还没存", cursor=0)  # killed before the answer: it may or may not be there
        child.kill()
        out = tmp_path / f"after{turn}"
        out.mkdir()
        found = kept_text(dumped(profile, keys, out))
        assert found in (text, text + "这一句还没存")
    with writer(profile, keys) as child:
        assert child.type(text + f"号码 {PHONE}", -1).startswith("kept")
        child.put(send=True)
        assert child.answer().startswith("sent LOCAL-")
    out = tmp_path / "sent"
    out.mkdir()
    state = unpack_state(dumped(profile, keys, out))
    assert state is not None
    assert (state.drafts, len(state.sent)) == ((), 1)
    assert scan(out, windows(PHONE)) == []
    assert scan(out, ["第3轮的第2句"]), "the report itself waits in the journal"


def test_digits_in_progress_are_the_only_thing_that_a_kill_can_cost_and_their_place_is_marked(tmp_path: Path) -> None:
    profile, keys = tmp_path / "profile", tmp_path / "keys"
    child = Writer(profile, keys)
    child.type("订单号是 20261121887")
    child.kill()
    out = tmp_path / "after"
    out.mkdir()
    state = unpack_state(dumped(profile, keys, out))
    assert state is not None
    assert (state.drafts[0].fields[TEXT], state.drafts[0].unfinished) == ("订单号是 [输入中]", True)


def fields(text: str) -> tuple[str, ...]:
    return tuple(text if name == "text" else "" for name in FIELDS)


def test_on_a_really_full_disk_the_draft_is_told_as_unkept_and_kept_when_there_is_room(tmp_path: Path) -> None:
    report, long = b"\x77" * 16, "他一直在吼，" * 1000
    with full_disk(tmp_path, kib=8192) as disk:
        on = machine()
        with running(disk.folder / "profile", on) as pc:
            pc.seen.until(lambda shown: shown.reports.loaded, "the files")
            pc.agent.post(EditReport(report, 1, fields("开头"), kind="threat", level=2))
            pc.seen.until(lambda shown: shown.reports.drafts and shown.reports.drafts[0].saved, "the first version")
            disk.fill()
            pc.agent.post(EditReport(report, 2, fields(long), kind="threat", level=2))
            full = pc.seen.until(lambda shown: shown.reports.drafts[0].problem == "full", "the full disk").reports.drafts[0]
            assert (full.fields[TEXT], full.saved) == (long, False)
            pc.agent.post(SendReport(report))
            disk.empty()
            shown = pc.seen.until(lambda shown: shown.reports.sent and not shown.reports.drafts, "the report to go once there is room")
            assert shown.reports.sent[0].number.startswith("LOCAL-")
        with running(disk.folder / "profile", on) as pc:
            shown = pc.seen.until(lambda shown: shown.reports.loaded, "the files again")
            assert (shown.reports.drafts, len(shown.reports.sent)) == ((), 1)


def test_without_a_vault_a_draft_lives_in_memory_and_nothing_reaches_the_disk(tmp_path: Path) -> None:
    on = machine()
    on.vault_open = False
    profile = tmp_path / "profile"
    with running(profile, on) as pc:
        pc.agent.post(EditReport(b"\x77" * 16, 1, fields("一句没有人能读的话"), kind="threat", level=2))
        shown = pc.seen.until(lambda shown: shown.reports.drafts and shown.reports.drafts[0].problem, "the fault")
        assert shown.reports.drafts[0].problem == "closed"
        assert scan(profile, ["一句没有人能读的话"]) == []
