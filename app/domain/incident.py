"""The clocks that run on a report: who owes what by when, and when they are reminded (domain facts, section 4).

All times are Unix milliseconds of the server, 0 or None is never. Pure: the caller brings the present time.
"""

from dataclasses import dataclass, replace
from enum import Enum

from app.domain.errors import UsageError

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


class State(Enum):
    """How far a report is; it only goes on."""

    RECEIVED = "received"
    IN_HAND = "in_hand"
    SETTLED = "settled"
    CLOSED = "closed"


class Due(Enum):
    """What is owed."""

    ANSWER = "answer"
    SETTLE = "settle"
    CLOSE = "close"
    SPECIAL = "special"
    INVESTIGATION = "investigation"
    PLAN = "plan"
    MEND = "mend"


class Who(Enum):
    """Who owes it."""

    AGENT = "agent"
    LEAD = "lead"
    HEAD = "head"
    OFFICER = "officer"
    IT = "it"
    STAFF_REP = "staff_rep"


class Risk(Enum):
    """Likelihood by impact: how soon a hazard has to be mended."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


ANSWER_MS = 30 * MINUTE_MS
SETTLE_MS = 2 * HOUR_MS
CLOSE_MS = 24 * HOUR_MS
SPECIAL_MS = 24 * HOUR_MS
INVESTIGATION_MS = 48 * HOUR_MS
MAJOR = 1
"""Level of a major event: special report, investigation, review."""
ORDINARY = 3
"""Level of an ordinary matter: settled in 2 h."""
HAZARD_ANSWER = {
    1: (30 * MINUTE_MS, Who.OFFICER),
    2: (24 * HOUR_MS, Who.LEAD),
    3: (48 * HOUR_MS, Who.IT),
}
"""Class of a hazard: how soon it is answered, and by whom."""
PLAN_MS = {Risk.HIGH: 24 * HOUR_MS, Risk.MEDIUM: 7 * DAY_MS}
"""A plan stands within this time of the scoring; a low risk is ordinary upkeep."""
MENDING = {
    Risk.HIGH: (72 * HOUR_MS, Who.HEAD),
    Risk.MEDIUM: (7 * DAY_MS, Who.LEAD),
    Risk.LOW: (14 * DAY_MS, Who.AGENT),
}
"""How long mending may take from the approval of its plan, and who sees to it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one report. `handler` is whom the person chose; `level` is the class of a hazard.

    `scored_ms` is when its risk was scored, `mend_by_ms` the deadline for mending after an extension.
    """

    hazard: bool
    level: int
    received_ms: int
    state: State = State.RECEIVED
    handler: Who = Who.LEAD
    drill: bool = False
    risk: Risk | None = None
    scored_ms: int = 0
    approved_ms: int = 0
    mend_by_ms: int = 0
    rechecked_ms: int = 0
    special_ms: int = 0
    investigation_ms: int = 0


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is owed, from when it ran, until when, and by whom."""

    due: Due
    since_ms: int
    at_ms: int
    who: Who


def due(report: Facts) -> tuple[Deadline, ...]:
    """Return every deadline that still runs, the next one first; a drill has none."""
    if report.drill:
        return ()
    found = _hazard(report) if report.hazard else _event(report)
    return tuple(sorted(found, key=lambda one: (one.at_ms, one.due.value)))


def _event(report: Facts) -> list[Deadline]:
    def from_receipt(what: Due, span: int, who: Who) -> Deadline:
        return Deadline(what, report.received_ms, report.received_ms + span, who)

    major = report.level == MAJOR
    who = Who.HEAD if major and report.handler is Who.LEAD else report.handler
    found = []
    if report.state is State.RECEIVED:
        found.append(from_receipt(Due.ANSWER, ANSWER_MS, report.handler))
    if report.level == ORDINARY and report.state in (State.RECEIVED, State.IN_HAND):
        found.append(from_receipt(Due.SETTLE, SETTLE_MS, report.handler))
    if report.state is not State.CLOSED:
        found.append(from_receipt(Due.CLOSE, CLOSE_MS, who))
    if major and not report.special_ms:
        found.append(from_receipt(Due.SPECIAL, SPECIAL_MS, who))
    if major and not report.investigation_ms:
        found.append(from_receipt(Due.INVESTIGATION, INVESTIGATION_MS, who))
    return found


def _hazard(report: Facts) -> list[Deadline]:
    if report.state is State.CLOSED:
        return []
    found = []
    if report.state is State.RECEIVED:
        span, usual = HAZARD_ANSWER[report.level]
        who = report.handler if usual is Who.LEAD else usual
        found.append(Deadline(Due.ANSWER, report.received_ms, report.received_ms + span, who))
    if report.risk is None:
        return found
    span, who = MENDING[report.risk]
    who = report.handler if who is Who.LEAD else who
    if not report.approved_ms and report.risk in PLAN_MS:
        at = report.scored_ms + PLAN_MS[report.risk]
        found.append(Deadline(Due.PLAN, report.scored_ms, at, who))
    if report.approved_ms and not report.rechecked_ms:
        at = report.mend_by_ms or report.approved_ms + span
        found.append(Deadline(Due.MEND, report.approved_ms, at, who))
    return found


def reminders(deadline: Deadline) -> tuple[int, ...]:
    """Return when those who owe it are reminded: after half and after three quarters of the time, never after it."""
    span = deadline.at_ms - deadline.since_ms
    return tuple(deadline.since_ms + span * part // 4 for part in (2, 3))


def moved(report: Facts, state: State) -> Facts:
    """Return the report in a later state; UsageError for going back, or for closing a hazard without a re-check."""
    order = list(State)
    if order.index(state) <= order.index(report.state):
        raise UsageError(f"The report is {report.state.value} already; a state only goes on.")
    if report.hazard and state is State.CLOSED and not report.rechecked_ms:
        raise UsageError("A hazard is closed only after a re-check.")
    return replace(report, state=state)


def scored(report: Facts, risk: Risk, now_ms: int) -> Facts:
    """Return the hazard with its risk; UsageError for an event or once a plan was approved."""
    if not report.hazard or report.approved_ms:
        raise UsageError("Only a hazard whose plan is not approved yet can be scored.")
    return replace(report, risk=risk, scored_ms=now_ms)


def approved(report: Facts, now_ms: int) -> Facts:
    """Return the hazard with its plan approved: mending runs from now; UsageError if it has no risk, or twice."""
    if report.risk is None or report.approved_ms:
        raise UsageError("A plan is approved once, after the risk was scored.")
    return replace(report, approved_ms=now_ms)


def extended(report: Facts, until_ms: int, now_ms: int) -> Facts:
    """Return the hazard with a later deadline for mending; UsageError unless asked for before the present one."""
    present = next((one for one in due(report) if one.due is Due.MEND), None)
    if present is None:
        raise UsageError("Nothing is being mended here.")
    if now_ms >= present.at_ms:
        raise UsageError("An extension is asked for before the deadline.")
    if until_ms <= present.at_ms:
        raise UsageError("An extension ends later than the present deadline.")
    return replace(report, mend_by_ms=until_ms)


def rechecked(report: Facts, now_ms: int) -> Facts:
    """Return the hazard as re-checked; UsageError before it is settled, for there is nothing to check."""
    if not report.hazard or report.state is not State.SETTLED:
        raise UsageError("Only a hazard that is settled can be re-checked.")
    return replace(report, rechecked_ms=now_ms)


def filed(report: Facts, what: Due, now_ms: int) -> Facts:
    """Return the event with its special report or investigation filed; UsageError where none is owed."""
    if report.hazard or report.level != MAJOR or what not in (Due.SPECIAL, Due.INVESTIGATION):
        raise UsageError("Only a major event has a special report and an investigation.")
    if what is Due.SPECIAL:
        return replace(report, special_ms=now_ms)
    return replace(report, investigation_ms=now_ms)
