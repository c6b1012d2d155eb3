"""V: the machine key's word for a session key."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocol.errors import BadSignatureError, ProtocolError, StaleError
from app.protocol.keys import public_of
from app.protocol.vouch import make_vouch, no_vouch, parse_vouch, same_key, verify_vouch
from tests.unit.protocol import samples as s

MACHINE = public_of(s.MACHINE)


def test_a_vouch_has_106_bytes_and_names_the_session_key() -> None:
    vouch = verify_vouch(s.VOUCH, MACHINE, s.DEVICE, s.STREAM, s.MS)
    assert len(s.VOUCH) == 106
    assert vouch.key == public_of(s.SESSION)
    assert vouch.pack() == s.VOUCH


def test_a_vouch_is_good_only_for_its_device_and_stream() -> None:
    for device, stream in ((s.STREAM, s.STREAM), (s.DEVICE, s.DEVICE)):
        with pytest.raises(BadSignatureError):
            verify_vouch(s.VOUCH, MACHINE, device, stream, s.MS)


@settings(max_examples=80)
@given(st.integers(0, 106 * 8 - 1))
def test_every_flipped_bit_of_a_vouch_is_refused(bit: int) -> None:
    data = bytearray(s.VOUCH)
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ProtocolError):
        verify_vouch(bytes(data), MACHINE, s.DEVICE, s.STREAM, s.MS)


def test_a_vouch_ends_and_may_not_be_good_for_more_than_a_day() -> None:
    with pytest.raises(StaleError, match="is over"):
        verify_vouch(s.VOUCH, MACHINE, s.DEVICE, s.STREAM, s.MS + 86_400_000)
    long = make_vouch(s.MACHINE, s.DEVICE, s.STREAM, public_of(s.SESSION), s.MS + 86_400_000 + 300_001)
    with pytest.raises(StaleError, match="24 hours"):
        verify_vouch(long, MACHINE, s.DEVICE, s.STREAM, s.MS)


def test_an_ephemeral_key_travels_in_a_vouch_that_nobody_signed() -> None:
    data = no_vouch(public_of(s.P256))
    assert parse_vouch(data).key == public_of(s.P256)
    with pytest.raises(BadSignatureError):
        verify_vouch(data, MACHINE, s.DEVICE, s.STREAM, s.MS)


def test_a_vouch_for_another_key_is_told() -> None:
    same_key(parse_vouch(s.VOUCH), public_of(s.SESSION))
    with pytest.raises(ProtocolError, match="another key"):
        same_key(parse_vouch(s.VOUCH), public_of(s.P256))
