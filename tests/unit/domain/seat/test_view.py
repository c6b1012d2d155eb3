"""What may be drawn of the seat."""

from fractions import Fraction

from app.domain.inputs import (
    BreakKind,
    BreakNow,
    CallEnded,
    CallStarted,
    CardHeld,
    Input,
    InputActive,
    InputIdle,
    SessionLocked,
    ShiftEnded,
    Tick,
)
from app.domain.moment import NS, Moment
from app.domain.rules import Rules
from app.domain.seat import OfferView, RunningView, SeatState, begin, next_idle_check, step, view

RULES = Rules()


def at(seconds: int) -> Moment:
    return Moment(seconds * NS, seconds * NS, seconds * NS)


def played(*inputs: Input) -> SeatState:
    state = begin(at(0), RULES, active=True)
    for one in inputs:
        state = step(state, one, RULES).state
    return state


def test_a_seat_at_work_shows_the_next_break_at_the_present_rate() -> None:
    shown = view(played(Tick(at(300))), RULES)
    assert (shown.on_shift, shown.present, shown.locked, shown.on_call, shown.signed_out) == (
        True,
        True,
        False,
        False,
        False,
    )
    assert (shown.next_break_kind, shown.next_break_in) == (BreakKind.EYES, 900)
    assert shown.worked_seconds == 300
    assert shown.rest_load_fraction == Fraction(1, 12)
    later = view(played(Tick(at(300))), RULES, 400 * NS)
    assert (later.next_break_in, later.worked_seconds) == (800, 400)


def test_rest_is_shown_as_next_where_eyes_will_yield_to_it() -> None:
    shown = view(played(Tick(at(3500))), RULES)
    assert (shown.next_break_kind, shown.next_break_in) == (BreakKind.REST, 380)


def test_an_offer_and_a_held_offer_are_shown_with_their_ends() -> None:
    assert view(played(Tick(at(1203))), RULES).offer == OfferView(BreakKind.EYES, 20, 1210 * NS, 2)
    shown = view(played(Tick(at(1203)), CardHeld(at(1204), True)), RULES)
    assert shown.offer == OfferView(BreakKind.EYES, 20, None, 2)
    assert (shown.next_break_kind, shown.next_break_in) == (BreakKind.EYES, 0)


def test_a_running_break_is_shown_and_is_no_work() -> None:
    shown = view(played(BreakNow(at(100), BreakKind.REST), Tick(at(160))), RULES)
    assert shown.running == RunningView(BreakKind.REST, 600, 700 * NS)
    assert (shown.next_break_kind, shown.worked_seconds) == (None, 100)
    assert view(played(BreakNow(at(100), BreakKind.EYES), Tick(at(160))), RULES).breaks_kept == (
        (BreakKind.EYES, "taken", 1),
    )


def test_a_debt_waits_for_the_wrap_up() -> None:
    shown = view(played(CallStarted(at(1), "a"), CallEnded(at(61), "a", hard=True), Tick(at(65))), RULES)
    assert (shown.next_break_kind, shown.next_break_in) == (BreakKind.CALM, 6)


def test_a_warning_shows_its_end_and_asks_for_idle_time_ten_times_a_second() -> None:
    state = played(InputIdle(at(0)), Tick(at(290)))
    assert view(state, RULES).warning_until_boot == 300 * NS
    assert next_idle_check(state, RULES) == 290 * NS + NS // 10


def test_away_and_off_shift_nothing_comes_next() -> None:
    away = view(played(InputIdle(at(100)), Tick(at(200))), RULES)
    assert (away.present, away.next_break_kind, away.worked_seconds) == (False, None, 100)
    over = view(played(ShiftEnded(at(100))), RULES)
    assert (over.on_shift, over.present) == (False, False)


def test_idle_time_is_not_asked_for_while_the_input_goes_on_or_the_pc_is_locked_on_a_call() -> None:
    assert next_idle_check(played(InputActive(at(1))), RULES) is None
    locked = played(InputIdle(at(1)), CallStarted(at(2), "a"), SessionLocked(at(3)))
    assert view(locked, RULES).present
    assert next_idle_check(locked, RULES) is None


def test_while_a_break_runs_idle_time_is_asked_for_at_its_end() -> None:
    state = played(InputIdle(at(0)), BreakNow(at(10), BreakKind.EYES), Tick(at(11)))
    assert next_idle_check(state, RULES) == 30 * NS
