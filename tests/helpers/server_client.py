"""A small PC and lead desk for tests: speaks to a real server with `app.protocol`, and checks every answer's signature."""

import base64
import http.client
import os
import secrets
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from app.protocol import api, batch, chain, enrol, httpsig, keyset, pins, sse
from app.protocol.alarm import MoveFlag, MoveKind, Receipt, ReceiptState, make_alarm, sign_receipt
from app.protocol.batch import Entry, Status
from app.protocol.compression import Packing
from app.protocol.event import open_event
from app.protocol.keys import Ed25519Signer, Signer, public_of
from app.protocol.record_kinds import EpochStarted, LockFailed, Record
from app.protocol.records import File, encode
from app.protocol.vouch import make_vouch, no_vouch

DAY_MS = 24 * 3600 * 1000


def now_ms() -> int:
    """Wall time, as a PC has it."""
    return time.time_ns() // 1_000_000


def lock_failed(number: int = 0) -> LockFailed:
    """A record that may leave."""
    return LockFailed(ms=now_ms() + number, method="logind", error="timeout")


@dataclass(slots=True)
class Reply:
    """A verified answer."""

    status: int
    media: str
    body: bytes

    def refusal(self) -> api.Refusal:
        """The body as a refusal."""
        return api.decode_message(self.body, api.Refusal)

    def ack(self) -> pins.Ack:
        """The body as an ack (its own signature is checked by `Pc.batch`)."""
        return pins.parse_ack(api.split_ack(self.body)[0])


@dataclass(slots=True)
class Where:
    """A server as a PC knows it."""

    port: int
    name: str
    fingerprint: bytes
    context: ssl.SSLContext | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def connect(self, timeout: float = 20) -> http.client.HTTPConnection:
        """Return a new connection."""
        if self.context is not None:
            return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=timeout, context=self.context)
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)


class Journal:
    """The chain of one epoch as a PC keeps it."""

    def __init__(self, device: bytes, stream: bytes, before: "Journal | None" = None) -> None:
        self.epoch = secrets.token_bytes(16)
        prev = (before.epoch, before.at.n, before.at.h) if before else (bytes(16), 0, bytes(32))
        where = chain.Epoch(device, stream, self.epoch, *prev)
        self.at: chain.Chain = chain.start(where)
        self.entries: list[Entry] = []
        self.heads = [self.at]
        begun = EpochStarted(
            ms=now_ms(), reason="rekey" if before else "first", prev_epoch=prev[0], prev_n=prev[1], prev_h=prev[2]
        )
        self.add(begun)

    def add(self, record: Record | bytes) -> None:
        """Append a record."""
        data = record if isinstance(record, bytes) else encode(record, File.JOURNAL)
        entry = Entry(os.urandom(16), data)
        self.at = self.at.append(entry.salt, entry.record)
        self.entries.append(entry)
        self.heads.append(self.at)


class Pc:
    """One account on one PC."""

    def __init__(self, where: Where) -> None:
        self.where = where
        self.device, self.stream = secrets.token_bytes(16), secrets.token_bytes(16)
        self.machine: Signer = Ed25519Signer(secrets.token_bytes(32))
        self.session: Signer = Ed25519Signer(secrets.token_bytes(32))
        self.keys: keyset.KeySet | None = None
        self.server = bytes(16)
        self.counter = 0
        self.starts = 1
        self.journal = Journal(self.device, self.stream)
        self._conn: http.client.HTTPConnection | None = None

    def close(self) -> None:
        """Close the kept connection."""
        if self._conn is not None:
            self._conn.close()
            self._conn = None

    @property
    def vouch(self) -> bytes:
        """V for the session key."""
        not_after = now_ms() + DAY_MS
        return make_vouch(self.machine, self.device, self.stream, public_of(self.session), not_after)

    def beat(self) -> int:
        """Return the next beat."""
        self.counter += 1
        return chain.beat_of(self.starts, self.counter)

    def enrol(self, code: str | None, account: bytes = bytes(32)) -> api.EnrolAnswer:
        """Enrol with a code, or without one; the answer must be enrolled or pending."""
        reply = self.try_enrol(code, account)
        assert reply.status == 200, reply.refusal()
        answer = api.decode_message(reply.body, api.EnrolAnswer)
        self.keys = keyset.open_keyset(answer.keys, self.where.fingerprint, now_ms())
        self.server = answer.server
        return answer

    def try_enrol(self, code: str | None, account: bytes = bytes(32)) -> Reply:
        """Send an enrolment."""
        body = api.EnrolBody(stream=self.stream, account=account, host="PC-1", os="Debian 12", app="0.1.0")
        token = enrol.parse_token(code) if code else self.where.fingerprint
        data = enrol.make_request(self.machine, self.device, msgspec.json.encode(body), token=token)
        return self.plain("POST", api.ROUTE_ENROL, data, enrol.MEDIA_ENROL)

    def plain(self, method: str, path: str, body: bytes, media: str, headers: dict[str, str] | None = None) -> Reply:
        """Send a request without a signature."""
        return self._send(method, path, body, {"content-type": media, **(headers or {})}, None)

    def headers(
        self, method: str, path: str, body: bytes, media: str, tag: str, *, beat: int | None = None,
        created: int | None = None, signer: Signer | None = None, name: str | None = None,
    ) -> dict[str, str]:
        """Return the headers of a signed request."""
        bare, _, query = path.partition("?")
        request = httpsig.Request(method, name or self.where.name, bare, query, (("content-type", media),), body)
        added = httpsig.sign_request(
            request, signer or self.session, keyid=httpsig.request_keyid(self.device, self.stream),
            created=int(time.time()) if created is None else created, beat=beat or self.beat(), tag=tag,
        )
        return {"content-type": media, api.HEADER_VOUCH: base64.b64encode(self.vouch).decode(), **dict(added)}

    def signed(self, method: str, path: str, body: bytes = b"", media: str = httpsig.MEDIA_NOTHING, *, tag: str = httpsig.TAG_OTHER) -> Reply:
        """Send a signed request and verify the answer."""
        return self.send(method, path, body, self.headers(method, path, body, media, tag))

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        """Send prepared headers and verify the answer."""
        return self._send(method, path, body, headers, httpsig.request_signature(headers.items()))

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str], sig: bytes | None) -> Reply:
        if self._conn is None:
            self._conn = self.where.connect()
        try:
            self._conn.request(method, path, body or None, {**headers, **self.where.headers})
            response = self._conn.getresponse()
            data = response.read()
        except (http.client.HTTPException, OSError):
            self.close()
            raise
        answer = httpsig.Answer(response.status, tuple(response.getheaders()), data)
        if self.keys is not None:
            params = httpsig.answer_params(answer, sig)
            httpsig.verify_answer(answer, sig, self.keys.find(params.keyid, "answer", now_ms()))
        return Reply(response.status, response.getheader("content-type", ""), data)

    def head(self, at: chain.Chain | None = None, beat: int | None = None) -> pins.Head:
        """Return the head of the journal, or of the journal as it was."""
        at = at or self.journal.at
        return pins.Head(self.server, self.device, self.stream, self.journal.epoch, at.n, at.h, beat or self.beat(), now_ms())

    def batch(
        self, entries: Sequence[Entry] = (), *, head: pins.Head | None = None, packing: Packing = Packing.ZSTD,
        armed: bool = True, created: int | None = None,
    ) -> Reply:
        """Deliver entries under a head (by default the journal's own) and check the ack's signature."""
        head = head or self.head()
        status = Status(armed=armed, app="0.1.0")
        body = batch.encode_batch(
            head.pack(), pins.sign_head(head, self.session), self.vouch, status, entries, packing=packing
        )
        path = api.ROUTE_BATCH
        media = batch.media_type(packing)
        reply = self.send("POST", path, body, self.headers("POST", path, body, media, httpsig.TAG_SYNC, beat=head.beat, created=created))
        if reply.status == 200:
            data, sig = api.split_ack(reply.body)
            assert self.keys is not None
            self.keys.verify_any("answer", now_ms(), sig, data)
            pins.check_ack(pins.parse_ack(data), head)
        return reply

    def deliver(self, after: int = 0) -> Reply:
        """Deliver everything after record number `after`."""
        return self.batch(self.journal.entries[after:])

    def alarm_bytes(
        self, alarm: bytes, no: int = 1, kind: MoveKind = MoveKind.RAISE, *, level: int = 2,
        flags: MoveFlag = MoveFlag.NONE, detail: bytes | None = None, vouched: bool = True,
    ) -> bytes:
        """Return the 345 bytes of a move."""
        vouch = self.vouch if vouched else no_vouch(public_of(self.session))
        return make_alarm(
            self.session, vouch, device=self.device, stream=self.stream, alarm=alarm, no=no, kind=kind, level=level,
            flags=flags, ms=now_ms(), detail=detail or os.urandom(80),
        )

    def send_alarm(self, data: bytes) -> api.AlarmAnswer:
        """Send a move, unsigned as the alarm lane allows, and return the answer."""
        reply = self.plain("POST", api.ROUTE_ALARM, data, api.MEDIA_ALARM)
        assert reply.status == 200, reply.refusal()
        return api.decode_message(reply.body, api.AlarmAnswer)

    def raise_alarm(self, *, level: int = 2, flags: MoveFlag = MoveFlag.NONE) -> bytes:
        """Raise a new alarm and return its id."""
        alarm = secrets.token_bytes(16)
        assert self.send_alarm(self.alarm_bytes(alarm, level=level, flags=flags)).stored
        return alarm

    def receipt(self, alarm: bytes, state: ReceiptState, no: int = 1) -> Reply:
        """Send a signed receipt as a desk."""
        receipt = Receipt(self.device, alarm, no, state, now_ms())
        body = api.pack_signed(receipt.pack(), sign_receipt(receipt, self.machine))
        return self.signed("POST", api.ROUTE_RECEIPT, body, api.MEDIA_RECEIPT)

    def tell(self, route: str, value: api.Message) -> Reply:
        """Send a declared message."""
        return self.signed("POST", route, api.encode_message(value), api.MEDIA_JSON)

    def stream_events(self, last: int | None = None) -> "Live":
        """Open the live stream."""
        return Live(self, last)


class Live:
    """An open stream: verified events in order."""

    def __init__(self, pc: Pc, last: int | None = None) -> None:
        self._pc = pc
        self._conn = pc.where.connect()
        headers = pc.headers("GET", api.ROUTE_STREAM, b"", httpsig.MEDIA_NOTHING, httpsig.TAG_STREAM)
        if last is not None:
            headers[api.HEADER_LAST_EVENT] = str(last)
        self._conn.request("GET", api.ROUTE_STREAM, headers=headers)
        self._response = self._conn.getresponse()
        self.status = self._response.status
        self._parser = sse.Parser()
        self._queue: list[tuple[int, api.AnyEvent]] = []
        self.last = 0
        self.pings = 0

    def close(self) -> None:
        """Close without a goodbye."""
        self._response.close()
        self._conn.close()

    def next(self) -> api.AnyEvent:
        """Wait for the next event; its number must have risen."""
        while not self._queue:
            chunk = self._response.read1(65536)
            if not chunk:
                raise EOFError("the stream ended")
            for one in self._parser.feed(chunk):
                self._take(one)
        number, event = self._queue.pop(0)
        assert number > self.last, "event numbers must rise"
        self.last = number
        return event

    def _take(self, one: sse.Message | sse.Ping) -> None:
        if isinstance(one, sse.Ping):
            self.pings += 1
            return
        assert self._pc.keys is not None
        event = open_event(one.frame, self._pc.keys, self._pc.stream, now_ms())
        assert event.event_no == one.event_no
        self._queue.append((event.event_no, api.decode_event(event.payload)))

    def until(self, kind: type[api.EventPayload]) -> api.AnyEvent:
        """Return the next event of exactly this type, passing over others."""
        while True:
            event = self.next()
            if type(event) is kind:
                return event
