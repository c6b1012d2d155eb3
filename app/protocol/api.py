"""Routes and messages between PC, server and lead desk; used by both ends, so neither can drift.

Every message names purpose, recipient and retention once (`MESSAGES`), every field what it is for; the privacy table is
made from here. A desk id is the device id of the lead's PC. Bodies that are not JSON: batch, ack, alarm, receipt,
documents, key set, events; their bytes are in the modules of those names.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, Literal, TypeVar

import msgspec
from msgspec import Meta

from app.protocol import reports
from app.protocol.alarm import RECEIPT_BYTES
from app.protocol.errors import ProtocolError
from app.protocol.fields import (
    Code,
    Count,
    Hash32,
    Id16,
    Label,
    Level,
    Ms,
    Name,
    Sentence,
    Sig64,
    Version,
    decode_by,
)
from app.protocol.fields import canonical as _canonical
from app.protocol.fields import decode as _decode
from app.protocol.keys import SIGNATURE_BYTES
from app.protocol.message import Declared as Declared  # noqa: PLC0414  # callers know it by this module
from app.protocol.message import EventPayload as EventPayload  # noqa: PLC0414  # callers know it by this module
from app.protocol.message import Message as Message  # noqa: PLC0414  # callers know it by this module
from app.protocol.pins import ACK_BYTES
from app.protocol.wire import Reader

ROUTE_ENROL: Final = "/v1/enrol"
ROUTE_BATCH: Final = "/v1/batch"
ROUTE_ALARM: Final = "/v1/alarm"
ROUTE_RECEIPT: Final = "/v1/receipt"
ROUTE_SETTLE: Final = "/v1/settle"
ROUTE_SAY: Final = "/v1/say"
ROUTE_LEVEL: Final = "/v1/level"
ROUTE_STREAM: Final = "/v1/stream"
ROUTE_POLL: Final = "/v1/poll"
ROUTE_DOC: Final = "/v1/doc/{kind}"
ROUTE_KEYS: Final = "/v1/keys"

HEADER_VOUCH: Final = "safeseat-vouch"
"""V in base64 for requests whose body does not hold it; V proves itself, so the request signature need not cover it."""
HEADER_LAST_EVENT: Final = "last-event-id"
QUERY_AFTER: Final = "after"

MEDIA_JSON: Final = "application/vnd.safeseat.message+json"
MEDIA_ACK: Final = "application/vnd.safeseat.ack"
MEDIA_ALARM: Final = "application/vnd.safeseat.alarm"
MEDIA_RECEIPT: Final = "application/vnd.safeseat.receipt"
MEDIA_DOC: Final = "application/vnd.safeseat.document"
MEDIA_KEYS: Final = "application/vnd.safeseat.keys"

MESSAGE_MAX = 64 * 1024
PING_S = 10
HEARTBEAT_S = 5
POLL_MAX_S = 25


class EnrolBody(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What a PC tells of itself when it enrols; travels inside the signed enrolment request."""

    stream: Annotated[Id16, Meta(description="the OS account's stream on this device")]
    account: Annotated[Hash32, Meta(description="keyed hash of the OS account, to find the person in IT's roster")]
    host: Annotated[Name, Meta(description="host name, to find the PC in IT's list")]
    os: Annotated[Label, Meta(description="operating system and version")]
    app: Annotated[Version, Meta(description="version of the program")]
    site_claimed: Annotated[Label, Meta(description="site that IT's installer named, to find a PC at the wrong one")] = ""


class EnrolAnswer(Message, frozen=True, kw_only=True):
    """What the server answers; `keys` is believed only through the root's fingerprint."""

    state: Annotated[Literal["enrolled", "pending"], Meta(description="pending: IT still has to compare the code")]
    server: Annotated[Id16, Meta(description="the server's id")]
    site: Annotated[Id16, Meta(description="the site that the device belongs to")]
    keys: Annotated[bytes, Meta(max_length=65536, description="the key set in its wire form")]
    code: Annotated[str, Meta(max_length=14, description="12 characters to compare")]


class Refusal(Message, frozen=True, kw_only=True):
    """A signed no; the HTTP status says what to do (design, "Delivery"), `code` why, `n` from where to send again."""

    code: Annotated[Code, Meta(description="why, as a word of ours")]
    text: Annotated[str, Meta(max_length=300, description="one English sentence for the log")] = ""
    retry_s: Annotated[int, Meta(ge=0, le=86400, description="wait at least so long")] = 0
    n: Annotated[Count | None, Meta(description="with 409: records up to n are held, send from n + 1")] = None


class AlarmAnswer(Message, frozen=True, kw_only=True):
    """The server's word that a move is durable."""

    alarm: Annotated[Id16, Meta(description="the alarm")]
    no: Annotated[Count, Meta(description="the move")]
    stored: Annotated[bool, Meta(description="durable on the server: the sign may say kept")]
    listening: Annotated[Count, Meta(description="lead desks online for the person's team")]
    unverified: Annotated[bool, Meta(description="the key was not vouched for; shown so to leads")]


class Settle(Message, frozen=True, kw_only=True):
    """A lead closes an alarm and says what it was."""

    alarm: Annotated[Id16, Meta(description="the alarm")]
    outcome: Annotated[
        Literal["threat", "abuse", "medical", "other", "mistake", "drill", "test"], Meta(description="what it was")
    ]
    note: Annotated[str, Meta(max_length=500, description="the lead's note, masked before it is sent")] = ""


class Say(Message, frozen=True, kw_only=True):
    """A lead sends a ready sentence to the person who asked for help."""

    alarm: Annotated[Id16, Meta(description="the alarm")]
    sentence: Annotated[int, Meta(ge=1, le=99, description="number of the ready sentence")]


class RaiseLevel(Message, frozen=True, kw_only=True):
    """A lead sees that it is graver than it was raised; levels only rise."""

    alarm: Annotated[Id16, Meta(description="the alarm")]
    level: Annotated[Level, Meta(description="the new level, 1 is the gravest")]


class Done(Message, frozen=True, kw_only=True):
    """The signed yes to a receipt, a settlement, a sentence or a higher level."""

    alarm: Annotated[Id16, Meta(description="the alarm")]
    state: Annotated["AlarmState", Meta(description="how far the alarm is now")]


AlarmState = Literal["raised", "delivered", "seen", "taken", "on_spot", "settled"]
SignState = Literal["delivered", "seen", "taken", "on_spot", "settled"]
TakenBack = Literal["no", "yes", "unchecked", "duress"]
Role = Literal["agent", "lead", "head", "officer", "it", "auditor"]
Cause = Literal["signed_off", "asleep", "update", "network", "killed", "unarmed", "unknown"]


class DeskAlarm(EventPayload, frozen=True, kw_only=True, tag="alarm.raised"):
    """To the desks that shall hear an alarm: all that a lead has to know to help."""

    alarm: Annotated[Id16, Meta(description="the alarm")]
    no: Annotated[Count, Meta(description="highest move that this state contains; the receipt repeats it")]
    who: Annotated[Name, Meta(description="display name from IT's roster, empty if unknown")]
    team: Annotated[Name, Meta(description="team")]
    seat: Annotated[Label, Meta(description="seat label, empty if unknown")]
    floor: Annotated[Label, Meta(description="floor")]
    level: Annotated[Level, Meta(description="1 is the gravest")]
    drill: Annotated[bool, Meta(description="a drill, fixed when raised")]
    on_call: Annotated[bool, Meta(description="the person is on a call")]
    unverified: Annotated[bool, Meta(description="the key was not vouched for")]
    raised_ms: Annotated[Ms, Meta(description="when it reached the server")]
    state: Annotated[AlarmState, Meta(description="how far it is")]
    taken_by: Annotated[Name, Meta(description="display name of the lead who has it, empty if nobody")] = ""
    also: Annotated[tuple[Name, ...], Meta(max_length=20, description="other leads who answered")] = ()
    pressed: Annotated[Count, Meta(description="how often it was pressed again")] = 0
    taken_back: Annotated[TakenBack, Meta(description="taken back, and whether the PIN was right, or duress")] = "no"
    second: Annotated[bool, Meta(description="settled by one person, waits for a second")] = False


class DeskAlarmUpdated(DeskAlarm, frozen=True, kw_only=True, tag="alarm.updated"):
    """The whole state of an alarm again after a change; never sounds anew."""


class AlarmSign(EventPayload, frozen=True, kw_only=True, tag="alarm.sign"):
    """To the PC that raised an alarm; nothing is sent after a take-back of either kind. No names."""

    alarm: Annotated[Id16, Meta(description="the alarm")]
    state: Annotated[SignState, Meta(description="how far it is")]
    sentence: Annotated[Sentence, Meta(description="number of the lead's ready sentence, 0 for none")] = 0
    receipt: Annotated[bytes | None, Meta(description="the desk's own receipt, 64 bytes")] = None
    receipt_sig: Annotated[Sig64 | None, Meta(description="the desk's signature over it")] = None


class Listeners(EventPayload, frozen=True, kw_only=True, tag="listeners"):
    """To every PC: who would hear an alarm now, so that the help button can be honest."""

    count: Annotated[Count, Meta(description="leads online for the person's team")]
    fallback: Annotated[Label, Meta(description="the site's number to call if nobody listens")] = ""


class SeatTrouble(Message, frozen=True, kw_only=True):
    """One seat whose alarm would not get through right now."""

    seat: Annotated[Label, Meta(description="seat label")]
    floor: Annotated[Label, Meta(description="floor")]
    who: Annotated[Name, Meta(description="display name")]
    cause: Annotated[Cause, Meta(description="why, as far as known")]
    since_ms: Annotated[Ms, Meta(description="since when")]


class DeskCover(EventPayload, frozen=True, kw_only=True, tag="desk.cover"):
    """To a desk: who is covered. A last state only, no history (privacy table, "heartbeat")."""

    covered: Annotated[Count, Meta(description="seats of the lead's teams whose alarm would get through")]
    listening: Annotated[Count, Meta(description="leads online for them")]
    tried_ms: Annotated[Ms, Meta(description="when the path was last proved, 0 for never")] = 0
    trouble: Annotated[tuple[SeatTrouble, ...], Meta(max_length=200, description="seats that are not covered")] = ()


class DocChanged(EventPayload, frozen=True, kw_only=True, tag="doc.changed"):
    """A new signed document is there; the PC fetches and verifies it."""

    kind: Annotated[Literal["policy", "content", "roster", "release"], Meta(description="which")]
    version: Annotated[Count, Meta(description="its version")]


class Hello(EventPayload, frozen=True, kw_only=True, tag="hello"):
    """First event of a stream: what the server takes this person for."""

    roles: Annotated[tuple[Role, ...], Meta(max_length=6, description="the person's roles")]
    teams: Annotated[tuple[Name, ...], Meta(max_length=50, description="teams that a lead hears")] = ()


AnyEvent = DeskAlarm | DeskAlarmUpdated | AlarmSign | Listeners | DeskCover | DocChanged | Hello | reports.ReportUpdate
_EVENTS: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)

_M = TypeVar("_M", bound=Message)


_PROTECT = "people of the team; the agent's own PC"
MESSAGES: Mapping[type[msgspec.Struct], Declared] = MappingProxyType(
    {
        EnrolBody: Declared("delivery and protection", "IT", "while enrolled + 30 days"),
        EnrolAnswer: Declared("delivery and protection", "the PC", "while enrolled"),
        Refusal: Declared("delivery", "the PC", "not kept"),
        AlarmAnswer: Declared("help now", "the PC", "until the alarm is closed"),
        Settle: Declared("help, response times", "leads, officer, head, auditor", "2 years after closing"),
        Say: Declared("help now", _PROTECT, "2 years after closing"),
        RaiseLevel: Declared("help now", "leads of the team, then the chain", "2 years after closing"),
        Done: Declared("help now", "the desk", "not kept"),
        DeskAlarm: Declared("help now", "leads of the team, then the chain", "2 years after closing"),
        DeskAlarmUpdated: Declared("help now", "leads of the team, then the chain", "2 years after closing"),
        AlarmSign: Declared("help now", "the PC that raised it", "until the alarm is closed"),
        Listeners: Declared("to know who would hear", "the PC", "last value only"),
        SeatTrouble: Declared("supervision", "leads of the team", "last value only"),
        DeskCover: Declared("supervision", "leads of the team", "last value only"),
        DocChanged: Declared("delivery", "the PC", "not kept"),
        Hello: Declared("delivery", "the PC", "last value only"),
        **reports.MESSAGES,
    }
)


def encode_message(message: Message) -> bytes:
    """Return the message's bytes; ProtocolError if a field is out of its bounds or the type is not declared."""
    if type(message) not in MESSAGES:
        raise ProtocolError(f"{type(message).__name__} is not declared and cannot be sent")
    data = _canonical(message)
    _decode(data, type(message), f"a {type(message).__name__}", MESSAGE_MAX)
    return data


def decode_message(data: bytes, kind: type[_M]) -> _M:
    """Return the message if it is one of this kind; ProtocolError or TooLargeError otherwise."""
    return _decode(data, kind, f"a {kind.__name__}", MESSAGE_MAX)


def encode_event(event: AnyEvent) -> bytes:
    """Return an event's payload; ProtocolError if a field is out of its bounds or the type is not declared."""
    if type(event) not in MESSAGES:
        raise ProtocolError(f"{type(event).__name__} is not declared and cannot be sent")
    data = _canonical(event)
    decode_event(data)
    return data


def decode_event(data: bytes) -> AnyEvent:
    """Return the event in a verified payload; ProtocolError for an unknown type: the client shows nothing of it."""
    return decode_by(_EVENTS, data, "an event", MESSAGE_MAX)


def pack_signed(data: bytes, sig: bytes) -> bytes:
    """Return the body of an ack or a receipt: the fixed bytes, then 64 bytes of signature."""
    return data + sig


def split_ack(body: bytes) -> tuple[bytes, bytes]:
    """Return (ack, signature) of a body of MEDIA_ACK."""
    return _split(body, ACK_BYTES, "ack")


def split_receipt(body: bytes) -> tuple[bytes, bytes]:
    """Return (receipt, signature) of a body of MEDIA_RECEIPT."""
    return _split(body, RECEIPT_BYTES, "receipt")


def _split(body: bytes, size: int, what: str) -> tuple[bytes, bytes]:
    reader = Reader(body, what)
    parts = reader.take(size), reader.take(SIGNATURE_BYTES)
    reader.end()
    return parts
