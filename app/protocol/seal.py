"""HPKE of RFC 9180: base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305; output is enc[32] ‖ ciphertext ‖ tag[16]."""

from functools import lru_cache
from typing import TYPE_CHECKING

from app.protocol.errors import BadSignatureError, ProtocolError
from app.protocol.wire import fixed

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.hpke import Suite

OVERHEAD_BYTES = 48
KEY_BYTES = 32


@lru_cache(maxsize=1)
def _suite() -> "Suite":
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def seal_public(private: bytes) -> bytes:
    """Return the X25519 public key (32 bytes) of a private one."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.from_private_bytes(fixed(private, KEY_BYTES, "a seal key")).public_key().public_bytes_raw()


def seal(plain: bytes, public: bytes, info: bytes) -> bytes:
    """Return `plain` sealed for the X25519 public key; fresh randomness each time; ProtocolError for a useless key."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    key = X25519PublicKey.from_public_bytes(fixed(public, KEY_BYTES, "a seal key"))
    try:
        return _suite().encrypt(plain, key, info=info)
    except ValueError:
        raise ProtocolError("this seal key cannot be used") from None


def unseal(sealed: bytes, private: bytes, info: bytes) -> bytes:
    """Return what was sealed for this private key and `info`; BadSignatureError otherwise."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    key = X25519PrivateKey.from_private_bytes(fixed(private, KEY_BYTES, "a seal key"))
    try:
        return _suite().decrypt(sealed, key, info=info)
    except (InvalidTag, ValueError):
        raise BadSignatureError("the sealed part does not open") from None
