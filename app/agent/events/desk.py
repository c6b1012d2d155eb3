"""The lead's desk: events for it, receipts and acts of it."""

from dataclasses import dataclass

from app.agent.events.base import Effect


@dataclass(frozen=True, slots=True)
class DeskEvent:
    """A signed event for desks, decoded: fields of the protocol's message as plain values."""

    server: str
    message: object


@dataclass(frozen=True, slots=True)
class SendReceipt(Effect):
    """A desk's own signed receipt: state 1 delivered, 2 seen, 3 taken, 4 on the spot."""

    alarm: bytes
    no: int
    state: int


@dataclass(frozen=True, slots=True)
class SendDeskAct(Effect):
    """Settle an alarm, say a ready sentence or raise its level, as a signed request of this desk."""

    alarm: bytes
    act: str
    sentence: int = 0
    outcome: str = ""
