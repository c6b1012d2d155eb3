"""Random shifts against a second, naive seat, and the invariants that hold whatever happens.

A few hundred shifts in the ordinary test; `SAFESEAT_SOAK=1` plays tens of thousands.
"""

import os
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.inputs import BreakKind, Input, Tick
from app.domain.moment import NS
from app.domain.seat import SeatState, Step, begin, seconds_of, step
from app.tools.simulate import _instants, simulate
from app.tools.simulate_file import Shift, shift_of
from tests.helpers.naive_seat import NaiveSeat
from tests.helpers.random_shifts import random_entries, random_policy, table

SOAK = bool(os.environ.get("SAFESEAT_SOAK"))
pytestmark = pytest.mark.timeout(7200 if SOAK else 180)


def examples(ordinary: int, soak: int) -> settings:
    health = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
    return settings(max_examples=soak if SOAK else ordinary, deadline=None, suppress_health_check=health)


seeds = st.integers(min_value=0, max_value=2**64 - 1)
"""One number makes one shift: quick to draw, and a failure is told by its seed."""


def random_shift(seed: int) -> tuple[dict[str, int], list[Any], int]:
    rng = Random(seed)
    policy, end = random_policy(rng), rng.choice((600, 1200, 2400, 2400, 5400))
    return policy, random_entries(rng, end, policy), end


def checked(seed: int) -> Shift:
    policy, entries, end = random_shift(seed)
    return shift_of(table(policy, entries, end), name="random")


def steps(shift: Shift, tick: Fraction | None) -> list[tuple[SeatState, tuple[Input, ...], Step]]:
    """Every step of a shift: the state before, the inputs, what came of them."""
    state = begin(next(_instants(shift, None))[0].moment, shift.rules, active=True)
    found = []
    for inputs in _instants(shift, tick):
        done = step(state, inputs, shift.rules)
        found.append((state, inputs, done))
        state = done.state
    return found


@examples(250, 12000)
@given(seeds)
def test_a_naive_seat_written_from_the_text_agrees(seed: int) -> None:
    policy, entries, end = random_shift(seed)
    shift = shift_of(table(policy, entries, end), name="random")
    ours = [{key: value for key, value in line.items() if key != "time"} for line in simulate(shift)]
    theirs = []
    for line in NaiveSeat(policy, entries, end).play():
        at = line.pop("at")
        theirs.append({"elapsed": int((at * 10 + Fraction(1, 2)) // 1) / 10, **line})
    assert ours == theirs


@examples(80, 6000)
@given(seeds)
def test_no_time_is_lost_or_gained(seed: int) -> None:
    policy, entries, end = random_shift(seed)
    shift = shift_of(table(policy, entries, end), name="random")
    naive = NaiveSeat(policy, entries, end)
    naive.play()
    assert naive.w.seconds_there + naive.w.seconds_away == end
    state = steps(shift, None)[-1][2].state
    asleep = state.person.asleep_since is not None
    spent = state.tally.spent.read(end * NS)
    assert asleep or spent == naive.w.seconds_there * NS
    assert 0 <= state.tally.worked.read(end * NS) <= spent <= end * NS
    for kind, seconds in seconds_of(state, shift.rules, end * NS).items():
        assert asleep or seconds == naive.w.level[kind.value]


@examples(80, 6000)
@given(seeds, st.sampled_from([Fraction(1, 3), Fraction(1), Fraction(7), Fraction(60), Fraction(1001, 10)]))
def test_output_and_state_never_depend_on_the_tick(seed: int, tick: Fraction) -> None:
    policy, entries, end = random_shift(seed)
    end = min(end, 600 if tick < 1 else end)
    shift = shift_of(table(policy, [one for one in entries if one[0] <= end], end), name="random")
    assert simulate(shift, tick=tick, sums=True) == simulate(shift, sums=True)
    assert steps(shift, tick)[-1][2].state == steps(shift, None)[-1][2].state


@examples(25, 3000)
@given(seeds)
def test_an_idle_unlocked_pc_always_locks_at_its_limit(seed: int) -> None:
    shift = checked(seed)
    rules = shift.rules
    longest = max(rules.lock_idle_after, rules.lock_idle_after_on_call) + rules.lock_warning
    for _, _, done in steps(shift, Fraction(1)):
        state, person = done.state, done.state.person
        if state.lock.locked or person.active or person.asleep or state.lock.retry_at is not None:
            continue
        idle = state.now - person.last_input
        assert idle < longest * NS
        if state.calls.last_end is None and not state.calls.open and person.woke_at is None:
            assert idle < rules.lock_idle_after * NS


@examples(80, 6000)
@given(seeds)
def test_nothing_is_offered_or_started_on_a_call(seed: int) -> None:
    open_calls = 0
    for line in simulate(checked(seed)):
        open_calls += {"call.started": 1, "call.ended": -1}.get(str(line["kind"]), 0)
        assert not (open_calls and line["kind"] in ("break.offered", "break.started"))


@examples(25, 3000)
@given(seeds)
def test_no_load_falls_without_rest_or_the_persons_answer(seed: int) -> None:
    shift = checked(seed)
    for before, _, done in steps(shift, Fraction(1)):
        answered = {record.kind for record in done.records} & {"break.skipped", "break.cut_short"}
        rested = before.person.away or before.screen.running or done.state.person.away or before.person.asleep
        if answered or rested:
            continue
        now = seconds_of(done.state, shift.rules)
        for kind, was in seconds_of(before, shift.rules).items():
            assert now[kind] >= was


@examples(25, 3000)
@given(seeds)
def test_a_load_never_leaves_its_bounds_and_changes_only_at_its_rates(seed: int) -> None:
    shift = checked(seed)
    rules = shift.rules
    every = {BreakKind.EYES: rules.breaks_eyes_every, BreakKind.REST: rules.breaks_rest_every}
    played = steps(shift, Fraction(1))
    for (_, _, first), (_, inputs, second) in pairwise(played):
        passed = Fraction(second.state.now - first.state.now, NS)
        was, now = seconds_of(first.state, rules), seconds_of(second.state, rules)
        for kind, full in every.items():
            assert 0 <= now[kind] <= full
            assert now[kind] - was[kind] <= passed
        if all(isinstance(one, Tick) for one in inputs) and not first.state.person.away:
            filling = not (first.state.screen.running or second.state.person.away)
            rest = BreakKind.REST
            assert not filling or now[rest] - was[rest] == min(passed, every[rest] - was[rest])


@examples(25, 3000)
@given(seeds)
def test_records_come_in_order_and_a_step_can_be_repeated(seed: int) -> None:
    shift, last = checked(seed), Fraction(0)
    for before, inputs, done in steps(shift, None):
        for record in done.records:
            assert record.at >= last
            last = Fraction(record.at)
        # The state given was not touched: the same step from it comes to the same.
        assert step(before, inputs, shift.rules) == done
