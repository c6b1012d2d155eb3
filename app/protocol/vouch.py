"""V, the machine key's word that a session key belongs to a stream: 106 bytes that travel with every head and alarm."""

from dataclasses import dataclass
from functools import lru_cache

from app.protocol.errors import ProtocolError, StaleError
from app.protocol.keys import PUBLIC_BYTES, SIGNATURE_BYTES, Alg, PublicKey, Signer, alg_of, public_key
from app.protocol.wire import Reader, fixed, tag, u8, u64

VOUCH_BYTES = 106
MAX_AGE_MS = 24 * 3600 * 1000
"""A vouch is good for 24 h at most (protocol, "Keys")."""
CLOCK_SLACK_MS = 300_000
"""A PC's clock may be 300 s off, the same as for `created` (protocol, "HTTP")."""


@dataclass(frozen=True, slots=True)
class Vouch:
    """A parsed V; `alg` and `pub33` are the session key's, `not_after` is in ms, `sig` the machine key's."""

    alg: Alg
    pub33: bytes
    not_after: int
    sig: bytes

    @property
    def key(self) -> PublicKey:
        """The session key that is vouched for."""
        return PublicKey(self.alg, self.pub33)

    def pack(self) -> bytes:
        """Return the 106 bytes."""
        return u8(self.alg) + self.pub33 + u64(self.not_after) + self.sig


def vouch_message(device: bytes, stream: bytes, alg: int, pub33: bytes, not_after: int) -> bytes:
    """Return the bytes that the machine key signs."""
    ids = fixed(device, 16, "a device id") + fixed(stream, 16, "a stream id")
    return tag("vouch") + ids + u8(alg) + fixed(pub33, PUBLIC_BYTES, "a public key") + u64(not_after)


def make_vouch(machine: Signer, device: bytes, stream: bytes, session: PublicKey, not_after: int) -> bytes:
    """Return V for a session key, signed by the machine key; `not_after` in ms, at most 24 h ahead (checked at use)."""
    sig = machine.sign(vouch_message(device, stream, session.alg, session.pub33, not_after))
    return Vouch(session.alg, session.pub33, not_after, sig).pack()


def parse_vouch(data: bytes) -> Vouch:
    """Return V's parts without believing them: an alarm with an unverified V is taken all the same."""
    reader = Reader(data, "vouch")
    alg, pub33, not_after = alg_of(reader.u8()), reader.take(PUBLIC_BYTES), reader.u64()
    sig = reader.take(SIGNATURE_BYTES)
    reader.end()
    public_key(alg, pub33)
    return Vouch(alg, pub33, not_after, sig)


def verify_vouch(data: bytes, machine: PublicKey, device: bytes, stream: bytes, now_ms: int) -> Vouch:
    """Return V if the machine key signed it for this device and stream and it is not over.

    BadSignatureError, StaleError (over, or longer than 24 h ahead of `now_ms` plus 5 min of clock error) or ProtocolError.
    """
    vouch = _signed(bytes(data), machine, device, stream)
    if vouch.not_after <= now_ms:
        raise StaleError("the session key's vouch is over")
    if vouch.not_after > now_ms + MAX_AGE_MS + CLOCK_SLACK_MS:
        raise StaleError("the session key's vouch is good for more than 24 hours")
    return vouch


@lru_cache(maxsize=16_384)
def _signed(data: bytes, machine: PublicKey, device: bytes, stream: bytes) -> Vouch:
    # One V comes with every heartbeat of a day: its signature is checked once (only what fits is remembered).
    vouch = parse_vouch(data)
    machine.verify(vouch.sig, vouch_message(device, stream, vouch.alg, vouch.pub33, vouch.not_after))
    return vouch


def no_vouch(session: PublicKey) -> bytes:
    """Return a V that nobody signed, for an ephemeral key: an alarm still goes and shows as unverified."""
    return Vouch(session.alg, session.pub33, 0, bytes(SIGNATURE_BYTES)).pack()


def same_key(vouch: Vouch, key: PublicKey) -> None:
    """Raise ProtocolError unless the vouch is for this very key."""
    if vouch.key != key:
        raise ProtocolError("the vouch is for another key")
