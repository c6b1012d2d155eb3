"""LAN datagrams between PC and lead desk: 512 bytes both ways, sealed, so that an alarm looks like a probe.

hdr = "SSL1" ‖ u8 type ‖ 000000; datagram = hdr[8] ‖ mac[16] ‖ body[488]. The mac is checked first and a wrong one is
never answered. Everything about addresses, cookies' age, repeats and rates is the callers' affair.
"""

import hmac
from dataclasses import dataclass, field

from app.protocol import seal
from app.protocol.alarm import ALARM_BYTES
from app.protocol.errors import BadSignatureError, ProtocolError, ReplayedError
from app.protocol.wire import Reader, fixed, sha256, tag, u8, u32, u64

DATAGRAM_BYTES = 512
COOKIE_BYTES = 16
REPLY_KEY_BYTES = 32
MAC_BYTES = 16
QUESTION, ANSWER = 1, 2

_HDR_BYTES = 8
_QUESTION_PLAIN = 440
_ANSWER_PLAIN = 464
_NO_ALARM = bytes(ALARM_BYTES)
STATE_MAX = 5
"""0 nothing known, 1 delivered, 2 seen, 3 taken, 4 on the spot, 5 settled."""


def _hdr(kind: int) -> bytes:
    return b"SSL1" + u8(kind) + bytes(3)


@dataclass(frozen=True, slots=True)
class Desk:
    """A lead desk as the roster names it: id and X25519 public key (32 bytes)."""

    id: bytes
    pub: bytes

    def mac_key(self) -> bytes:
        """Return the key of a question's mac: only who has the roster can make the desk open anything."""
        return sha256(tag("lan-mac") + fixed(self.id, 16, "a desk id") + fixed(self.pub, 32, "a desk key"))

    def info(self) -> bytes:
        """Return HPKE's info bytes."""
        return tag("lan") + fixed(self.id, 16, "a desk id") + _hdr(QUESTION)


@dataclass(frozen=True, slots=True)
class Question:
    """What a PC asks a desk: a probe (`alarm` None) or the 345 bytes of an alarm; `cookie` is zero if none is known."""

    cookie: bytes
    reply_key: bytes = field(repr=False)
    alarm: bytes | None = None


@dataclass(frozen=True, slots=True)
class LanAnswer:
    """What a desk answers: its fresh cookie, and how far the named alarm is (zero id for a probe)."""

    cookie: bytes
    alarm: bytes
    step: int
    state: int
    sentence: int
    listening: int
    ms: int


def make_question(desk: Desk, question: Question) -> bytes:
    """Return the datagram; every call seals anew, so that a repeat does not look like one."""
    alarm = _NO_ALARM if question.alarm is None else fixed(question.alarm, ALARM_BYTES, "an alarm")
    kind = u8(0 if question.alarm is None else 1)
    cookie = fixed(question.cookie, COOKIE_BYTES, "a cookie")
    plain = kind + cookie + fixed(question.reply_key, REPLY_KEY_BYTES, "a reply key") + alarm
    body = seal.seal(plain.ljust(_QUESTION_PLAIN, b"\0"), desk.pub, desk.info())
    return _datagram(QUESTION, desk.mac_key(), body)


def open_question(datagram: bytes, desk: Desk, private: bytes) -> Question:
    """Return the question to this desk; `private` is its X25519 key. BadSignatureError or ProtocolError: no answer."""
    body = _body(datagram, QUESTION, desk.mac_key())
    reader = Reader(seal.unseal(body, private, desk.info()), "question")
    kind, cookie, reply_key = reader.u8(), reader.take(COOKIE_BYTES), reader.take(REPLY_KEY_BYTES)
    alarm, rest = reader.take(ALARM_BYTES), reader.rest()
    if kind > 1 or any(rest) or len(rest) != _QUESTION_PLAIN - 49 - ALARM_BYTES or (kind == 0 and any(alarm)):
        raise ProtocolError("this question is not of this protocol")
    return Question(cookie, reply_key, alarm if kind == 1 else None)


def make_answer(reply_key: bytes, no: int, answer: LanAnswer) -> bytes:
    """Return the datagram; `no` must never be used twice with one reply key."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    if not 0 <= answer.state <= STATE_MAX:
        raise ProtocolError(f"unknown state {answer.state}")
    ids = fixed(answer.cookie, COOKIE_BYTES, "a cookie") + fixed(answer.alarm, 16, "an alarm id") + u32(answer.step)
    plain = ids + u8(answer.state) + u8(answer.sentence) + u8(answer.listening) + u64(answer.ms)
    number = u64(no)
    cipher = ChaCha20Poly1305(fixed(reply_key, REPLY_KEY_BYTES, "a reply key"))
    sealed = cipher.encrypt(bytes(4) + number, plain.ljust(_ANSWER_PLAIN, b"\0"), _hdr(ANSWER) + number)
    return _datagram(ANSWER, _reply_mac_key(reply_key), number + sealed)


def open_answer(datagram: bytes, reply_key: bytes, last: int | None) -> tuple[int, LanAnswer]:
    """Return (no, answer) if it answers a question with this reply key and its number is above `last`.

    BadSignatureError, ReplayedError or ProtocolError.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    body = _body(datagram, ANSWER, _reply_mac_key(reply_key))
    number, sealed = body[:8], body[8:]
    try:
        plain = ChaCha20Poly1305(reply_key).decrypt(bytes(4) + number, sealed, _hdr(ANSWER) + number)
    except InvalidTag:
        raise BadSignatureError("the answer does not open") from None
    no = int.from_bytes(number, "big")
    if last is not None and no <= last:
        raise ReplayedError("the answer's number did not rise")
    return no, _parse_answer(plain)


def _parse_answer(plain: bytes) -> LanAnswer:
    reader = Reader(plain, "answer")
    cookie, alarm, step = reader.take(COOKIE_BYTES), reader.take(16), reader.u32()
    state, sentence, listening, ms = reader.u8(), reader.u8(), reader.u8(), reader.u64()
    if state > STATE_MAX or any(reader.rest()):
        raise ProtocolError("this answer is not of this protocol")
    return LanAnswer(cookie, alarm, step, state, sentence, listening, ms)


def _reply_mac_key(reply_key: bytes) -> bytes:
    return sha256(tag("lan-mac") + fixed(reply_key, REPLY_KEY_BYTES, "a reply key"))


def _mac(key: bytes, hdr: bytes, body: bytes) -> bytes:
    return hmac.digest(key, hdr + body, "sha256")[:MAC_BYTES]


def _datagram(kind: int, mac_key: bytes, body: bytes) -> bytes:
    hdr = _hdr(kind)
    return fixed(hdr + _mac(mac_key, hdr, body) + body, DATAGRAM_BYTES, "a datagram")


def _body(datagram: bytes, kind: int, mac_key: bytes) -> bytes:
    fixed(datagram, DATAGRAM_BYTES, "a datagram")
    hdr, body = datagram[:_HDR_BYTES], datagram[_HDR_BYTES + MAC_BYTES :]
    mac = datagram[_HDR_BYTES : _HDR_BYTES + MAC_BYTES]
    if not hmac.compare_digest(_mac(mac_key, hdr, body), mac):
        raise BadSignatureError("the datagram's mac is wrong")
    if hdr != _hdr(kind):
        raise ProtocolError("this is not a datagram of the expected type")
    return body
