"""The clocks of reports: the domain's numbers as stories, and what holds for every report."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import incident as i
from app.domain.errors import UsageError
from app.domain.incident import DAY_MS, HOUR_MS, MINUTE_MS, Due, Facts, Risk, State, Who

T = 1_795_478_400_000
EVENT, HAZARD = Facts(False, 2, T), Facts(True, 2, T)


def owed(report: Facts) -> dict[str, tuple[float, str]]:
    return {one.due.value: ((one.at_ms - T) / HOUR_MS, one.who.value) for one in i.due(report)}


def test_a_lead_answers_within_half_an_hour_and_all_is_closed_within_a_day() -> None:
    assert owed(EVENT) == {"answer": (0.5, "lead"), "close": (24, "lead")}
    assert owed(i.moved(EVENT, State.IN_HAND)) == {"close": (24, "lead")}
    assert owed(i.moved(EVENT, State.CLOSED)) == {}


def test_an_ordinary_matter_is_settled_in_two_hours() -> None:
    ordinary = replace(EVENT, level=3)
    assert owed(ordinary)["settle"] == (2, "lead")
    assert "settle" not in owed(i.moved(ordinary, State.SETTLED))


def test_a_major_event_has_a_special_report_in_a_day_and_an_investigation_in_two_also_after_closing() -> None:
    major = i.moved(replace(EVENT, level=1), State.CLOSED)
    assert owed(major) == {"special": (24, "head"), "investigation": (48, "head")}
    special = i.filed(major, Due.SPECIAL, T)
    assert owed(special) == {"investigation": (48, "head")}
    assert owed(i.filed(special, Due.INVESTIGATION, T)) == {}


def test_whoever_was_chosen_instead_of_the_lead_owes_what_the_lead_would() -> None:
    for who in (Who.OFFICER, Who.STAFF_REP):
        for level in (1, 2, 3):
            for hazard in (False, True):
                found = i.due(replace(EVENT, hazard=hazard, level=level, handler=who, risk=Risk.MEDIUM))
                assert Who.LEAD not in {one.who for one in found}
                assert hazard or {one.who for one in found} == {who}


@pytest.mark.parametrize(("level", "hours", "who"), [(1, 0.5, "officer"), (2, 24, "lead"), (3, 48, "it")])
def test_a_hazard_is_answered_by_its_class(level: int, hours: float, who: str) -> None:
    assert owed(replace(HAZARD, level=level)) == {"answer": (hours, who)}


@pytest.mark.parametrize(("risk", "days", "who"), [(Risk.HIGH, 3, "head"), (Risk.MEDIUM, 7, "lead"), (Risk.LOW, 14, "agent")])
def test_mending_runs_from_the_approval_of_its_plan(risk: Risk, days: int, who: str) -> None:
    scored = i.scored(i.moved(HAZARD, State.IN_HAND), risk, T + HOUR_MS)
    plan = {Risk.HIGH: {"plan": (25, "head")}, Risk.MEDIUM: {"plan": (169, "lead")}, Risk.LOW: {}}
    assert owed(scored) == plan[risk]
    assert owed(i.approved(scored, T + 2 * HOUR_MS)) == {"mend": (2 + 24 * days, who)}


def test_an_extension_is_asked_for_before_the_deadline_and_ends_later() -> None:
    mending = i.approved(i.scored(HAZARD, Risk.HIGH, T), T)
    longer = i.extended(mending, T + 4 * DAY_MS, T + 3 * DAY_MS - 1)
    assert owed(longer)["mend"] == (96, "head")
    with pytest.raises(UsageError, match="before the deadline"):
        i.extended(mending, T + 4 * DAY_MS, T + 3 * DAY_MS)
    with pytest.raises(UsageError, match="later than"):
        i.extended(longer, T + 4 * DAY_MS, T)
    with pytest.raises(UsageError, match="Nothing is being mended"):
        i.extended(EVENT, T + 4 * DAY_MS, T)


def test_a_hazard_is_closed_only_after_a_re_check_and_checked_only_when_settled() -> None:
    settled = i.moved(i.approved(i.scored(HAZARD, Risk.LOW, T), T), State.SETTLED)
    with pytest.raises(UsageError, match="re-check"):
        i.moved(settled, State.CLOSED)
    checked = i.rechecked(settled, T + 1)
    assert owed(checked) == {}
    assert owed(i.moved(checked, State.CLOSED)) == {}
    with pytest.raises(UsageError, match="settled"):
        i.rechecked(HAZARD, T)


def test_what_does_not_belong_to_a_report_is_refused_in_a_sentence() -> None:
    with pytest.raises(UsageError, match="only goes on"):
        i.moved(i.moved(EVENT, State.SETTLED), State.IN_HAND)
    with pytest.raises(UsageError, match="scored"):
        i.scored(EVENT, Risk.LOW, T)
    with pytest.raises(UsageError, match="approved once"):
        i.approved(HAZARD, T)
    with pytest.raises(UsageError, match="major"):
        i.filed(EVENT, Due.SPECIAL, T)


_facts = st.builds(
    Facts, st.booleans(), st.integers(1, 3), st.just(T), st.sampled_from(State), st.sampled_from(Who), st.booleans(),
    st.none() | st.sampled_from(Risk), st.integers(T, T + DAY_MS), st.sampled_from([0, T + DAY_MS]),
)  # fmt: skip


@given(_facts)
def test_deadlines_come_in_order_lie_ahead_and_are_reminded_of_before(report: Facts) -> None:
    found = i.due(report)
    assert [one.at_ms for one in found] == sorted(one.at_ms for one in found)
    for one in found:
        first, second = i.reminders(one)
        assert one.since_ms < first < second < one.at_ms
        assert one.at_ms - one.since_ms >= 30 * MINUTE_MS


@given(_facts)
def test_a_drill_owes_nothing(report: Facts) -> None:
    assert i.due(replace(report, drill=True)) == ()


@given(_facts, st.sampled_from(State))
def test_going_on_owes_nothing_new(report: Facts, state: State) -> None:
    before = {one.due for one in i.due(report)}
    try:
        later = i.moved(report, state)
    except UsageError:
        return
    assert {one.due for one in i.due(later)} <= before
