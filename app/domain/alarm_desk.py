"""One alarm as one person's desk shows it: waiting time, who answers, and the one next action."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.alarm import AlarmState, Claim


class NextAction(StrEnum):
    """The one button of a desk, always in one place."""

    TAKE = "take"
    ON_SPOT = "on_spot"
    SETTLE = "settle"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """An alarm as one person's desk shows it; `waiting` in whole seconds. `sounds` until somebody is coming."""

    waiting: int
    next_action: NextAction
    mine: bool
    owner: str
    others: tuple[str, ...]
    sounds: bool
    waits_for_second: bool


def desk_row(state: AlarmState, person: str, raised_at: float, now: float) -> AlarmRow:
    """Derive the row of `person`'s desk; both instants in seconds of one monotonic clock."""
    mine = next((claim for claim in state.claims if claim.person == person), None)
    first = state.owner if state.owner != person else ""
    return AlarmRow(
        waiting=max(0, int(now - raised_at)),
        next_action=_next_action(state, person, mine),
        mine=mine is not None,
        owner=state.owner,
        others=tuple(claim.person for claim in state.claims if claim.person not in (person, first)),
        sounds=state.open and not state.claims,
        waits_for_second=state.waits_for_second,
    )


def _next_action(state: AlarmState, person: str, mine: Claim | None) -> NextAction:
    if not state.open:
        return NextAction.NONE
    if state.waits_for_second:
        first = {settled.person for settled in state.settled_by}
        return NextAction.NONE if person in first else NextAction.SETTLE
    if mine is None:
        return NextAction.TAKE
    return NextAction.SETTLE if mine.on_spot else NextAction.ON_SPOT


def desk_order(state: AlarmState, raised_at: float) -> tuple[bool, bool, bool, float]:
    """Sort key of a desk's list: open before done, real before drill, level 1 first, then the newest."""
    return (not state.open, state.drill, state.level != 1, -raised_at)
