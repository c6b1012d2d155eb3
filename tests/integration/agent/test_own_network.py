"""Notices of the officer and who read one's reports, over a real server: only its word is shown, and nobody is counted twice."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from app.agent import commands
from app.server.incidents import handling, openlists
from app.server.storage import bulletins, reads
from tests.helpers.agent import enrol, machine, running
from tests.helpers.server_thread import ServerThread

T = TypeVar("T")
HOUR = 3_600_000


def acting(server: ServerThread, do: Callable[[handling.Desk], T]) -> T:
    """What the safety officer does on the server."""

    def work(conn: Connection) -> T:
        return do(handling.desk(conn, server.keys, handling.Actor("Shanghai", "安全员", int(time.time() * 1000), "root")))

    return server.main_lane(work)


def test_a_notice_is_shown_and_read_once_and_readers_are_told_by_role_and_day(server: ServerThread, tmp_path: Path) -> None:
    here, officer = machine(), machine()
    enrol(server, tmp_path / "pc", here, "林小雨")
    enrol(server, tmp_path / "officer", officer, "安全员", role="officer", seat="O-1")
    now = here.now().wall_ms
    notice = bytes.fromhex(
        acting(server, lambda at: openlists.add_notice(at, "演练", "周三下午三点", now - HOUR, now + HOUR))
    )

    def add(at: handling.Desk) -> None:
        person = next(one.person for one in at.people.people.values() if one.name == "林小雨")
        reads.add(at.conn, at.site, person, number="SH-20261120-0001", role="lead", day="2026-11-20", ms=now)

    acting(server, add)

    with running(tmp_path / "pc", here) as pc:
        pc.seen.until(lambda shown: shown.sync.connected, "the connection")
        pc.agent.post(commands.OpenPage("training"))
        shown = pc.seen.until(lambda one: one.pages.training.notices, "the notice")
        assert [(one.title, one.text, one.read) for one in shown.pages.training.notices] == [("演练", "周三下午三点", False)]
        pc.agent.post(commands.ReadNotice(notice))
        pc.agent.post(commands.ReadNotice(notice))
        pc.seen.until(lambda one: one.pages.training.notices[0].read, "the mark")
        pc.agent.post(commands.OpenPage("leaves"))
        shown = pc.seen.until(lambda one: one.pages.leaves and one.pages.leaves.readers_state == "told", "the readers")
        assert shown.pages.leaves is not None
        assert [(one.day, one.role, one.number) for one in shown.pages.leaves.readers] == [("2026-11-20", "lead", "SH-20261120-0001")]
    assert sum(acting(server, lambda at: bulletins.reads(at.conn, at.site, notice)).values()) == 1


def test_a_lead_is_told_the_seats_of_the_week_and_nobody_else_asks(server: ServerThread, tmp_path: Path) -> None:
    here, lead = machine(), machine()
    enrol(server, tmp_path / "pc", here, "林小雨")
    enrol(server, tmp_path / "lead", lead, "李主管", role="lead", seat="L-1")
    with running(tmp_path / "lead", lead) as pc:
        pc.seen.until(lambda shown: shown.desk is not None, "the desk")
        pc.agent.post(commands.OpenPage("checks"))
        shown = pc.seen.until(lambda one: one.pages.checks.sample_state == "told", "the seats").pages.checks
        assert len(shown.sample) == 1, "of two seats one each week"
    with running(tmp_path / "pc", here) as pc:
        pc.seen.until(lambda shown: shown.sync.connected, "the connection")
        pc.agent.post(commands.OpenPage("checks"))
        shown = pc.seen.until(lambda one: one.pages.checks.facts, "what the PC found").pages.checks
        assert (shown.sample_state, shown.sample) == ("", ())


def test_without_a_server_a_lead_is_told_that_no_seats_came(tmp_path: Path) -> None:
    here = machine()
    (tmp_path / "server").mkdir()
    server = ServerThread(tmp_path / "server")
    enrol(server, tmp_path / "pc", here, "李主管", role="lead", seat="L-1")
    server.stop()
    with running(tmp_path / "pc", here, lead=True) as pc:
        pc.agent.post(commands.OpenPage("checks"))
        pc.seen.until(lambda one: one.pages.checks.sample_state == "unreachable", "the truth about the seats")


def test_without_a_server_the_pages_say_that_they_do_not_know(tmp_path: Path) -> None:
    here = machine()
    (tmp_path / "server").mkdir()
    server = ServerThread(tmp_path / "server")
    enrol(server, tmp_path / "pc", here, "林小雨")
    server.stop()
    with running(tmp_path / "pc", here) as pc:
        pc.agent.post(commands.OpenPage("training"))
        pc.seen.until(lambda one: one.pages.training.notices_state == "unreachable", "the truth about notices")
        pc.agent.post(commands.OpenPage("leaves"))
        pc.seen.until(lambda one: one.pages.leaves and one.pages.leaves.readers_state == "unreachable", "the truth about readers")
