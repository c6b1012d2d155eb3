"""Events of the live stream: signed, numbered, for one recipient; the same frames over SSE and long-poll.

Frame = u32 generation ‖ u64 event_no ‖ signature[64] ‖ payload; the recipient is the stream id of the reader and is not
sent: an event for somebody else fails its signature.
"""

from dataclasses import dataclass

from app.protocol.errors import ProtocolError, ReplayedError, TooLargeError
from app.protocol.keys import SIGNATURE_BYTES, Signer
from app.protocol.keyset import KeySet
from app.protocol.wire import Reader, fixed, sha256, tag, u32, u64

PAYLOAD_MAX = 64 * 1024

_EVENT = tag("event")


@dataclass(frozen=True, slots=True)
class Event:
    """A verified event; `payload` is decoded by `api.decode_event`."""

    generation: int
    event_no: int
    payload: bytes


def event_message(server: bytes, generation: int, recipient: bytes, event_no: int, payload: bytes) -> bytes:
    """Return the bytes that an `answer` key signs."""
    who = fixed(server, 16, "a server id") + u32(generation) + fixed(recipient, 16, "a recipient")
    return _EVENT + who + u64(event_no) + sha256(payload)


def make_event(
    answer: Signer, payload: bytes, *, server: bytes, generation: int, recipient: bytes, event_no: int
) -> bytes:
    """Return the frame; `event_no` must rise for each recipient."""
    if len(payload) > PAYLOAD_MAX:
        raise TooLargeError("the event is too long")
    sig = answer.sign(event_message(server, generation, recipient, event_no, payload))
    return u32(generation) + u64(event_no) + sig + payload


def open_event(frame: bytes, keys: KeySet, recipient: bytes, now_ms: int) -> Event:
    """Return the event if an `answer` key of the server signed it for this recipient; else it is not shown."""
    if len(frame) > PAYLOAD_MAX + 76:
        raise TooLargeError("the event is too long")
    reader = Reader(frame, "event")
    generation, event_no = reader.u32(), reader.u64()
    sig, payload = reader.take(SIGNATURE_BYTES), reader.rest()
    keys.verify_any("answer", now_ms, sig, event_message(keys.server, generation, recipient, event_no, payload))
    return Event(generation, event_no, payload)


def check_event(event: Event, last: tuple[int, int] | None) -> tuple[int, int]:
    """Return the (generation, event_no) to keep if it is above `last`; ReplayedError otherwise.

    A restored server starts a higher generation, so its event numbers may begin anew.
    """
    now = (event.generation, event.event_no)
    if last is not None and now <= last:
        raise ReplayedError("the event's number did not rise")
    return now


def event_id(event_no: int) -> str:
    """Return the SSE id of an event, which comes back as Last-Event-ID."""
    return str(event_no)


def parse_event_id(text: str) -> int:
    """Return the event number in a Last-Event-ID or `after`; ProtocolError if it is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= 20 and int(text) < 1 << 64):
        raise ProtocolError("this is not an event number")
    return int(text)
