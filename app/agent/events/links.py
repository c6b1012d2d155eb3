"""Links to the servers: up, down, acknowledged, enrolled, goodbye."""

from dataclasses import dataclass

from app.agent.events.base import Effect


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """One link of one server came up or went down; lane is bulk, alarm or stream."""

    server: str
    lane: str
    up: bool
    wall_ms: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Acked:
    """The server's signed ack fits our chain; `waiting` records are still on the way."""

    server: str
    n: int
    waiting: int
    wall_ms: int


@dataclass(frozen=True, slots=True)
class HistoryFault:
    """The server's history and ours disagree; both are kept and IT is told. `what` is a text key of area `fault`."""

    what: str


@dataclass(frozen=True, slots=True)
class ListenersChanged:
    """How many leads of the own team could hear an alarm now, and the number to call instead."""

    count: int
    number: str
    server: str = ""


@dataclass(frozen=True, slots=True)
class EnrolmentChanged:
    """Whether this PC is enrolled, and whether IT still has to approve it; role is agent or lead."""

    enrolled: bool
    pending: bool
    role: str = "agent"


@dataclass(frozen=True, slots=True)
class ServerKnows:
    """The server took a signed request of this PC (`known`), or said that it is not enrolled there yet."""

    server: str
    known: bool


@dataclass(frozen=True, slots=True)
class OpenLinks(Effect):
    """The journal is open and the device key is there: deliver and listen."""


@dataclass(frozen=True, slots=True)
class WakeLinks(Effect):
    """Records wait: let the bulk links send now rather than at the next heartbeat."""


@dataclass(frozen=True, slots=True)
class SayGoodbye(Effect):
    """Tell the servers that this exit is planned; `cause` is a word of the record exit.planned."""

    cause: str


@dataclass(frozen=True, slots=True)
class TakeHandover(Effect):
    """Try to enrol with the code that IT's installer left on this PC, if one lies there."""


@dataclass(frozen=True, slots=True)
class HandoverTried:
    """How the attempt went: none, enrolled, waiting (no server answered), held (another agent has it), refused, damaged,
    other_server (the code belongs to another than IT's server key), no_server (none is set).
    """

    outcome: str
