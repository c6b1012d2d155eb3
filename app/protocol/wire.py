"""Primitives of the wire: hash, domain tags, big-endian integers and a reader that refuses what is left over."""

import struct
from hashlib import sha256 as _sha256

from app.protocol.errors import ProtocolError

ZERO16 = bytes(16)
ZERO32 = bytes(32)
U32_MAX = 0xFFFF_FFFF
U64_MAX = 0xFFFF_FFFF_FFFF_FFFF

_U32 = struct.Struct(">I")
_U64 = struct.Struct(">Q")


def sha256(data: bytes) -> bytes:
    """Return H(data) of the protocol, 32 bytes."""
    return _sha256(data).digest()


def tag(label: str) -> bytes:
    """Return T(label): the prefix that keeps one kind of signed or hashed bytes from being taken for another."""
    return b"SafeSeat/1/" + label.encode("ascii") + b"\0"


def u8(number: int) -> bytes:
    """Return one byte; ProtocolError outside 0..255."""
    if not 0 <= number <= 0xFF:
        raise ProtocolError(f"{number} does not fit one byte")
    return bytes((number,))


def u32(number: int) -> bytes:
    """Return four big-endian bytes; ProtocolError outside the range."""
    if not 0 <= number <= U32_MAX:
        raise ProtocolError(f"{number} does not fit 32 bits")
    return _U32.pack(number)


def u64(number: int) -> bytes:
    """Return eight big-endian bytes; ProtocolError outside the range."""
    if not 0 <= number <= U64_MAX:
        raise ProtocolError(f"{number} does not fit 64 bits")
    return _U64.pack(number)


def fixed(data: bytes, size: int, what: str) -> bytes:
    """Return `data` unchanged if it is exactly `size` bytes; ProtocolError naming `what` otherwise."""
    if len(data) != size:
        raise ProtocolError(f"{what} must be {size} bytes, not {len(data)}")
    return bytes(data)


class Reader:
    """Reads fields off the front of a message; anything short or left over is a ProtocolError naming the message."""

    __slots__ = ("_at", "_data", "_what")

    def __init__(self, data: bytes, what: str) -> None:
        self._data = data
        self._at = 0
        self._what = what

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes."""
        end = self._at + size
        if end > len(self._data):
            raise ProtocolError(f"{self._what} is too short: {len(self._data)} bytes")
        part = self._data[self._at : end]
        self._at = end
        return bytes(part)

    def u8(self) -> int:
        """Return the next byte as a number."""
        return self.take(1)[0]

    def u32(self) -> int:
        """Return the next four bytes as a number."""
        return int(_U32.unpack(self.take(4))[0])

    def u64(self) -> int:
        """Return the next eight bytes as a number."""
        return int(_U64.unpack(self.take(8))[0])

    def expect(self, want: bytes) -> None:
        """Take a constant (a domain tag, a magic number); ProtocolError if other bytes stand there."""
        if self.take(len(want)) != want:
            raise ProtocolError(f"this is not a {self._what}")

    def rest(self) -> bytes:
        """Return everything that is left."""
        return self.take(len(self._data) - self._at)

    def end(self) -> None:
        """Refuse trailing bytes."""
        left = len(self._data) - self._at
        if left:
            raise ProtocolError(f"{self._what} has {left} trailing bytes")
