"""Server-sent events: one frame a message (`id`, `data` in base64), comments as pings; encoder and incremental parser."""

import base64
import binascii
from dataclasses import dataclass

from app.protocol.errors import ProtocolError, TooLargeError
from app.protocol.event import PAYLOAD_MAX, event_id, parse_event_id

MEDIA_STREAM = "text/event-stream"
MEDIA_EVENTS = "application/vnd.safeseat.events"
"""The long-poll's answer: the same text, signed as a whole."""
PING = b": ping\n\n"
"""Sent every 10 s so that a dead or muting proxy is noticed (design, section 4)."""
LINE_MAX = PAYLOAD_MAX * 4 // 3 + 256


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the stream: the id as the server wrote it and the frame for `event.open_event`."""

    event_no: int
    frame: bytes


@dataclass(frozen=True, slots=True)
class Ping:
    """A comment line: the connection is alive."""


def encode(event_no: int, frame: bytes) -> bytes:
    """Return one message as it goes over the stream."""
    return f"id: {event_id(event_no)}\ndata: {base64.b64encode(frame).decode()}\n\n".encode()


class Parser:
    """Takes chunks as they arrive, cut anywhere; one per connection, not thread-safe.

    Lines may end in LF or CR LF. Field names other than `id`, `data`, `event` and `retry` are ignored as the standard
    says; a message without `id` or with bad base64, or a line over the limit, is an error that ends the connection.
    """

    def __init__(self) -> None:
        self._buffer = b""
        self._id: str | None = None
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> list[Message | Ping]:
        """Return what became complete with this chunk, in order; ProtocolError or TooLargeError."""
        *lines, self._buffer = (self._buffer + chunk).split(b"\n")
        found: list[Message | Ping] = []
        for line in lines:
            one = self._line(line.removesuffix(b"\r"))
            if one is not None:
                found.append(one)
        if len(self._buffer) > LINE_MAX:
            raise TooLargeError("a line of the stream is too long")
        return found

    def _line(self, line: bytes) -> Message | Ping | None:
        if len(line) > LINE_MAX:
            raise TooLargeError("a line of the stream is too long")
        if not line.isascii():
            raise ProtocolError("the stream is not plain text")
        text = line.decode("ascii")
        if not text:
            return self._end()
        if text.startswith(":"):
            return Ping()
        name, _, value = text.partition(":")
        value = value.removeprefix(" ")
        if name == "id":
            self._id = value
        elif name == "data":
            if self._data:
                raise ProtocolError("a message of the stream has more than one data line")
            self._data.append(value)
        return None

    def _end(self) -> Message | None:
        event, data = self._id, self._data
        self._id, self._data = None, []
        if event is None and not data:
            return None
        if event is None or not data:
            raise ProtocolError("a message of the stream lacks its id or data")
        try:
            return Message(parse_event_id(event), base64.b64decode(data[0], validate=True))
        except binascii.Error:
            raise ProtocolError("a message of the stream is not base64") from None


def parse_all(body: bytes) -> list[Message]:
    """Return the messages of a long-poll answer; ProtocolError if it ends inside one."""
    parser = Parser()
    found = parser.feed(body)
    if body and not body.endswith(b"\n\n"):
        raise ProtocolError("the events are cut off")
    return [one for one in found if isinstance(one, Message)]
