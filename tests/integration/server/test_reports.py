"""Reports on the server: number in the ack's transaction, sealed from the first moment, routed, told to the reporter."""

import datetime as dt
import secrets
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from app.domain.errors import UsageError
from app.domain.incident import Due, Risk, State
from app.protocol import api
from app.protocol.report_kinds import ReportKind, ReportNote, ReportSent, ReportTo
from app.protocol.reports import ROUTE_READS, Read, ReadList, ReportUpdate
from app.server import commands
from app.server.incidents import handling, taking
from app.server.incidents.handling import Actor
from app.server.storage import audit, people, reports
from app.server.storage import tables as t
from tests.helpers.server_client import Pc, now_ms
from tests.helpers.server_thread import ServerThread
from tests.integration.server.conftest import MakePc

WORDS = "客户在三楼柜台扬言要打人"


def report(
    *, kind: ReportKind = "threat", level: int = 2, hazard: bool = False, to: ReportTo = "lead", named: tuple[str, ...] = (),
    photos: tuple[bytes, ...] = (), place: str = "三楼茶水间",
) -> ReportSent:
    return ReportSent(
        ms=now_ms(), report=secrets.token_bytes(16), kind=kind, hazard=hazard, level=level, occurred_ms=now_ms(), text=WORDS,
        place=place, to=to, named=named, photos=photos,
    )  # fmt: skip


def send(pc: Pc, *records: ReportSent | ReportNote | bytes) -> None:
    for record in records:
        pc.journal.add(record)
    assert pc.deliver().status == 200


def rows_of(server: ServerThread) -> list[reports.Incident]:
    site = next(iter(server.core.people.sites))
    return server.main_lane(lambda conn: reports.of_site(conn, site))


def acting(server: ServerThread, by: str, do: "object", *arguments: object) -> object:
    def work(conn: Connection) -> object:
        at = handling.desk(conn, server.keys, Actor("Shanghai", by, now_ms(), "root"))
        return do(at, *arguments)  # type: ignore[operator]  # one of handling's functions

    return server.main_lane(work)


def numbers(server: ServerThread, by: str) -> set[str]:
    found = acting(server, by, handling.list_reports)
    assert isinstance(found, list)
    return {str(one["number"]) for one in found}


def told(pc: Pc, last: int | None = None) -> tuple[ReportUpdate, int]:
    live = pc.stream_events(last)
    event = live.until(ReportUpdate)
    live.close()
    assert isinstance(event, ReportUpdate)
    return event, live.last


def test_numbers_rise_by_site_and_day_and_a_resend_gets_none(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc()
    send(pc, report(), report())
    assert pc.deliver().status == 200
    day = dt.datetime.now().astimezone().strftime("%Y%m%d")
    assert sorted(one.number for one in rows_of(server)) == [f"Shanghai-{day}-0001", f"Shanghai-{day}-0002"]


def test_the_same_report_in_another_record_keeps_its_number(server: ServerThread, make_pc: MakePc) -> None:
    pc, one = make_pc(), report()
    send(pc, one)
    send(pc, one)
    assert len(rows_of(server)) == 1


def test_the_day_is_the_sites_own() -> None:
    late = int(dt.datetime(2026, 11, 21, 20, 30, tzinfo=dt.UTC).timestamp() * 1000)
    assert taking.local_day("Asia/Shanghai", late) == "20261122"
    assert taking.local_day("UTC", late) == "20261121"
    assert taking.local_day("No/Where", late) == taking.local_day("", late)


def test_nothing_of_a_report_lies_on_the_disk_in_clear_and_the_chain_still_proves_itself(
    server: ServerThread, make_pc: MakePc, tmp_path: Path
) -> None:
    pc = make_pc()
    one = report()
    unknown = f'{{"text":"{WORDS}","type":"incident.reported","v":9}}'.encode()
    broken = f'{{"text":"{WORDS}","type":"incident.reported","v":1}}'.encode()
    hidden = f'{{"text":"{WORDS}","type":"incident\\u002ereported","v":1}}'.encode()
    torn = f'{{"type":"incident.reported","text":"{WORDS}'.encode()
    send(pc, one, ReportNote(ms=now_ms(), report=one.report, text=WORDS), unknown, broken, hidden, torn)

    def everything(conn: Connection) -> bytes:
        return b"".join(repr(tuple(row)).encode() for table in t.MAIN.tables.values() for row in conn.execute(select(table)))

    held = server.main_lane(everything)
    for path in tmp_path.rglob("*"):
        held += path.read_bytes() if path.is_file() else b""
    for word in (WORDS, "柜台", "三楼茶水间", "扬言"):
        assert word.encode() not in held
        assert repr(word.encode())[2:-1].encode() not in held
    found = server.main_lane(lambda conn: commands.outside_head(conn, pc.device, pc.stream, server.keys.files))
    assert [(item["n"], item["agrees"]) for item in found] == [(7, True)]


def test_the_reporter_hears_number_and_state_until_it_has_heard_them(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc()
    make_pc("李主管", role="lead", seat="L-1")
    live = pc.stream_events()
    one = report()
    send(pc, one)
    event = live.until(ReportUpdate)
    last = live.last
    live.close()
    assert isinstance(event, ReportUpdate)
    number = rows_of(server)[0].number
    assert (event.report, event.number, event.state) == (one.report, number, "received")
    assert 0 < event.due_ms - now_ms() <= 30 * 60_000
    acting(server, "李主管", handling.set_state, number, State.IN_HAND)
    again, later = told(pc, last)
    assert (again.state, again.number) == ("in_hand", number)
    unheard, _ = told(pc, last)
    assert unheard.state == "in_hand"
    acting(server, "李主管", handling.set_state, number, State.CLOSED)
    assert told(pc, later)[0].state == "closed"
    assert told(pc)[0].due_ms == 0


def test_what_a_pc_has_not_heard_it_hears_after_a_restart_of_the_server_and_once_only(
    make_pc: MakePc, server: ServerThread, tmp_path: Path, database: str | None
) -> None:
    pc = make_pc()
    live = pc.stream_events()
    send(pc, report())
    live.until(ReportUpdate)
    heard = live.last
    live.close()
    second = report()
    send(pc, second)
    server.stop()
    again = ServerThread(tmp_path, database, port=server.port)
    try:
        pc.close()
        event, last = told(pc, heard)
        assert event.report == second.report
        live = pc.stream_events(last)
        third = report()
        send(pc, third)
        new = live.until(ReportUpdate)
        live.close()
        assert isinstance(new, ReportUpdate)
        assert new.report == third.report, "the second is not told again"
    finally:
        again.stop()


def test_a_report_goes_to_the_lead_of_the_team_and_no_other(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc()
    make_pc("李主管", role="lead", seat="L-1")
    make_pc("别组", role="lead", team="B", seat="L-2")
    make_pc("安全员", role="officer", team="S", seat="O-1")
    make_pc("信息", role="it", team="IT", seat="I-1")
    send(pc, report())
    number = rows_of(server)[0].number
    assert numbers(server, "李主管") == {number} == numbers(server, "安全员")
    assert numbers(server, "别组") == numbers(server, "信息") == numbers(server, "王芳") == set()
    shown = acting(server, "李主管", handling.show, number)
    assert isinstance(shown, dict)
    assert shown["report"]["text"] == WORDS
    assert shown["reporter"] == {"name": "王芳", "team": "A"}
    with pytest.raises(UsageError, match="not for this person"):
        acting(server, "别组", handling.show, number)
    with pytest.raises(UsageError, match="does not handle"):
        acting(server, "安全员", handling.set_state, number, State.IN_HAND)


def test_what_is_not_meant_for_the_lead_reaches_no_lead_and_whoever_is_named_gets_nothing(
    server: ServerThread, make_pc: MakePc
) -> None:
    pc = make_pc()
    for name, role in (("李主管", "lead"), ("安全员", "officer"), ("总管", "head"), ("代表", "staff_rep")):
        make_pc(name, role=role, seat=name)
    send(pc, report(to="officer"), report(to="staff_rep"), report(named=("李主管",)), report(to="officer", named=("安 全 员",)))
    by: dict[str, str] = {}
    for row in rows_of(server):
        by[row.handler + ("+" if server.main_lane(partial(reports.barred_of, row=row)) else "")] = row.number
    assert numbers(server, "李主管") == set()
    assert numbers(server, "安全员") == {by["officer"], by["lead+"]}
    assert numbers(server, "代表") == {by["staff_rep"], by["officer+"]}
    assert numbers(server, "总管") == {by["lead+"]}


def test_every_read_stands_in_the_audit_chain(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc()
    make_pc("李主管", role="lead", seat="L-1")
    send(pc, report())
    number = rows_of(server)[0].number
    acting(server, "李主管", handling.show, number)

    def read(conn: Connection) -> list[bytes]:
        found = conn.execute(select(t.audit.c.bytes).where(t.audit.c.kind == "report.read")).scalars()
        assert audit.verify(conn, server.keys.server) is None
        return list(found)

    (entry,) = server.main_lane(read)
    reporter = rows_of(server)[0].person
    assert reporter is not None
    assert number.encode() in entry
    assert reporter.hex().encode() in entry
    assert b'"account":"root"' in entry
    acting(server, "李主管", handling.show, number)
    other = make_pc("路人", seat="A-09")
    day = dt.datetime.now().astimezone().strftime("%Y-%m-%d")
    assert read_of(pc) == (Read(day=day, role="lead", number=number),)
    assert read_of(other) == ()


def read_of(pc: Pc) -> tuple[Read, ...]:
    reply = pc.signed("GET", ROUTE_READS)
    assert reply.status == 200
    return api.decode_message(reply.body, ReadList).reads


def test_notes_come_from_the_reporter_and_from_whom_it_names_and_from_nobody_else(server: ServerThread, make_pc: MakePc) -> None:
    pc, other, third = make_pc(), make_pc("赵同事", seat="A-02"), make_pc("路人", seat="A-03")
    make_pc("李主管", role="lead", seat="L-1")
    one = report(kind="colleague", named=("赵同事",))
    send(pc, one, ReportNote(ms=now_ms(), report=one.report, text="更正一"))
    send(other, ReportNote(ms=now_ms(), report=one.report, text="我的说法"))
    send(third, ReportNote(ms=now_ms(), report=one.report, text="不该有"))
    shown = acting(server, "李主管", handling.show, rows_of(server)[0].number)
    assert isinstance(shown, dict)
    assert [(note["own"], note["text"]) for note in shown["notes"]] == [(True, "更正一"), (False, "我的说法")]


def test_a_hazard_is_scored_mended_checked_and_only_then_closed(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc()
    make_pc("李主管", role="lead", seat="L-1")
    send(pc, report(kind="data", hazard=True), report(level=1))
    event, hazard = sorted(rows_of(server), key=lambda row: row.hazard)
    acting(server, "李主管", handling.score, hazard.number, Risk.HIGH)
    acting(server, "李主管", handling.approve, hazard.number)
    acting(server, "李主管", handling.extend, hazard.number, now_ms() + 4 * 24 * 3_600_000)
    acting(server, "李主管", handling.set_state, hazard.number, State.SETTLED)
    with pytest.raises(UsageError, match="re-check"):
        acting(server, "李主管", handling.set_state, hazard.number, State.CLOSED)
    acting(server, "李主管", handling.recheck, hazard.number)
    acting(server, "李主管", handling.set_state, hazard.number, State.CLOSED)
    acting(server, "李主管", handling.file_report, event.number, Due.SPECIAL)
    closed = next(row for row in rows_of(server) if row.hazard)
    assert (closed.state, closed.closed_ms > 0) == ("closed", True)


def test_a_wrong_name_or_site_is_told_in_a_sentence(server: ServerThread, make_pc: MakePc) -> None:
    make_pc()
    with pytest.raises(UsageError, match="Nobody at Shanghai"):
        acting(server, "谁", handling.list_reports)

    def nowhere(conn: Connection) -> object:
        return handling.desk(conn, server.keys, Actor("Mars", "王芳", 0))

    with pytest.raises(UsageError, match="no site Mars"):
        server.main_lane(nowhere)
    assert people.person_id(b"x", "y") != people.person_id(b"y", "x")
