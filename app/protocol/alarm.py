"""The alarm move: the same 345 bytes (move ‖ detail ‖ signature ‖ V) to every server and every lead desk."""

from dataclasses import dataclass
from enum import IntEnum, IntFlag

from app.protocol.errors import BadSignatureError, ProtocolError
from app.protocol.keys import SIGNATURE_BYTES, PublicKey, Signer
from app.protocol.vouch import VOUCH_BYTES, Vouch, parse_vouch
from app.protocol.wire import Reader, fixed, sha256, tag, u8, u32, u64

MOVE_BYTES = 95
DETAIL_BYTES = 80
ALARM_BYTES = 345

_MOVE = tag("move")


class MoveKind(IntEnum):
    """What the move does."""

    RAISE = 1
    RAISE_LEVEL = 2
    TAKE_BACK = 3
    PRESSED_AGAIN = 4


class MoveFlag(IntFlag):
    """Drill is fixed by the move with no 1; a later move's drill bit changes nothing."""

    NONE = 0
    DRILL = 1
    ON_CALL = 2


@dataclass(frozen=True, slots=True)
class Move:
    """One signed step of an alarm; `no` counts from 1 for each alarm, `level` is 1..3, `ms` is for people."""

    device: bytes
    stream: bytes
    alarm: bytes
    no: int
    kind: MoveKind
    level: int
    flags: MoveFlag
    ms: int
    detail_hash: bytes

    def pack(self) -> bytes:
        """Return the 95 bytes."""
        ids = b"".join(fixed(one, 16, "an id") for one in (self.device, self.stream, self.alarm))
        what = u32(self.no) + u8(self.kind) + u8(self.level) + u8(self.flags) + u64(self.ms)
        return ids + what + fixed(self.detail_hash, 32, "a hash")

    @property
    def drill(self) -> bool:
        """Whether the drill bit is set."""
        return MoveFlag.DRILL in self.flags

    @property
    def on_call(self) -> bool:
        """Whether the agent was on a call."""
        return MoveFlag.ON_CALL in self.flags


@dataclass(frozen=True, slots=True)
class AlarmMessage:
    """The parsed 345 bytes: the signature fits the key inside V; whether V is believed is asked separately."""

    move: Move
    detail: bytes
    sig: bytes
    vouch: Vouch
    raw: bytes


def parse_move(data: bytes) -> Move:
    """Return the move in 95 bytes; unknown kind, level, flag or number 0: ProtocolError."""
    reader = Reader(data, "move")
    device, stream, alarm = (reader.take(16) for _ in range(3))
    no, kind, level, flags, ms = reader.u32(), reader.u8(), reader.u8(), reader.u8(), reader.u64()
    detail_hash = reader.take(32)
    reader.end()
    if no == 0 or not 1 <= level <= 3 or flags & ~0b11:
        raise ProtocolError("this move's number, level or flags are not of this protocol")
    try:
        known = MoveKind(kind)
    except ValueError:
        raise ProtocolError(f"unknown move kind {kind}") from None
    return Move(device, stream, alarm, no, known, level, MoveFlag(flags), ms, detail_hash)


def make_alarm(
    session: Signer,
    vouch: bytes,
    *,
    device: bytes,
    stream: bytes,
    alarm: bytes,
    no: int,
    kind: MoveKind,
    level: int,
    flags: MoveFlag,
    ms: int,
    detail: bytes,
) -> bytes:
    """Return the 345 bytes. `detail` is 80 bytes: the sealed PIN proof for a take-back, else random ones."""
    fixed(detail, DETAIL_BYTES, "a detail")
    move = Move(device, stream, alarm, no, kind, level, flags, ms, sha256(detail)).pack()
    parse_move(move)
    return move + detail + session.sign(_MOVE + move) + fixed(vouch, VOUCH_BYTES, "a vouch")


def open_alarm(data: bytes) -> AlarmMessage:
    """Return the parts after checking the detail's hash and the signature against the key in V.

    V itself is not checked: call `vouch.verify_vouch` with the machine key, and show the alarm as *unverified* when that
    fails. BadSignatureError or ProtocolError.
    """
    reader = Reader(data, "alarm")
    move_bytes, detail = reader.take(MOVE_BYTES), reader.take(DETAIL_BYTES)
    sig, vouch_bytes = reader.take(SIGNATURE_BYTES), reader.take(VOUCH_BYTES)
    reader.end()
    vouch = parse_vouch(vouch_bytes)
    vouch.key.verify(sig, _MOVE + move_bytes)
    move = parse_move(move_bytes)
    if sha256(detail) != move.detail_hash:
        raise BadSignatureError("the detail does not belong to the move")
    return AlarmMessage(move, detail, sig, vouch, bytes(data))


class ReceiptState(IntEnum):
    """How far a person at a desk has come with an alarm."""

    DELIVERED = 1
    SEEN = 2
    TAKEN = 3
    ON_SPOT = 4


RECEIPT_BYTES = 64
_RECEIPT = tag("receipt")


@dataclass(frozen=True, slots=True)
class Receipt:
    """A desk's own word about one alarm; `no` is the highest move it has painted, `ms` is for people."""

    desk: bytes
    alarm: bytes
    no: int
    state: ReceiptState
    ms: int

    def pack(self) -> bytes:
        """Return the 64 bytes that the desk signs."""
        ids = fixed(self.desk, 16, "a desk id") + fixed(self.alarm, 16, "an alarm id")
        return _RECEIPT + ids + u32(self.no) + u8(self.state) + u64(self.ms)


def parse_receipt(data: bytes) -> Receipt:
    """Return the receipt, unverified."""
    reader = Reader(data, "receipt")
    reader.expect(_RECEIPT)
    desk, alarm, no, state, ms = reader.take(16), reader.take(16), reader.u32(), reader.u8(), reader.u64()
    reader.end()
    try:
        return Receipt(desk, alarm, no, ReceiptState(state), ms)
    except ValueError:
        raise ProtocolError(f"unknown receipt state {state}") from None


def sign_receipt(receipt: Receipt, desk: Signer) -> bytes:
    """Return the desk's signature over the receipt."""
    return desk.sign(receipt.pack())


def verify_receipt(data: bytes, sig: bytes, desk: PublicKey) -> Receipt:
    """Return the receipt if this desk key signed it; BadSignatureError or ProtocolError."""
    desk.verify(sig, data)
    return parse_receipt(data)
