"""How the seat is shown: the pure view of the domain as the Snapshot's slice."""

from dataclasses import replace

from app.agent.snapshot import BreakView, OfferView, SeatFace, Snapshot
from app.domain.inputs import BreakKind
from app.domain.moment import NS
from app.domain.rules import Rules
from app.domain.seat import SeatState, view
from app.domain.seat.effects import OfferBreak, StartBreak
from app.domain.seat.view import SeatView

UNLIMITED = -1
DRIFT = 1
"""Seconds by which "the next break in" may differ from what the shown one has become by itself."""


def seat_face(
    state: SeatState, rules: Rules, card: OfferBreak | StartBreak | None, boot: int, talked: int = 0
) -> SeatFace:
    """The seat's slice at `boot`; `card` is what may be shown (its record is kept), `talked` seconds before the talk break."""
    seen = view(state, rules)
    next_in = None if seen.next_break_in is None else max(0, seen.next_break_in - max(0, boot - int(state.now)) // NS)
    kind = seen.next_break_kind or BreakKind.EYES
    return SeatFace(
        on_shift=seen.on_shift,
        present=seen.present,
        locked=seen.locked,
        on_call=seen.on_call,
        warning_until_boot=seen.warning_until_boot,
        warning_seconds=rules.lock_warning,
        offer=_offer(seen, state, card),
        running=_running(seen, card),
        next_kind=kind.value,
        next_in_seconds=next_in,
        next_fraction=_fraction(kind, next_in, rules),
        worked_seconds=seen.worked_seconds - seen.worked_seconds % 60,
        breaks_kept=sum(count for _, _, count in seen.breaks_kept),
        reason_seconds=talked if seen.offer and seen.offer.kind is BreakKind.TALK else rules.breaks_rest_every,
    )


def _offer(seen: SeatView, state: SeatState, card: OfferBreak | StartBreak | None) -> OfferView | None:
    if seen.offer is None or not isinstance(card, OfferBreak):
        return None
    held = state.screen.offer.held if state.screen.offer else 0
    until = seen.offer.until_boot
    return OfferView(
        kind=seen.offer.kind.value,
        seconds=seen.offer.seconds,
        until_boot=int(state.now + held) if until is None else until,
        skips_left=UNLIMITED if seen.offer.skips_left is None else seen.offer.skips_left,
        postpones_left=seen.offer.postpones_left,
        auto_start=seen.offer.kind is BreakKind.EYES,
    )


def _running(seen: SeatView, card: OfferBreak | StartBreak | None) -> BreakView | None:
    if seen.running is None or not isinstance(card, StartBreak):
        return None
    ends = seen.running.until_boot
    return BreakView(seen.running.kind.value, ends - seen.running.seconds * NS, ends)


def _fraction(kind: BreakKind, seconds: int | None, rules: Rules) -> float:
    """How far the ring is filled: towards an eyes or rest break; a debt is due at once."""
    if seconds is None:
        return 0.0
    every = rules.breaks_rest_every if kind is BreakKind.REST else rules.breaks_eyes_every
    return round(min(1.0, max(0.0, 1 - seconds / every)), 3)


def looks_the_same(before: Snapshot, after: Snapshot, boot: int) -> bool:
    """Whether `after`, at `boot`, is what `before` has become by itself: faces count on, so nothing has to be drawn."""
    if before == after:
        return True
    was, now = before.seat, after.seat
    still = replace(now, next_in_seconds=was.next_in_seconds, next_fraction=was.next_fraction)
    if was.next_in_seconds is None or now.next_in_seconds is None or replace(after, seat=still) != before:
        return False
    gone = (boot - before.moment.boot) / NS if now.present else 0
    return abs(was.next_in_seconds - gone - now.next_in_seconds) <= DRIFT
