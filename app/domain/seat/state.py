"""What the seat remembers from one input to the next: frozen parts, one for each matter.

Instants are boot nanoseconds and exact: an `int` where it is whole, else a `Fraction` (a load can reach its bound between two
nanoseconds). Levels are kept as a line (value, instant, rate), so nothing counts down and no tick is needed.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from app.domain.inputs import BreakKind
from app.domain.moment import Moment

Time = int | Fraction
"""Boot nanoseconds, or a difference of them; never a float."""

KINDS = (BreakKind.EYES, BreakKind.REST, BreakKind.TALK, BreakKind.CALM)
"""Order of every tuple that holds one thing per kind."""


class ShiftState(StrEnum):
    """On shift, signed out by the program while on shift, or over."""

    ON = "on"
    SIGNED_OUT = "signed_out"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Meter:
    """Time that is added up while a condition holds: `value` at `at`, growing by `rate` (0 or 1) from then on."""

    value: Time = 0
    at: Time = 0
    rate: int = 0

    def read(self, now: Time) -> Time:
        """Return the nanoseconds added up until `now`."""
        return self.value + (now - self.at if self.rate else 0)

    def run(self, now: Time, rate: int) -> "Meter":
        """Return this meter going on at another rate from `now`."""
        return self if rate == self.rate else Meter(self.read(now), now, rate)


@dataclass(frozen=True, slots=True)
class Account:
    """One load or debt with what was said about its breaks.

    `level` is scaled (see `app.domain.seat.accounts`), `bound_at` the instant at which it reaches zero or its full height by
    itself. `in_test`: it was at least half full when the absence began and was not emptied since. `skip_until` is a reading of
    the `spent` meter, not an instant.
    """

    level: Time = 0
    at: Time = 0
    rate: int = 0
    bound_at: Time | None = None
    in_test: bool = False
    due_since: Time | None = None
    postponed_until: Time | None = None
    postpones: int = 0
    skip_until: Time | None = None


@dataclass(frozen=True, slots=True)
class Lock:
    """The session lock: `lock_at` while a warning is up, `retry_at` after a failure, `asked_at` while an answer is awaited."""

    locked: bool = False
    lock_at: Time | None = None
    retry_at: Time | None = None
    asked_at: Time | None = None
    at_once: tuple[str, bool] | None = None


@dataclass(frozen=True, slots=True)
class Calls:
    """Open calls as (id, start), the talk added up before the present stretch, and the end of the last call."""

    open: tuple[tuple[str, Time], ...] = ()
    since: Time = 0
    talked: Time = 0
    last_end: Time | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """How things stood at the last sign of presence, for an absence that will count from it (rule 7)."""

    accounts: tuple[Account, ...]
    spent: Time
    worked: Time


@dataclass(frozen=True, slots=True)
class Change:
    """A debt that arose (`amount` nanoseconds) or was dropped (None) since the last sign."""

    at: Time
    kind: BreakKind
    amount: int | None


@dataclass(frozen=True, slots=True)
class Person:
    """Presence: the last input and sign, and whether an absence runs; `unseen` from falling asleep to the next sign.

    `asleep_since` while the PC sleeps, `woke_at` the end of its last sleep.
    """

    shift: ShiftState = ShiftState.ON
    away: bool = False
    active: bool = False
    asleep_since: Time | None = None
    unseen: bool = False
    last_input: Time = 0
    last_sign: Time = 0
    last_break_end: Time | None = None
    woke_at: Time | None = None

    @property
    def asleep(self) -> bool:
        """Say whether the PC sleeps."""
        return self.asleep_since is not None


@dataclass(frozen=True, slots=True)
class Offer:
    """A break card on the screen; `auto_at` is when it answers itself, None while it is held with `held` left."""

    kind: BreakKind
    seconds: int
    auto_at: Time | None
    held: Time = 0


@dataclass(frozen=True, slots=True)
class Running:
    """A break that runs."""

    kind: BreakKind
    seconds: int
    started: Time
    ends: Time


@dataclass(frozen=True, slots=True)
class Screen:
    """What concerns the card: an offer or a running break, the open alarm and the share, each since when."""

    offer: Offer | None = None
    running: Running | None = None
    alarm_since: Time | None = None
    share_since: Time | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What is added up: presence with and without breaks, breaks kept, the longest stretch without rest.

    `spent` runs while nobody is away, `worked` the same without breaks; `absence_base` and `rest_base` are readings of `worked` at
    the last absence and rest. `day_base` and `kept` (kind, how, count) start again with the day.
    """

    spent: Meter = field(default_factory=Meter)
    worked: Meter = field(default_factory=Meter)
    absence_base: Time | None = None
    rest_base: Time = 0
    longest: Time = 0
    day_base: Time = 0
    kept: tuple[tuple[BreakKind, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One line of what happened: its kind, instant (boot and wall nanoseconds) and extra keys (shift-file contract)."""

    kind: str
    at: Time
    wall: Time
    extra: tuple[tuple[str, str | int | bool], ...] = ()


@dataclass(frozen=True, slots=True)
class SeatState:
    """Everything that the seat knows. `now` is how far it is settled, `wall_offset` wall minus boot, `slept` boot minus awake.

    `mark` is how things stood at the last sign, `changes` what became of debts since; `held` are records that fell into a sleep and
    are given out on waking.
    """

    now: Time
    wall_offset: int
    slept: int
    lock: Lock
    calls: Calls
    person: Person
    screen: Screen
    accounts: tuple[Account, ...]
    tally: Tally
    mark: Mark | None = None
    changes: tuple[Change, ...] = ()
    held: tuple[Record, ...] = ()


def begun(moment: Moment, *, on_shift: bool = True, locked: bool = False, active: bool = False) -> SeatState:
    """Return a fresh seat whose loads stand still; use `app.domain.seat.begin`, which lets them run."""
    now = moment.boot
    shift = ShiftState.ON if on_shift else ShiftState.ENDED
    away = locked or not on_shift
    run = Meter(0, now, 0 if away else 1)
    person = Person(shift=shift, away=away, active=active, last_input=now, last_sign=now)
    return SeatState(
        now=now,
        wall_offset=moment.wall - now,
        slept=now - moment.awake,
        lock=Lock(locked=locked),
        calls=Calls(),
        person=person,
        screen=Screen(),
        accounts=tuple(Account(at=now) for _ in KINDS),
        tally=Tally(spent=run, worked=run),
    )
