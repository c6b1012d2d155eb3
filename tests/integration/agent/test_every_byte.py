"""Every byte sent: a scripted day over TLS, taken apart at the server's side; each field found is one of the privacy table."""

from pathlib import Path

import pytest

from app.agent import commands
from app.agent.snapshot import Snapshot
from app.privacy.declared import Place
from app.privacy.table import rows
from tests.helpers.agent import Pc, enrol, machine, running
from tests.helpers.everybyte import Wiretap
from tests.helpers.server_thread import ServerThread

OWN = ("I-felt-awful", "customer-A-7", "shop-guide")
"""What the day puts into moods, calls and script use: none of it may be in a single byte."""
PIN = "482913"


def delivered(now: Snapshot) -> bool:
    """Whether the page on what leaves shows the last record of the day, and a server holds it."""
    entries = now.pages.leaves.entries if now.pages.leaves else ()
    return now.sync.waiting == 0 and any(one.kind == "quiz.done" for one in entries)


def the_day(pc: Pc) -> None:
    """Calls, a break, a mood, a mark, a lock, help and its end."""
    post = pc.agent.post
    pc.seen.until(lambda now: now.sync.connected and now.help.listeners is not None, "the connection")
    post(commands.OpenPage("day"))
    pc.seen.until(lambda now: now.pages.day and now.pages.day.readable, "the day")
    post(commands.NoteMood(1, OWN[0]))
    post(commands.Call("start", OWN[1]))
    pc.seen.until(lambda now: now.seat.on_call and now.pages.day and now.pages.day.moods, "the call and the mood")
    post(commands.FillScript("name", OWN[2]))
    post(commands.MarkMoment())
    pc.seen.until(lambda now: now.guide.marks, "the mark")
    post(commands.RaiseAlarm(pc.machine.now().boot))
    pc.seen.until(lambda now: now.help.open and now.help.sign.value != "none", "help")
    post(commands.TakeBack(PIN))
    pc.seen.until(lambda now: not now.help.open, "the take-back")
    post(commands.Call("hard", OWN[1]))
    pc.seen.until(lambda now: not now.seat.on_call, "the end of the call")
    post(commands.TakeBreak("eyes"))
    pc.seen.until(lambda now: now.seat.running, "the break")
    post(commands.OpenPage("checks"))
    pc.seen.until(lambda now: now.pages.checks.facts, "the facts")
    post(commands.FinishCheck("shift-start", (("screen", False), ("disk", True)), repair=True))
    post(commands.FinishQuiz(pc.agent.snapshot.pages.training.quarter, 3, 10))
    pc.seen.until(lambda now: now.pages.checks.done and now.pages.training.right == 3, "the check and the quiz")
    post(commands.OpenPage("leaves"))
    post(commands.LockNow())
    pc.seen.until(lambda now: now.seat.locked, "the lock")
    pc.seen.until(delivered, "everything to be delivered")


def test_each_byte_of_a_day_belongs_to_a_declared_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tap = Wiretap()
    tap.attach(monkeypatch)
    folder, here = tmp_path / "server", machine()
    folder.mkdir()
    server = ServerThread(folder, tls=True)
    try:
        enrol(server, tmp_path / "pc", here, "林小雨")
        with running(tmp_path / "pc", here) as pc:
            the_day(pc)
    finally:
        server.stop()
    found, opened = tap.found(server.keys.fingerprint)
    declared = {(row.name, field.name) for row in rows() if row.place is Place.LEAVES for field in row.fields}
    undeclared = found - declared - {(row, "type") for row, _ in found}
    assert not undeclared, f"these fields left this PC and stand in no row: {sorted(undeclared)}"
    seen = {row for row, _ in found}
    assert seen >= {
        "request", "enrolment", "message.enrol_body", "heartbeat", "alarm.move", "epoch", "alarm.raised", "check.done", "quiz.done",
        "exit.planned",
    }  # fmt: skip
    for words in (tap.everything(), opened):
        assert not [word for word in (*OWN, PIN, "presence", "break.", "call.") if word.encode() in words]
    assert len(tap.everything()) > 5000, "a day was recorded, not a greeting"


def test_the_check_finds_what_is_not_declared() -> None:
    tap = Wiretap()
    for sent in (b"GET /v1/keys HTTP/1.1\r\nHost: a\r\nX-Mood: 3\r\n\r\n", b"GET /v1/keys?mood=3 HTTP/1.1\r\nHost: a\r\n\r\n", b"mood 3"):
        tap.streams = {0: bytearray(sent)}
        with pytest.raises(AssertionError):
            tap.found(bytes(20))
