"""Live events: signed for one recipient, numbered, and cut anywhere on the way."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocol import sse
from app.protocol.errors import BadSignatureError, ProtocolError, ReplayedError, StaleError, TooLargeError
from app.protocol.event import (
    PAYLOAD_MAX,
    Event,
    check_event,
    event_id,
    make_event,
    open_event,
    parse_event_id,
)
from tests.unit.protocol import samples as s


def test_an_event_opens_for_its_recipient_only() -> None:
    frame = s.event_frame(b"{}")
    assert open_event(frame, s.KEYSET, s.STREAM, s.MS) == Event(1, 7, b"{}")
    with pytest.raises(BadSignatureError):
        open_event(frame, s.KEYSET, s.DEVICE, s.MS)
    with pytest.raises(StaleError):
        open_event(frame, s.KEYSET, s.STREAM, s.MS - 2000)


def test_every_flipped_bit_of_an_event_is_refused() -> None:
    frame = s.event_frame(b'{"type":"listeners"}')
    for bit in range(8 * len(frame)):
        changed = bytearray(frame)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BadSignatureError):
            open_event(bytes(changed), s.KEYSET, s.STREAM, s.MS)


def test_an_event_signed_by_another_use_of_key_is_refused() -> None:
    frame = make_event(s.POLICY, b"{}", server=s.SERVER, generation=1, recipient=s.STREAM, event_no=1)
    with pytest.raises(BadSignatureError):
        open_event(frame, s.KEYSET, s.STREAM, s.MS)


def test_an_event_number_must_rise_within_a_generation() -> None:
    assert check_event(Event(1, 7, b""), None) == (1, 7)
    assert check_event(Event(1, 8, b""), (1, 7)) == (1, 8)
    assert check_event(Event(2, 1, b""), (1, 8)) == (2, 1)
    for event in (Event(1, 8, b""), Event(1, 7, b""), Event(0, 99, b"")):
        with pytest.raises(ReplayedError):
            check_event(event, (1, 8))


def test_an_event_that_is_too_long_is_neither_made_nor_opened() -> None:
    with pytest.raises(TooLargeError):
        s.event_frame(bytes(PAYLOAD_MAX + 1))
    with pytest.raises(TooLargeError):
        open_event(bytes(PAYLOAD_MAX + 77), s.KEYSET, s.STREAM, s.MS)
    assert len(s.event_frame(bytes(PAYLOAD_MAX))) == PAYLOAD_MAX + 76


@given(st.integers(0, 2**64 - 1))
def test_an_event_id_comes_back_as_it_was(number: int) -> None:
    assert parse_event_id(event_id(number)) == number


@pytest.mark.parametrize("text", ["", "-1", "1.0", "18446744073709551616", "9" * 30, "٣", " 1", "x"])
def test_any_other_text_is_no_event_id(text: str) -> None:
    with pytest.raises(ProtocolError):
        parse_event_id(text)


FRAMES = st.lists(st.tuples(st.integers(0, 2**64 - 1), st.binary(min_size=1, max_size=200)), max_size=8)


@settings(max_examples=80)
@given(FRAMES, st.data())
def test_the_stream_may_be_cut_anywhere(frames: list[tuple[int, bytes]], data: st.DataObject) -> None:
    text = b"".join(sse.encode(number, frame) + sse.PING for number, frame in frames)
    parser, found, at = sse.Parser(), [], 0
    while at < len(text):
        size = data.draw(st.integers(1, 60))
        found += parser.feed(text[at : at + size])
        at += size
    assert [one for one in found if isinstance(one, sse.Message)] == [sse.Message(*one) for one in frames]
    assert sum(isinstance(one, sse.Ping) for one in found) == len(frames)


def test_carriage_returns_other_fields_and_empty_messages_are_allowed() -> None:
    text = b"retry: 1000\r\n\r\nevent: x\r\nid:7\r\ndata:AQ==\r\n\r\n\n"
    assert sse.Parser().feed(text) == [sse.Message(7, b"\x01")]


@pytest.mark.parametrize(
    "text",
    [
        b"id: 1\n\n",
        b"data: AQ==\n\n",
        b"id: x\ndata: AQ==\n\n",
        b"id: 1\ndata: A\n\n",
        b"id: 1\ndata: A*==\n\n",
        b"id: 1\ndata: AQ==\ndata: AQ==\n\n",
        b"id: 1\ndata: \xff\n\n",
    ],
)
def test_a_malformed_message_ends_the_connection(text: bytes) -> None:
    with pytest.raises(ProtocolError):
        sse.Parser().feed(text)


def test_a_line_that_never_ends_is_refused() -> None:
    parser = sse.Parser()
    for _ in range(8):
        assert parser.feed(b"d" * 10_000) == []
    with pytest.raises(TooLargeError):
        parser.feed(b"d" * 10_000)
    with pytest.raises(TooLargeError):
        sse.Parser().feed(b"d" * (sse.LINE_MAX + 1) + b"\n")


def test_the_longest_event_fits_a_line() -> None:
    frame = s.event_frame(bytes(PAYLOAD_MAX))
    assert sse.parse_all(sse.encode(7, frame)) == [sse.Message(7, frame)]


def test_a_long_poll_answer_holds_the_same_messages_and_must_be_whole() -> None:
    text = sse.encode(1, b"one") + sse.PING + sse.encode(2, b"two")
    assert sse.parse_all(text) == [sse.Message(1, b"one"), sse.Message(2, b"two")]
    assert sse.parse_all(b"") == []
    with pytest.raises(ProtocolError, match="cut off"):
        sse.parse_all(text[:-1])


@settings(max_examples=150)
@given(st.lists(st.binary(max_size=60), max_size=6))
def test_noise_gives_messages_or_a_protocol_error(chunks: list[bytes]) -> None:
    parser = sse.Parser()
    try:
        for chunk in chunks:
            parser.feed(chunk)
    except ProtocolError:
        pass


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_noise_is_no_event(noise: bytes) -> None:
    with pytest.raises(ProtocolError):
        open_event(noise, s.KEYSET, s.STREAM, s.MS)
