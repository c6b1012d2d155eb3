"""Lanes: order within one, no waiting between them, faults told."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from queue import SimpleQueue

from app.agent.events import Effect, LaneFailed
from app.agent.lanes import Lanes

LIMIT = 10


@dataclass(frozen=True, slots=True)
class Slow(Effect):
    number: int


@dataclass(frozen=True, slots=True)
class Quick(Effect):
    number: int


def test_one_lane_keeps_its_order_and_another_does_not_wait_for_it() -> None:
    gate = threading.Event()
    answers: SimpleQueue[object] = SimpleQueue()

    def slow(effect: Effect) -> Iterable[object]:
        assert gate.wait(LIMIT)
        return [effect]

    lanes = Lanes({Slow: ("disk", slow), Quick: ("alarm", lambda effect: [effect])})
    for number in range(3):
        lanes.carry_out(Slow(number), answers.put)
    lanes.carry_out(Quick(9), answers.put)
    assert answers.get(timeout=LIMIT) == Quick(9)
    gate.set()
    assert [answers.get(timeout=LIMIT) for _ in range(3)] == [Slow(0), Slow(1), Slow(2)]
    assert lanes.stop(LIMIT) == []


def test_a_carrier_that_fails_is_told_and_the_lane_goes_on() -> None:
    answers: SimpleQueue[object] = SimpleQueue()

    def carry(effect: Effect) -> Iterable[object]:
        assert isinstance(effect, Slow)
        if effect.number == 0:
            raise RuntimeError("the disk is gone")
        return [effect]

    lanes = Lanes({Slow: ("journal", carry)})
    lanes.carry_out(Slow(0), answers.put)
    lanes.carry_out(Slow(1), answers.put)
    assert answers.get(timeout=LIMIT) == LaneFailed("journal", "Slow", "RuntimeError: the disk is gone")
    assert answers.get(timeout=LIMIT) == Slow(1)
    assert lanes.stop(LIMIT) == []


def test_an_effect_without_carrier_is_told() -> None:
    answers: SimpleQueue[object] = SimpleQueue()
    Lanes({}).carry_out(Quick(1), answers.put)
    assert isinstance(answers.get(timeout=LIMIT), LaneFailed)


def test_a_lane_that_hangs_is_named_at_the_end_and_the_limit_counts_for_all() -> None:
    gate = threading.Event()

    def hang(_effect: Effect) -> Iterable[object]:
        gate.wait(LIMIT)
        return ()

    lanes = Lanes({Slow: ("vault", hang), Quick: ("alarm", lambda _: ())})
    lanes.carry_out(Slow(1), lambda _: None)
    lanes.carry_out(Quick(1), lambda _: None)
    assert lanes.stop(0.05) == ["vault"]
    gate.set()
    assert lanes.stop(LIMIT) == []
