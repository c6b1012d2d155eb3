"""Signing keys of both algorithms."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocol.errors import BadSignatureError, ProtocolError
from app.protocol.keys import (
    Alg,
    Ed25519Signer,
    P256Signer,
    PublicKey,
    Signer,
    public_key,
    public_of,
    signer_from_bytes,
    verify,
)
from tests.unit.protocol import samples as s

SIGNERS = [s.SESSION, s.P256]


@pytest.mark.parametrize("signer", SIGNERS)
def test_a_signature_has_64_bytes_and_fits_only_its_message_and_key(signer: Signer) -> None:
    sig = signer.sign(b"message")
    assert len(sig) == 64
    assert len(signer.pub33) == 33
    verify(signer.alg, signer.pub33, sig, b"message")
    public_of(signer).verify(sig, b"message")
    with pytest.raises(BadSignatureError):
        verify(signer.alg, signer.pub33, sig, b"other message")
    other = Ed25519Signer(b"\x44" * 32) if signer.alg is Alg.ED25519 else P256Signer(b"\x44" * 32)
    with pytest.raises(BadSignatureError):
        public_of(other).verify(sig, b"message")


@pytest.mark.parametrize("signer", SIGNERS)
@settings(max_examples=40)
@given(bit=st.integers(0, 511))
def test_every_flipped_bit_of_a_signature_is_refused(signer: Signer, bit: int) -> None:
    sig = bytearray(signer.sign(b"message"))
    sig[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadSignatureError):
        verify(signer.alg, signer.pub33, bytes(sig), b"message")


def test_the_algorithm_of_the_registered_key_decides_not_the_bytes() -> None:
    with pytest.raises(ProtocolError, match="not a public key"):
        verify(Alg.P256, s.SESSION.pub33, s.SESSION.sign(b"m"), b"m")
    with pytest.raises(ProtocolError, match="not a public key"):
        verify(Alg.ED25519, s.P256.pub33, s.P256.sign(b"m"), b"m")


def test_stored_private_bytes_give_the_same_signer_again() -> None:
    assert signer_from_bytes(1, b"\x01" * 32).pub33 == s.SESSION.pub33
    assert signer_from_bytes(2, b"\x0a" * 32).pub33 == s.P256.pub33


@pytest.mark.parametrize("secret", [bytes(32), b"\xff" * 32])
def test_a_number_outside_the_curve_is_no_p256_key(secret: bytes) -> None:
    with pytest.raises(ProtocolError, match="not a P-256"):
        P256Signer(secret)


def test_public_key_is_checked_before_it_is_kept() -> None:
    assert public_key(1, s.SESSION.pub33) == PublicKey(Alg.ED25519, s.SESSION.pub33)
    with pytest.raises(ProtocolError, match="unknown signature algorithm 9"):
        public_key(9, s.SESSION.pub33)
    with pytest.raises(ProtocolError, match="33 bytes"):
        public_key(1, b"\0" * 32)
    with pytest.raises(ProtocolError, match="not a public key"):
        public_key(2, b"\x02" + b"\xff" * 32)


def test_a_signature_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ProtocolError, match="64 bytes"):
        verify(1, s.SESSION.pub33, b"\0" * 63, b"m")


@pytest.mark.parametrize("signer", SIGNERS)
def test_a_signer_shows_nothing_of_its_key(signer: Signer) -> None:
    assert "01010101" not in repr(signer)
    assert "0a0a" not in repr(signer)
    assert not hasattr(signer, "__dict__")
