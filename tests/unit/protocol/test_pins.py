"""Head and ack: round trips, flipped bits, and what an ack must fit."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocol.errors import BadSignatureError, ProtocolError, ReplayedError
from app.protocol.keys import public_of
from app.protocol.pins import (
    Ack,
    Head,
    check_ack,
    parse_ack,
    parse_head,
    sign_ack,
    sign_head,
    verify_ack,
    verify_head,
)
from tests.unit.protocol import samples as s

ID = st.binary(min_size=16, max_size=16)
HASH = st.binary(min_size=32, max_size=32)
U64 = st.integers(0, 2**64 - 1)
HEADS = st.builds(Head, ID, ID, ID, ID, U64, HASH, U64, U64)
ACKS = st.builds(Ack, ID, st.integers(0, 2**32 - 1), ID, ID, ID, U64, HASH, U64, U64, U64, HASH)


@given(HEADS)
def test_a_head_comes_back_as_it_was(head: Head) -> None:
    assert parse_head(head.pack()) == head


@given(ACKS)
def test_an_ack_comes_back_as_it_was(ack: Ack) -> None:
    assert parse_ack(ack.pack()) == ack


def test_head_and_ack_are_taken_only_with_their_signature() -> None:
    sig = sign_head(s.HEAD, s.SESSION)
    assert verify_head(s.HEAD.pack(), sig, public_of(s.SESSION)) == s.HEAD
    with pytest.raises(BadSignatureError):
        verify_head(s.HEAD.pack(), sig, public_of(s.ANSWER))
    sig = sign_ack(s.ACK, s.ANSWER)
    assert verify_ack(s.ACK.pack(), sig, public_of(s.ANSWER)) == s.ACK
    with pytest.raises(BadSignatureError):
        verify_ack(s.ACK.pack(), sig, public_of(s.SESSION))


@pytest.mark.slow
def test_every_single_flipped_bit_of_head_and_ack_is_refused() -> None:
    head, head_sig, session = s.HEAD.pack(), sign_head(s.HEAD, s.SESSION), public_of(s.SESSION)
    ack, ack_sig, answer = s.ACK.pack(), sign_ack(s.ACK, s.ANSWER), public_of(s.ANSWER)
    for at in range(8 * (len(head) + 64)):
        data = _flip(head + head_sig, at)
        with pytest.raises(ProtocolError):
            verify_head(data[:136], data[136:], session)
    for at in range(8 * (len(ack) + 64)):
        data = _flip(ack + ack_sig, at)
        with pytest.raises(ProtocolError):
            verify_ack(data[:179], data[179:], answer)


def _flip(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_any_other_bytes_are_neither_head_nor_ack(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        parse_head(data)
    with pytest.raises(ProtocolError):
        parse_ack(data)


def test_short_and_trailing_bytes_are_refused() -> None:
    for data in (s.HEAD.pack()[:-1], s.HEAD.pack() + b"\0"):
        with pytest.raises(ProtocolError):
            parse_head(data)
    for data in (s.ACK.pack()[:-1], s.ACK.pack() + b"\0"):
        with pytest.raises(ProtocolError):
            parse_ack(data)


def test_an_ack_must_be_for_this_journal_and_this_request() -> None:
    check_ack(s.ACK, s.HEAD)
    check_ack(replace(s.ACK, n=0), s.HEAD)
    other = b"\x99" * 16
    for ack in (replace(s.ACK, server=other), replace(s.ACK, device=other), replace(s.ACK, stream=other)):
        with pytest.raises(ProtocolError, match="another journal"):
            check_ack(ack, s.HEAD)
    with pytest.raises(ProtocolError, match="another journal"):
        check_ack(replace(s.ACK, epoch=other), s.HEAD)
    with pytest.raises(ReplayedError):
        check_ack(replace(s.ACK, beat=s.BEAT - 1), s.HEAD)
    with pytest.raises(ProtocolError, match="more records"):
        check_ack(replace(s.ACK, n=2), s.HEAD)
