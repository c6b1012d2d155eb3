"""The alarm ledger: `fold(facts)` makes one state of everything known about one alarm, the same on PC, desk and server.

The facts are a set. Arrival order, repeats and gaps change nothing about what is finally known; the server's order
number (not a clock) names the owner among several claims. What counts as what:

- *Sent* is never *delivered*. Only a desk's own signed receipt makes an alarm delivered, seen, taken or "on the spot";
  the answer of a chat service, mail server or phone system is not a fact of this ledger.
- Nothing refuses or hides an alarm: a move without its predecessors, unverified or out of turn, still opens it.
- Drill is fixed by move 1; until that is known the alarm counts as real. Levels only rise (1 is the gravest).
- A take-back is no end: a person still checks and settles it. A settlement covers the moves its author had seen
  (`upto`); who presses again meanwhile is heard.
- Level 1 and duress need two people, or one after "on the spot" by another.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.domain.alarm_facts import (
    Fact,
    HandedOver,
    LevelSet,
    Move,
    MoveKind,
    PinFinding,
    PinResult,
    Receipt,
    ReceiptState,
    Reviewed,
    Settled,
    TakeExpired,
)
from app.domain.ids import DeskId

__all__ = [
    "NOBODY_AFTER",
    "PIN_TRIES",
    "AlarmState",
    "Claim",
    "Fact",
    "HandedOver",
    "LevelSet",
    "Move",
    "MoveKind",
    "PinFinding",
    "PinResult",
    "Receipt",
    "ReceiptState",
    "Reviewed",
    "Settled",
    "Status",
    "TakeExpired",
    "Told",
    "fold",
    "told_to_origin",
]

PIN_TRIES = 5
"""Wrong PINs of one alarm from which on the take-back counts as given under duress (protocol, alarm)."""


class Status(StrEnum):
    """How far the alarm has come; `UNKNOWN` means that no move of the agent has arrived yet."""

    UNKNOWN = "unknown"
    RAISED = "raised"
    DELIVERED = "delivered"
    SEEN = "seen"
    TAKEN = "taken"
    ON_SPOT = "on_spot"
    SETTLED = "settled"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody is coming. `order` is that of the newest sign of it (the lease's fence), `since` that of the first."""

    person: str
    since: int | None
    order: int | None
    on_spot: bool = False


@dataclass(frozen=True, slots=True)
class AlarmState:
    """One alarm, folded. `claims` stand in the server's order: the first is the owner; two claims both stand.

    `taken_back`: the agent said so (a wrong PIN says nothing), which ends nothing but what the PC is told; `expired`:
    order of the last expiry that left nobody coming (0: none); `settled_by`: the settlements that cover every move.
    """

    status: Status = Status.UNKNOWN
    level: int = 3
    drill: bool = False
    on_call: bool = False
    verified: bool = True
    raised_ms: int = 0
    last_no: int = 0
    pressed_again: int = 0
    taken_back: bool = False
    duress: bool = False
    delivered_to: frozenset[DeskId] = frozenset()
    seen_at: frozenset[DeskId] = frozenset()
    claims: tuple[Claim, ...] = ()
    settled_by: tuple[Settled, ...] = ()
    needs_two: bool = False
    expired: int = 0
    reviewed_by: str = ""

    @property
    def owner(self) -> str:
        """Who answers for it now; empty when nobody does."""
        return self.claims[0].person if self.claims else ""

    @property
    def open(self) -> bool:
        """Whether a person still has to do something about it."""
        return self.status not in (Status.UNKNOWN, Status.SETTLED, Status.REVIEWED)

    @property
    def waits_for_second(self) -> bool:
        """Settled by one, and a second person has yet to confirm it."""
        return self.open and bool(self.settled_by)


class Told(StrEnum):
    """The help sign of the agent who raised it (ux, help sign)."""

    NONE = "none"
    KEPT = "kept"
    SHOWN = "shown"
    COMING = "coming"
    NOBODY = "nobody"


NOBODY_AFTER = 6
"""Seconds without any desk's receipt until the sign says that nobody was reached (design, alarm lane)."""


def told_to_origin(state: AlarmState, waited: float = 0) -> Told:
    """What the agent's PC may know; `waited` is seconds since the raise.

    After a take-back with the PIN or the duress PIN, and until the server has looked, it is told nothing: the answer
    does not depend on `duress`, on who comes or on the settlement. Only a mistyped PIN lets the sign go on.
    """
    if state.taken_back or not state.open:
        return Told.NONE
    if state.claims:
        return Told.COMING
    if state.delivered_to:
        return Told.SHOWN
    return Told.NOBODY if waited >= NOBODY_AFTER else Told.KEPT


def fold(facts: Iterable[Fact]) -> AlarmState:
    """Everything known about one alarm as one state; a pure function of the *set* of facts, in any order, with repeats.

    Raises ValueError if the facts belong to more than one alarm.
    """
    known = frozenset(facts)
    if len({fact.alarm for fact in known}) > 1:
        raise ValueError("the facts of two alarms cannot be one state")
    origin = _origin(known)
    level = min([origin.level, *(fact.level for fact in known if isinstance(fact, LevelSet))])
    needs_two = level == 1 or origin.duress
    answers = _answers(known, origin.last_ask)
    closed = bool(answers.settled) and (not needs_two or answers.confirmed)
    receipts = _receipts(known)
    reviews = [fact for fact in known if isinstance(fact, Reviewed) and fact.order > answers.settled_order]
    review = min(reviews, key=lambda fact: (fact.order, fact.person), default=None) if closed else None
    return AlarmState(
        status=_status(origin, answers, closed, receipts, review),
        level=level,
        drill=origin.drill,
        on_call=origin.on_call,
        verified=origin.verified,
        raised_ms=origin.raised_ms,
        last_no=origin.last_no,
        pressed_again=origin.pressed_again,
        taken_back=origin.taken_back,
        duress=origin.duress,
        delivered_to=frozenset(receipt.desk for receipt in receipts),
        seen_at=frozenset(receipt.desk for receipt in receipts if receipt.state >= ReceiptState.SEEN),
        claims=tuple(answers.claims),
        settled_by=tuple(answers.settled),
        needs_two=needs_two,
        expired=answers.expired,
        reviewed_by=review.person if review else "",
    )


@dataclass(frozen=True, slots=True)
class _Origin:
    """What the agent's own moves say; `last_ask` is the last move that asks for a person."""

    last_no: int = 0
    last_ask: int = 0
    level: int = 3
    drill: bool = False
    on_call: bool = False
    verified: bool = True
    raised_ms: int = 0
    pressed_again: int = 0
    taken_back: bool = False
    duress: bool = False


def _origin(facts: frozenset[Fact]) -> _Origin:
    moves: dict[int, Move] = {}
    for move in sorted((fact for fact in facts if isinstance(fact, Move)), key=_trust, reverse=True):
        moves[move.no] = move
    findings = _findings(facts)
    wrong = sorted(no for no, result in findings.items() if result is PinResult.WRONG)
    duress = {no for no, result in findings.items() if result is PinResult.DURESS} | set(wrong[PIN_TRIES - 1 :])
    back = {no for no, move in moves.items() if move.kind is MoveKind.TAKE_BACK} | set(findings)
    numbers = {*moves, *findings}
    first = moves[min(moves)] if moves else None
    return _Origin(
        last_no=max(numbers, default=0),
        last_ask=max((numbers - back) | duress, default=0),
        level=min((move.level for move in moves.values()), default=3),
        drill=1 in moves and moves[1].drill,
        on_call=any(move.on_call for move in moves.values()),
        verified=all(move.verified for move in moves.values()),
        raised_ms=first.ms if first else 0,
        pressed_again=sum(move.kind is MoveKind.PRESSED_AGAIN for move in moves.values()),
        taken_back=bool(back - (set(wrong) - duress)),
        duress=bool(duress),
    )


def _trust(move: Move) -> tuple[bool, int, int, bool, bool, int]:
    # two different moves under one number: the verified one, then the graver one speaks
    return (not move.verified, move.level, move.kind, move.drill, move.on_call, move.ms)


def _findings(facts: frozenset[Fact]) -> dict[int, PinResult]:
    """The finding of each take-back; a check made later replaces `UNCHECKED`, duress is never talked away."""
    rank = (PinResult.UNCHECKED, PinResult.WRONG, PinResult.RIGHT, PinResult.DURESS)
    found = sorted((f for f in facts if isinstance(f, PinFinding)), key=lambda finding: rank.index(finding.result))
    return {finding.no: finding.result for finding in found}


def _receipts(facts: frozenset[Fact]) -> list[Receipt]:
    """Each receipt once, with the server's number if it has one by any way it came."""
    once: dict[tuple[DeskId, int, ReceiptState, int], Receipt] = {}
    for receipt in sorted((fact for fact in facts if isinstance(fact, Receipt)), key=_turn, reverse=True):
        once[(receipt.desk, receipt.no, receipt.state, receipt.ms)] = receipt
    return list(once.values())


def _turn(fact: Receipt | TakeExpired | HandedOver | Settled) -> tuple[float, str]:
    # what the server has not numbered yet comes after all that it has; the text only makes ties the same everywhere
    return (math.inf if fact.order is None else fact.order, repr(fact))


@dataclass(slots=True)
class _Answers:
    """Who is coming and who has settled, walked through in the server's order."""

    claims: list[Claim] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    on_spot: set[str] = field(default_factory=set)
    confirmed: bool = False
    expired: int = 0
    settled_order: float = math.inf

    def index(self, person: str) -> int:
        """Place of the person's claim, -1 without one."""
        return next((place for place, claim in enumerate(self.claims) if claim.person == person), -1)

    def claim(self, receipt: Receipt) -> None:
        on_spot = receipt.state is ReceiptState.ON_SPOT
        if on_spot:
            self.on_spot.add(receipt.person)
        place = self.index(receipt.person)
        if place < 0:
            self.claims.append(Claim(receipt.person, receipt.order, receipt.order, on_spot))
        else:
            held = self.claims[place]
            order = held.order if receipt.order is None else receipt.order
            self.claims[place] = replace(held, order=order, on_spot=held.on_spot or on_spot)

    def expire(self, expiry: TakeExpired) -> None:
        place = self.index(expiry.person)
        held = self.claims[place].order if place >= 0 else None
        if held is not None and held <= expiry.fence:
            del self.claims[place]
            if not self.claims:
                self.expired = expiry.order

    def hand_over(self, handing: HandedOver) -> None:
        place = self.index(handing.person)
        if place < 0 or handing.to == handing.person:
            return
        there = handing.to in self.on_spot
        self.claims[place] = Claim(handing.to, self.claims[place].since, handing.order, there)
        self.claims = [claim for at, claim in enumerate(self.claims) if at == place or claim.person != handing.to]

    def settle(self, settled: Settled, last_ask: int) -> None:
        if settled.upto < last_ask:
            # the agent asked again after what this person knew of: they went, and it is open
            self.claims = [claim for claim in self.claims if claim.person != settled.person]
            self.on_spot.discard(settled.person)
            return
        others = {earlier.person for earlier in self.settled} | self.on_spot
        self.confirmed = self.confirmed or bool(others - {settled.person})
        self.settled.append(settled)
        self.settled_order = min(self.settled_order, settled.order)


def _answers(facts: frozenset[Fact], last_ask: int) -> _Answers:
    steps: list[Receipt | TakeExpired | HandedOver | Settled] = [
        receipt for receipt in _receipts(facts) if receipt.state >= ReceiptState.TAKEN
    ]
    steps += [fact for fact in facts if isinstance(fact, (TakeExpired, HandedOver, Settled))]
    answers = _Answers()
    for step in sorted(steps, key=_turn):
        if isinstance(step, Receipt):
            answers.claim(step)
        elif isinstance(step, TakeExpired):
            answers.expire(step)
        elif isinstance(step, HandedOver):
            answers.hand_over(step)
        else:
            answers.settle(step, last_ask)
    return answers


def _status(
    origin: _Origin, answers: _Answers, closed: bool, receipts: list[Receipt], review: Reviewed | None
) -> Status:
    if origin.last_no == 0:
        return Status.UNKNOWN
    if closed:
        return Status.REVIEWED if review else Status.SETTLED
    if answers.claims:
        return Status.ON_SPOT if any(claim.on_spot for claim in answers.claims) else Status.TAKEN
    # after an expiry the desks have to be reached anew; receipts from before it say nothing about now
    fresh = [receipt.state for receipt in receipts if receipt.order is None or receipt.order > answers.expired]
    if not fresh:
        return Status.RAISED
    return Status.SEEN if max(fresh) >= ReceiptState.SEEN else Status.DELIVERED
