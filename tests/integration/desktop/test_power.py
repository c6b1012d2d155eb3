"""Sleep as a Linux desktop tells it: who may say so, and that the machine waits until the listeners were told."""

import queue
import threading
from pathlib import Path

import pytest

from app.desktop.linux.power import LogindPower
from tests.helpers.desktop import sleeping_machine


def told_by(power: LogindPower) -> "queue.Queue[bool]":
    told: queue.Queue[bool] = queue.Queue()
    power.watch(told.put)
    assert power.listening.wait(10)
    return told


def test_the_machine_waits_until_the_listener_has_come_back(tmp_path: Path) -> None:
    with sleeping_machine(tmp_path) as (power, teller):
        going, done = threading.Event(), threading.Event()

        def listener(asleep: bool) -> None:
            if asleep:
                going.set()
                assert done.wait(10)

        power.watch(listener)
        assert teller.inhibited.acquire(timeout=10)
        assert power.listening.wait(10)
        teller.tell(True)
        assert going.wait(10)
        assert not teller.delay_is_over(0)
        done.set()
        assert teller.delay_is_over()
        teller.tell(False)
        assert teller.inhibited.acquire(timeout=10), "no new delay was asked for after the waking"
        assert not teller.delay_is_over(0)


def test_only_logind_itself_is_believed(tmp_path: Path) -> None:
    with sleeping_machine(tmp_path) as (power, teller):
        told = told_by(power)
        teller.stranger(True)
        teller.tell(True)
        teller.stranger(False)
        teller.tell(False)
        assert [told.get(timeout=10), told.get(timeout=10)] == [True, False]
        assert told.empty()


def test_a_sleep_that_began_before_somebody_watched_is_told(tmp_path: Path) -> None:
    with sleeping_machine(tmp_path) as (power, teller):
        teller.preparing = True
        assert told_by(power).get(timeout=10) is True


def test_without_a_delay_it_is_told_all_the_same(tmp_path: Path) -> None:
    with sleeping_machine(tmp_path) as (power, teller):
        teller.refuses = True
        told = told_by(power)
        teller.tell(True)
        teller.tell(False)
        assert [told.get(timeout=10), told.get(timeout=10)] == [True, False]


def test_without_a_system_bus_it_rests_and_can_be_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    power = LogindPower()
    power.watch(lambda asleep: None)
    power.close()
    assert not power.listening.is_set()
