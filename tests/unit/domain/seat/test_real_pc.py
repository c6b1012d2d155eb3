"""Inputs as a real PC gives them: polled idle time, locks that answer late, sleeps found by the clocks, held cards."""

from dataclasses import replace

from app.domain.inputs import (
    Answer,
    BreakAnswered,
    BreakKind,
    BreakNow,
    CallEnded,
    CallStarted,
    CardHeld,
    DayBegan,
    Input,
    InputSeen,
    LockConfirmed,
    LockFailed,
    LockNow,
    SessionLocked,
    SessionUnlocked,
    Suspended,
    Tick,
    Woke,
)
from app.domain.moment import NS, Moment
from app.domain.rules import Rules
from app.domain.seat import (
    Effect,
    EndBreak,
    LockScreen,
    OfferBreak,
    StartBreak,
    WarnLock,
    WithdrawOffer,
    WithdrawWarning,
    adopt,
    begin,
    next_due,
    next_idle_check,
    seconds_of,
    step,
)

RULES = Rules()


def at(seconds: float, slept: float = 0) -> Moment:
    boot = int(seconds * NS)
    return Moment(boot, boot - int(slept * NS), 1_800_000_000 * NS + boot)


class Seat:
    """A seat and what came of it."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.rules, self.state = rules, begin(at(0), rules)
        self.kinds: list[tuple[float, str]] = []
        self.effects: list[Effect] = []

    def give(self, *inputs: Input) -> list[Effect]:
        done = step(self.state, inputs, self.rules)
        self.state = done.state
        self.kinds += [(float(record.at / NS), record.kind) for record in done.records]
        self.effects += done.effects
        return list(done.effects)

    def run_until(self, seconds: float, typed: tuple[float, ...] = ()) -> list[float]:
        """Act as the agent does, with somebody typing at `typed`; return when it asked for idle time."""
        polls = []
        while True:
            times = [
                time for time in (next_due(self.state, RULES), next_idle_check(self.state, RULES)) if time is not None
            ]
            now = min([*times, int(seconds * NS)]) / NS
            polls.append(now)
            last = max((time for time in (0.0, *typed) if time <= now), default=0.0)
            self.give(InputSeen(at(now), int(last * NS)), Tick(at(now)))
            if now >= seconds:
                return polls


def test_an_idle_pc_is_warned_and_locked_on_time_by_polls_alone() -> None:
    seat = Seat()
    polls = seat.run_until(301)
    assert seat.kinds == [(285.0, "lock.warned"), (300.0, "lock.asked")]
    assert [effect for effect in seat.effects if isinstance(effect, WarnLock)] == [WarnLock(300 * NS)]
    assert LockScreen("idle") in seat.effects
    quiet = [poll for poll in polls if 60 < poll < 285]
    assert len(quiet) <= 0.3 * 225


def test_somebody_who_types_now_and_then_costs_a_poll_a_minute() -> None:
    seat = Seat()
    polls = seat.run_until(1199, typed=tuple(range(0, 1200, 7)))
    assert seat.kinds == []
    assert len(polls) <= 25


def test_input_during_the_warning_is_seen_within_a_tenth_of_a_second_and_withdraws_it() -> None:
    seat = Seat()
    seat.run_until(295, typed=(290.03,))
    assert [kind for _, kind in seat.kinds] == ["lock.warned", "lock.withdrawn"]
    assert WithdrawWarning() in seat.effects
    found = [time for time, kind in seat.kinds if kind == "lock.withdrawn"]
    assert 290.03 <= found[0] <= 290.14


def test_input_that_is_found_late_counts_from_when_it_came() -> None:
    seat = Seat()
    seat.give(InputSeen(at(100), 58 * NS))
    # Never a minute without a sign: the whole time was spent present.
    assert seconds_of(seat.state, RULES)[BreakKind.EYES] == 100
    seat = Seat()
    seat.give(InputSeen(at(100), 90 * NS))
    # The minute passed without one: away from 0 to 90.
    assert seconds_of(seat.state, RULES)[BreakKind.EYES] == 10


def test_a_reading_that_brings_nothing_new_and_its_jitter_change_nothing() -> None:
    seat = Seat()
    seat.give(InputSeen(at(290), 16_000_000))
    assert seat.kinds == [(285.0, "lock.warned")]
    assert seat.state.person.last_input == 0


def test_an_unknown_sense_never_weakens_the_lock() -> None:
    seat = Seat()
    seat.give(Tick(at(400)))
    assert seat.kinds == [(285.0, "lock.warned"), (300.0, "lock.asked")]


def test_a_lock_that_is_confirmed_later_holds_from_then_on() -> None:
    seat = Seat()
    seat.give(Tick(at(300)))
    assert not seat.state.lock.locked
    assert next_idle_check(seat.state, RULES) is not None
    seat.give(LockConfirmed(at(300.2), "logind"))
    assert seat.state.lock.locked
    assert seat.kinds[-1] == (300.2, "lock.confirmed")
    # The desktop's own word about the same lock is no second one.
    seat.give(SessionLocked(at(300.3), by_person=False))
    assert seat.kinds[-1] == (300.2, "lock.confirmed")
    assert seat.state.person.last_input == 0


def test_a_lock_that_fails_later_is_tried_again_by_effect_without_a_second_asking() -> None:
    seat = Seat()
    seat.give(Tick(at(300)))
    seat.give(LockFailed(at(305), "logind"))
    assert next_due(seat.state, RULES) == 335 * NS
    assert seat.give(Tick(at(335))) == [LockScreen("retry")]
    seat.give(LockConfirmed(at(336), "xlock"))
    assert [kind for _, kind in seat.kinds] == ["lock.warned", "lock.asked", "lock.failed", "lock.confirmed"]


def test_input_before_the_failure_is_known_ends_the_retrying() -> None:
    seat = Seat()
    seat.give(Tick(at(300)))
    seat.give(InputSeen(at(303), 302 * NS))
    seat.give(LockFailed(at(305), "logind"))
    assert seat.state.lock.retry_at is None


def test_the_person_can_ask_for_the_lock() -> None:
    seat = Seat()
    assert seat.give(LockNow(at(10))) == [LockScreen("person")]
    seat.give(LockConfirmed(at(10.1), "logind"), Tick(at(10.1)))
    assert seat.kinds == [(10.0, "lock.asked"), (10.1, "lock.confirmed")]
    assert seat.give(LockNow(at(20))) == []


def test_a_lock_that_the_person_asked_for_and_that_failed_is_not_forced_on_them() -> None:
    seat = Seat()
    seat.give(LockNow(at(10)))
    seat.give(LockFailed(at(11), "logind"))
    assert seat.give(Tick(at(50))) == []


def test_a_sleep_is_found_by_the_clock_readings_and_locks_on_waking() -> None:
    seat = Seat()
    seat.give(Tick(at(50)))
    effects = seat.give(Tick(at(2000, slept=1900)))
    assert effects == [LockScreen("woke")]
    assert seat.state.person.woke_at == 2000 * NS
    assert not seat.state.person.asleep


def test_an_announced_sleep_counts_from_its_announcement() -> None:
    seat = Seat()
    seat.give(InputSeen(at(700), 699 * NS), Tick(at(700)))
    load = seconds_of(seat.state, RULES)[BreakKind.EYES]
    seat.give(Suspended(at(701)))
    seat.give(Woke(at(711, slept=9.9)))
    assert seconds_of(seat.state, RULES)[BreakKind.EYES] == max(0, load + 1 - 600)
    assert seat.state.person.unseen


def test_idle_time_that_leaves_the_sleep_out_is_no_input_on_waking() -> None:
    seat = Seat()
    seat.give(Tick(at(50)))
    # X11 counts awake time only: 52 s idle read at 2000 would mean input at 1948, in the middle of the sleep.
    effects = seat.give(InputSeen(at(2000, slept=1900), 1948 * NS), Tick(at(2000, slept=1900)))
    assert effects == [LockScreen("woke")]
    assert seat.state.person.last_input == 0


def test_an_announced_sleep_that_does_not_come_ends_by_itself() -> None:
    seat = Seat()
    seat.give(Suspended(at(100)))
    seat.give(InputSeen(at(101), 0), Tick(at(101)))
    assert seat.state.person.asleep
    assert next_due(seat.state, RULES) == 130 * NS
    seat.give(Tick(at(130)))
    assert not seat.state.person.asleep
    seat.give(Tick(at(300)))
    assert seat.kinds[-1] == (300.0, "lock.asked")


def test_an_unlock_or_new_input_ends_an_announced_sleep() -> None:
    for wakes in (SessionUnlocked(at(105), active=False), InputSeen(at(105), 104 * NS), CallStarted(at(105), "a")):
        seat = Seat()
        seat.give(Suspended(at(100)))
        seat.give(wakes)
        assert not seat.state.person.asleep


def test_a_moment_that_goes_back_counts_as_now() -> None:
    seat = Seat()
    seat.give(Tick(at(100)))
    seat.give(CallStarted(at(99), "a"))
    assert seat.kinds == [(100.0, "call.started")]


def test_doubled_and_unknown_calls_are_ignored() -> None:
    seat = Seat()
    seat.give(CallStarted(at(1), "a"))
    seat.give(CallStarted(at(2), "a"))
    seat.give(CallEnded(at(3), "b"))
    assert [kind for _, kind in seat.kinds] == ["call.started"]


def rested_until_offer(rules: Rules = RULES) -> Seat:
    seat = Seat(rules)
    for second in range(50, 1201, 50):
        seat.give(InputSeen(at(second), second * NS), Tick(at(second)))
    assert isinstance(seat.effects[-1], OfferBreak)
    return seat


def test_an_offer_says_what_the_card_needs() -> None:
    seat = rested_until_offer()
    assert seat.effects[-1] == OfferBreak(BreakKind.EYES, 20, 1210 * NS, postpones_left=2)
    seat.give(BreakAnswered(at(1205), Answer.LATER))
    assert WithdrawOffer() in seat.effects[-1:]
    for second in range(1250, 1506, 50):
        seat.give(InputSeen(at(second), second * NS), Tick(at(second)))
    seat.give(Tick(at(1505)))
    assert seat.effects[-1] == OfferBreak(BreakKind.EYES, 20, 1515 * NS, postpones_left=1)


def test_hover_on_the_card_holds_its_time_and_leaving_lets_the_rest_run_on() -> None:
    seat = rested_until_offer()
    seat.give(CardHeld(at(1204), True))
    seat.give(Tick(at(1240)))
    assert not any(isinstance(effect, StartBreak) for effect in seat.effects)
    seat.give(CardHeld(at(1241), True), CardHeld(at(1241), False))
    assert next_due(seat.state, RULES) == 1247 * NS
    assert StartBreak(BreakKind.EYES, 20, 1267 * NS) in seat.give(Tick(at(1247)))
    assert seat.give(CardHeld(at(1250), True)) == []


def test_a_break_ends_with_an_effect_that_says_whether_it_was_kept() -> None:
    seat = Seat()
    seat.give(BreakNow(at(10), BreakKind.EYES))
    assert seat.give(Tick(at(30))) == [EndBreak(BreakKind.EYES, kept=True)]
    seat.give(BreakNow(at(40), BreakKind.REST))
    assert EndBreak(BreakKind.REST, kept=False) in seat.give(BreakAnswered(at(45), Answer.BACK))


def test_a_new_day_starts_its_counts_and_keeps_the_loads() -> None:
    seat = Seat()
    seat.give(BreakNow(at(10), BreakKind.EYES))
    seat.give(Tick(at(50)))
    load = seconds_of(seat.state, RULES)
    seat.give(DayBegan(at(50)))
    assert seat.state.tally.kept == ()
    assert seconds_of(seat.state, RULES) == load


def test_a_changed_policy_keeps_the_seconds_and_caps_a_load_that_is_over() -> None:
    seat = rested_until_offer()
    smaller = replace(RULES, breaks_eyes_every=600, breaks_eyes_length=7, breaks_rest_length=500)
    state = adopt(seat.state, RULES, smaller)
    assert seconds_of(state, smaller)[BreakKind.EYES] == 600
    assert seconds_of(state, smaller)[BreakKind.REST] == 1200
    larger = adopt(state, smaller, RULES)
    assert seconds_of(larger, RULES)[BreakKind.EYES] == 600
    assert seconds_of(step(larger, Tick(at(1201)), RULES).state, RULES)[BreakKind.EYES] == 601
