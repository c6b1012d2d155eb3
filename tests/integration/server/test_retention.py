"""What is past its time goes, with a record; its key goes first of all, so that a backup has lost it too."""

import asyncio
import json
import secrets
from pathlib import Path

from sqlalchemy import Connection, select

from app.domain.incident import State
from app.protocol import reports as r
from app.protocol.report_kinds import QuizDone, ReportNote
from app.protocol.wire import sha256
from app.server import commands
from app.server.incidents import handling, openlists, retention
from app.server.incidents.suggestions import take, token_of
from app.server.storage import audit, people
from app.server.storage import tables as t
from tests.helpers.server_client import lock_failed, now_ms
from tests.helpers.server_thread import ServerThread
from tests.integration.server.conftest import MakePc
from tests.integration.server.test_report_routes import upload
from tests.integration.server.test_reports import acting, report, rows_of, send
from tests.unit.server.test_pictures import PNG

DAY = 24 * 3_600_000


def tidy(server: ServerThread, days: float) -> dict[str, int]:
    loop = server._loop
    work = retention.tidy(server.core, now_ms() + int(days * DAY))
    counts = asyncio.run_coroutine_threadsafe(work, loop).result(30)
    return {rule: count for rule, count in counts.items() if count}


def keys_in(folder: Path) -> int:
    return len(list((folder / "keys" / "reports").rglob("*.key")))


def noted(conn: Connection) -> list[tuple[str, int]]:
    found = conn.execute(select(t.audit.c.bytes).where(t.audit.c.kind == "retention.run").order_by(t.audit.c.n)).scalars()
    return [(one["rule"], one["count"]) for one in map(json.loads, found)]


def test_a_report_goes_two_years_after_closing_and_its_photo_a_year_before(
    server: ServerThread, make_pc: MakePc, tmp_path: Path
) -> None:
    pc = make_pc()
    make_pc("李主管", role="lead", seat="L-1")
    one, kept = report(photos=(sha256(PNG),)), report()
    send(pc, one, kept, ReportNote(ms=now_ms(), report=one.report, text="更正"))
    assert upload(pc, PNG)[0] == 200
    number = next(row.number for row in rows_of(server) if row.report == one.report)
    acting(server, "李主管", handling.set_state, number, State.CLOSED)
    assert keys_in(tmp_path) == 3
    assert tidy(server, 364) == {"records.integrity": 1}
    assert tidy(server, 366) == {"photos": 1}
    assert keys_in(tmp_path) == 2
    shown = acting(server, "李主管", handling.show, number)
    assert isinstance(shown, dict)
    assert shown["photos"] == {}
    assert tidy(server, 731) == {"reports": 1, "reads": 1}
    assert [row.report for row in rows_of(server)] == [kept.report]
    assert keys_in(tmp_path) == 1
    found = server.main_lane(lambda conn: commands.outside_head(conn, pc.device, pc.stream, server.keys.files))
    assert [(item["n"], item["agrees"]) for item in found] == [(4, True)], "the chain holds without what was destroyed"
    assert server.main_lane(noted) == [("records.integrity", 1), ("photos", 1), ("reports", 1), ("reads", 1)]
    assert server.main_lane(lambda conn: audit.verify(conn, server.keys.server)) is None
    send(pc, ReportNote(ms=now_ms(), report=one.report, text="zu spät"))


def test_a_backup_that_is_brought_back_has_lost_the_report_and_loses_the_row_again(
    server: ServerThread, make_pc: MakePc
) -> None:
    pc = make_pc()
    make_pc("李主管", role="lead", seat="L-1")
    send(pc, report())
    row = rows_of(server)[0]
    acting(server, "李主管", handling.set_state, row.number, State.CLOSED)
    closed = rows_of(server)[0]
    assert tidy(server, 731)["reports"] == 1

    def restore(conn: Connection) -> None:
        conn.execute(t.incidents.insert(), {name: getattr(closed, name) for name in type(closed).__slots__})

    server.main_lane(restore)
    assert server.keys.files.open(closed.key, closed.body) is None
    assert tidy(server, 731) == {"reports": 1}
    assert rows_of(server) == []


def test_records_suggestions_and_notices_go_in_their_own_time(server: ServerThread, make_pc: MakePc, tmp_path: Path) -> None:
    pc = make_pc()
    make_pc("安全员", role="officer", team="S", seat="O-1")
    pc.journal.add(lock_failed())
    pc.journal.add(QuizDone(ms=now_ms(), quarter="2026Q4", passed=True))
    send(pc, ReportNote(ms=now_ms(), report=secrets.token_bytes(16), text="neben nichts"))
    site = server.core.people.streams[pc.stream].site
    held = token_of(server.keys, site, now_ms())
    one = r.Suggestion(token=held.token, month=held.month, text="x", receipt=bytes(32))
    assert server.main_lane(lambda conn: take(conn, server.keys, site, one))
    acting(server, "安全员", openlists.add_notice, "t", "x", now_ms(), now_ms() + DAY)
    assert tidy(server, 189) == {}
    assert tidy(server, 191) == {"records.integrity": 1, "records.lock": 1}
    assert tidy(server, 366.5) == {"records.training": 1, "notices": 1}
    assert tidy(server, 400)["suggestions"] == 1
    assert tidy(server, 731) == {"stray": 1}
    assert keys_in(tmp_path) == 0
    found = server.main_lane(lambda conn: commands.outside_head(conn, pc.device, pc.stream, server.keys.files))
    assert [(item["n"], item["agrees"]) for item in found] == [(4, True)]


def test_a_key_that_belongs_to_nothing_goes_after_a_day(server: ServerThread, make_pc: MakePc, tmp_path: Path) -> None:
    make_pc()
    server.keys.files.make()
    tidy(server, 0)
    assert keys_in(tmp_path) == 1
    tidy(server, 1.1)
    assert keys_in(tmp_path) == 0


def test_it_is_done_once_on_each_day_and_again_after_an_older_database_came_back(server: ServerThread, make_pc: MakePc) -> None:
    make_pc()

    def day(conn: Connection) -> bytes | None:
        return people.fact(conn, "tidied")

    def once() -> bytes | None:
        asyncio.run_coroutine_threadsafe(retention.if_due(server.core), server._loop).result(30)
        return server.main_lane(day)

    today = once()
    assert today is not None
    server.main_lane(lambda conn: people.set_fact(conn, "tidied", b"2020-01-01"))
    assert once() == today == once()
