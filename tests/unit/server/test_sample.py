"""The seats that leads look at: a fifth each week, every seat once in five weeks, nobody can foresee them without the key."""

from hypothesis import given
from hypothesis import strategies as st

from app.server.incidents.sample import WEEKS, draw

KEY = b"\x01" * 32
DEVICES = st.sets(st.binary(min_size=16, max_size=16), min_size=WEEKS, max_size=60)
TURNS = st.integers(0, 40_000)


@given(DEVICES, TURNS, st.binary(min_size=32, max_size=32))
def test_in_five_weeks_every_seat_comes_exactly_once(devices: set[bytes], turn: int, key: bytes) -> None:
    weeks = [draw(key, turn * WEEKS + number, devices) for number in range(WEEKS)]
    assert sorted(one for week in weeks for one in week) == sorted(devices)
    assert {len(week) for week in weeks} <= {len(devices) // WEEKS, -(-len(devices) // WEEKS)}


@given(st.sets(st.binary(min_size=16, max_size=16), min_size=1, max_size=WEEKS - 1), TURNS)
def test_of_fewer_than_five_seats_one_comes_each_week_and_all_in_five(devices: set[bytes], turn: int) -> None:
    weeks = [draw(KEY, turn * WEEKS + number, devices) for number in range(WEEKS)]
    assert {len(week) for week in weeks} == {1}
    assert {one for week in weeks for one in week} == devices


@given(DEVICES, TURNS)
def test_the_draw_is_the_same_in_whatever_order_the_seats_are_told(devices: set[bytes], week: int) -> None:
    assert draw(KEY, week, sorted(devices)) == draw(KEY, week, sorted(devices, reverse=True))


def test_another_key_or_other_five_weeks_draw_otherwise() -> None:
    devices = [bytes((number,)) * 16 for number in range(40)]
    assert draw(KEY, 0, devices) != draw(b"\x02" * 32, 0, devices)
    assert draw(KEY, 0, devices) != draw(KEY, WEEKS, devices)
    assert draw(KEY, 7, []) == []
