"""Delivery of one journal to one server: batches, heartbeats, and what each kind of answer means. Sans-IO.

The caller asks `next` what to do, carries it out, and reports `answered` or `failed`. One request is under way at a
time. Nothing is ever dropped: records leave the outbox's pending part only by the server's signed ack.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from app.domain.moment import NS, Moment
from app.protocol import api
from app.protocol.batch import RECORDS_MAX, Entry, Status, encode_batch, media_type
from app.protocol.chain import Chain
from app.protocol.compression import Packing
from app.protocol.errors import ProtocolError, TooLargeError
from app.protocol.httpsig import TAG_SYNC, Answer
from app.protocol.keys import public_key
from app.protocol.pins import Ack, Head, check_ack, sign_head, verify_ack
from app.sync.link import Believed, Link, Me, Outgoing
from app.sync.retry import asked_for, jitter

BYTES_MAX: Final = 1024 * 1024
HEARTBEAT_NS: Final = api.HEARTBEAT_S * NS
STUCK_NS: Final = 3600 * NS
PAUSE_S: Final = 300
"""After a signed 401 with no new vouch, ask again after so long: IT may have mended it on the server."""
PENDING_S: Final = 15
"""While somebody at IT compares the code, the PC should notice soon that it was let in."""


class StoredRecord(Protocol):
    """A record of the outbox."""

    @property
    def n(self) -> int: ...
    @property
    def salt(self) -> bytes: ...
    @property
    def record(self) -> bytes: ...


class Noted(Protocol):
    """What the outbox makes of an ack: verdict taken, differs, rolled_back or unfit, and the ack's n."""

    @property
    def verdict(self) -> str: ...
    @property
    def n(self) -> int: ...


class Place(Protocol):
    """A place in the chain."""

    @property
    def n(self) -> int: ...


class Outbox(Protocol):
    """The journal as delivery sees it; calls may block on the disk."""

    def head(self) -> tuple[bytes, int, bytes]: ...
    def chain_at(self, n: int) -> Chain | None: ...
    def pinned(self, server: bytes) -> Place | None: ...
    def pending(self, after_n: int, max_records: int, max_bytes: int) -> Sequence[StoredRecord]: ...
    def note_ack(self, ack: Ack, sig: bytes, now: Moment) -> Noted: ...


@dataclass(frozen=True, slots=True)
class Send:
    """Carry this out and report `answered` or `failed`; give it up after `timeout_s`."""

    request: Outgoing
    count: int
    head: Head
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to send before `until` (boot nanoseconds), unless records are appended, which makes `next` worth a call."""

    until: int


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the agent should know. `what` is one of:

    delivered (1..n are durable there), heard (a signed answer came), network (with a code), paused (401), differs and
    rolled_back (evidence, for IT), refused (one record that the server will not take, at n), ahead (it claims more than
    there is), resend (from n + 1, because it asked so).
    """

    what: str
    n: int = 0
    code: str = ""


class Delivery:
    """The state of delivery to one server; used by one thread at a time. `random` gives 0..1 and spreads retries."""

    def __init__(
        self,
        outbox: Outbox,
        link: Link,
        me: Me,
        *,
        random: Callable[[], float],
        status: Callable[[], Status],
        packing: Packing = Packing.ZSTD,
    ) -> None:
        self._outbox = outbox
        self._link = link
        self._me = me
        self._random = random
        self._status = status
        self._packing = packing
        pin = outbox.pinned(link.server)
        self._held = pin.n if pin else 0
        self._records = RECORDS_MAX
        self._bytes = BYTES_MAX
        self._sent: Send | None = None
        self._failures = 0
        self._refusals = 0
        self._not_before = 0
        self._hold_records = 0
        self._beat_due = 0
        self.stuck = False
        """Whether records that the server lacks have passed their retention: only a new epoch helps."""

    @property
    def held(self) -> int:
        """Records 1..held are on the server, as far as is known."""
        return self._held

    def next(self, now: Moment) -> Send | Wait:
        """Return what to do now. Blocking: reads the outbox. The outbox's own errors come through."""
        if self._sent is not None:
            return Wait(now.boot + HEARTBEAT_NS)
        if now.boot < self._not_before:
            return Wait(self._not_before)
        more = self._outbox.head()[1] > self._held
        if more and now.boot >= self._hold_records:
            records = self._outbox.pending(self._held, self._records, self._bytes)
            self.stuck = not records
            if records:
                return self._send([Entry(one.salt, one.record) for one in records], now)
            self._hold_records = now.boot + STUCK_NS
        if now.boot >= self._beat_due:
            return self._send([], now)
        return Wait(min(self._beat_due, self._hold_records) if more else self._beat_due)

    def _send(self, entries: list[Entry], now: Moment) -> Send:
        vouch = self._me.vouch(self._link.server_ms(now))
        while True:
            # A heartbeat pins all there is; a batch pins what it brings.
            place = self._outbox.chain_at(self._held + len(entries) if entries else self._outbox.head()[1])
            assert place is not None
            head = self._head(place, now)
            packed = head.pack()
            sig = sign_head(head, self._me.session)
            try:
                body = encode_batch(packed, sig, vouch, self._status(), entries, packing=self._packing)
                break
            except TooLargeError:
                assert len(entries) > 1, "one record of 64 KiB always fits"
                entries = entries[: len(entries) // 2]
        request = self._link.sign(
            self._me,
            now,
            TAG_SYNC,
            "POST",
            api.ROUTE_BATCH,
            body=body,
            media=media_type(self._packing),
            beat=head.beat,
        )
        self._beat_due = now.boot + HEARTBEAT_NS
        self._sent = Send(request, len(entries), head, 30.0 if entries else 10.0)
        return self._sent

    def _head(self, place: Chain, now: Moment) -> Head:
        epoch = self._outbox.head()[0]
        return Head(
            server=self._link.server,
            device=self._me.device,
            stream=self._me.stream,
            epoch=epoch,
            n=place.n,
            h=place.h,
            beat=self._me.next_beat(),
            ms=now.wall_ms,
        )

    def failed(self, code: str, now: Moment) -> list[Note]:
        """The request under way got no answer (refused, cut, timed out, not TLS…): keep everything, try again later."""
        self._sent = None
        self._failures += 1
        self._not_before = now.boot + int(jitter(self._failures, self._random()) * NS)
        return [Note("network", code=code)]

    def poke(self) -> None:
        """The network seems to be back (stream connected, resumed from sleep): do not wait out the pause after failures."""
        self._not_before = 0

    def resume(self) -> None:
        """A new vouch or enrolment is there: end the pause after a 401."""
        self._refusals = 0
        self._not_before = self._hold_records = 0

    def answered(self, answer: Answer, now: Moment) -> list[Note]:
        """Take the answer to the request under way; blocking, because a moved pin is written. Unsigned: as `failed`."""
        sent = self._sent
        if sent is None:
            return []
        offset = self._link.clock_offset_ms
        believed = self._link.believe(sent.request, answer, now)
        if believed is None:
            return self.failed(f"http.{answer.status}", now)
        self._sent = None
        self._failures = 0
        clock_moved = self._link.clock_offset_ms != offset
        return [Note("heard"), *self._signed(sent, believed, now, clock_moved)]

    def _signed(self, sent: Send, believed: Believed, now: Moment, clock_moved: bool) -> list[Note]:
        status = believed.status
        if status == 200 and believed.media == api.MEDIA_ACK:
            return self._acked(sent, believed, now)
        reason = believed.refusal()
        if status in (400, 422):
            return self._bisect(sent, reason, now)
        if status == 401:
            self._refusals += 1
            # Our clock was wrong and the answer has set it right: the same request, signed anew, may be well.
            patience = PENDING_S if reason.code == "pending" else PAUSE_S
            self._hold(now, both=jitter(1, self._random()) if clock_moved else patience)
            return [Note("paused", code=reason.code)]
        if status == 409:
            return self._conflict(reason, now)
        if status == 413:
            return self._halve(sent, reason, now)
        self._refusals += 1
        asked = reason.retry_s if status in (429, 503) else 0
        self._hold(now, both=asked_for(asked, self._refusals, self._random()))
        return [Note("network", code=f"signed.{status}")]

    def _acked(self, sent: Send, believed: Believed, now: Moment) -> list[Note]:
        try:
            data, sig = api.split_ack(believed.body)
            ack = self._verified(data, sig, now)
            check_ack(ack, sent.head)
        except ProtocolError:
            self._refusals += 1
            self._hold(now, both=jitter(self._refusals, self._random()))
            return [Note("network", code="ack.unfit")]
        noted = self._outbox.note_ack(ack, sig, now)
        if noted.verdict == "taken":
            if noted.n > self._held or noted.n == self._outbox.head()[1]:
                self._refusals, self._hold_records = 0, 0
                self._records, self._bytes = min(RECORDS_MAX, self._records * 2), min(BYTES_MAX, self._bytes * 2)
            elif sent.count:  # signed, yet nothing was taken: do not send the same for ever without a pause
                self._hold(now, records=jitter(1, self._random()))
            self._held = noted.n
            return [Note("delivered", noted.n)]
        if noted.verdict == "rolled_back":
            self._held, self._hold_records = noted.n, 0
            return [Note("rolled_back", noted.n)]
        self._refusals += 1
        self._hold(now, records=jitter(self._refusals, self._random()))
        return [Note("differs", noted.n)]

    def _verified(self, data: bytes, sig: bytes, now: Moment) -> Ack:
        key = self._link.keys.verify_any("answer", self._link.server_ms(now), sig, data)
        return verify_ack(data, sig, public_key(key.alg, key.pub))

    def _bisect(self, sent: Send, reason: api.Refusal, now: Moment) -> list[Note]:
        if sent.count > 1:
            self._records = sent.count // 2
            return []
        self._refusals += 1
        self._records = 1
        self._hold(now, records=jitter(self._refusals, self._random()))
        if sent.count:
            return [Note("refused", self._held + 1, reason.code)]
        return [Note("network", code=f"signed.{reason.code}")]

    def _halve(self, sent: Send, reason: api.Refusal, now: Moment) -> list[Note]:
        if sent.count > 1:
            self._records = sent.count // 2
            self._bytes = max(1, self._bytes // 2)
            return []
        return self._bisect(sent, reason, now)

    def _conflict(self, reason: api.Refusal, now: Moment) -> list[Note]:
        self._refusals += 1
        self._hold(now, records=jitter(self._refusals, self._random()))
        if reason.n is None:
            return [Note("differs", self._held, reason.code)]
        if reason.n > self._outbox.head()[1]:
            return [Note("ahead", reason.n, reason.code)]
        moved, self._held = reason.n != self._held, reason.n
        if moved and self._refusals < 5:
            self._hold_records = 0
        return [Note("resend", reason.n, reason.code)]

    def _hold(self, now: Moment, *, both: float = 0.0, records: float = 0.0) -> None:
        self._hold_records = now.boot + int(max(both, records) * NS)
        if both:
            self._not_before = now.boot + int(both * NS)
