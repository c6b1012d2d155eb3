"""Loads and debts as exact lines."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.domain.inputs import BreakKind
from app.domain.moment import NS
from app.domain.rules import Rules
from app.domain.seat.accounts import break_seconds, exact, level_at, quotient, rescaled, scales, turned
from app.domain.seat.state import Account

times = st.integers(min_value=0, max_value=10**14)


@given(times, st.integers(min_value=1, max_value=14400))
def test_a_quotient_is_exact_and_whole_where_it_can_be(over: int, under: int) -> None:
    found = quotient(over, under)
    assert found * under == over
    assert isinstance(found, int) == (over % under == 0)
    assert exact(Fraction(over)) == over


@given(
    every=st.integers(min_value=300, max_value=7200),
    length=st.integers(min_value=5, max_value=299),
    filled=st.integers(min_value=0, max_value=7200 * NS),
    split=st.fractions(min_value=0, max_value=1),
)
def test_turning_a_load_anywhere_changes_nothing_of_where_it_goes(
    every: int, length: int, filled: int, split: Fraction
) -> None:
    scale = scales(Rules(breaks_eyes_every=every, breaks_eyes_length=length))[BreakKind.EYES]
    full = turned(turned(Account(), scale, 0, scale.fill), scale, filled, -scale.drain)
    assert full.level == min(filled, every * NS) * length
    if full.bound_at is None:
        assert filled == 0
        return
    between = filled + (full.bound_at - filled) * split
    halfway = turned(full, scale, exact(between), -scale.drain)
    assert halfway.bound_at in (full.bound_at, None if split == 1 else full.bound_at)
    assert level_at(halfway, scale, full.bound_at) == 0


def test_a_full_load_drains_in_exactly_its_length() -> None:
    scale = scales(Rules(breaks_rest_every=3601, breaks_rest_length=599))[BreakKind.REST]
    full = Account(level=scale.full or 0)
    assert turned(full, scale, 0, -scale.drain).bound_at == 599 * NS


def test_a_debts_break_is_what_is_left_rounded_up_and_without_debt_the_length() -> None:
    scale = scales(Rules())[BreakKind.TALK]
    assert break_seconds(Account(level=Fraction(5 * NS * 2 + 1, 2)), scale, 0) == 6
    assert break_seconds(Account(level=5 * NS), scale, 0) == 5
    assert break_seconds(Account(), scale, 0) == 300


def test_rescaling_keeps_a_load_that_stays_full_due_since_it_was() -> None:
    old, new = (scales(Rules(breaks_eyes_every=every))[BreakKind.EYES] for every in (1200, 600))
    full = Account(level=old.full or 0, due_since=7)
    assert rescaled(full, old, old, 50).due_since == 7
    half = Account(level=(old.full or 0) * 3 // 4)
    assert rescaled(half, old, new, 50).due_since == 50
