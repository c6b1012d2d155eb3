"""Head and ack: what a PC claims of its journal, and what the server signs that it holds durably."""

from dataclasses import dataclass

from app.protocol.errors import ProtocolError, ReplayedError
from app.protocol.keys import PublicKey, Signer
from app.protocol.wire import Reader, fixed, tag, u32, u64

HEAD_BYTES = 136
ACK_BYTES = 179

_HEAD = tag("head")
_ACK = tag("ack")


@dataclass(frozen=True, slots=True)
class Head:
    """A PC's signed claim: `n` records with hash `h` in `epoch`; `ms` is for people, order comes from `beat`."""

    server: bytes
    device: bytes
    stream: bytes
    epoch: bytes
    n: int
    h: bytes
    beat: int
    ms: int

    def pack(self) -> bytes:
        """Return the 136 bytes that are signed."""
        ids = _ids(self.server, self.device, self.stream, self.epoch)
        return _HEAD + b"".join(ids) + u64(self.n) + fixed(self.h, 32, "a hash") + u64(self.beat) + u64(self.ms)


@dataclass(frozen=True, slots=True)
class Ack:
    """The server's word that 1..n are durable; `generation` rises at every restore, `audit_*` is its own chain's head."""

    server: bytes
    generation: int
    device: bytes
    stream: bytes
    epoch: bytes
    n: int
    h: bytes
    beat: int
    ms: int
    audit_n: int
    audit_h: bytes

    def pack(self) -> bytes:
        """Return the 179 bytes that are signed."""
        server, *ids = _ids(self.server, self.device, self.stream, self.epoch)
        where = u64(self.n) + fixed(self.h, 32, "a hash") + u64(self.beat) + u64(self.ms)
        audit = u64(self.audit_n) + fixed(self.audit_h, 32, "a hash")
        return _ACK + server + u32(self.generation) + b"".join(ids) + where + audit


def _ids(*ids: bytes) -> tuple[bytes, ...]:
    return tuple(fixed(one, 16, "an id") for one in ids)


def parse_head(data: bytes) -> Head:
    """Return the head in 136 bytes, unverified; the server reads the ids to find the key, then calls `verify_head`."""
    reader = Reader(data, "head")
    reader.expect(_HEAD)
    server, device, stream, epoch = (reader.take(16) for _ in range(4))
    n, h, beat, ms = reader.u64(), reader.take(32), reader.u64(), reader.u64()
    reader.end()
    return Head(server, device, stream, epoch, n, h, beat, ms)


def sign_head(head: Head, session: Signer) -> bytes:
    """Return the session key's signature over the head."""
    return session.sign(head.pack())


def verify_head(data: bytes, sig: bytes, session: PublicKey) -> Head:
    """Return the head if the session key signed it; BadSignatureError or ProtocolError."""
    session.verify(sig, data)
    return parse_head(data)


def parse_ack(data: bytes) -> Ack:
    """Return the ack in 179 bytes, unverified."""
    reader = Reader(data, "ack")
    reader.expect(_ACK)
    server, generation = reader.take(16), reader.u32()
    device, stream, epoch = (reader.take(16) for _ in range(3))
    n, h, beat, ms = reader.u64(), reader.take(32), reader.u64(), reader.u64()
    audit_n, audit_h = reader.u64(), reader.take(32)
    reader.end()
    return Ack(server, generation, device, stream, epoch, n, h, beat, ms, audit_n, audit_h)


def sign_ack(ack: Ack, answer: Signer) -> bytes:
    """Return an `answer` key's signature over the ack; only after the commit is durable."""
    return answer.sign(ack.pack())


def verify_ack(data: bytes, sig: bytes, answer: PublicKey) -> Ack:
    """Return the ack if this `answer` key signed it; BadSignatureError or ProtocolError."""
    answer.verify(sig, data)
    return parse_ack(data)


def check_ack(ack: Ack, head: Head) -> None:
    """Raise unless the ack answers this head: server, device, stream, epoch, beat fit and n is not above the head's n.

    Whether h is the own h_n, and whether n went back, is the journal's to say: both are evidence, not errors.
    """
    if (ack.server, ack.device, ack.stream, ack.epoch) != (head.server, head.device, head.stream, head.epoch):
        raise ProtocolError("the ack is for another journal")
    if ack.beat != head.beat:
        raise ReplayedError("the ack answers another request")
    if ack.n > head.n:
        raise ProtocolError("the ack claims more records than were sent")
