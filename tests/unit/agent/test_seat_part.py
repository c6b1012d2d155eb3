"""The seat's part: the lock waits for nothing, a card waits for its record but not for ever, nothing is drawn twice."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.agent import commands
from app.agent.events import (
    AlarmNote,
    CallChanged,
    Commit,
    DoLock,
    JournalMute,
    LockTried,
    PartFailed,
    SessionChanged,
    ShowCard,
)
from app.agent.events.policy import PolicyHolds
from app.agent.events.power import PowerChanged
from app.agent.parts.seat import CARD_PATIENCE, SeatPart
from app.agent.seat_face import looks_the_same
from app.agent.snapshot import SeatFace, Settings, Snapshot
from app.desktop.ports import Locked, LockResult
from app.domain.moment import NS, Moment
from app.domain.rules import Rules
from app.protocol.record_kinds import LockDaily
from tests.unit.agent.moments import START, at


def day_of(wall_ns: int) -> str:
    return datetime.fromtimestamp(wall_ns / NS, UTC).strftime("%Y-%m-%d")


class Scene:
    """A part whose person works all the time unless `idle_since` says otherwise."""

    def __init__(self, **rules: int) -> None:
        self.second = 0.0
        self.idle_since: float | None = None
        self.out: list[object] = []
        rule_set = replace(Rules(), **rules)
        self.part = SeatPart(rule_set, self.idle_ns, day_of, START)

    @property
    def now(self) -> Moment:
        return at(self.second)

    def idle_ns(self) -> int | None:
        return 0 if self.idle_since is None else round((self.second - self.idle_since) * NS)

    def give(self, item: object = None, after: float = 0.0) -> list[object]:
        self.second += after
        out = list(self.part.handle(item, self.now))
        self.out += out
        return out

    def go_on(self, seconds: float) -> list[object]:
        """Let time pass as the actor would: at every deadline."""
        end = self.second + seconds
        out: list[object] = []
        while True:
            due = self.part.due()
            at_second = end if due is None else (due - START.boot) / NS
            if at_second >= end:
                self.second = end
                return out
            self.second = max(at_second, self.second + 0.01)
            out += self.give()

    def face(self) -> SeatFace:
        return self.part.face(Snapshot(0, self.now), self.now).seat


def cards(out: list[object]) -> list[ShowCard]:
    return [one for commit in out if isinstance(commit, Commit) for one in commit.then if isinstance(one, ShowCard)]


def test_an_idle_pc_is_locked_and_the_lock_goes_before_its_records() -> None:
    scene = Scene(lock_idle_after=60)
    scene.give(after=1)
    scene.idle_since = 1
    out = scene.go_on(120)
    assert DoLock("idle") in out
    assert scene.give(LockTried(LockResult(True, "logind")))
    assert scene.face().locked


def test_lock_now_asks_at_once_in_the_same_turn() -> None:
    out = Scene().give(commands.LockNow())
    assert out[0] == DoLock("person")


def test_lock_and_leave_shows_its_reminder_for_two_seconds_first() -> None:
    scene = Scene()
    assert scene.give(commands.LockNow(leave=True)) == []
    assert scene.face().leaving_until_boot == at(2).boot
    assert scene.go_on(1.9) == []
    assert DoLock("person") in scene.go_on(0.3)
    assert scene.face().leaving_until_boot is None


def test_a_failed_lock_is_shown_until_the_screen_is_locked_by_whomever() -> None:
    scene = Scene()
    scene.give(commands.LockNow())
    scene.give(LockTried(LockResult(False, "logind", "timeout")), 1)
    assert scene.face().lock_failed
    scene.give(SessionChanged(Locked.YES), 1)
    assert not scene.face().lock_failed
    assert scene.face().locked


def due_for_a_break() -> Scene:
    """At the very instant at which the seat wants to offer a break."""
    scene = Scene(breaks_eyes_every=60)
    scene.give(after=1)
    while not cards(scene.out):
        due = scene.part.due()
        assert due is not None
        scene.second = max((due - START.boot) / NS, scene.second + 0.01)
        scene.give()
    return scene


def test_a_card_is_shown_when_its_record_is_kept_and_not_before() -> None:
    scene = due_for_a_break()
    assert scene.face().offer is None
    scene.give(cards(scene.out)[0])
    assert scene.face().offer is not None


def test_a_card_comes_without_its_record_when_the_disk_hangs() -> None:
    scene = due_for_a_break()
    assert scene.face().offer is None
    assert JournalMute() in scene.go_on(CARD_PATIENCE / NS + 0.1)
    assert scene.face().offer is not None


def test_a_card_of_an_offer_that_is_gone_is_not_shown() -> None:
    scene = due_for_a_break()
    scene.give(commands.AnswerOffer("skip"))
    scene.give(cards(scene.out)[0])
    assert scene.face().offer is None


def test_help_takes_the_card_off_and_its_end_leaves_a_calm_break() -> None:
    scene = due_for_a_break()
    scene.give(cards(scene.out)[0])
    scene.give(AlarmNote("raise"))
    assert scene.face().offer is None
    for end in ("take_back", "settled"):
        other = Scene()
        other.give(AlarmNote("raise"))
        other.give(AlarmNote(end), 5)
        kinds = [card.card.kind.value for card in cards(other.out + other.go_on(60))]
        assert kinds[:1] == ["calm"], end


def test_calls_of_a_part_that_was_built_anew_do_not_stay_open() -> None:
    scene = Scene()
    scene.give(CallChanged("a", True))
    assert scene.face().on_call
    scene.give(PartFailed("calls"), 1)
    assert not scene.face().on_call


@pytest.mark.parametrize("seconds", [0, 30, 600])
def test_a_seat_that_only_grows_older_is_not_drawn_anew(seconds: int) -> None:
    scene = Scene()
    scene.give(after=1)
    before = replace(Snapshot(0, scene.now), seat=scene.face())
    scene.second += seconds
    after = replace(Snapshot(0, before.moment), seat=scene.face())
    assert looks_the_same(before, after, scene.now.boot)
    assert not looks_the_same(before, replace(after, faults=("x",)), scene.now.boot)
    jump = replace(after.seat, next_in_seconds=(after.seat.next_in_seconds or 0) + 60)
    assert not looks_the_same(before, replace(after, seat=jump), scene.now.boot)


def test_a_day_that_ended_leaves_the_count_of_its_locks() -> None:
    scene = Scene()
    for confirmed in (True, True, False):
        scene.give(commands.LockNow(), 1)
        scene.give(LockTried(LockResult(confirmed, "logind")), 1)
        scene.give(SessionChanged(Locked.NO), 1)
    scene.out.clear()
    scene.give(commands.LockNow(), 24 * 3600)
    daily = next(one.records[0] for one in scene.out if isinstance(one, Commit))
    assert isinstance(daily, LockDaily)
    assert (daily.day, daily.confirmed, daily.failed) == (day_of(START.wall), 2, 1)


def test_after_a_take_back_no_card_opens_by_itself_and_nothing_speaks_of_it() -> None:
    scene = Scene()
    scene.give(AlarmNote("raise"), after=1)
    offered = cards(scene.give(AlarmNote("take_back"), after=20))
    offered += cards(scene.go_on(15))
    assert [one.card.kind for one in offered] == ["calm"], "the calm break is owed as the contract says"
    for one in offered:
        scene.give(one)
    face = scene.face()
    assert (face.offer, face.next_kind, face.next_in_seconds) == (None, "eyes", None)


def test_after_a_settled_alarm_the_calm_card_comes() -> None:
    scene = Scene()
    scene.give(AlarmNote("raise"), after=1)
    offered = cards(scene.give(AlarmNote("settled"), after=20)) + cards(scene.go_on(15))
    for one in offered:
        scene.give(one)
    offer = scene.face().offer
    assert offer is not None
    assert offer.kind == "calm"


def asleep_at(second: float, slept: float) -> Moment:
    """A reading after a sleep: the awake clock stood still meanwhile."""
    moment = at(second)
    return replace(moment, awake=moment.awake - round(slept * NS))


def test_waking_is_judged_at_once_and_asks_for_the_lock() -> None:
    part = SeatPart(Rules(), lambda: None, day_of, START)
    part.handle(PowerChanged(True), at(10))
    out = list(part.handle(PowerChanged(False), asleep_at(3610, 3600)))
    assert out[0] == DoLock("woke")


def test_a_short_sleep_asks_for_no_lock() -> None:
    part = SeatPart(Rules(), lambda: None, day_of, START)
    part.handle(PowerChanged(True), at(10))
    assert not [one for one in part.handle(PowerChanged(False), asleep_at(70, 60)) if isinstance(one, DoLock)]


def test_a_waking_without_a_word_before_the_sleep_does_not_hide_it() -> None:
    part = SeatPart(Rules(), lambda: None, day_of, START)
    out = list(part.handle(PowerChanged(False), asleep_at(3610, 3600)))
    assert out[0] == DoLock("woke")


def test_a_sleep_that_was_announced_and_did_not_come_ends_by_itself() -> None:
    scene = Scene(lock_idle_after=60)
    scene.idle_since = 0
    scene.give(PowerChanged(True), after=1)
    assert DoLock("woke") in scene.go_on(120) or DoLock("idle") in scene.out


def holds(**rules: int) -> PolicyHolds:
    return PolicyHolds(replace(Rules(), **rules), Settings(), (), "", False, ("lock.idle_after",), "file", False)


def test_new_rules_hold_for_the_idle_time_that_already_ran() -> None:
    scene = Scene()
    scene.give(after=1)
    scene.idle_since = 1
    scene.go_on(100)
    assert not [one for one in scene.out if isinstance(one, DoLock)]
    scene.give(holds(lock_idle_after=60))
    assert DoLock("idle") in scene.out or DoLock("idle") in scene.go_on(20)


def test_new_rules_forget_no_second_of_the_time_before_them() -> None:
    same, changed = Scene(), Scene()
    for scene in (same, changed):
        scene.give(after=1)
        scene.go_on(600)
    changed.give(holds(lock_idle_after=240))
    same.give()
    assert changed.face().next_in_seconds == same.face().next_in_seconds


@pytest.mark.parametrize("hours", [1, 30])
def test_a_pc_that_slept_over_midnight_is_locked_at_the_waking(hours: int) -> None:
    scene = Scene()
    scene.second = 86_400 - START.wall // NS % 86_400 - 600  # ten minutes before midnight
    scene.give(SessionChanged(Locked.NO))
    scene.give(PowerChanged(True), after=1)
    scene.idle_since = scene.second
    woken = at(scene.second).later(hours * 3600 * NS, asleep=True)
    out = list(scene.part.handle(PowerChanged(False), woken))
    assert [type(one) for one in out if isinstance(one, DoLock)] == [DoLock]
    assert day_of(woken.wall) != day_of(START.wall)
