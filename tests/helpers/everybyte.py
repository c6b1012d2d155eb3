"""Takes apart every plaintext byte that PCs sent to a server, and names the fields that were found; strict on purpose.

A header, body or byte that no parser here accounts for is an AssertionError, so that nothing can travel unseen.
"""

import base64
import dataclasses
import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from app.privacy.declared import Place
from app.privacy.table import rows
from app.protocol import api, reports
from app.protocol.alarm import RECEIPT_BYTES, open_alarm, parse_receipt
from app.protocol.batch import MEDIA_BATCH, decode_batch
from app.protocol.enrol import open_request
from app.protocol.errors import ProtocolError
from app.protocol.httpsig import MEDIA_NOTHING, content_digest, parse_request_keyid, request_params
from app.protocol.keys import SIGNATURE_BYTES
from app.protocol.records import UnknownRecord, decode
from app.protocol.vouch import parse_vouch
from app.server.api.serve import BoundedProtocol
from app.server.incidents.pictures import fault_of

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
    reports.ROUTE_NOTICE_READ: ("message.notice_read", reports.NoticeRead),
    reports.ROUTE_SUGGESTION: ("message.suggestion", reports.Suggestion),
    reports.ROUTE_SUGGESTION_ANSWER: ("message.suggestion_ask", reports.SuggestionAsk),
}
QUESTIONS = {
    api.ROUTE_KEYS, api.ROUTE_STREAM, api.ROUTE_POLL, api.ROUTE_DOC.format(kind="content"), reports.ROUTE_HAZARDS,
    reports.ROUTE_NOTICES, reports.ROUTE_READS, reports.ROUTE_SUGGESTION_TOKEN,
}  # fmt: skip
"""What is asked without a body: nothing but the route and who asks."""
LEADS_ALONE = {"/v1/sample"}
"""Questions without a body that only a lead's PC asks."""
UNSIGNED = {reports.ROUTE_SUGGESTION, reports.ROUTE_SUGGESTION_ANSWER}
"""Routes that may not tell who asks: each alone on its connection, with the headers below and no other."""
UNSIGNED_HEADERS = {"host", "content-type", "content-length", "accept-encoding"}
LISTENING = {api.ROUTE_STREAM, api.ROUTE_POLL}
AFTER = re.compile(rf"{api.QUERY_AFTER}=[0-9a-f.-]{{1,80}}")
LIMIT = 20.0


@dataclass(slots=True)
class Wiretap:
    """Everything that came out of TLS at the server, by connection, in order."""

    streams: dict[int, bytearray] = field(default_factory=dict)
    _order: list[Any] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)

    def attach(self, patch: pytest.MonkeyPatch) -> None:
        """Listen at the place where the server gets the bytes of a connection."""
        taken = BoundedProtocol.data_received

        def data_received(protocol: BoundedProtocol, data: bytes) -> None:
            with self._news:
                if protocol not in self._order:
                    self._order.append(protocol)
                self.streams.setdefault(self._order.index(protocol), bytearray()).extend(data)
                self._news.notify_all()
            taken(protocol, data)

        patch.setattr(BoundedProtocol, "data_received", data_received)

    def await_request(self, route: str) -> None:
        """Wait until a request for a route began to come; AssertionError after some seconds."""
        line = f" {route} HTTP/1.1".encode()
        with self._news:
            came = self._news.wait_for(lambda: any(line in one for one in self.streams.values()), LIMIT)
        assert came, f"nothing came for {route}"

    def routes(self) -> set[str]:
        """Every route that was asked for."""
        return {one.path for stream in self.streams.values() for one in requests(bytes(stream))}

    def connections(self, *routes: str) -> list[bytes]:
        """All bytes of each connection on which one of these routes was asked for."""
        every = [bytes(one) for one in self.streams.values()]
        return [one for one in every if any(sent.path in routes for sent in requests(one))]

    def everything(self) -> bytes:
        """All bytes, one connection after the other."""
        return b"\n".join(bytes(one) for one in self.streams.values())

    def found(self, root: bytes) -> tuple[set[Found], bytes]:
        """Every field of every request, and all opened contents for a search; `root`: the server root's fingerprint."""
        values = self.values(root)
        return set(values), b"\n".join(one for found in values.values() for one in found)

    def values(self, root: bytes) -> dict[Found, list[bytes]]:
        """Every field of every request with what it said each time."""
        found: dict[Found, list[bytes]] = {}
        for stream in self.streams.values():
            asked = list(requests(bytes(stream)))
            assert len(asked) == 1 or not UNSIGNED & {one.path for one in asked}, "a suggestion shares its connection"
            for request in asked:
                for row, name, value in _taken_apart(request, root):
                    found.setdefault((row, name), []).append(value)
        return found


def undeclared(found: Iterable[Found]) -> set[Found]:
    """Fields that stand in no row of what leaves this PC; a record's own `type` is its row's name."""
    declared = {(row.name, one.name) for row in rows() if row.place is Place.LEAVES for one in row.fields}
    leaving = {row for row, _ in declared}
    return set(found) - declared - {(row, "type") for row in leaving}


def forms(secret: bytes) -> set[bytes]:
    """The ways in which bytes may stand in a request."""
    coded = (base64.b64encode(secret), base64.urlsafe_b64encode(secret))
    return {secret, secret.hex().encode(), secret.hex().upper().encode(), *coded, *(one.rstrip(b"=") for one in coded)}


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it came."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

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
    media, path = sent.header("content-type"), sent.path
    if not sent.body:
        assert (sent.method, media in ("", MEDIA_NOTHING)) == ("GET", True), f"{sent.method} {media}"
        assert path in QUESTIONS | LEADS_ALONE, f"a route that nobody takes apart: {path}"
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
    elif path == reports.ROUTE_PHOTO:
        assert media == reports.MEDIA_PHOTO, media
        assert not fault_of(sent.body), fault_of(sent.body)
        assert sent.header("content-digest") == content_digest(sent.body)
        yield from (("photo", "image", sent.body), ("photo", "hash", sent.header("content-digest").encode()))
    else:
        yield from _message(sent)


def _message(sent: Sent) -> Iterator[tuple[str, str, bytes]]:
    assert sent.path in MESSAGES, f"a route that nobody takes apart: {sent.path}"
    assert sent.header("content-type") == api.MEDIA_JSON
    row, struct = MESSAGES[sent.path]
    told = msgspec.json.decode(sent.body)
    for name, value in told.items():
        yield row, name, str(value).encode()
    try:
        api.decode_message(sent.body, struct)
    except ProtocolError as fault:
        raise AssertionError(f"{sent.path} with {sorted(told)}: {fault}") from None


def _headers(sent: Sent) -> Iterator[tuple[str, str, bytes]]:
    query = sent.target[len(sent.path) :]
    assert not query or (sent.path in LISTENING and AFTER.fullmatch(query[1:])), sent.target
    if sent.path in UNSIGNED:
        told = {name for name, _ in sent.headers}
        assert told <= UNSIGNED_HEADERS, f"a suggestion tells more than itself: {sorted(told - UNSIGNED_HEADERS)}"
        assert sent.header("accept-encoding") in ("", "identity"), sent.header("accept-encoding")
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
        assert not isinstance(decode(entry.record), UnknownRecord), "a record of no known kind"
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
