"""The session lock: idle time, warning, asking, retrying, sign-out (shift-file contract, rules 1 to 5)."""

from dataclasses import replace

from app.domain.moment import NS
from app.domain.rules import Rules
from app.domain.seat import offers
from app.domain.seat.draft import Draft, whole
from app.domain.seat.effects import LockScreen, WarnLock, WithdrawWarning
from app.domain.seat.state import Calls, Person, ShiftState, Time


def limit(rules: Rules, calls: Calls) -> int:
    """Return the idle limit in nanoseconds: on a call the larger of the two."""
    seconds = max(rules.lock_idle_after, rules.lock_idle_after_on_call) if calls.open else rules.lock_idle_after
    return seconds * NS


def idle(person: Person, now: Time) -> Time:
    """Return the idle time; while the input goes on it is none."""
    return 0 if person.active else now - person.last_input


def call_started(draft: Draft) -> None:
    """A call that starts withdraws the warning while the on-call warning is not yet due (rule 2)."""
    on_call = max(draft.rules.lock_idle_after, draft.rules.lock_idle_after_on_call) - draft.rules.lock_warning
    if idle(draft.person, draft.now) < on_call * NS:
        draft.withdraw = True


def phase(draft: Draft) -> None:
    """Do what the lock does at an instant: after the entries, before presence."""
    if draft.withdraw and draft.lock.lock_at is not None:
        draft.emit("lock.withdrawn")
        draft.act(WithdrawWarning())
        draft.lock = replace(draft.lock, lock_at=None)
    if draft.input_came and draft.lock.retry_at is not None:
        draft.lock = replace(draft.lock, retry_at=None)
    if not draft.lock.locked and not draft.person.asleep:
        _watch(draft)
    _sign_out(draft)


def _watch(draft: Draft) -> None:
    lock, now = draft.lock, draft.now
    if lock.lock_at is not None:
        if now >= lock.lock_at:
            ask(draft, "call_limit" if draft.calls.open else "idle")
        return
    idle_for, bound = idle(draft.person, now), limit(draft.rules, draft.calls)
    if lock.retry_at is not None and now >= lock.retry_at:
        draft.lock = lock = replace(lock, retry_at=None)
        if idle_for >= bound:
            order(draft, "retry")
            return
    waits = lock.retry_at is not None or lock.asked_at is not None or lock.lock_at is not None
    warning = draft.rules.lock_warning * NS
    if not waits and idle_for >= bound - warning:
        # Warned late (a call that ended, waking before the limit) still gives the full time to answer: asked 15 s after the
        # warning. A warning that was due in a sleep is shown on waking, for nobody could see it before.
        draft.lock = replace(lock, lock_at=now + warning)
        draft.emit("lock.warned")
        draft.act(WarnLock(whole(now + warning)))


def ask(draft: Draft, reason: str) -> None:
    """Ask the desktop to lock, and say why."""
    draft.emit("lock.asked", ("reason", reason))
    order(draft, reason)


def order(draft: Draft, reason: str) -> None:
    """Hand the lock to the desktop; one that answers at once is heard in the same instant."""
    if draft.lock.lock_at is not None:
        draft.act(WithdrawWarning())
    draft.lock = replace(draft.lock, lock_at=None, retry_at=None, asked_at=draft.now)
    draft.act(LockScreen(reason))
    if draft.lock.at_once is not None:
        method, fails = draft.lock.at_once
        (failed if fails else confirmed)(draft, method)


def confirmed(draft: Draft, method: str) -> None:
    """The lock that was asked for holds."""
    if draft.lock.locked:
        draft.lock = replace(draft.lock, asked_at=None)
        return
    draft.emit("lock.confirmed", ("method", method))
    lock(draft)


def failed(draft: Draft, method: str) -> None:
    """The lock did not hold: again after a while, unless input came since it was asked (rule 3)."""
    asked = draft.lock.asked_at
    draft.emit("lock.failed", ("method", method))
    person = draft.person
    gone = asked is None or draft.lock.locked or person.active or person.last_input > asked
    retry = None if gone else draft.now + draft.rules.lock_retry * NS
    draft.lock = replace(draft.lock, asked_at=None, retry_at=retry)


def lock(draft: Draft) -> None:
    """The session is locked from now on, by whomever."""
    if draft.lock.lock_at is not None and not draft.withdraw:
        draft.act(WithdrawWarning())
        draft.lock = replace(draft.lock, lock_at=None)
    draft.lock = replace(draft.lock, locked=True, retry_at=None, asked_at=None)
    offers.withdraw(draft)


def unlock(draft: Draft) -> None:
    """The person unlocked: the shift that was signed out is back, silently (rule 5)."""
    draft.lock = replace(draft.lock, locked=False, retry_at=None, asked_at=None)
    if draft.person.shift is ShiftState.SIGNED_OUT:
        draft.person = replace(draft.person, shift=ShiftState.ON)


def woke(draft: Draft) -> None:
    """On waking, unlocked, at the limit or past it: asked at once, without a warning (rule 4)."""
    if not draft.lock.locked and idle(draft.person, draft.now) >= limit(draft.rules, draft.calls):
        ask(draft, "woke")


def _sign_out(draft: Draft) -> None:
    person = draft.person
    if person.shift is not ShiftState.ON or not draft.lock.locked or draft.calls.open or person.active:
        return
    if draft.now - person.last_sign >= draft.rules.lock_sign_out_after * NS:
        draft.person = replace(person, shift=ShiftState.SIGNED_OUT)
        draft.emit("shift.signed_out")


def next_due(draft: Draft) -> Time | None:
    """Return when the lock next does something by itself."""
    lock, person, rules = draft.lock, draft.person, draft.rules
    if lock.locked:
        if person.active or draft.calls.open or person.shift is not ShiftState.ON:
            return None
        return person.last_sign + rules.lock_sign_out_after * NS
    if person.asleep:
        return None
    if lock.lock_at is not None:
        return lock.lock_at
    if lock.retry_at is not None:
        return lock.retry_at
    if person.active or lock.asked_at is not None:
        return None
    return person.last_input + limit(rules, draft.calls) - rules.lock_warning * NS
