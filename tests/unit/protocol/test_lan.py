"""LAN datagrams: 512 bytes, nothing in clear, nothing accepted that was changed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocol import seal
from app.protocol.errors import BadSignatureError, ProtocolError, ReplayedError
from app.protocol.lan import (
    Desk,
    LanAnswer,
    Question,
    _datagram,
    _hdr,
    make_answer,
    make_question,
    open_answer,
    open_question,
)
from tests.unit.protocol import samples as s

KEY, COOKIE = b"\x41" * 32, b"\x42" * 16
ALARM = Question(COOKIE, KEY, s.alarm_bytes())
PROBE = Question(bytes(16), KEY)
ANSWERED = LanAnswer(COOKIE, s.ALARM, 3, 3, 1, 1, s.MS)


@pytest.mark.parametrize("question", [ALARM, PROBE])
def test_a_question_has_512_bytes_and_comes_back_as_it_was(question: Question) -> None:
    data = make_question(s.LAN_DESK, question)
    assert len(data) == 512
    assert open_question(data, s.LAN_DESK, s.DESK_SECRET) == question


def test_alarm_and_probe_look_alike_and_no_id_stands_in_clear() -> None:
    alarm, probe, again = (make_question(s.LAN_DESK, one) for one in (ALARM, PROBE, ALARM))
    assert len(alarm) == len(probe)
    assert alarm[:8] == probe[:8]
    assert alarm[8:] != again[8:]
    for secret in (s.DESK, s.DEVICE, s.STREAM, s.ALARM, s.VOUCH[:34], KEY):
        assert secret not in alarm
    assert s.ALARM not in make_answer(KEY, 7, ANSWERED)


def test_a_question_opens_at_its_own_desk_only() -> None:
    other = Desk(s.DESK, seal.seal_public(s.SEAL_SECRET))
    with pytest.raises(BadSignatureError, match="mac"):
        open_question(make_question(s.LAN_DESK, ALARM), other, s.SEAL_SECRET)


@pytest.mark.slow
def test_every_single_flipped_bit_of_both_datagrams_is_refused() -> None:
    question, answer = make_question(s.LAN_DESK, ALARM), make_answer(KEY, 7, ANSWERED)
    for bit in range(8 * 512):
        changed = bytearray(question)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ProtocolError):
            open_question(bytes(changed), s.LAN_DESK, s.DESK_SECRET)
        changed = bytearray(answer)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ProtocolError):
            open_answer(bytes(changed), KEY, None)


@given(
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=16, max_size=16),
    st.integers(0, 2**32 - 1),
    st.integers(0, 5),
    st.integers(0, 255),
    st.integers(0, 255),
    st.integers(0, 2**64 - 1),
    st.integers(0, 2**64 - 1),
)
def test_an_answer_comes_back_as_it_was(
    cookie: bytes, alarm: bytes, step: int, state: int, sentence: int, listening: int, ms: int, no: int
) -> None:
    answer = LanAnswer(cookie, alarm, step, state, sentence, listening, ms)
    data = make_answer(KEY, no, answer)
    assert len(data) == 512
    assert open_answer(data, KEY, None) == (no, answer)


def test_an_answer_counts_once_and_for_its_question_only() -> None:
    data = make_answer(KEY, 7, ANSWERED)
    assert open_answer(data, KEY, 6)[0] == 7
    with pytest.raises(ReplayedError):
        open_answer(data, KEY, 7)
    with pytest.raises(BadSignatureError, match="mac"):
        open_answer(data, COOKIE * 2, None)


def test_an_unknown_state_is_neither_sent_nor_read() -> None:
    with pytest.raises(ProtocolError, match="unknown state"):
        make_answer(KEY, 1, LanAnswer(COOKIE, s.ALARM, 1, 6, 0, 0, 0))


def test_a_datagram_of_the_other_type_is_refused() -> None:
    data = _datagram(2, s.LAN_DESK.mac_key(), bytes(488))
    with pytest.raises(ProtocolError, match="expected type"):
        open_question(data, s.LAN_DESK, s.DESK_SECRET)


def _sealed(plain: bytes) -> bytes:
    return _datagram(1, s.LAN_DESK.mac_key(), seal.seal(plain, s.LAN_DESK.pub, s.LAN_DESK.info()))


@pytest.mark.parametrize("kind", [2, 255])
def test_an_unknown_question_is_refused_though_it_is_sealed_well(kind: int) -> None:
    with pytest.raises(ProtocolError, match="not of this protocol"):
        open_question(_sealed(bytes([kind]) + bytes(439)), s.LAN_DESK, s.DESK_SECRET)


def test_padding_that_is_not_zero_and_a_probe_with_an_alarm_are_refused() -> None:
    for plain in (bytes(439) + b"\x01", bytes(100) + b"\x01" + bytes(339)):
        with pytest.raises(ProtocolError, match="not of this protocol"):
            open_question(_sealed(plain), s.LAN_DESK, s.DESK_SECRET)


def test_an_answer_that_seals_nonsense_is_refused() -> None:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    from app.protocol.lan import _reply_mac_key

    for plain in (bytes(463) + b"\x01", bytes(36) + b"\x06" + bytes(427)):
        sealed = bytes(8) + ChaCha20Poly1305(KEY).encrypt(bytes(12), plain, _hdr(2) + bytes(8))
        with pytest.raises(ProtocolError, match="not of this protocol"):
            open_answer(_datagram(2, _reply_mac_key(KEY), sealed), KEY, None)
    with pytest.raises(BadSignatureError, match="does not open"):
        open_answer(_datagram(2, _reply_mac_key(KEY), bytes(488)), KEY, None)


def test_the_reply_key_is_not_shown() -> None:
    assert KEY.decode() not in repr(ALARM)


@settings(max_examples=60)
@given(st.binary(max_size=600))
def test_noise_is_refused_without_an_answer(noise: bytes) -> None:
    with pytest.raises(ProtocolError):
        open_question(noise, s.LAN_DESK, s.DESK_SECRET)
    with pytest.raises(ProtocolError):
        open_answer(noise, KEY, None)
