"""The hash chain of a stream's journal, and of the server's audit log by the same formulas."""

from dataclasses import dataclass
from hashlib import sha256 as _sha256

from app.protocol.errors import TooLargeError
from app.protocol.wire import ZERO16, ZERO32, fixed, sha256, tag, u64

SALT_BYTES = 16
RECORD_MAX = 64 * 1024
"""Largest record in bytes (protocol, "Journal")."""


def leaf_hash(salt: bytes, record: bytes) -> bytes:
    """Return leaf_n = H(0x00 ‖ salt ‖ bytes); TooLargeError over 64 KiB."""
    if len(record) > RECORD_MAX:
        raise TooLargeError(f"a record may hold {RECORD_MAX} bytes, not {len(record)}")
    return sha256(b"\0" + fixed(salt, SALT_BYTES, "a salt") + record)


@dataclass(frozen=True, slots=True)
class Epoch:
    """What h_0 binds: the stream's ids, this epoch, and the end of the epoch before (zero in the first one)."""

    device: bytes
    stream: bytes
    epoch: bytes
    prev_epoch: bytes = ZERO16
    prev_n: int = 0
    prev_h: bytes = ZERO32


def first_hash(where: Epoch, label: str = "journal") -> bytes:
    """Return h_0 of an epoch."""
    ids = b"".join(fixed(one, 16, "an id") for one in (where.device, where.stream, where.epoch, where.prev_epoch))
    return sha256(b"\x02" + tag(label) + ids + u64(where.prev_n) + fixed(where.prev_h, 32, "a hash"))


def audit_first_hash(server: bytes, epoch: bytes) -> bytes:
    """Return h_0 of the server's own chain: T("audit"), the server id in the device's place, an all-zero stream."""
    return first_hash(Epoch(server, ZERO16, epoch), "audit")


def next_hash(h: bytes, n: int, leaf: bytes) -> bytes:
    """Return h_n = H(0x01 ‖ h_{n-1} ‖ u64 n ‖ leaf_n); n counts from 1."""
    return _sha256(b"\x01" + h + u64(n) + leaf).digest()


@dataclass(frozen=True, slots=True)
class Chain:
    """Where a chain stands: `n` records so far and the hash h_n over all of them."""

    n: int
    h: bytes

    def advance(self, leaf: bytes) -> "Chain":
        """Return the chain with one more leaf."""
        n = self.n + 1
        return Chain(n, next_hash(self.h, n, fixed(leaf, 32, "a leaf")))

    def append(self, salt: bytes, record: bytes) -> "Chain":
        """Return the chain with one more record."""
        return self.advance(leaf_hash(salt, record))


def start(where: Epoch) -> Chain:
    """Return the empty chain of an epoch."""
    return Chain(0, first_hash(where))


def beat_of(starts: int, counter: int) -> int:
    """Return u32 starts ‖ u32 counter as one number: strictly rising for a stream as long as `starts` rises at start."""
    if not 0 <= starts <= 0xFFFF_FFFF or not 0 <= counter <= 0xFFFF_FFFF:
        raise TooLargeError("a beat's halves are 32 bits each")
    return starts << 32 | counter


def beat_parts(beat: int) -> tuple[int, int]:
    """Return (starts, counter) of a beat."""
    return beat >> 32, beat & 0xFFFF_FFFF
