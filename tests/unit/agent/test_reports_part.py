"""The reports part driven by hand: drafts, masking, keeping, sending, and what is told of it."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agent import commands
from app.agent.events import AlarmNote, DeskEvent, LaneFailed, SignChanged, VaultOpened
from app.agent.events.reports import (
    CommitReport,
    DropPhotos,
    KeepReports,
    LoadReports,
    MaskNote,
    MaskReport,
    ReportCommitted,
    ReportMasked,
    ReportsKept,
    ReportsLoaded,
)
from app.agent.parts.reports import AGAIN, ReportsPart
from app.agent.reportmask import hidden_in, mask_note, mask_report, masked_fields, unfinished_in
from app.agent.reports import FIELDS, LIMITS, ReportsState, names_of, pack_state, problem_of, pruned, unpack_state
from app.agent.snapshot import ReportDraft, ReportsFace, SentReport, SiteFace, Snapshot
from app.agent.tables import snapshot_table
from app.domain.moment import NS
from app.protocol.records import File, encode
from app.protocol.report_kinds import ReportNote, ReportSent
from app.protocol.reports import ReportUpdate
from tests.unit.agent.moments import START, at

ONE, TWO = b"\x01" * 16, b"\x02" * 16
ID = "11010519491231002X"


def fields(**said: str) -> tuple[str, ...]:
    return tuple(said.get(name, "") for name in FIELDS)


def edit(text: str = "他吼了十分钟", number: int = 1, report: bytes = ONE, **more: object) -> commands.EditReport:
    given = {"kind": "threat", "level": 2, **more}
    return commands.EditReport(report, number, fields(text=text), **given)  # type: ignore[arg-type]  # tests name real fields


class World:
    """The part with lanes that answer at once; `full` and `closed` make the files refuse."""

    def __init__(self) -> None:
        self.part = ReportsPart(lambda: TWO)
        self.refuse = ""
        self.kept: list[bytes] = []
        self.records: list[ReportSent | ReportNote] = []
        self.seconds = 0.0
        self.journal: set[bytes] = set()

    def give(self, item: object) -> None:
        pending = list(self.part.handle(item, at(self.seconds)))
        while pending:
            pending = [more for one in pending for answer in self.carry(one) for more in self.part.handle(answer, at(self.seconds))]

    def carry(self, effect: object) -> list[object]:
        match effect:
            case LoadReports():
                return [ReportsLoaded(self.refuse != "closed", self.kept[-1] if self.kept else b"")]
            case MaskReport():
                return list(mask_report(effect))
            case MaskNote():
                return list(mask_note(effect))
            case KeepReports(blob):
                if not self.refuse:
                    self.kept.append(blob)
                return [ReportsKept(not self.refuse, self.refuse)]
            case CommitReport(record):
                if not self.refuse and record.report not in self.journal:
                    self.records.append(record)
                return [ReportCommitted(record, not self.refuse, self.refuse)]
        raise AssertionError(effect)

    def opened(self) -> "World":
        self.give(VaultOpened(True, True))
        return self

    @property
    def face(self) -> ReportsFace:
        return self.part.face(Snapshot(0, START), at(self.seconds)).reports


def test_a_version_is_masked_before_it_is_kept_and_the_face_says_what_was_hidden() -> None:
    world = World().opened()
    world.give(edit(f"他说身份证是{ID}。"))
    draft = world.face.drafts[0]
    assert (draft.saved, draft.hidden, draft.edit) == (True, (("id_number", 1),), 1)
    assert ID not in draft.fields[FIELDS.index("text")]
    assert all(ID.encode() not in blob for blob in world.kept)


def test_digits_at_the_cursor_are_hidden_until_the_field_is_left() -> None:
    text = "订单 20261121"
    world = World().opened()
    world.give(edit(text, active=2, cursor=len(text)))
    assert world.face.drafts[0].unfinished
    assert all(b"20261121" not in blob for blob in world.kept)
    world.give(edit(text, 2))
    assert world.face.drafts[0].fields[2] == text, "an order number is no personal datum once it is finished"
    assert not world.face.drafts[0].unfinished


def test_a_number_split_over_two_fields_is_found_while_its_second_half_is_typed() -> None:
    shown = masked_fields(fields(place="卡号 6222 0200", scope="0000 0000 000"), 1, 13)
    assert not any(run in "".join(shown) for run in ("62220200", "6222 0200", "0000"))


def test_what_is_written_before_the_files_open_is_kept_when_they_do() -> None:
    world = World()
    world.give(edit())
    assert (world.face.drafts[0].saved, world.face.drafts[0].problem, world.face.loaded) == (False, "closed", False)
    world.opened()
    assert (world.face.drafts[0].saved, world.face.drafts[0].problem, world.face.loaded) == (True, "", True)


def test_a_full_disk_is_told_and_tried_again_until_there_is_room() -> None:
    world = World().opened()
    world.refuse = "full"
    world.give(edit())
    assert (world.face.drafts[0].saved, world.face.drafts[0].problem) == (False, "full")
    world.refuse, world.seconds = "", 1 + AGAIN / NS
    assert world.part.due() is not None
    world.give(object())
    assert (world.face.drafts[0].saved, world.face.drafts[0].problem) == (True, "")
    assert world.part.due() is None


def test_one_version_is_written_at_a_time_and_the_last_one_wins() -> None:
    world = World().opened()
    first = list(world.part.handle(next(iter(mask_report(MaskReport(edit("one"))))), at(0)))
    assert [type(one) for one in first] == [KeepReports]
    assert list(world.part.handle(next(iter(mask_report(MaskReport(edit("two", 2))))), at(0))) == []
    assert not world.face.drafts[0].saved
    again = list(world.part.handle(ReportsKept(True), at(0)))
    assert [type(one) for one in again] == [KeepReports]
    assert not world.face.drafts[0].saved, "the version on the disk is not the newest one"
    assert list(world.part.handle(ReportsKept(True), at(0))) == []
    assert world.face.drafts[0].saved


def test_a_report_is_sent_once_and_gets_a_local_number_until_the_server_gives_one() -> None:
    world = World().opened()
    world.give(edit(alarm=b"\xab" * 16, to="officer", steps=((5, "mark", ""),)))
    world.give(commands.SendReport(ONE))
    world.give(commands.SendReport(ONE))
    (record,) = world.records
    assert isinstance(record, ReportSent)
    assert (record.kind, record.level, record.to, record.alarm, record.steps[0].what) == ("threat", 2, "officer", b"\xab" * 16, "mark")
    face = world.face
    assert (face.drafts, face.sent[0].number[:6], face.sent[0].state) == ((), "LOCAL-", "sent")
    world.give(DeskEvent("s", ReportUpdate(report=ONE, number="SH-20261121-0007", state="received", due_ms=99)))
    sent = world.face.sent[0]
    assert (sent.number, sent.state, sent.due_ms) == ("SH-20261121-0007", "received", 99)
    kept = unpack_state(world.kept[-1])
    assert kept is not None
    assert kept.sent == world.face.sent


def test_half_characters_and_an_instant_to_come_do_not_stop_a_report() -> None:
    world = World().opened()
    world.give(edit("a\ud83d b", occurred_ms=10**16))
    world.give(commands.SendReport(ONE))
    record = world.records[0]
    assert isinstance(record, ReportSent)
    assert (record.text, record.occurred_ms) == ("a? b", START.wall_ms)
    assert encode(record, File.JOURNAL)


def test_a_late_version_of_a_sent_report_does_not_bring_its_draft_back() -> None:
    world = World().opened()
    world.give(edit())
    world.give(commands.SendReport(ONE))
    world.give(edit("more", 2))
    assert world.face.drafts == ()


def test_send_waits_for_the_version_that_is_being_masked() -> None:
    world = World().opened()
    (mask,) = world.part.handle(edit("the last word"), at(0))
    assert list(world.part.handle(commands.SendReport(ONE), at(0))) == []
    assert isinstance(mask, MaskReport)
    world.give(next(iter(mask_report(mask))))
    assert [one.text for one in world.records] == ["the last word"]


def test_nothing_is_sent_with_digits_hidden_because_they_were_being_typed() -> None:
    world = World().opened()
    world.give(edit("订单 20261121", active=2, cursor=11))
    world.give(commands.SendReport(ONE))
    assert (world.records, world.face.drafts[0].problem, world.face.drafts[0].sending) == ([], "typing", False)


@pytest.mark.parametrize(
    ("more", "problem"),
    [({"kind": ""}, "empty:kind"), ({"level": 0}, "empty:level"), ({"text": "  "}, "empty:text"), ({"text": "长" * 8001}, "long:text")],
)
def test_what_is_missing_or_too_long_is_told_and_nothing_is_lost(more: dict[str, object], problem: str) -> None:
    world = World().opened()
    world.give(edit(**more))  # type: ignore[arg-type]  # tests name real fields
    world.give(commands.SendReport(ONE))
    assert (world.records, world.face.drafts[0].problem, world.face.drafts[0].sending) == ([], problem, False)
    assert world.face.drafts[0].fields[2] == more.get("text", "他吼了十分钟")


def test_names_are_told_apart_and_their_bounds_hold() -> None:
    assert names_of("王芳、李四, Ann Lee；") == ("王芳", "李四", "Ann Lee")
    draft = ReportDraft(ONE, "threat", level=1, fields=fields(text="x", named="a,b,c,d,e,f"))
    assert problem_of(draft) == "long:named"
    assert problem_of(replace(draft, fields=fields(text="x", named="n" * 41))) == "long:named"
    assert problem_of(replace(draft, fields=fields(text="x", place="p" * (LIMITS["place"] + 1)))) == "long:place"
    assert problem_of(replace(draft, fields=fields(text="x", named="a,b"))) == ""


def test_a_report_that_cannot_be_written_stays_a_draft_and_goes_when_there_is_room() -> None:
    world = World().opened()
    world.give(edit())
    world.refuse = "full"
    world.give(commands.SendReport(ONE))
    assert (world.records, world.face.drafts[0].sending, world.face.drafts[0].problem) == ([], True, "full")
    world.refuse, world.seconds = "", 1 + AGAIN / NS
    world.give(object())
    assert len(world.records) == 1
    assert world.face.drafts == ()


def test_a_report_that_the_journal_holds_already_is_not_sent_again_after_a_crash() -> None:
    before = World().opened()
    before.give(edit())
    after = World()
    after.journal = {ONE}
    after.give(ReportsLoaded(True, before.kept[-1], frozenset({ONE})))
    assert (after.face.drafts, after.face.sent[0].report, after.records) == ((), ONE, [])


def test_drafts_of_the_last_run_stand_beside_new_ones_newest_first() -> None:
    before = World().opened()
    before.give(edit("old"))
    after = World()
    after.kept, after.seconds = before.kept, 60
    after.give(edit("new", report=TWO))
    after.opened()
    assert [one.fields[2] for one in after.face.drafts] == ["new", "old"]
    assert all(one.saved for one in after.face.drafts)


def test_a_draft_thrown_away_stays_away() -> None:
    world = World().opened()
    world.give(edit())
    world.give(commands.DiscardReport(ONE))
    kept = unpack_state(world.kept[-1])
    assert kept is not None
    assert (world.face.drafts, kept.drafts) == ((), ())


def test_a_report_begun_elsewhere_is_masked_and_named() -> None:
    world = World().opened()
    world.give(commands.StartReport("threat", f"有炸弹，电话 13812345678，{ID}"))
    draft = world.face.drafts[0]
    assert (world.face.started, draft.report, draft.kind) == (TWO, TWO, "threat")
    assert "13812345678" not in draft.fields[2]
    world.give(commands.StartReport("nonsense", "x"))
    assert world.face.drafts[0].kind == ""


def test_a_note_is_masked_and_survives_a_full_disk() -> None:
    world = World().opened()
    world.give(edit())
    world.give(commands.SendReport(ONE))
    world.refuse = "full"
    world.give(commands.NoteReport(ONE, f" 他又打来了 {ID} "))
    world.give(commands.NoteReport(ONE, "  "))
    assert (world.face.notes_waiting, len(world.records)) == (1, 1)
    world.refuse, world.seconds = "", 1 + AGAIN / NS
    world.give(object())
    note = world.records[-1]
    assert isinstance(note, ReportNote)
    assert ID not in note.text
    assert (world.face.notes_waiting, world.face.sent[0].notes) == (0, 1)


def test_a_masking_that_failed_is_told_and_does_not_hold_up_what_comes_later() -> None:
    world = World().opened()
    list(world.part.handle(edit(), at(0)))
    world.give(LaneFailed("mask", "MaskReport", "fault"))
    world.give(edit("again", 2))
    world.give(commands.SendReport(ONE))
    assert [one.text for one in world.records] == ["again"]


def settle(world: World, *, drill: bool = False) -> None:
    world.give(commands.RaiseAlarm(1, drill=drill))
    world.give(AlarmNote("raise"))
    world.seconds = 600
    world.give(SignChanged(b"\xab" * 16, "settled"))
    world.give(AlarmNote("settled"))


def test_a_settled_call_for_help_wants_a_report_until_there_is_one() -> None:
    world = World().opened()
    settle(world)
    assert (world.face.alarm, world.face.alarm_ms) == (b"\xab" * 16, START.wall_ms)
    assert world.face.alarm_due_ms == START.wall_ms + (600 + 24 * 3600) * 1000
    world.give(edit(alarm=b"\xab" * 16))
    world.give(commands.SendReport(ONE))
    assert world.face.alarm == b""


def test_after_a_take_back_and_after_a_drill_nothing_asks_for_a_report() -> None:
    world = World().opened()
    world.give(commands.RaiseAlarm(1))
    world.give(AlarmNote("raise"))
    world.give(AlarmNote("take_back"))
    world.give(SignChanged(b"\xab" * 16, "settled"))
    assert world.face.alarm == b""
    settle(world, drill=True)
    assert world.face.alarm == b""


def test_what_is_past_its_days_goes() -> None:
    old = ReportDraft(ONE, fields=fields(), changed_ms=1000)
    closed = SentReport(TWO, "N", "fire", True, 1, "lead", 1000, "closed", closed_ms=1000)
    state = ReportsState((old, replace(old, changed_ms=10**13)), (closed, replace(closed, state="sent", closed_ms=0)))
    left = pruned(state, 10**13)
    assert ([one.changed_ms for one in left.drafts], [one.state for one in left.sent]) == ([10**13], ["sent"])


def test_the_photos_of_a_draft_past_its_days_go_with_it() -> None:
    old = ReportDraft(ONE, fields=fields(text="x"), changed_ms=1000, photos=(b"\xaa" * 32,))
    part = ReportsPart(lambda: TWO)
    out = list(part.handle(ReportsLoaded(True, pack_state(ReportsState((old,)))), START))
    assert DropPhotos((b"\xaa" * 32,)) in out


def test_the_status_of_the_command_line_tells_nothing_of_drafts_and_suggestions() -> None:
    world = World().opened()
    world.give(edit("words of a draft"))
    shown = world.part.face(Snapshot(0, START), START)
    table = snapshot_table(replace(shown, site=SiteFace(code=b"\xc0" * 16, reply="an answer")))
    assert "words of a draft" not in str(table)
    assert "c0c0" not in str(table)
    assert "an answer" not in str(table)


@given(st.lists(st.text("abc，。的人 \n😀", max_size=20), min_size=7, max_size=7), st.integers(-2, 9), st.integers(-5, 30))
def test_text_without_numbers_is_never_changed_wherever_the_cursor_is(texts: list[str], active: int, cursor: int) -> None:
    assert masked_fields(texts, active, cursor) == tuple(texts)


@given(st.lists(st.text("0123456789 -abc，[]…", max_size=30), min_size=1, max_size=4), st.integers(-1, 3), st.integers(0, 30))
def test_no_version_is_stored_with_four_digits_at_the_cursor_and_masking_again_changes_nothing(
    texts: list[str], active: int, cursor: int
) -> None:
    shown = masked_fields(texts, active, cursor)
    assert len(shown) == len(texts)
    assert masked_fields(shown) == masked_fields(masked_fields(shown))
    if 0 <= active < len(texts):
        place = max(0, min(cursor, len(texts[active])))
        before = re.search(r"[0-9]*\Z", texts[active][:place])
        after = re.match(r"[0-9]*", texts[active][place:])
        assert before is not None
        assert after is not None
        run = before.group() + after.group()
        if len(run) >= 4 and before.group():
            assert not re.search(rf"(?<![0-9]){run}(?![0-9])", shown[active]) or texts[active].count(run) > 1


def test_the_state_survives_packing_and_what_cannot_be_read_is_told() -> None:
    state = ReportsState((ReportDraft(ONE, fields=fields(text="文"), saved=True),))
    assert unpack_state(pack_state(state)) == state
    assert unpack_state(b"") == ReportsState()
    assert unpack_state(b"{damaged") is None
    assert unpack_state(pack_state(ReportsState((ReportDraft(ONE, fields=("a",)),)))) == ReportsState()


def test_marks_are_counted_by_kind_and_unknown_versions_are_refused() -> None:
    assert hidden_in(["[电话] [电话 …1234]", "[ID number …002X] […] [输入中]"]) == (("phone", 2), ("id_number", 1))
    assert unfinished_in(["a [typing]"])
    assert not unfinished_in(["a [phone]"])
    assert list(ReportsPart(lambda: ONE).handle(commands.EditReport(ONE, 1, ("too", "few")), at(0))) == []
    assert list(ReportsPart(lambda: ONE).handle(commands.SendReport(ONE), at(0))) == []
    assert list(ReportsPart(lambda: ONE).handle(ReportMasked(ReportDraft(ONE, fields=fields()), False), at(0))) == []
