"""Repairs that shift checks asked for: seat and faults without names, their 4 h, and who may say that one is done."""

import json
from functools import partial
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection, select

from app.domain.errors import UsageError
from app.protocol.report_kinds import CheckDone, CheckItem
from app.server.incidents import repairs
from app.server.incidents.handling import Actor, Row
from app.server.main import main
from app.server.storage import ageing, audit
from app.server.storage import tables as t
from tests.helpers.server_client import Pc, now_ms
from tests.helpers.server_thread import ServerThread
from tests.integration.server.conftest import MakePc

HOUR = 3_600_000


def check(*faults: str, repair: bool = True) -> CheckDone:
    items = tuple(CheckItem(id=name, well=name not in faults) for name in ("power", "headset", "exits"))
    facts = (CheckItem(id="disk", well=False),)
    return CheckDone(ms=now_ms(), checklist="shift-start", items=items, facts=facts, repair=repair)


def send(pc: Pc, *checks: CheckDone) -> None:
    for one in checks:
        pc.journal.add(one)
    assert pc.deliver().status == 200


def listed(server: ServerThread, later: int = 0, *, everything: bool = False) -> list[Row]:
    actor = Actor("", "", now_ms() + later, "root")
    return server.main_lane(lambda conn: repairs.list_repairs(conn, server.keys, actor, everything=everything))


def done(server: ServerThread, name: str, by: str, later: int = 0) -> None:
    actor = Actor("", by, now_ms() + later, "root")
    server.main_lane(lambda conn: repairs.set_done(conn, server.keys, actor, name))


def entries(server: ServerThread, kind: str) -> list[dict[str, object]]:
    def work(conn: Connection) -> list[dict[str, object]]:
        found = conn.execute(select(t.audit.c.bytes).where(t.audit.c.kind == kind)).scalars()
        return [msgspec.json.decode(one) for one in found]

    return server.main_lane(work)


def test_only_checks_that_ask_for_a_repair_are_listed_by_seat_and_without_a_name(
    server: ServerThread, make_pc: MakePc
) -> None:
    pc, other = make_pc(), make_pc("赵同事", seat="A-02")
    send(pc, check("headset", "power"), check("exits", repair=False))
    send(other, check("exits"))
    found = listed(server)
    assert [(one["seat"], one["floor"], one["faults"]) for one in found] == [
        ("A-01", "3", ["power", "headset"]), ("A-02", "3", ["exits"]),
    ]  # fmt: skip
    assert found[0]["since_ms"] in range(now_ms() - HOUR, now_ms() + 1)
    assert (found[0]["site"], found[0]["checklist"], found[0]["done_ms"]) == ("Shanghai", "shift-start", 0)
    said = json.dumps(found, ensure_ascii=False) + "".join(map(repairs.text_of, found))
    assert "王芳" not in said
    assert "赵同事" not in said
    assert [one["count"] for one in entries(server, "repairs.listed")] == [2]


def test_four_hours_run_from_the_arrival_and_a_late_answer_stays_late(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc()
    make_pc("机房", role="it", seat="I-1")
    send(pc, check("power"), check("exits"))
    early, late = (str(one["id"]) for one in listed(server))
    assert [one["in_time"] for one in listed(server)] == [None, None]
    assert [one["in_time"] for one in listed(server, 5 * HOUR)] == [False, False]
    done(server, early, "机房", 3 * HOUR)
    done(server, late, "机房", 5 * HOUR)
    done(server, late, "机房", 6 * HOUR)
    assert listed(server, 9 * HOUR) == []
    assert [one["in_time"] for one in listed(server, 9 * HOUR, everything=True)] == [True, False]
    noted = entries(server, "repair.done")
    assert [one["repair"] for one in noted] == [early, late], "the first word holds"
    assert {one["account"] for one in noted} == {"root"}
    assert server.main_lane(lambda conn: audit.verify(conn, server.keys.server)) is None


def test_neither_an_agent_nor_a_stranger_says_that_one_is_done(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc()
    make_pc("李主管", role="lead", seat="L-1")
    send(pc, check("power"))
    (one,) = listed(server)
    for by, why in (("王芳", "IT or a lead"), ("无名", "Nobody at Shanghai")):
        with pytest.raises(UsageError, match=why):
            done(server, str(one["id"]), by)
    with pytest.raises(UsageError, match="no such repair"):
        done(server, "0000000000", "李主管")
    assert len(listed(server)) == 1
    done(server, str(one["id"]), "李主管")
    assert listed(server) == []


def test_a_repair_goes_with_its_record_at_the_end_of_its_time(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc()
    send(pc, check("power"))
    for site, log in server.main_lane(ageing.logs_of):
        server.main_lane(
            partial(ageing.blank_kinds, site=site, log=log, kinds=["check.done"], before_ms=now_ms() + HOUR)
        )
    assert listed(server, everything=True) == []


def test_the_verbs_print_lines_for_people_or_json_and_say_in_a_sentence_what_is_wrong(
    server: ServerThread, database: str | None, make_pc: MakePc, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pc = make_pc()
    make_pc("机房", role="it", seat="I-1")
    send(pc, check("power"))
    tail = ["--data", str(tmp_path), *(["--database", database] if database else [])]

    def run(*words: str) -> int:
        return main(["repairs", *words, *tail])

    capsys.readouterr()
    assert run("list", "--json") == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["seat"], row["faults"], row["in_time"]) == ("A-01", ["power"], None)
    assert run("list") == 0
    assert "Shanghai A-01 floor 3  shift-start: power" in capsys.readouterr().out
    assert run("done", row["id"], "--by", "王芳") == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert run("done", row["id"], "--by", "机房") == 0
    assert run("list", "--all") == 0
    assert "done, within 4 h" in capsys.readouterr().out
