"""What each input changes at its instant, before lock, presence and offers are judged (shift-file contract, rules 1 to 14)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.domain.inputs import (
    AlarmRaised,
    AlarmSettled,
    AlarmTakenBack,
    BreakAnswered,
    BreakKind,
    BreakNow,
    CallEnded,
    CallStarted,
    CardHeld,
    DayBegan,
    Given,
    InputActive,
    InputIdle,
    InputSeen,
    LockAnswersAtOnce,
    LockConfirmed,
    LockFailed,
    LockNow,
    SessionLocked,
    SessionUnlocked,
    ShareChanged,
    ShiftEnded,
    ShiftStarted,
    Suspended,
    Tick,
    Woke,
)
from app.domain.seat import calls, lock, offers, presence
from app.domain.seat.draft import Draft
from app.domain.seat.state import ShiftState


def _nothing(draft: Draft, _given: Given) -> None:
    """A tick, or a waking that was seen to."""


def _active(draft: Draft, _given: Given) -> None:
    presence.acts(draft, active=True)


def _idle(draft: Draft, _given: Given) -> None:
    presence.acts(draft, active=False)


def _seen(draft: Draft, given: InputSeen) -> None:
    if presence.is_news(draft, given.last_input):
        presence.acts(draft, active=False)


def _locked(draft: Draft, given: SessionLocked) -> None:
    if given.by_person:
        presence.acts(draft)
    if not draft.lock.locked:
        draft.emit("session.locked")
        lock.lock(draft)


def _unlocked(draft: Draft, given: SessionUnlocked) -> None:
    presence.acts(draft, active=given.active)
    if draft.lock.locked:
        draft.emit("session.unlocked")
        lock.unlock(draft)


def suspend(draft: Draft, _given: Given | None = None) -> None:
    """Asleep from now: the input ends, open calls end, what is on offer goes (rule 4)."""
    if draft.person.asleep:
        return
    if draft.person.active:
        draft.person = replace(draft.person, active=False, last_input=draft.now)
        presence.sign(draft)
    for call_id, _ in draft.calls.open:
        calls.end(draft, call_id, hard=False)
    draft.person = replace(draft.person, asleep_since=draft.now, unseen=True)
    offers.withdraw(draft)


def _call_started(draft: Draft, given: CallStarted) -> None:
    calls.start(draft, given.call_id)


def _call_ended(draft: Draft, given: CallEnded) -> None:
    calls.end(draft, given.call_id, given.hard)


def _share(draft: Draft, given: ShareChanged) -> None:
    if given.on and draft.screen.share_since is None:
        draft.screen = replace(draft.screen, share_since=draft.now)
        offers.withdraw(draft)
    elif not given.on:
        draft.screen = replace(draft.screen, share_since=None)


def _answered(draft: Draft, given: BreakAnswered) -> None:
    presence.acts(draft)
    offers.answer(draft, given.answer)


def _now(draft: Draft, given: BreakNow) -> None:
    presence.acts(draft)
    offers.now(draft, given.kind)


def _held(draft: Draft, given: CardHeld) -> None:
    offers.hold(draft, given.on)


def _raised(draft: Draft, _given: Given) -> None:
    presence.acts(draft)
    if draft.screen.alarm_since is None:
        draft.screen = replace(draft.screen, alarm_since=draft.now)
        draft.emit("alarm.raised")
        offers.withdraw(draft)
        offers.cut(draft)


def _taken_back(draft: Draft, _given: Given) -> None:
    presence.acts(draft)
    _close_alarm(draft, "alarm.taken_back")


def _settled(draft: Draft, _given: Given) -> None:
    _close_alarm(draft, "alarm.settled")


def _close_alarm(draft: Draft, kind: str) -> None:
    if draft.screen.alarm_since is not None:
        draft.screen = replace(draft.screen, alarm_since=None)
        draft.emit(kind)
        draft.new_debt(BreakKind.CALM, draft.rules.breaks_calm_after_alarm)


def _shift_started(draft: Draft, _given: Given) -> None:
    # Signed out is not ended: the shift still holds, and only unlocking brings the person back into it.
    if draft.person.shift is ShiftState.ENDED:
        draft.person = replace(draft.person, shift=ShiftState.ON)
        draft.emit("shift.started")
        presence.sign(draft)


def _shift_ended(draft: Draft, _given: Given) -> None:
    if draft.person.shift is not ShiftState.ENDED:
        draft.person = replace(draft.person, shift=ShiftState.ENDED)
        draft.emit("shift.ended")
        offers.withdraw(draft)
        offers.cut(draft)


def _lock_now(draft: Draft, _given: Given) -> None:
    presence.acts(draft)
    if not draft.lock.locked and draft.lock.asked_at is None:
        lock.ask(draft, "person")


def _confirmed(draft: Draft, given: LockConfirmed) -> None:
    lock.confirmed(draft, given.method)


def _failed(draft: Draft, given: LockFailed) -> None:
    lock.failed(draft, given.method)


def _at_once(draft: Draft, given: LockAnswersAtOnce) -> None:
    draft.lock = replace(draft.lock, at_once=(given.method, given.fails))


def _day(draft: Draft, _given: Given) -> None:
    worked = draft.tally.worked.read(draft.now)
    draft.tally = replace(draft.tally, day_base=worked, kept=(), longest=0)


APPLY: dict[type[Given], Callable[[Draft, Any], None]] = {
    Tick: _nothing,
    Woke: _nothing,
    InputActive: _active,
    InputIdle: _idle,
    InputSeen: _seen,
    CallStarted: _call_started,
    CallEnded: _call_ended,
    SessionLocked: _locked,
    SessionUnlocked: _unlocked,
    Suspended: suspend,
    ShareChanged: _share,
    BreakAnswered: _answered,
    BreakNow: _now,
    CardHeld: _held,
    AlarmRaised: _raised,
    AlarmTakenBack: _taken_back,
    AlarmSettled: _settled,
    ShiftStarted: _shift_started,
    ShiftEnded: _shift_ended,
    LockNow: _lock_now,
    LockConfirmed: _confirmed,
    LockFailed: _failed,
    LockAnswersAtOnce: _at_once,
    DayBegan: _day,
}
"""How each kind of input is taken."""
