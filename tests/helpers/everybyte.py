"""Takes apart every plaintext byte that PCs sent to a server, and names the fields that were found; strict on purpose.

A header, body or byte that no parser here accounts for is an AssertionError, so that nothing can travel unseen.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from app.protocol import api
from app.protocol.alarm import RECEIPT_BYTES, open_alarm, parse_receipt
from app.protocol.batch import MEDIA_BATCH, decode_batch
from app.protocol.enrol import open_request
from app.protocol.httpsig import MEDIA_NOTHING, parse_request_keyid, request_params
from app.protocol.keys import SIGNATURE_BYTES
from app.protocol.reports import ROUTE_NOTICE_READ, NoticeRead
from app.protocol.vouch import parse_vouch
from app.server.api.serve import BoundedProtocol

Found = tuple[str, str]
"""Row of the privacy table, field in it."""
PLAIN_HEADERS = {"host", "content-type", "content-length", "content-digest", "connection", "accept-encoding"}
"""Headers that say how the bytes travel and nothing about anybody."""
HEAD_FIELDS = {"epoch", "n", "h", "beat", "ms"}
IDS = {"server", "device", "stream"}
MOVE_FIELDS = {"alarm": "alarm", "no": "no", "kind": "kind", "level": "level", "flags": "flags", "ms": "ms", "detail_hash": "detail"}
RECEIPT_FIELDS = {"desk": "desk", "alarm": "alarm", "no": "no", "state": "state", "ms": "ms"}
MESSAGES: dict[str, tuple[str, type[api.Message]]] = {
    api.ROUTE_SETTLE: ("message.settle", api.Settle),
    api.ROUTE_SAY: ("message.say", api.Say),
    api.ROUTE_LEVEL: ("message.raise_level", api.RaiseLevel),
    ROUTE_NOTICE_READ: ("message.notice_read", NoticeRead),
}


@dataclass(slots=True)
class Wiretap:
    """Everything that came out of TLS at the server, by connection, in order."""

    streams: dict[int, bytearray] = field(default_factory=dict)
    _order: list[Any] = field(default_factory=list)

    def attach(self, patch: pytest.MonkeyPatch) -> None:
        """Listen at the place where the server gets the bytes of a connection."""
        taken = BoundedProtocol.data_received

        def data_received(protocol: BoundedProtocol, data: bytes) -> None:
            if protocol not in self._order:
                self._order.append(protocol)
            self.streams.setdefault(self._order.index(protocol), bytearray()).extend(data)
            taken(protocol, data)

        patch.setattr(BoundedProtocol, "data_received", data_received)

    def everything(self) -> bytes:
        """All bytes, one connection after the other."""
        return b"\n".join(bytes(one) for one in self.streams.values())

    def found(self, root: bytes) -> tuple[set[Found], bytes]:
        """Every field of every request, and all opened contents for a search; `root`: the server root's fingerprint."""
        fields: set[Found] = set()
        opened = bytearray()
        for stream in self.streams.values():
            for request in requests(bytes(stream)):
                for row, name, value in _taken_apart(request, root):
                    fields.add((row, name))
                    opened += value + b"\n"
        return fields, bytes(opened)


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it came."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The header's value, empty without it."""
        return next((value for key, value in self.headers if key == name), "")


def requests(stream: bytes) -> Iterator[Sent]:
    """The requests of one connection; every byte belongs to one of them (the last may be cut by the end)."""
    while stream:
        head, found, rest = stream.partition(b"\r\n\r\n")
        assert found, f"bytes that are no request: {stream[:80]!r}"
        line, *lines = head.decode("latin-1").split("\r\n")
        method, target, version = line.split(" ")
        assert version == "HTTP/1.1"
        headers = tuple((name.lower(), value.strip()) for name, _, value in (one.partition(":") for one in lines))
        size = int(dict(headers).get("content-length", "0"))
        assert len(rest) >= size, "a request was cut"
        yield Sent(method, target, headers, rest[:size])
        stream = rest[size:]


def _taken_apart(sent: Sent, root: bytes) -> Iterator[tuple[str, str, bytes]]:
    yield from _headers(sent)
    media, path = sent.header("content-type"), sent.target.partition("?")[0]
    if not sent.body:
        assert media in ("", MEDIA_NOTHING), media
    elif media.startswith(MEDIA_BATCH):
        yield from _batch(sent.body, media)
    elif media == api.MEDIA_ALARM:
        yield from _alarm(sent.body)
    elif media == api.MEDIA_RECEIPT:
        packed = sent.body[:RECEIPT_BYTES]
        assert len(sent.body) == RECEIPT_BYTES + SIGNATURE_BYTES
        for name, value in _plain(parse_receipt(packed)).items():
            yield "alarm.receipt", RECEIPT_FIELDS[name], value
    elif path == api.ROUTE_ENROL:
        yield from _enrolment(sent.body, root)
    else:
        row, struct = MESSAGES[path]
        for name, value in msgspec.json.decode(sent.body).items():
            yield row, name, str(value).encode()
        api.decode_message(sent.body, struct)


def _headers(sent: Sent) -> Iterator[tuple[str, str, bytes]]:
    assert sent.target.partition("?")[2] == "" or sent.target.startswith((api.ROUTE_STREAM, api.ROUTE_POLL)), sent.target
    for name, value in sent.headers:
        if name in PLAIN_HEADERS or name == "signature":
            continue
        if name == "signature-input":
            params = request_params(sent.headers)
            device, stream = parse_request_keyid(params.keyid)
            yield from (("request", "device", device), ("request", "stream", stream))
            yield from (("request", "created", str(params.created).encode()), ("request", "nonce", str(params.nonce).encode()))
        elif name == api.HEADER_VOUCH:
            yield "request", "vouch", value.encode()
        else:
            # how far the live stream was heard, and that events are wanted: the protocol's own numbers
            assert name in (api.HEADER_LAST_EVENT, "accept", "cache-control"), f"an undeclared header: {name}: {value}"
            assert set(value) <= set("0123456789abcdef-./*textvnsrm;, ") or value == "no-store", f"{name}: {value}"


def _batch(body: bytes, media: str) -> Iterator[tuple[str, str, bytes]]:
    batch = decode_batch(body, media)
    for name, value in _plain(batch.head).items():
        yield ("request" if name in IDS and name != "server" else "heartbeat"), name, value
    parse_vouch(batch.vouch_bytes)
    yield "request", "vouch", batch.vouch_bytes
    for name in batch.status.__struct_fields__:
        yield "heartbeat", name, str(getattr(batch.status, name)).encode()
    for entry in batch.entries:
        record = msgspec.json.decode(entry.record)
        for name in record:
            yield record["type"], name, entry.record


def _alarm(body: bytes) -> Iterator[tuple[str, str, bytes]]:
    message = open_alarm(body)
    assert len(message.raw) == len(body)
    for name, value in _plain(message.move).items():
        yield ("request", name, value) if name in IDS else ("alarm.move", MOVE_FIELDS[name], value)
    yield "alarm.move", "detail", message.detail
    yield "request", "vouch", b""


def _enrolment(body: bytes, root: bytes) -> Iterator[tuple[str, str, bytes]]:
    enrolment = open_request(body, root)
    for name in ("fingerprint", "token_id", "device", "key", "mac"):
        yield "enrolment", name, str(getattr(enrolment, name)).encode()
    asked = api.decode_message(enrolment.body, api.EnrolBody)
    for name in msgspec.json.decode(enrolment.body):
        yield "message.enrol_body", name, str(getattr(asked, name, "")).encode()


def _plain(value: Any) -> dict[str, bytes]:
    found = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
    return {name: one if isinstance(one, bytes) else str(one).encode() for name, one in found.items()}
