"""The alarm's 345 bytes and the desk's receipts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocol.alarm import (
    MoveFlag,
    MoveKind,
    Receipt,
    ReceiptState,
    open_alarm,
    parse_move,
    parse_receipt,
    sign_receipt,
    verify_receipt,
)
from app.protocol.errors import BadSignatureError, ProtocolError
from app.protocol.keys import public_of
from app.protocol.vouch import no_vouch, verify_vouch
from tests.unit.protocol import samples as s

ID = st.binary(min_size=16, max_size=16)


@settings(max_examples=60)
@given(
    ID,
    ID,
    ID,
    st.integers(1, 2**32 - 1),
    st.sampled_from(MoveKind),
    st.integers(1, 3),
    st.integers(0, 3),
    st.integers(0, 2**64 - 1),
    st.binary(min_size=80, max_size=80),
)
def test_an_alarm_comes_back_as_it_was(
    device: bytes, stream: bytes, alarm: bytes, no: int, kind: MoveKind, level: int, flags: int, ms: int, detail: bytes
) -> None:
    data = s.alarm_bytes(
        device=device,
        stream=stream,
        alarm=alarm,
        no=no,
        kind=kind,
        level=level,
        flags=MoveFlag(flags),
        ms=ms,
        detail=detail,
    )
    found = open_alarm(data)
    move = found.move
    assert (move.device, move.stream, move.alarm, move.no) == (device, stream, alarm, no)
    assert (move.kind, move.level, move.flags, move.ms) == (kind, level, flags, ms)
    assert (found.detail, found.raw, found.vouch.pack()) == (detail, data, s.VOUCH)
    assert (move.drill, move.on_call) == (bool(flags & 1), bool(flags & 2))


def test_every_single_flipped_bit_of_an_alarm_is_refused_or_leaves_it_unverified() -> None:
    data, machine = s.alarm_bytes(), public_of(s.MACHINE)

    def believe(changed: bytes) -> None:
        verify_vouch(open_alarm(changed).vouch.pack(), machine, s.DEVICE, s.STREAM, s.MS)

    believe(data)
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ProtocolError):
            believe(bytes(changed))
        if bit < 8 * 175:
            with pytest.raises(ProtocolError):
                open_alarm(bytes(changed))


def test_an_alarm_of_an_ephemeral_key_opens_all_the_same() -> None:
    data = s.alarm_bytes(session=s.P256, vouch=no_vouch(public_of(s.P256)))
    assert open_alarm(data).vouch.not_after == 0


def test_an_alarm_signed_by_another_key_than_the_vouched_one_is_refused() -> None:
    with pytest.raises(BadSignatureError):
        open_alarm(s.alarm_bytes(session=s.ANSWER))


def test_a_detail_of_another_move_is_refused() -> None:
    data = s.alarm_bytes()
    with pytest.raises(BadSignatureError, match="detail"):
        open_alarm(data[:95] + bytes(80) + data[175:])


def test_unknown_kinds_levels_flags_and_number_zero_are_refused() -> None:
    move = open_alarm(s.alarm_bytes()).move.pack()
    assert parse_move(move).pack() == move
    for at, wrong in ((52, 0), (52, 5), (53, 0), (53, 4), (54, 4)):
        with pytest.raises(ProtocolError):
            parse_move(move[:at] + bytes([wrong]) + move[at + 1 :])
    with pytest.raises(ProtocolError):
        parse_move(move[:48] + bytes(4) + move[52:])
    with pytest.raises(ProtocolError):
        s.alarm_bytes(level=0)
    with pytest.raises(ProtocolError, match="a detail"):
        s.alarm_bytes(detail=b"")


@given(ID, ID, st.integers(0, 2**32 - 1), st.sampled_from(ReceiptState), st.integers(0, 2**64 - 1))
def test_a_receipt_comes_back_as_it_was(desk: bytes, alarm: bytes, no: int, state: ReceiptState, ms: int) -> None:
    receipt = Receipt(desk, alarm, no, state, ms)
    assert parse_receipt(receipt.pack()) == receipt


def test_every_flipped_bit_of_a_receipt_is_refused() -> None:
    key = public_of(s.MACHINE)
    data = s.RECEIPT.pack() + sign_receipt(s.RECEIPT, s.MACHINE)
    assert verify_receipt(data[:64], data[64:], key) == s.RECEIPT
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ProtocolError):
            verify_receipt(bytes(changed[:64]), bytes(changed[64:]), key)


def test_an_unknown_receipt_state_is_refused() -> None:
    data = s.RECEIPT.pack()
    with pytest.raises(ProtocolError, match="unknown receipt state 9"):
        parse_receipt(data[:55] + b"\x09" + data[56:])


@given(st.binary(max_size=400))
def test_noise_is_neither_alarm_nor_receipt(noise: bytes) -> None:
    for parse in (open_alarm, parse_move, parse_receipt):
        with pytest.raises(ProtocolError):
            parse(noise)
