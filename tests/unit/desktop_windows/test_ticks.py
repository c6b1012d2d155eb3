from hypothesis import given
from hypothesis import strategies as st

from app.desktop.windows.ticks import WRAP, InputAge, filetime

BOOTS = st.integers(min_value=0, max_value=40 * WRAP)


@given(BOOTS, st.lists(st.tuples(st.integers(0, WRAP // 8), st.booleans()), max_size=30))
def test_age_is_exact_over_any_wrap_around(start: int, steps: list[tuple[int, bool]]) -> None:
    age, now, last = InputAge(), start, start
    assert age.ms(now, last % WRAP) == 0
    for passed, input_now in steps:
        now += passed
        if input_now:
            last = now
        assert age.ms(now, last % WRAP) == now - last


def test_a_person_away_for_two_months_stays_away() -> None:
    age = InputAge()
    assert age.ms(1_000, 1_000) == 0
    assert age.ms(1_000 + 2 * WRAP, 1_000) == 2 * WRAP


def test_a_first_look_after_forty_days_without_input_counts_them_all() -> None:
    now = 5 * WRAP
    assert InputAge().ms(now, (now - 3_456_000_000) % WRAP) == 3_456_000_000


@given(BOOTS.map(lambda now: now + 10_000), st.integers(1, 10_000), st.integers(0, 10_000))
def test_a_reported_time_that_steps_back_does_not_age_the_input(now: int, back: int, later: int) -> None:
    age = InputAge()
    age.ms(now, now % WRAP)
    assert age.ms(now + later, (now - back) % WRAP) == later


@given(BOOTS, st.integers(1, 1_000))
def test_a_time_stamped_ahead_is_now_and_never_negative(now: int, ahead: int) -> None:
    assert InputAge().ms(now, (now + ahead) % WRAP) == 0


def test_filetime_counts_from_1601_in_tenths_of_microseconds() -> None:
    assert filetime(0) == 116_444_736_000_000_000
    assert filetime(1.5) - filetime(0) == 15_000_000
