"""The PIN proof inside a take-back: Argon2id on the PC, sealed by HPKE for the server's `seal` key.

The PC keeps neither PIN nor verifier, so it cannot tell PIN from duress PIN. Needs argon2-cffi where a proof is made.
"""

import hmac
from dataclasses import dataclass

from app.protocol import seal
from app.protocol.alarm import DETAIL_BYTES
from app.protocol.errors import ProtocolError
from app.protocol.wire import fixed, tag, u32

PROOF_BYTES = 32
PIN_MIN = 6
PIN_MAX = 32
_TIME, _MEMORY_KIB, _LANES = 2, 19456, 1


def pin_proof(pin: str, stream: bytes) -> bytes:
    """Return Argon2id(PIN, salt stream, m 19456 KiB, t 2, p 1): 32 bytes, some 30 ms; 6 to 32 ASCII digits or error."""
    from argon2.low_level import Type, hash_secret_raw

    if not (PIN_MIN <= len(pin) <= PIN_MAX and pin.isascii() and pin.isdigit()):
        raise ProtocolError(f"a PIN has {PIN_MIN} to {PIN_MAX} digits")
    fixed(stream, 16, "a stream id")
    return hash_secret_raw(pin.encode(), stream, _TIME, _MEMORY_KIB, _LANES, PROOF_BYTES, Type.ID)


def pin_value(pepper: bytes, proof: bytes) -> bytes:
    """Return what the server stores and compares: HMAC-SHA256(pepper, proof); the pepper lies outside the database."""
    return hmac.digest(pepper, fixed(proof, PROOF_BYTES, "a PIN proof"), "sha256")


def same_value(one: bytes, other: bytes) -> bool:
    """Compare two PIN values in constant time."""
    return hmac.compare_digest(one, other)


@dataclass(frozen=True, slots=True)
class Step:
    """The take-back that a proof is sealed for: it opens for no other move."""

    device: bytes
    stream: bytes
    alarm: bytes
    no: int

    def info(self) -> bytes:
        """Return HPKE's info bytes."""
        ids = b"".join(fixed(one, 16, "an id") for one in (self.device, self.stream, self.alarm))
        return tag("pin") + ids + u32(self.no)


def seal_proof(proof: bytes, seal_pub: bytes, step: Step) -> bytes:
    """Return the 80 bytes of detail for a take-back; `seal_pub` is the server's X25519 key, 32 bytes."""
    return seal.seal(fixed(proof, PROOF_BYTES, "a PIN proof"), seal_pub, step.info())


def open_proof(detail: bytes, seal_key: bytes, step: Step) -> bytes:
    """Return the proof in a detail; `seal_key` is the X25519 private key, 32 bytes; BadSignatureError if it does not open."""
    fixed(detail, DETAIL_BYTES, "a detail")
    return seal.unseal(detail, seal_key, step.info())
