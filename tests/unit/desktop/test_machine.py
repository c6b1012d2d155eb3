"""The simulated machine's own behaviour."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.desktop.ports import Locked
from app.desktop.simulated import Machine
from app.domain.moment import NS

SECONDS = st.integers(0, 100_000)
DEEDS = st.lists(st.tuples(st.sampled_from(["advance", "suspend", "jump_wall"]), SECONDS), max_size=20)


@given(DEEDS)
def test_sleep_stops_only_the_awake_clock_and_a_jump_moves_only_the_wall(deeds: list[tuple[str, int]]) -> None:
    machine = Machine()
    start = machine.now()
    spent: dict[str, int] = {"advance": 0, "suspend": 0, "jump_wall": 0}
    for deed, seconds in deeds:
        getattr(machine, deed)(seconds)
        spent[deed] += seconds * NS
    now = machine.now()
    assert now.awake - start.awake == spent["advance"]
    assert now.boot - start.boot == spent["advance"] + spent["suspend"]
    assert now.wall - start.wall == spent["advance"] + spent["suspend"] + spent["jump_wall"]


@given(st.lists(st.sampled_from(["typing", "idle", "touch"]), max_size=8), SECONDS)
def test_idle_time_counts_from_the_last_input_and_stands_at_zero_while_it_goes_on(deeds: list[str], wait: int) -> None:
    machine = Machine()
    machine.idle()
    typing = False
    for deed in deeds:
        machine.advance(7)
        getattr(machine, deed)()
        typing = deed == "typing" or (typing and deed == "touch")
    machine.advance(wait)
    assert machine.idle_ns() == (0 if typing else wait * NS)


def test_sleep_counts_as_idle_and_ends_the_typing() -> None:
    machine = Machine()
    machine.typing()
    machine.advance(60)
    machine.suspend(2700)
    assert machine.idle_ns() == 2700 * NS


def test_unlocking_and_pressing_a_chord_are_input_but_locking_is_not() -> None:
    machine = Machine()
    machine.idle()
    machine.advance(10)
    machine.set_locked(Locked.YES)
    assert machine.idle_ns() == 10 * NS
    machine.set_locked(Locked.NO)
    assert machine.idle_ns() == 0
    machine.advance(5)
    machine.press("<ctrl>+<alt>+1")
    assert machine.idle_ns() == 0


def test_each_fault_takes_its_part_away() -> None:
    parts = {"vault_missing": "vault", "lock_missing": "lock", "idle_missing": "idle", "hotkey_missing": "hotkeys",
             "notices_missing": "notices"}  # fmt: skip
    for fault, part in parts.items():
        desktop: Any = Machine().desktop(fault)
        assert desktop.faults == (fault,)
        assert [name for name in parts.values() if getattr(desktop, name) is None] == [part]
        desktop.close()


def test_an_unknown_idle_time_and_a_refused_notice_are_told_as_such() -> None:
    machine = Machine()
    desktop = machine.desktop()
    assert desktop.idle is not None
    assert desktop.notices is not None
    machine.idle_unknown = True
    machine.notices_refused = True
    assert desktop.idle.idle_ns() is None
    assert not desktop.notices.show("a", "b")
    assert machine.notices == []
