"""Signing keys: Ed25519 (alg 1) and P-256 with SHA-256 as r‖s (alg 2); every signature is 64 bytes.

The algorithm always comes from the registered key, never from the message that is verified.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.protocol.errors import BadSignatureError, ProtocolError
from app.protocol.wire import fixed, sha256, tag

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

SIGNATURE_BYTES = 64
PUBLIC_BYTES = 33
"""0x00 ‖ Ed25519 public key, or a compressed P-256 point."""
FINGERPRINT_BYTES = 20


class Alg(IntEnum):
    """Signature algorithms of the protocol."""

    ED25519 = 1
    P256 = 2


ALG_NAMES = {Alg.ED25519: "ed25519", Alg.P256: "ecdsa-p256-sha256"}
"""Names in RFC 9421's registry of signature algorithms."""


def alg_of(number: int) -> Alg:
    """Return the algorithm with this number; ProtocolError if there is none."""
    try:
        return Alg(number)
    except ValueError:
        raise ProtocolError(f"unknown signature algorithm {number}") from None


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A registered public key: algorithm and 33 bytes."""

    alg: Alg
    pub33: bytes

    def verify(self, sig: bytes, message: bytes) -> None:
        """Raise BadSignatureError unless `sig` is this key's signature over `message`."""
        verify(self.alg, self.pub33, sig, message)


class Signer(Protocol):
    """Something that holds a private key: in memory, in the vault or in the guard."""

    @property
    def alg(self) -> Alg:
        """The key's algorithm."""

    @property
    def pub33(self) -> bytes:
        """The public key, 33 bytes."""

    def sign(self, message: bytes) -> bytes:
        """Return 64 bytes over `message`."""


class Ed25519Signer:
    """An Ed25519 key in memory; its `repr` shows nothing of it."""

    __slots__ = ("_key", "pub33")

    alg = Alg.ED25519

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(fixed(seed, 32, "an Ed25519 seed"))
        self.pub33 = b"\0" + self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the signature, 64 bytes."""
        return self._key.sign(message)


class P256Signer:
    """A P-256 key in memory, from its private number (32 bytes, big-endian); signs as r‖s."""

    __slots__ = ("_key", "pub33")

    alg = Alg.P256

    def __init__(self, secret: bytes) -> None:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        number = int.from_bytes(fixed(secret, 32, "a P-256 private number"), "big")
        try:
            self._key = ec.derive_private_key(number, ec.SECP256R1())
        except ValueError:
            raise ProtocolError("this is not a P-256 private number") from None
        self.pub33 = self._key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
        )

    def sign(self, message: bytes) -> bytes:
        """Return r‖s, 64 bytes."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, utils

        r, s = utils.decode_dss_signature(self._key.sign(message, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def signer_from_bytes(alg: int, secret: bytes) -> Signer:
    """Return the signer of a stored private key (32 bytes of either algorithm)."""
    return Ed25519Signer(secret) if alg_of(alg) is Alg.ED25519 else P256Signer(secret)


def public_key(alg: int, pub33: bytes) -> PublicKey:
    """Return the key as a value after checking that it is a key at all; ProtocolError otherwise."""
    known = alg_of(alg)
    _load(known, fixed(pub33, PUBLIC_BYTES, "a public key"))
    return PublicKey(known, bytes(pub33))


def public_of(signer: Signer) -> PublicKey:
    """Return a signer's public half."""
    return PublicKey(signer.alg, signer.pub33)


@lru_cache(maxsize=4096)
def _load(alg: Alg, pub33: bytes) -> "Ed25519PublicKey | ec.EllipticCurvePublicKey":
    try:
        if alg is Alg.ED25519:
            if pub33[0] != 0:
                raise ValueError
            return Ed25519PublicKey.from_public_bytes(pub33[1:])
        from cryptography.hazmat.primitives.asymmetric import ec

        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), pub33)
    except ValueError:
        raise ProtocolError("this is not a public key of its algorithm") from None


def verify(alg: int, pub33: bytes, sig: bytes, message: bytes) -> None:
    """Raise BadSignatureError unless `sig` (64 bytes) is the key's signature over `message`; thread-safe."""
    key = _load(alg_of(alg), fixed(pub33, PUBLIC_BYTES, "a public key"))
    fixed(sig, SIGNATURE_BYTES, "a signature")
    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(sig, message)
        else:
            from cryptography.hazmat.primitives import hashes
            from cryptography.hazmat.primitives.asymmetric import ec, utils

            r, s = int.from_bytes(sig[:32], "big"), int.from_bytes(sig[32:], "big")
            key.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise BadSignatureError("the signature does not fit") from None


def root_fingerprint(root_pub: bytes) -> bytes:
    """Return the first 20 bytes of H(T("root") ‖ pub) of the root's Ed25519 public key (32 bytes)."""
    return sha256(tag("root") + fixed(root_pub, 32, "the root's public key"))[:FINGERPRINT_BYTES]
