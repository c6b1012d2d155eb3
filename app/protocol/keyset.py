"""The server's key set: which keys may sign what, signed by the offline root; only a higher generation is taken.

Wire form: root public key[32] ‖ signature[64] ‖ JSON; the root is believed only by its 20-byte fingerprint.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from app.protocol.errors import BadSignatureError, ProtocolError, ReplayedError, StaleError
from app.protocol.keys import SIGNATURE_BYTES, Alg, PublicKey, Signer, public_key, root_fingerprint, verify
from app.protocol.wire import U32_MAX, Reader, fixed, tag

KEYS_MAX_BYTES = 64 * 1024
VALIDITY_MAX_MS = 400 * 24 * 3600 * 1000
"""A key set is good for 400 days at most (protocol, "Keys")."""
ALG_SEAL = 3
"""X25519 keys of use `seal`: 0x00 ‖ 32 bytes; they never verify anything."""

Use = Literal["answer", "seal", "policy", "content", "release"]
KeyId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}\Z")]
_Ms = Annotated[int, Meta(ge=0, le=1 << 53)]


class ServerKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One key of the set; valid while from_ms <= now < to_ms."""

    id: KeyId
    alg: Annotated[int, Meta(ge=1, le=3)]
    pub: Annotated[bytes, Meta(min_length=33, max_length=33)]
    use: Use
    from_ms: _Ms = msgspec.field(name="from")
    to_ms: _Ms = msgspec.field(name="to")


class KeySet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The JSON that the root signs; `generation` rises with every set, `expires` in ms."""

    server: Annotated[bytes, Meta(min_length=16, max_length=16)]
    generation: Annotated[int, Meta(ge=1, le=U32_MAX)]
    expires: _Ms
    keys: Annotated[tuple[ServerKey, ...], Meta(min_length=1, max_length=64)]

    def valid(self, use: Use, now_ms: int) -> tuple[ServerKey, ...]:
        """Return the keys of this use that are good now; none once the set itself has expired."""
        if now_ms >= self.expires:
            return ()
        return tuple(key for key in self.keys if key.use == use and key.from_ms <= now_ms < key.to_ms)

    def find(self, key_id: str, use: Use, now_ms: int) -> PublicKey:
        """Return the signing key with this id and use that is good now; StaleError if there is none."""
        for key in self.valid(use, now_ms):
            if key.id == key_id and key.alg != ALG_SEAL:
                return public_key(key.alg, key.pub)
        raise StaleError(f"no valid key {key_id[:64]!r} for {use}")

    def verify_any(self, use: Use, now_ms: int, sig: bytes, message: bytes) -> ServerKey:
        """Return the key of this use that signed the message; StaleError without a valid key, BadSignatureError if none did."""
        keys = self.valid(use, now_ms)
        if not keys:
            raise StaleError(f"the key set has no valid key for {use}")
        for key in keys:
            try:
                verify(key.alg, key.pub, sig, message)
            except BadSignatureError:
                continue
            return key
        raise BadSignatureError(f"no {use} key of the server signed this")

    def seal_key(self, now_ms: int) -> bytes:
        """Return the newest valid X25519 key (32 bytes) to seal PIN proofs for; StaleError if there is none."""
        keys = self.valid("seal", now_ms)
        if not keys:
            raise StaleError("the key set has no valid key for seal")
        return max(keys, key=lambda key: key.from_ms).pub[1:]


_KEYS = msgspec.json.Decoder(KeySet)


def _message(body: bytes) -> bytes:
    return tag("keys") + body


def _check(keys: KeySet) -> None:
    ids = [key.id for key in keys.keys]
    if len(set(ids)) != len(ids):
        raise ProtocolError("the key set names one id twice")
    for key in keys.keys:
        if (key.use == "seal") != (key.alg == ALG_SEAL) or (key.alg == ALG_SEAL and key.pub[0] != 0):
            raise ProtocolError(f"key {key.id!r} has an algorithm that does not fit its use")
        if key.alg != ALG_SEAL:
            public_key(key.alg, key.pub)


def sign_keyset(keys: KeySet, root: Signer) -> bytes:
    """Return the wire form, signed by the root (Ed25519); ProtocolError if the set breaks its own rules."""
    if root.alg is not Alg.ED25519:
        raise ProtocolError("the root is an Ed25519 key")
    _check(keys)
    body = msgspec.json.encode(keys)
    return root.pub33[1:] + root.sign(_message(body)) + body


def open_keyset(data: bytes, fingerprint: bytes, now_ms: int) -> KeySet:
    """Return the key set if the root with this fingerprint signed it and it is in its time.

    BadSignatureError (another root, or not signed), StaleError (expired, or good for more than 400 days from now), ProtocolError.
    """
    keys = kept_keyset(data, fingerprint)
    if now_ms >= keys.expires:
        raise StaleError("the key set has expired")
    if keys.expires > now_ms + VALIDITY_MAX_MS:
        raise StaleError("the key set claims to be good for more than 400 days")
    return keys


def kept_keyset(data: bytes, fingerprint: bytes) -> KeySet:
    """Return a key set that was believed before, whatever the clock says: a wrong clock must not silence an alarm.

    BadSignatureError (another root, or not signed), ProtocolError. Its keys are still asked for their time at each use.
    """
    if len(data) > KEYS_MAX_BYTES:
        raise ProtocolError("the key set is too long")
    reader = Reader(data, "key set")
    root, sig, body = reader.take(32), reader.take(SIGNATURE_BYTES), reader.rest()
    if root_fingerprint(root) != fixed(fingerprint, 20, "a root fingerprint"):
        raise BadSignatureError("the key set is signed by another root")
    verify(Alg.ED25519, b"\0" + root, sig, _message(body))
    try:
        keys = _KEYS.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ProtocolError("this is not a key set") from None
    _check(keys)
    return keys


def newer_keyset(old: KeySet | None, new: KeySet) -> KeySet:
    """Return `new` if it may replace `old`: same server, higher generation; ReplayedError or ProtocolError otherwise."""
    if old is None:
        return new
    if new.server != old.server:
        raise ProtocolError("the key set is another server's")
    if new.generation <= old.generation:
        raise ReplayedError("the key set is not newer than the one held")
    return new
