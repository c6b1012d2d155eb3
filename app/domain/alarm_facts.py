"""The facts of an alarm: what its agent did, what desks signed, what people and the server decided about it."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from app.domain.ids import AlarmId, DeskId


class MoveKind(IntEnum):
    """What the agent did; the numbers are those of the wire (protocol, alarm)."""

    RAISE = 1
    RAISE_LEVEL = 2
    TAKE_BACK = 3
    PRESSED_AGAIN = 4


class ReceiptState(IntEnum):
    """How far a desk and its person have come; the numbers are those of the wire."""

    DELIVERED = 1
    SEEN = 2
    TAKEN = 3
    ON_SPOT = 4


class PinResult(StrEnum):
    """The server's finding on the PIN of a take-back; it stays on the server and on desks, the PC never gets it."""

    RIGHT = "right"
    DURESS = "duress"
    WRONG = "wrong"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Move:
    """A step by the agent's PC, numbered from 1 per alarm; `level` 1..3; `ms` is wall time for people only."""

    alarm: AlarmId
    no: int
    kind: MoveKind
    level: int = 2
    drill: bool = False
    on_call: bool = False
    ms: int = 0
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Receipt:
    """A desk's signed receipt; `no` is the highest move it painted, `person` who sat there.

    `order` is the server's number for it, None while the server has not given one (it came over the local network).
    """

    alarm: AlarmId
    desk: DeskId
    person: str
    no: int
    state: ReceiptState
    ms: int
    order: int | None = None


@dataclass(frozen=True, slots=True)
class LevelSet:
    """A person at a desk raised the level."""

    alarm: AlarmId
    order: int
    person: str
    level: int


@dataclass(frozen=True, slots=True)
class PinFinding:
    """What the server found about the PIN of take-back number `no`."""

    alarm: AlarmId
    no: int
    result: PinResult


@dataclass(frozen=True, slots=True)
class TakeExpired:
    """The server ended the claim of `person` because its lease ran out; a renewal after `fence` makes this void."""

    alarm: AlarmId
    order: int
    person: str
    fence: int


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The claim of `person` went to `to`, whose lease begins with this order number."""

    alarm: AlarmId
    order: int
    person: str
    to: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A person says what it was (`outcome`, a word of the site's list), knowing moves up to number `upto`."""

    alarm: AlarmId
    order: int
    person: str
    upto: int
    outcome: str
    ms: int = 0


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The settled alarm was gone through afterwards."""

    alarm: AlarmId
    order: int
    person: str


Fact = Move | Receipt | LevelSet | PinFinding | TakeExpired | HandedOver | Settled | Reviewed
"""Everything that a ledger holds about an alarm."""
