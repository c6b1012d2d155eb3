"""What the seat wants done: values that the agent carries out. Instants are boot nanoseconds, rounded up."""

from dataclasses import dataclass

from app.domain.inputs import BreakKind


@dataclass(frozen=True, slots=True)
class WarnLock:
    """Show the lock warning; the lock is asked at `until_boot`."""

    until_boot: int


@dataclass(frozen=True, slots=True)
class WithdrawWarning:
    """Take the lock warning off the screen."""


@dataclass(frozen=True, slots=True)
class LockScreen:
    """Lock now; answer with `LockConfirmed` or `LockFailed`. Reasons: idle, call_limit, woke, person, and retry after a failure."""

    reason: str


@dataclass(frozen=True, slots=True)
class OfferBreak:
    """Show the break card; it answers itself at `until_boot`. `skips_left` is None: no rule limits skipping."""

    kind: BreakKind
    seconds: int
    until_boot: int
    postpones_left: int
    skips_left: int | None = None


@dataclass(frozen=True, slots=True)
class WithdrawOffer:
    """Take the break card off the screen."""


@dataclass(frozen=True, slots=True)
class StartBreak:
    """Show the break; it ends at `until_boot`."""

    kind: BreakKind
    seconds: int
    until_boot: int


@dataclass(frozen=True, slots=True)
class EndBreak:
    """Take the break off the screen; `kept` when it was not cut short."""

    kind: BreakKind
    kept: bool


Effect = WarnLock | WithdrawWarning | LockScreen | OfferBreak | WithdrawOffer | StartBreak | EndBreak
"""Everything that a step can ask for."""
