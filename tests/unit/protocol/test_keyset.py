"""The key set: believed only through the root's fingerprint, only rising, only in its time."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocol.errors import BadSignatureError, ProtocolError, ReplayedError, StaleError
from app.protocol.keys import Ed25519Signer, public_of
from app.protocol.keyset import KEYS_MAX_BYTES, VALIDITY_MAX_MS, KeySet, Use, newer_keyset, open_keyset, sign_keyset
from app.protocol.seal import seal_public
from app.protocol.wire import tag
from tests.unit.protocol import samples as s

WIRE = sign_keyset(s.KEYSET, s.ROOT)


def changed(**changes: Any) -> KeySet:
    return msgspec.structs.replace(s.KEYSET, **changes)


def test_a_key_set_opens_with_the_fingerprint_of_its_root_only() -> None:
    assert open_keyset(WIRE, s.FINGERPRINT, s.MS) == s.KEYSET
    with pytest.raises(BadSignatureError, match="another root"):
        open_keyset(WIRE, b"\0" * 20, s.MS)
    other = sign_keyset(s.KEYSET, Ed25519Signer(b"\x77" * 32))
    with pytest.raises(BadSignatureError, match="another root"):
        open_keyset(other, s.FINGERPRINT, s.MS)
    with pytest.raises(BadSignatureError):
        open_keyset(WIRE[:32] + other[32:], s.FINGERPRINT, s.MS)


@settings(max_examples=150)
@given(st.integers(0, 8 * len(WIRE) - 1))
def test_every_flipped_bit_of_a_key_set_is_refused(bit: int) -> None:
    data = bytearray(WIRE)
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadSignatureError):
        open_keyset(bytes(data), s.FINGERPRINT, s.MS)


def test_a_key_set_ends_and_is_good_for_400_days_at_most() -> None:
    with pytest.raises(StaleError, match="expired"):
        open_keyset(WIRE, s.FINGERPRINT, s.KEYSET.expires)
    long = sign_keyset(changed(expires=s.MS + VALIDITY_MAX_MS + 1), s.ROOT)
    with pytest.raises(StaleError, match="400 days"):
        open_keyset(long, s.FINGERPRINT, s.MS)


def test_only_a_higher_generation_of_the_same_server_is_taken() -> None:
    assert newer_keyset(None, s.KEYSET) == s.KEYSET
    newer = changed(generation=2)
    assert newer_keyset(s.KEYSET, newer) == newer
    for old in (s.KEYSET, newer):
        with pytest.raises(ReplayedError):
            newer_keyset(old, s.KEYSET)
    with pytest.raises(ProtocolError, match="another server"):
        newer_keyset(s.KEYSET, changed(generation=2, server=s.DEVICE))


def test_a_key_is_found_by_id_use_and_time() -> None:
    assert s.KEYSET.find("answer-1", "answer", s.MS) == public_of(s.ANSWER)
    assert s.KEYSET.find("release-1", "release", s.MS) == public_of(s.RELEASE)
    assert s.KEYSET.seal_key(s.MS) == seal_public(s.SEAL_SECRET)
    wrong: list[tuple[str, Use, int]] = [
        ("answer-1", "policy", s.MS),
        ("nobody", "answer", s.MS),
        ("answer-1", "answer", s.MS - 1001),
        ("answer-1", "answer", s.MS + 366 * 86_400_000),
        ("seal-1", "seal", s.MS),
    ]
    for name, use, now in wrong:
        with pytest.raises(StaleError):
            s.KEYSET.find(name, use, now)
    with pytest.raises(StaleError):
        s.KEYSET.seal_key(s.MS + 366 * 86_400_000)


def test_once_the_set_has_expired_none_of_its_keys_counts() -> None:
    assert s.KEYSET.valid("answer", s.MS)
    assert changed(expires=s.MS).valid("answer", s.MS) == ()


def test_while_keys_overlap_either_may_sign() -> None:
    second = Ed25519Signer(b"\x78" * 32)
    keys = changed(keys=(*s.KEYSET.keys, s.server_key("answer-2", second, "answer")))
    assert keys.verify_any("answer", s.MS, s.ANSWER.sign(b"m"), b"m").id == "answer-1"
    assert keys.verify_any("answer", s.MS, second.sign(b"m"), b"m").id == "answer-2"
    with pytest.raises(BadSignatureError, match="no answer key"):
        keys.verify_any("answer", s.MS, s.POLICY.sign(b"m"), b"m")
    with pytest.raises(StaleError):
        keys.verify_any("answer", 0, s.ANSWER.sign(b"m"), b"m")


def test_the_newest_seal_key_is_taken() -> None:
    seal = next(key for key in s.KEYSET.keys if key.use == "seal")
    newer = msgspec.structs.replace(seal, id="seal-2", from_ms=seal.from_ms + 1, pub=b"\0" + b"\x09" * 32)
    assert changed(keys=(newer, seal)).seal_key(s.MS) == b"\x09" * 32


@pytest.mark.parametrize(
    "key",
    [
        {"id": "answer-1"},
        {"id": "x", "use": "seal"},
        {"id": "x", "alg": 3},
        {"id": "x", "pub": b"\x01" + bytes(32)},
        {"id": "x", "alg": 2},
        {"id": "x", "alg": 3, "use": "seal", "pub": b"\x01" * 33},
    ],
)
def test_a_set_that_breaks_its_own_rules_is_not_signed(key: dict[str, Any]) -> None:
    wrong = msgspec.structs.replace(s.KEYSET.keys[0], **key)
    with pytest.raises(ProtocolError):
        sign_keyset(changed(keys=(*s.KEYSET.keys, wrong)), s.ROOT)


def test_only_an_ed25519_root_signs_key_sets() -> None:
    with pytest.raises(ProtocolError, match="Ed25519"):
        sign_keyset(s.KEYSET, s.P256)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"\xff",
        msgspec.json.encode(s.KEYSET).replace(b'"generation":1', b'"generation":0'),
        msgspec.json.encode(s.KEYSET).replace(b'"server"', b'"person"'),
        msgspec.json.encode(s.KEYSET).replace(b'"use":"answer"', b'"use":"root"'),
        msgspec.json.encode(s.KEYSET).replace(b"policy-1", b"answer-1"),
    ],
)
def test_what_the_root_signed_must_still_be_a_key_set(body: bytes) -> None:
    data = s.ROOT.pub33[1:] + s.ROOT.sign(tag("keys") + body) + body
    with pytest.raises(ProtocolError):
        open_keyset(data, s.FINGERPRINT, s.MS)


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_noise_is_no_key_set(noise: bytes) -> None:
    with pytest.raises(ProtocolError):
        open_keyset(noise, s.FINGERPRINT, s.MS)
    with pytest.raises(ProtocolError, match="too long"):
        open_keyset(bytes(KEYS_MAX_BYTES + 1), s.FINGERPRINT, s.MS)
