"""Loads and debts as exact lines: how fast they run, where they stand, when they reach a bound.

A load of `every` seconds that drains in `length` seconds is kept in units of 1/length nanosecond: it fills by `length` and drains by
`every` per nanosecond, so that every rate is an integer whatever the policy says. A debt is kept in nanoseconds and drains by 1.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from app.domain.inputs import BreakKind
from app.domain.moment import NS
from app.domain.rules import Rules
from app.domain.seat.state import KINDS, Account, Time


@dataclass(frozen=True, slots=True)
class Scale:
    """How an account of one kind runs: `full` is None for a debt; `unit` is one second of it; `length` the break's seconds."""

    full: int | None
    fill: int
    drain: int
    unit: int
    length: int
    postpones: int
    after_skip: int


@lru_cache(maxsize=16)
def scales(rules: Rules) -> dict[BreakKind, Scale]:
    """Return the scale of each kind under `rules`."""
    return {
        BreakKind.EYES: _load(
            rules.breaks_eyes_every, rules.breaks_eyes_length, rules.breaks_eyes_postpones, rules.breaks_eyes_after_skip
        ),
        BreakKind.REST: _load(
            rules.breaks_rest_every, rules.breaks_rest_length, rules.breaks_rest_postpones, rules.breaks_rest_after_skip
        ),
        BreakKind.TALK: Scale(None, 0, 1, NS, rules.breaks_talk_length, rules.breaks_talk_postpones, 0),
        BreakKind.CALM: Scale(None, 0, 1, NS, rules.breaks_calm_length, rules.breaks_calm_postpones, 0),
    }


def _load(every: int, length: int, postpones: int, after_skip: int) -> Scale:
    return Scale(every * length * NS, length, every, length * NS, length, postpones, after_skip)


def quotient(over: Time, under: int) -> Time:
    """Return `over / under` exactly, as an int where it is whole."""
    if isinstance(over, int):
        whole, rest = divmod(over, under)
        if not rest:
            return whole
    return exact(Fraction(over) / under)


def exact(value: Time) -> Time:
    """Return `value` as an int where it is whole: whole instants keep the arithmetic quick."""
    if isinstance(value, Fraction) and value.denominator == 1:
        return value.numerator
    return value


def level_at(account: Account, scale: Scale, now: Time) -> Time:
    """Return the level at `now` (not before the line's start), between zero and full."""
    if not account.rate:
        return account.level
    value = account.level + account.rate * (now - account.at)
    if value <= 0:
        return 0
    return value if scale.full is None or value < scale.full else scale.full


def turned(account: Account, scale: Scale, now: Time, rate: int) -> Account:
    """Return the account running at `rate` from `now` on; at a bound it stands."""
    level = exact(level_at(account, scale, now))
    if (rate < 0 and level == 0) or (rate > 0 and level == scale.full):
        rate = 0
    bound: Time | None = None
    if rate < 0:
        bound = exact(now + quotient(level, -rate))
    elif rate > 0 and scale.full is not None:
        bound = exact(now + quotient(scale.full - level, rate))
    due = account.due_since
    if rate < 0 and scale.full is not None:
        due = None
    return Account(
        level, now, rate, bound, account.in_test, due, account.postponed_until, account.postpones, account.skip_until
    )


def break_seconds(account: Account, scale: Scale, now: Time) -> int:
    """Return how long a break of this kind is: the length, or what is left of an open debt, rounded up."""
    if scale.full is not None:
        return scale.length
    left = level_at(account, scale, now)
    return -int(-left // NS) if left > 0 else scale.length


def rescaled(account: Account, old: Scale, new: Scale, now: Time) -> Account:
    """Return the account under a changed policy: the same seconds of load or debt, at most full, standing at `now`."""
    level = exact(level_at(account, old, now) * Fraction(new.unit, old.unit))
    due = account.due_since
    if new.full is not None:
        level = min(level, new.full)
        due = (due or now) if level == new.full else None
    return replace(account, level=level, at=now, rate=0, bound_at=None, due_since=due)


def index(kind: BreakKind) -> int:
    """Return the place of `kind` in every tuple of four."""
    return KINDS.index(kind)
