"""Shift checks: offered quietly and once, answered by the PC where it can, recorded without names of devices."""

from dataclasses import replace
from typing import Any

import pytest

from app.agent import commands
from app.agent.events import AlarmNote, Commit, ReadState, SaveState, StateRead, VaultOpened
from app.agent.events.pages import FetchSample, LookAtPc, PcSeen, SampleHeard
from app.agent.pagefaces import ChecksFace
from app.agent.parts.checks import END, ENDED, FRESH, START, STATE, ChecksPart
from app.agent.snapshot import BreakView, DeskFace, HelpFace, OfferView, SeatFace, Snapshot
from app.domain.moment import NS
from app.protocol.report_kinds import CheckDone, CheckItem
from tests.unit.agent.moments import START as NOON
from tests.unit.agent.moments import at


def part_of(blob: bytes = b"") -> ChecksPart:
    part = ChecksPart(lambda wall: str((wall - NOON.wall) // (24 * 3600 * NS)))
    assert give(part, VaultOpened(True, True)) == [ReadState(STATE)]
    give(part, StateRead(STATE, blob))
    return part


def give(part: ChecksPart, item: object, seconds: float = 0) -> list[object]:
    return list(part.handle(item, at(seconds)))


def offered(part: ChecksPart, *, open_alarm: bool = False, **seat: Any) -> str:
    shown = replace(Snapshot(0, NOON), seat=replace(SeatFace(), **seat), help=HelpFace(open=open_alarm))
    return part.face(shown, NOON).pages.checks.offered


def kept(out: list[object]) -> bytes:
    return next(one.blob for one in out if isinstance(one, SaveState))


def test_the_start_of_a_shift_offers_its_list_and_later_no_more() -> None:
    part = part_of()
    assert offered(part) == START
    assert offered(part, worked_seconds=FRESH) == ""
    assert offered(part, on_shift=False) == ""


@pytest.mark.parametrize(
    "busy",
    [
        {"on_call": True}, {"locked": True}, {"warning_until_boot": 5}, {"running": BreakView("eyes", 1, 2)},
        {"offer": OfferView("eyes", 20, 1, 1, 1)}, {"present": False},
    ],
    ids=str,
)  # fmt: skip
def test_it_never_comes_on_a_call_or_beside_something_else(busy: dict[str, Any]) -> None:
    assert offered(part_of(), **busy) == ""


def test_before_the_kept_state_is_known_nothing_is_offered() -> None:
    assert offered(ChecksPart(lambda _: "0")) == ""


def test_put_off_or_done_it_stays_away_for_the_day_also_over_a_restart() -> None:
    part = part_of()
    blob = kept(give(part, commands.PutOffCheck(START)))
    assert offered(part) == ""
    assert offered(part_of(blob)) == ""
    assert offered(part_of(b"[1]")) == START, "a damaged note costs an offer too many"
    give(part, object(), 25 * 3600)
    assert offered(part) == START, "a new day"


def test_the_end_of_a_shift_offers_its_list_for_some_minutes() -> None:
    part = part_of()
    give(part, commands.ShiftMark(on=False))
    assert offered(part, on_shift=False) == END
    assert part.due() == at(0).boot + ENDED
    give(part, object(), ENDED / NS)
    assert offered(part, on_shift=False) == ""


def test_help_changes_nothing_on_screen_and_nothing_is_offered_after_it() -> None:
    part = part_of()
    assert offered(part) == START
    give(part, AlarmNote("raise"))
    assert offered(part, open_alarm=True) == START, "what stands there stays"
    give(part, AlarmNote("take_back"))
    assert offered(part) == ""
    other = part_of()
    give(other, AlarmNote("raise"))
    assert offered(other, open_alarm=True) == "", "nothing comes"


def test_facts_are_asked_for_when_the_page_opens_and_go_into_the_record_as_yes_or_no() -> None:
    part = part_of()
    assert give(part, commands.OpenPage("checks")) == [LookAtPc()]
    give(part, PcSeen((("disk", True), ("updates", False), ("antivirus", None))))
    face = part.face(Snapshot(0, NOON), NOON).pages.checks
    assert face == ChecksFace(START, False, (("disk", True), ("updates", False), ("antivirus", None)), ())
    out = give(part, commands.FinishCheck(START, (("screen", False), ("disk", True)), repair=True))
    facts = (CheckItem(id="disk", well=True), CheckItem(id="updates", well=False))
    items = (CheckItem(id="screen", well=False), CheckItem(id="disk", well=True))
    assert out[0] == Commit((CheckDone(ms=NOON.wall_ms, checklist=START, items=items, facts=facts, repair=True),))
    assert offered(part) == ""
    assert part.face(Snapshot(0, NOON), NOON).pages.checks.done == (START,)
    assert offered(part_of(kept(out))) == ""


def test_only_a_leads_page_asks_for_the_seats_of_the_week_and_says_when_none_came() -> None:
    part = part_of()
    lead = replace(Snapshot(0, NOON), desk=DeskFace())
    part.face(lead, NOON)
    assert give(part, commands.OpenPage("checks")) == [LookAtPc(), FetchSample()]
    assert part.face(lead, NOON).pages.checks.sample_state == "asking"
    give(part, SampleHeard(True, (("A-01", "3"),)))
    shown = part.face(lead, NOON).pages.checks
    assert (shown.sample_state, shown.sample) == ("told", (("A-01", "3"),))
    give(part, SampleHeard(False))
    shown = part.face(replace(lead, desk=None), NOON).pages.checks
    assert (shown.sample_state, shown.sample) == ("unreachable", ())
    assert give(part, commands.OpenPage("checks")) == [LookAtPc()]
