"""The sealed PIN proof: opens only for its own take-back, and tells nobody but the server anything."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocol import seal
from app.protocol.errors import BadSignatureError, ProtocolError
from app.protocol.pin import Step, open_proof, pin_proof, pin_value, same_value, seal_proof
from tests.unit.protocol import samples as s

STEP = Step(s.DEVICE, s.STREAM, s.ALARM, 2)
PUBLIC = seal.seal_public(s.SEAL_SECRET)


def test_a_proof_depends_on_pin_and_stream_and_is_always_the_same() -> None:
    proof = pin_proof("482913", s.STREAM)
    assert len(proof) == 32
    assert proof == pin_proof("482913", s.STREAM)
    assert proof not in (pin_proof("482914", s.STREAM), pin_proof("482913", s.DEVICE))


@pytest.mark.parametrize("pin", ["", "12345", "1" * 33, "12345a", "١٢٣٤٥٦", "123 456"])
def test_a_pin_has_six_digits_or_more(pin: str) -> None:
    with pytest.raises(ProtocolError, match="digits"):
        pin_proof(pin, s.STREAM)


def test_the_detail_has_80_bytes_and_looks_different_each_time() -> None:
    one, two = (seal_proof(b"\x61" * 32, PUBLIC, STEP) for _ in range(2))
    assert len(one) == len(two) == 80
    assert one != two
    assert open_proof(one, s.SEAL_SECRET, STEP) == b"\x61" * 32


def test_a_detail_opens_for_no_other_move_and_no_other_key() -> None:
    detail = seal_proof(b"\x61" * 32, PUBLIC, STEP)
    for step in (Step(s.DEVICE, s.STREAM, s.ALARM, 3), Step(s.DEVICE, s.STREAM, s.DESK, 2)):
        with pytest.raises(BadSignatureError):
            open_proof(detail, s.SEAL_SECRET, step)
    with pytest.raises(BadSignatureError):
        open_proof(detail, s.DESK_SECRET, STEP)


@settings(max_examples=60)
@given(st.integers(0, 80 * 8 - 1))
def test_every_flipped_bit_of_a_detail_is_refused(bit: int) -> None:
    detail = bytearray(seal_proof(b"\x61" * 32, PUBLIC, STEP))
    detail[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadSignatureError):
        open_proof(bytes(detail), s.SEAL_SECRET, STEP)


def test_wrong_lengths_and_useless_keys_are_refused() -> None:
    with pytest.raises(ProtocolError, match="a PIN proof"):
        seal_proof(b"short", PUBLIC, STEP)
    with pytest.raises(ProtocolError, match="a detail"):
        open_proof(bytes(79), s.SEAL_SECRET, STEP)
    with pytest.raises(ProtocolError, match="cannot be used"):
        seal_proof(bytes(32), bytes(32), STEP)
    with pytest.raises(BadSignatureError):
        open_proof(bytes(80), s.SEAL_SECRET, STEP)


def test_the_stored_value_needs_the_pepper() -> None:
    proof = b"\x61" * 32
    assert same_value(pin_value(b"pepper", proof), pin_value(b"pepper", proof))
    assert not same_value(pin_value(b"pepper", proof), pin_value(b"salt", proof))


def test_a_sealed_text_of_another_length_is_no_proof() -> None:
    with pytest.raises(ProtocolError, match="80 bytes"):
        open_proof(seal.seal(b"\x61" * 31, PUBLIC, STEP.info()), s.SEAL_SECRET, STEP)
