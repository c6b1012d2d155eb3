"""What may be drawn of the seat, and when the operating system has to be asked for idle time."""

from dataclasses import dataclass
from fractions import Fraction

from app.domain.inputs import BreakKind
from app.domain.moment import NS
from app.domain.rules import Rules
from app.domain.seat import lock, offers, presence
from app.domain.seat.draft import Draft, opened, whole
from app.domain.seat.state import KINDS, SeatState, ShiftState, Time

POLL_WARNED = NS // 10
"""While a warning is up, input must take it away within a blink (ux measures: 120 ms with the drawing)."""

POLL_AWAY = 10 * NS
"""While somebody is away from an unlocked PC: a tenth of a poll a second; the input itself is dated exactly when found."""


@dataclass(frozen=True, slots=True)
class OfferView:
    """A break card: it answers itself at `until_boot` (None while it is held). `skips_left` is None: skips are not limited."""

    kind: BreakKind
    seconds: int
    until_boot: int | None
    postpones_left: int
    skips_left: int | None = None


@dataclass(frozen=True, slots=True)
class RunningView:
    """A break that runs until `until_boot`, `seconds` long."""

    kind: BreakKind
    seconds: int
    until_boot: int


@dataclass(frozen=True, slots=True)
class SeatView:
    """The seat as it stood when it was last settled; instants are boot nanoseconds, durations whole seconds.

    `next_break_in` counts at the present rate and is None when nothing fills (away, or nothing is coming). `breaks_kept` is (kind,
    "taken" or "natural", count) of today.
    """

    on_shift: bool
    signed_out: bool
    present: bool
    locked: bool
    on_call: bool
    warning_until_boot: int | None
    offer: OfferView | None
    running: RunningView | None
    next_break_kind: BreakKind | None
    next_break_in: int | None
    worked_seconds: int
    breaks_kept: tuple[tuple[BreakKind, str, int], ...]
    rest_load_fraction: Fraction


def view(state: SeatState, rules: Rules, now_boot: int | None = None) -> SeatView:
    """Return what may be drawn; `now_boot` reads durations later than the state's own instant (give a `Tick` at `next_due`)."""
    draft = opened(state, rules)
    if now_boot is not None:
        draft.now = max(draft.now, now_boot)
    person, screen, tally = state.person, state.screen, state.tally
    offer = running = None
    if screen.offer is not None:
        kind = screen.offer.kind
        left = max(0, draft.scales[kind].postpones - draft.accounts[kind].postpones)
        until = None if screen.offer.auto_at is None else whole(screen.offer.auto_at)
        offer = OfferView(kind, screen.offer.seconds, until, left)
    if screen.running is not None:
        running = RunningView(screen.running.kind, screen.running.seconds, whole(screen.running.ends))
    next_kind, next_in = _next_break(draft)
    return SeatView(
        on_shift=person.shift is not ShiftState.ENDED,
        signed_out=person.shift is ShiftState.SIGNED_OUT,
        present=presence.holds(draft),
        locked=state.lock.locked,
        on_call=bool(state.calls.open),
        warning_until_boot=None if state.lock.lock_at is None else whole(state.lock.lock_at),
        offer=offer,
        running=running,
        next_break_kind=next_kind,
        next_break_in=next_in,
        worked_seconds=int((tally.worked.read(draft.now) - tally.day_base) // NS),
        breaks_kept=tally.kept,
        rest_load_fraction=load_fraction(draft, BreakKind.REST),
    )


def load_fraction(draft: Draft, kind: BreakKind) -> Fraction:
    """Return how full a load is, from 0 to 1."""
    return Fraction(draft.level(kind)) / (draft.scales[kind].full or 1)


def seconds_of(state: SeatState, rules: Rules, at_boot: int | None = None) -> dict[BreakKind, Fraction]:
    """Return loads and debts in exact seconds, at the state's own instant or, if nothing happens until then, later."""
    draft = opened(state, rules)
    draft.now = max(draft.now, at_boot or 0)
    return {kind: Fraction(draft.level(kind)) / draft.scales[kind].unit for kind in KINDS}


def _next_break(draft: Draft) -> tuple[BreakKind | None, int | None]:
    """Return which break comes next and in how many seconds, if everything goes on as it is."""
    if draft.person.away or draft.screen.running is not None:
        return None, None
    if draft.screen.offer is not None:
        return draft.screen.offer.kind, 0
    times: list[tuple[Time, int, BreakKind]] = []
    for place, kind in enumerate(offers.ORDER):
        bound = draft.now if draft.owed(kind) else draft.accounts[kind].bound_at
        if bound is not None and not _rest_goes_first(draft, kind, bound):
            times.append((max(bound, offers.ready_at(draft, kind)), place, kind))
    if not times:
        return None, None
    at, _, kind = min(times)
    return kind, -int(-(at - draft.now) // NS)


def _rest_goes_first(draft: Draft, kind: BreakKind, at: Time) -> bool:
    """Say whether eyes, due at `at`, will yield to a rest that is near then (rule 11)."""
    rest = draft.accounts[BreakKind.REST]
    if kind is not BreakKind.EYES or draft.postponed(BreakKind.REST) or draft.skipped(BreakKind.REST):
        return False
    full_at = draft.now if draft.owed(BreakKind.REST) else rest.bound_at
    return full_at is not None and full_at - at <= draft.rules.breaks_eyes_yield_to_rest * NS


def next_idle_check(state: SeatState, rules: Rules) -> int | None:
    """Return the boot nanosecond at which the agent must read the OS idle time next; None: not before an event comes.

    Read it then, and before every step that follows a wait, and pass it as `InputSeen`. So the lock is asked exactly at its limit,
    a warning goes within a tenth of a second of any input, and at rest there is at most a tenth of a poll a second.
    """
    person, draft = state.person, opened(state, rules)
    if person.asleep or person.active:
        return None
    if state.lock.lock_at is not None:
        return whole(draft.now + POLL_WARNED)
    times: list[Time | None] = [lock.next_due(draft), presence.next_due(draft)]
    if state.screen.running is not None:
        times.append(state.screen.running.ends)
    elif person.away and person.shift is ShiftState.ON and not state.lock.locked:
        times.append(draft.now + POLL_AWAY)
    coming = [time for time in times if time is not None and time > draft.now]
    return whole(min(coming)) if coming else None
