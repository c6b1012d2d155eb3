"""Enrolment: a token that carries the root's fingerprint and a secret that is never sent.

Request = fingerprint[20] ‖ id[8] ‖ device[16] ‖ u8 alg ‖ pub[33] ‖ mac[32] ‖ old[64] ‖ sig[64] ‖ body JSON. Without a
token id and mac are zero: pending until IT has compared 12 characters. `old` is the old device key's signature over the
same bytes when a key changes, else zero.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass, field

from app.protocol.errors import BadSignatureError, ProtocolError, TooLargeError
from app.protocol.keys import (
    FINGERPRINT_BYTES,
    PUBLIC_BYTES,
    SIGNATURE_BYTES,
    PublicKey,
    Signer,
    alg_of,
    public_key,
    public_of,
)
from app.protocol.wire import Reader, fixed, sha256, tag, u8

TOKEN_ID_BYTES = 8
SECRET_BYTES = 20
BODY_MAX = 16 * 1024
CODE_CHARS = 12
MEDIA_ENROL = "application/vnd.safeseat.enrol"

_NO_TOKEN = bytes(TOKEN_ID_BYTES)
_NO_MAC = bytes(32)
_NO_SIG = bytes(SIGNATURE_BYTES)


@dataclass(frozen=True, slots=True)
class Token:
    """An enrolment token; its `repr` and `str` never show the secret."""

    id: bytes
    secret: bytes = field(repr=False)
    fingerprint: bytes

    def text(self) -> str:
        """Return what IT hands out: 77 characters in base32 without padding. This holds the secret."""
        raw = fixed(self.id, TOKEN_ID_BYTES, "a token id") + fixed(self.secret, SECRET_BYTES, "a token's secret")
        whole = raw + fixed(self.fingerprint, FINGERPRINT_BYTES, "a root fingerprint")
        return base64.b32encode(whole).decode().rstrip("=")

    def mac_key(self) -> bytes:
        """Return H(T("token") ‖ secret): all that the server stores of the secret."""
        return token_key(self.secret)


def token_key(secret: bytes) -> bytes:
    """Return the mac key of a token's secret."""
    return sha256(tag("token") + fixed(secret, SECRET_BYTES, "a token's secret"))


def parse_token(text: str) -> Token:
    """Return the token in a text; spaces, dashes and line ends are forgiven, letters may be small; ProtocolError."""
    plain = "".join(text.split()).replace("-", "").upper()
    size = TOKEN_ID_BYTES + SECRET_BYTES + FINGERPRINT_BYTES
    try:
        raw = base64.b32decode(plain + "=" * (-len(plain) % 8))
    except (binascii.Error, ValueError):
        raise ProtocolError("this is not an enrolment code") from None
    if len(raw) != size or base64.b32encode(raw).decode().rstrip("=") != plain or raw[:TOKEN_ID_BYTES] == _NO_TOKEN:
        raise ProtocolError("this is not an enrolment code: characters are missing or wrong")
    return Token(raw[:8], raw[8:28], raw[28:])


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A parsed request whose signature by the new key fits; the mac is checked with the token's key."""

    fingerprint: bytes
    token_id: bytes | None
    device: bytes
    key: PublicKey
    body: bytes
    mac: bytes = field(repr=False)
    old_sig: bytes | None

    def message(self) -> bytes:
        """Return E, the bytes that mac and signatures cover."""
        return enrol_message(self.fingerprint, self.token_id, self.device, self.key, self.body)

    def check_mac(self, token_mac_key: bytes) -> None:
        """Raise BadSignatureError unless the sender knows the token's secret."""
        if self.token_id is None or not hmac.compare_digest(mac_of(token_mac_key, self.message()), self.mac):
            raise BadSignatureError("the enrolment code is not the one that was given out")

    def check_old(self, old: PublicKey) -> None:
        """Raise BadSignatureError unless the device's old key signed the new one."""
        if self.old_sig is None:
            raise BadSignatureError("the new key is not signed by the old one")
        old.verify(self.old_sig, self.message())

    def code(self) -> str:
        """Return the 12 characters that IT compares on both screens."""
        return comparison_code(self.message())


def enrol_message(fingerprint: bytes, token_id: bytes | None, device: bytes, key: PublicKey, body: bytes) -> bytes:
    """Return E = T("enrol") ‖ fingerprint ‖ id ‖ device ‖ u8 alg ‖ pub ‖ H(body)."""
    return tag("enrol") + _front(fingerprint, token_id, device, key) + sha256(body)


def _front(fingerprint: bytes, token_id: bytes | None, device: bytes, key: PublicKey) -> bytes:
    root = fixed(fingerprint, FINGERPRINT_BYTES, "a root fingerprint")
    token = fixed(_NO_TOKEN if token_id is None else token_id, TOKEN_ID_BYTES, "a token id")
    return root + token + fixed(device, 16, "a device id") + u8(key.alg) + fixed(key.pub33, PUBLIC_BYTES, "a key")


def mac_of(token_mac_key: bytes, message: bytes) -> bytes:
    """Return HMAC-SHA256(H(T("token") ‖ secret), E)."""
    return hmac.digest(token_mac_key, message, "sha256")


def account_hash(fingerprint: bytes, account: str) -> bytes:
    """Return the keyed hash of an OS account name, the same on the PC and from IT's roster; 32 bytes.

    The name itself never leaves the PC. `account` is DOMAIN\\user or user; case does not matter.
    """
    key = sha256(tag("account") + fixed(fingerprint, FINGERPRINT_BYTES, "a root fingerprint"))
    return hmac.digest(key, account.strip().casefold().encode(), "sha256")


def comparison_code(message: bytes) -> str:
    """Return 12 base32 characters (60 bits) over E: root, device and key in one, read aloud or compared by eye."""
    plain = base64.b32encode(sha256(tag("enrol-code") + message)).decode()[:CODE_CHARS]
    return f"{plain[:4]}-{plain[4:8]}-{plain[8:]}"


def make_request(
    device_key: Signer, device: bytes, body: bytes, *, token: Token | bytes, old: Signer | None = None
) -> bytes:
    """Return the request's bytes. Without a token pass the root's fingerprint (20 bytes) that the server showed."""
    if len(body) > BODY_MAX:
        raise TooLargeError(f"an enrolment may carry {BODY_MAX} bytes")
    key = public_of(device_key)
    fingerprint, token_id = (token.fingerprint, token.id) if isinstance(token, Token) else (token, None)
    message = enrol_message(fingerprint, token_id, device, key, body)
    mac = mac_of(token.mac_key(), message) if isinstance(token, Token) else _NO_MAC
    old_sig = old.sign(message) if old else _NO_SIG
    return _front(fingerprint, token_id, device, key) + mac + old_sig + device_key.sign(message) + body


def open_request(data: bytes, fingerprint: bytes) -> Enrolment:
    """Return the request if the new key signed it and it is meant for the root with this fingerprint.

    BadSignatureError or ProtocolError. Then find the token by its id and call `check_mac`; without one it is pending.
    """
    reader = Reader(data, "enrolment")
    root, token_id, device = reader.take(FINGERPRINT_BYTES), reader.take(TOKEN_ID_BYTES), reader.take(16)
    key = public_key(alg_of(reader.u8()), reader.take(PUBLIC_BYTES))
    mac, old_sig, sig = reader.take(32), reader.take(SIGNATURE_BYTES), reader.take(SIGNATURE_BYTES)
    body = reader.rest()
    if len(body) > BODY_MAX:
        raise TooLargeError(f"an enrolment may carry {BODY_MAX} bytes")
    if root != fixed(fingerprint, FINGERPRINT_BYTES, "a root fingerprint"):
        raise ProtocolError("the enrolment is meant for another server")
    if token_id == _NO_TOKEN and mac != _NO_MAC:
        raise ProtocolError("an enrolment without a code has no mac")
    found = Enrolment(
        fingerprint=root,
        token_id=None if token_id == _NO_TOKEN else token_id,
        device=device,
        key=key,
        body=body,
        mac=mac,
        old_sig=None if old_sig == _NO_SIG else old_sig,
    )
    key.verify(sig, found.message())
    return found


def same_root(token: Token | None, pinned: bytes | None) -> bytes | None:
    """Return the root fingerprint that token and IT's pinned `ServerKey` agree on, or None if there is neither."""
    if token is None:
        return pinned
    if pinned is not None and pinned != token.fingerprint:
        raise ProtocolError("the enrolment code belongs to another server than the one that IT has set for this PC")
    return token.fingerprint
