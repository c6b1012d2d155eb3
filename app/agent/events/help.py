"""The own alarm: moves kept, sent, stored, and what the sign learns."""

from dataclasses import dataclass, field

from app.agent.events.base import Effect
from app.protocol.record_kinds import Record


@dataclass(frozen=True, slots=True)
class AlarmNote:
    """For the seat: the own alarm was raised, taken_back or settled."""

    what: str


@dataclass(frozen=True, slots=True)
class SendMove(Effect):
    """Send one signed move (345 bytes) to every configured server at once and keep trying; protective."""

    alarm: bytes
    no: int
    body: bytes = field(repr=False)
    done: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class MoveDone(Effect):
    """A server holds the move: note it, and forget the move when it was the last one to answer."""

    alarm: bytes
    no: int
    server: bytes
    last: bool


@dataclass(frozen=True, slots=True)
class KeepMove(Effect):
    """Keep a move over a restart until a server stored it; durable when answered with `MoveKept`."""

    alarm: bytes
    no: int
    body: bytes = field(repr=False)
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class ForgetMoves(Effect):
    """The alarm is settled: its kept moves need not survive any longer."""

    alarm: bytes


@dataclass(frozen=True, slots=True)
class MoveKept:
    """The move survives a crash of this PC."""

    alarm: bytes
    no: int


@dataclass(frozen=True, slots=True)
class MoveStored:
    """A server's signed answer: the move is durable there; `listening` counts desks that could show it."""

    alarm: bytes
    no: int
    server: bytes
    listening: int
    unverified: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True)
class SealPin(Effect):
    """Make the sealed proof of a take-back off the actor's thread (Argon2id takes tens of milliseconds)."""

    alarm: bytes
    no: int
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PinSealed:
    """The 80 bytes for a take-back move."""

    alarm: bytes
    no: int
    detail: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignChanged:
    """The server passed on a desk's signed receipt or an answer: delivered, seen, taken, on_spot, settled, raised."""

    alarm: bytes
    state: str
    sentence: int = 0
    server: str = ""
