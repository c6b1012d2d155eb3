"""Photos, open hazards, notices: what a PC sends and gets beside its batches."""

import secrets
from pathlib import Path

import pytest

from app.domain.errors import UsageError
from app.protocol import api, httpsig
from app.protocol import reports as r
from app.protocol.wire import sha256
from app.server.incidents import handling, openlists
from app.server.storage import bulletins, people, roster
from app.server.storage.people import Person
from app.server.storage.roster import Entry
from tests.helpers.server_client import Pc, now_ms
from tests.helpers.server_thread import ServerThread
from tests.integration.server.conftest import MakePc
from tests.integration.server.test_reports import acting, report, rows_of, send
from tests.unit.server.test_pictures import JPEG, PNG

HOUR = 3_600_000


def upload(pc: Pc, data: bytes, media: str = r.MEDIA_PHOTO) -> tuple[int, str]:
    reply = pc.signed("POST", r.ROUTE_PHOTO, data, media)
    return reply.status, "" if reply.status == 200 else reply.refusal().code


def hazards(pc: Pc) -> r.HazardList:
    reply = pc.signed("GET", r.ROUTE_HAZARDS)
    assert reply.status == 200
    return api.decode_message(reply.body, r.HazardList)


def test_a_photo_is_taken_once_announced_by_its_own_stream_and_lies_sealed(
    server: ServerThread, make_pc: MakePc, tmp_path: Path
) -> None:
    pc, other = make_pc(), make_pc("赵同事", seat="A-02")
    make_pc("李主管", role="lead", seat="L-1")
    assert upload(pc, PNG) == (404, "not_announced")
    send(pc, report(photos=(sha256(PNG),)))
    assert upload(other, PNG) == (404, "not_announced")
    assert upload(pc, PNG) == upload(pc, PNG) == (200, "")
    assert upload(pc, JPEG) == (404, "not_announced")
    assert upload(pc, PNG, api.MEDIA_JSON) == (415, "media")
    assert upload(pc, b"GIF89a") == (422, "not_a_photo")
    assert upload(pc, bytes(r.PHOTO_MAX + 1)) == (413, "too_large")
    number = rows_of(server)[0].number
    assert acting(server, "李主管", handling.photo, number, sha256(PNG).hex()) == PNG
    with pytest.raises(UsageError, match="no such photo"):
        acting(server, "李主管", handling.photo, number, sha256(JPEG).hex())
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and PNG in path.read_bytes()]


def test_open_hazards_are_for_everybody_and_name_nobody(server: ServerThread, make_pc: MakePc) -> None:
    pc, other = make_pc(), make_pc("赵同事", team="B", seat="B-01")
    make_pc("李主管", role="lead", seat="L-1")
    send(
        pc, report(kind="fire", level=1, hazard=True, place="北门"), report(), report(kind="loss", hazard=True, to="officer"),
        report(kind="data", hazard=True, named=("赵同事",)), report(kind="colleague", hazard=True),
        report(kind="device", level=3, hazard=True, place="三楼"),
    )  # fmt: skip
    found = hazards(other).hazards
    assert sorted((one.kind, one.level, one.place, one.state) for one in found) == [
        ("device", 3, "三楼", "received"), ("fire", 1, "北门", "received"),
    ]  # fmt: skip


def test_many_hazards_with_long_places_still_fit_one_message(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc()
    for _ in range(4):
        before = pc.journal.at.n
        for _ in range(40):
            pc.journal.add(report(kind="device", level=3, hazard=True, place="𠮷" * 80))
        assert pc.deliver(before if before > 1 else 0).status == 200
    found = hazards(pc).hazards
    assert 80 < len(found) < 160


def test_a_batch_full_of_reports_is_to_be_halved(make_pc: MakePc) -> None:
    pc = make_pc()
    for _ in range(51):
        pc.journal.add(report())
    assert pc.deliver().refusal().code == "too_large"
    assert pc.batch(pc.journal.entries[:51], head=pc.head(pc.journal.heads[51])).status == 200
    assert pc.deliver(51).ack().n == 52


def test_the_officer_renews_the_risk_list_and_everybody_reads_it(server: ServerThread, make_pc: MakePc, tmp_path: Path) -> None:
    pc = make_pc()
    make_pc("安全员", role="officer", seat="O-1")
    path = tmp_path / "risks.toml"
    path.write_text('[[risk]]\nwhat = "客户在柜台失控"\nlikelihood = 1\nimpact = 2\n', "utf-8")
    assert acting(server, "安全员", openlists.load_risks, path) == 1
    assert hazards(pc).risks == (r.Risk(what="客户在柜台失控", likelihood=1, impact=2),)
    for bad in ("[[risk]]\nwhat = 1", '[[risk]]\nwhat = ""\nlikelihood = 1\nimpact = 2', '[[risk]]\nwhat="x"\nlikelihood=4\nimpact=2', "x"):
        path.write_text(bad, "utf-8")
        with pytest.raises(UsageError):
            acting(server, "安全员", openlists.load_risks, path)
    with pytest.raises(UsageError, match="officer"):
        acting(server, "王芳", openlists.load_risks, path)
    assert len(hazards(pc).risks) == 1


def grow(server: ServerThread, team: str, size: int) -> None:
    def work(conn: object) -> None:
        for number in range(size):
            entry = Entry("Shanghai", team, f"{team}-{number}", "agent")
            roster.store_entry(conn, entry, server.keys.fingerprint)  # type: ignore[arg-type]  # the lane's own connection

    server.main_lane(work)


def test_a_notice_is_shown_in_its_time_and_its_readers_are_a_sum_of_eight_or_more(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc()
    make_pc("安全员", role="officer", team="S", seat="O-1")
    now = now_ms()
    acting(server, "安全员", openlists.add_notice, "旧", "过期", now - 2 * HOUR, now - HOUR)
    acting(server, "安全员", openlists.add_notice, "将来", "还没到", now + HOUR, now + 2 * HOUR)
    notice = str(acting(server, "安全员", openlists.add_notice, "演练", "周五消防演练", now - HOUR, now + HOUR))
    shown = api.decode_message(pc.signed("GET", r.ROUTE_NOTICES).body, r.NoticeList)
    assert [(one.title, one.text, one.id.hex()) for one in shown.notices] == [("演练", "周五消防演练", notice)]
    grow(server, "A", 9)

    def sums() -> object:
        found = acting(server, "安全员", openlists.list_notices)
        assert isinstance(found, list)
        return next(one["read"] for one in found if one["id"] == notice)

    for _ in range(7):
        assert pc.tell(r.ROUTE_NOTICE_READ, r.NoticeRead(notice=bytes.fromhex(notice))).status == 200
    assert sums() == {}
    pc.tell(r.ROUTE_NOTICE_READ, r.NoticeRead(notice=bytes.fromhex(notice)))
    assert sums() == {"A": 8}
    for _ in range(9):
        pc.tell(r.ROUTE_NOTICE_READ, r.NoticeRead(notice=bytes.fromhex(notice)))
    assert sums() == {}, "all of the team: hidden as well"
    site = server.core.people.streams[pc.stream].site
    held = server.main_lane(lambda conn: bulletins.reads(conn, site, bytes.fromhex(notice)))
    assert held == {"A": 10}, "never more than the team has people"


def test_a_notice_out_of_its_bounds_or_unknown_is_refused(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc()
    make_pc("安全员", role="officer", team="S", seat="O-1")
    with pytest.raises(UsageError, match="characters"):
        acting(server, "安全员", openlists.add_notice, "", "x", 1, 2)
    with pytest.raises(UsageError, match="ends after"):
        acting(server, "安全员", openlists.add_notice, "t", "x", 2, 2)
    assert pc.tell(r.ROUTE_NOTICE_READ, r.NoticeRead(notice=secrets.token_bytes(16))).refusal().code == "no_such_notice"
    stranger = make_pc("", enrolled=False)
    assert stranger.plain("GET", r.ROUTE_HAZARDS, b"", httpsig.MEDIA_NOTHING).status == 400
    assert people.person_id(b"s", "1") != Person(b"s", b"p", "n", "t").person
