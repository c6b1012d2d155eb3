"""Enrolment: the secret is never sent or shown, and token, root, device, key and body hang together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocol import api
from app.protocol.enrol import (
    BODY_MAX,
    Token,
    account_hash,
    make_request,
    open_request,
    parse_token,
    same_root,
    token_key,
)
from app.protocol.errors import BadSignatureError, ProtocolError, TooLargeError
from app.protocol.keys import Ed25519Signer, public_of
from tests.unit.protocol import samples as s

BODY = api.encode_message(s.ENROL_BODY)
TOKENS = st.builds(
    Token,
    st.binary(min_size=8, max_size=8).filter(any),
    st.binary(min_size=20, max_size=20),
    st.binary(min_size=20, max_size=20),
)


@given(TOKENS)
def test_a_token_comes_back_as_it_was(token: Token) -> None:
    assert len(token.text()) == 77
    assert parse_token(token.text()) == token


def test_a_token_may_be_typed_in_small_letters_with_spaces_and_dashes() -> None:
    text = s.TOKEN.text().lower()
    assert parse_token(f" {text[:20]}-{text[20:40]}\n {text[40:]}\r\n") == s.TOKEN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        "hello",
        s.TOKEN.text()[:-1],
        s.TOKEN.text() + "A",
        "1" * 77,
        "é" * 77,
        s.TOKEN.text()[:-1] + "B",
        "A" * 77,
    ],
)
def test_a_mistyped_token_is_told_in_one_sentence_without_repeating_it(text: str) -> None:
    with pytest.raises(ProtocolError, match="enrolment code") as caught:
        parse_token(text)
    assert s.TOKEN.text()[:20] not in str(caught.value)


def test_the_secret_stands_in_no_repr_and_in_no_request() -> None:
    request = make_request(s.MACHINE, s.DEVICE, BODY, token=s.TOKEN)
    for shown in (repr(s.TOKEN), str(s.TOKEN), repr(open_request(request, s.FINGERPRINT))):
        assert '"""' not in shown
        assert "22" * 20 not in shown
        assert s.TOKEN.text() not in shown
    assert s.TOKEN.secret not in request
    assert token_key(s.TOKEN.secret) not in request


def test_a_request_with_the_right_token_is_taken() -> None:
    found = open_request(make_request(s.MACHINE, s.DEVICE, BODY, token=s.TOKEN), s.FINGERPRINT)
    found.check_mac(token_key(s.TOKEN.secret))
    assert (found.token_id, found.device, found.key) == (s.TOKEN.id, s.DEVICE, public_of(s.MACHINE))
    assert api.decode_message(found.body, api.EnrolBody) == s.ENROL_BODY


def test_a_request_without_knowledge_of_the_secret_is_refused() -> None:
    guessed = Token(s.TOKEN.id, b"\x23" * 20, s.FINGERPRINT)
    found = open_request(make_request(s.MACHINE, s.DEVICE, BODY, token=guessed), s.FINGERPRINT)
    with pytest.raises(BadSignatureError, match="enrolment code"):
        found.check_mac(token_key(s.TOKEN.secret))


def test_a_request_without_a_token_waits_for_the_comparison_of_12_characters() -> None:
    data = make_request(s.MACHINE, s.DEVICE, BODY, token=s.FINGERPRINT)
    found = open_request(data, s.FINGERPRINT)
    assert found.token_id is None
    with pytest.raises(BadSignatureError):
        found.check_mac(token_key(s.TOKEN.secret))
    assert len(found.code().replace("-", "")) == 12
    other = open_request(make_request(s.SESSION, s.DEVICE, BODY, token=s.FINGERPRINT), s.FINGERPRINT)
    assert other.code() != found.code()


def test_a_new_device_key_is_signed_by_the_old_one_too() -> None:
    found = open_request(make_request(s.P256, s.DEVICE, BODY, token=s.TOKEN, old=s.MACHINE), s.FINGERPRINT)
    found.check_old(public_of(s.MACHINE))
    with pytest.raises(BadSignatureError):
        found.check_old(public_of(s.SESSION))
    plain = open_request(make_request(s.P256, s.DEVICE, BODY, token=s.TOKEN), s.FINGERPRINT)
    with pytest.raises(BadSignatureError, match="not signed by the old"):
        plain.check_old(public_of(s.MACHINE))


def test_every_flipped_bit_of_a_request_is_refused() -> None:
    def believe(changed: bytes) -> None:
        found = open_request(changed, s.FINGERPRINT)
        found.check_mac(token_key(s.TOKEN.secret))
        found.check_old(public_of(s.SESSION))

    data = make_request(s.MACHINE, s.DEVICE, BODY, token=s.TOKEN, old=s.SESSION)
    believe(data)
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ProtocolError):
            believe(bytes(changed))


def test_a_request_for_another_root_or_with_a_mac_but_no_token_is_refused() -> None:
    data = make_request(s.MACHINE, s.DEVICE, BODY, token=s.TOKEN)
    with pytest.raises(ProtocolError, match="another server"):
        open_request(data, b"\x01" * 20)
    with pytest.raises(ProtocolError, match="no mac"):
        open_request(data[:20] + bytes(8) + data[28:], s.FINGERPRINT)


def test_a_body_that_is_too_long_is_neither_sent_nor_taken() -> None:
    with pytest.raises(TooLargeError):
        make_request(s.MACHINE, s.DEVICE, bytes(BODY_MAX + 1), token=s.TOKEN)
    data = make_request(s.MACHINE, s.DEVICE, bytes(BODY_MAX), token=s.TOKEN)
    with pytest.raises(TooLargeError):
        open_request(data + b"\0", s.FINGERPRINT)


def test_token_and_the_key_that_it_has_set_must_name_one_root() -> None:
    assert (
        same_root(s.TOKEN, None) == same_root(s.TOKEN, s.FINGERPRINT) == same_root(None, s.FINGERPRINT) == s.FINGERPRINT
    )
    assert same_root(None, None) is None
    with pytest.raises(ProtocolError, match="another server"):
        same_root(s.TOKEN, b"\x01" * 20)


def test_the_account_leaves_only_as_a_hash_that_the_roster_can_repeat() -> None:
    one = account_hash(s.FINGERPRINT, "SITE\\Li.Wei")
    assert one == account_hash(s.FINGERPRINT, " site\\li.wei ")
    assert one != account_hash(b"\x01" * 20, "SITE\\Li.Wei")
    assert b"li.wei" not in one


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_noise_is_no_enrolment(noise: bytes) -> None:
    for data in (noise, s.FINGERPRINT + noise):
        with pytest.raises(ProtocolError):
            open_request(data, s.FINGERPRINT)


@settings(max_examples=100)
@given(st.text(max_size=100))
def test_noise_is_no_token(text: str) -> None:
    with pytest.raises(ProtocolError):
        parse_token(text)


def test_two_devices_never_share_a_request() -> None:
    one = make_request(Ed25519Signer(b"\x71" * 32), s.DEVICE, BODY, token=s.TOKEN)
    assert one != make_request(Ed25519Signer(b"\x72" * 32), s.DEVICE, BODY, token=s.TOKEN)
