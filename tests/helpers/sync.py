"""A server's word in a box: keys, signed answers, and an honest memory of one stream to deliver to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.domain.moment import NS, Moment
from app.journal.journal import Journal
from app.protocol import api
from app.protocol.batch import Entry, Status, decode_batch
from app.protocol.chain import Chain
from app.protocol.httpsig import Answer, Header, sign_answer
from app.protocol.keys import Ed25519Signer, public_of
from app.protocol.keyset import KeySet, ServerKey, sign_keyset
from app.protocol.pins import Ack, Head, sign_ack, verify_head
from app.protocol.seal import seal_public
from app.protocol.vouch import make_vouch
from app.sync.delivery import Delivery, Note, Send
from app.sync.link import Link, Me, Outgoing, parse_address
from tests.helpers.journal import DEVICE, SERVER, START, START_MS, STREAM

SESSION = Ed25519Signer(b"\x01" * 32)
ANSWER_KEY = Ed25519Signer(b"\x02" * 32)
MACHINE = Ed25519Signer(b"\x03" * 32)
ROOT = Ed25519Signer(b"\x07" * 32)
STRANGER = Ed25519Signer(b"\x66" * 32)
DAY_MS = 24 * 3600 * 1000


def fingerprint() -> bytes:
    """Return the root's fingerprint."""
    from app.protocol.keys import root_fingerprint

    return root_fingerprint(ROOT.pub33[1:])


def key_set(server: bytes = SERVER, generation: int = 1, answer: Ed25519Signer = ANSWER_KEY) -> KeySet:
    """Return a key set with one `answer` and one `seal` key, good from a day before START for 300 days."""
    start, end = START_MS - DAY_MS, START_MS + 300 * DAY_MS
    seal = b"\0" + seal_public(b"\x05" * 32)
    return KeySet(
        server=server,
        generation=generation,
        expires=end,
        keys=(
            ServerKey(id="a1", alg=1, pub=answer.pub33, use="answer", from_ms=start, to_ms=end),
            ServerKey(id="s1", alg=3, pub=seal, use="seal", from_ms=start, to_ms=end),
        ),
    )


def key_set_wire(keys: KeySet | None = None) -> bytes:
    """Return the key set as the root signed it."""
    return sign_keyset(keys or key_set(), ROOT)


def make_link(server: bytes = SERVER, url: str = "http://127.0.0.1:8765") -> Link:
    """Return a link with the fixed key set."""
    return Link(parse_address(url), key_set(server), fingerprint())


def make_me(first_beat: int = 1 << 32) -> Me:
    """Return the fixed stream with a counting beat."""
    beats = iter(range(first_beat + 1, first_beat + 10**9))

    def vouch(ms: int) -> bytes:
        return make_vouch(MACHINE, DEVICE, STREAM, public_of(SESSION), ms + 3600 * 1000)

    return Me(DEVICE, STREAM, SESSION, vouch, lambda: next(beats))


def signed(
    sent: Outgoing,
    status: int,
    body: bytes = b"",
    *,
    media: str = api.MEDIA_JSON,
    created: int = START_MS // 1000,
    signer: Ed25519Signer = ANSWER_KEY,
    keyid: str = "a1",
) -> Answer:
    """Return an answer to this request, signed."""
    headers: tuple[Header, ...] = (("content-type", media),)
    plain = Answer(status, headers, body)
    added = sign_answer(plain, sent.sig, signer, keyid=keyid, created=created)
    return Answer(status, (*headers, *added), body)


def unsigned(status: int, body: bytes = b"<html>proxy</html>") -> Answer:
    """Return an answer that proves nothing."""
    return Answer(status, (("content-type", "text/html"),), body)


def refusal(code: str = "test", *, retry_s: int = 0, n: int | None = None) -> bytes:
    """Return the body of a signed no."""
    return api.encode_message(api.Refusal(code=code, retry_s=retry_s, n=n))


def status() -> Status:
    """Return what a heartbeat says here."""
    return Status(armed=True, app="0.1.0")


@dataclass(slots=True)
class HonestServer:
    """Takes batches as the protocol says: verifies, chains, acknowledges. `lose` forgets the newest records."""

    first: Chain
    server: bytes = SERVER
    generation: int = 1
    entries: list[Entry] = field(default_factory=list)

    def chain(self, n: int | None = None) -> Chain:
        """Return the chain after the first n records."""
        chain = self.first
        for entry in self.entries[:n]:
            chain = chain.append(entry.salt, entry.record)
        return chain

    def lose(self, count: int) -> None:
        """Go back in time, as after a restore."""
        if count:
            del self.entries[-count:]
            self.generation += 1

    def take(self, sent: Outgoing) -> Answer:
        """Answer one batch request."""
        media = dict(sent.headers)["content-type"]
        batch = decode_batch(sent.body, media)
        head = verify_head(batch.head_bytes, batch.sig, batch.vouch.key)
        assert head.beat == sent.beat
        before = head.n - len(batch.entries)
        mine = self.chain()
        if not batch.entries:
            if head.n < mine.n:
                return signed(sent, 409, refusal("lost", n=mine.n))
            return self.acknowledge(sent, batch.head)
        if before > mine.n:
            return signed(sent, 409, refusal("behind", n=mine.n))
        known = mine.n - before
        chain = mine
        for entry in batch.entries[known:]:
            chain = chain.append(entry.salt, entry.record)
        if head.n >= mine.n and chain.h != head.h:
            return signed(sent, 409, refusal("forked"))
        self.entries += batch.entries[known:]
        return self.acknowledge(sent, batch.head)

    def acknowledge(self, sent: Outgoing, head: Head, **more: Any) -> Answer:
        """Return the signed ack for a head."""
        n = min(head.n, len(self.entries))
        given: dict[str, Any] = {
            "server": self.server, "generation": self.generation, "device": head.device, "stream": head.stream,
            "epoch": head.epoch, "n": n, "h": self.chain(n).h, "beat": head.beat, "ms": head.ms, "audit_n": 0,
            "audit_h": bytes(32),
        }  # fmt: skip
        ack = Ack(**{**given, **more})
        return signed(sent, 200, api.pack_signed(ack.pack(), sign_ack(ack, ANSWER_KEY)), media=api.MEDIA_ACK)


@dataclass(slots=True)
class Bench:
    """A real journal, a delivery and an honest server, with a clock that tests move."""

    journal: Journal
    random: Callable[[], float] = lambda: 0.5
    now: Moment = START
    notes: list[Note] = field(default_factory=list)
    link: Link = field(default_factory=make_link)
    delivery: Delivery = field(init=False)
    server: HonestServer = field(init=False)

    def __post_init__(self) -> None:
        first = self.journal.chain_at(0)
        assert first is not None
        self.server = HonestServer(first)
        self.delivery = self.fresh()

    def fresh(self) -> Delivery:
        """Return a delivery as after a restart."""
        return Delivery(self.journal, self.link, make_me(), random=self.random, status=status)

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.now = self.now.later(int(seconds * NS))

    def send(self, patience_s: float = 400.0) -> Send:
        """Return the next request, letting time pass until it is due."""
        end = self.now.boot + int(patience_s * NS)
        while True:
            todo = self.delivery.next(self.now)
            if isinstance(todo, Send):
                return todo
            assert todo.until <= end, "the next request is not due in time"
            self.later(max(todo.until - self.now.boot, 1) / NS)

    def answer(self, answer: Answer) -> list[Note]:
        """Hand in an answer and keep what was noted."""
        notes = self.delivery.answered(answer, self.now)
        self.notes += notes
        return notes

    def settle(self, rounds: int = 300) -> None:
        """Let an honest server answer until it holds everything and has said so."""
        for _ in range(rounds):
            end = self.journal.head()[1]
            if self.delivery.held == end and len(self.server.entries) == end:
                return
            sent = self.send(4000.0)
            self.answer(self.server.take(sent.request))
        raise AssertionError("the server never got everything")
