"""The live stream: only signed, rising events are shown; a muting proxy is noticed and gone around."""

import base64
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.moment import NS, Moment
from app.protocol import api
from app.protocol.errors import ProtocolError
from app.protocol.event import make_event
from app.protocol.httpsig import Answer
from app.protocol.keys import Signer
from app.protocol.sse import MEDIA_EVENTS, PING, encode
from app.sync.stream import Connect, Heard, Stream
from tests.helpers.journal import SERVER, START, STREAM
from tests.helpers.sync import ANSWER_KEY, STRANGER, make_link, make_me, refusal, signed, unsigned


def frame(
    no: int, *, generation: int = 1, recipient: bytes = STREAM, signer: Signer = ANSWER_KEY, payload: bytes = b""
) -> bytes:
    data = payload or api.encode_event(api.Listeners(count=no))
    return make_event(signer, data, server=SERVER, generation=generation, recipient=recipient, event_no=no)


def sse(no: int, **more: Any) -> bytes:
    return encode(no, frame(no, **more))


def fresh(cursor: tuple[int, int] | None = None, random: float = 0.5) -> Stream:
    return Stream(make_link(), make_me(), random=lambda: random, cursor=cursor)


def counts(heard: list[Heard]) -> list[int]:
    return [one.event.count for one in heard if isinstance(one.event, api.Listeners)]


def connect(stream: Stream, now: Moment = START) -> Connect:
    todo = stream.next(now)
    assert isinstance(todo, Connect)
    return todo


def test_the_request_is_signed_and_brings_the_vouch() -> None:
    sent = connect(fresh()).request
    names = [name for name, _ in sent.headers]
    assert (sent.method, sent.target) == ("GET", api.ROUTE_STREAM)
    assert {"signature", "signature-input", api.HEADER_VOUCH} <= set(names)
    assert api.HEADER_LAST_EVENT not in names
    vouch = dict(sent.headers)[api.HEADER_VOUCH]
    assert len(base64.b64decode(vouch)) == 106


def test_events_are_heard_in_order_and_move_the_cursor() -> None:
    stream = fresh()
    connect(stream)
    assert counts(stream.chunk(sse(1) + PING + sse(2), START)) == [1, 2]
    assert stream.cursor == (1, 2)
    assert stream.alive


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 40), max_size=12))
def test_bytes_may_be_cut_anywhere(cuts: list[int]) -> None:
    data = sse(1) + sse(2) + PING + sse(3)
    stream = fresh()
    connect(stream)
    heard, at = [], 0
    for cut in cuts:
        heard += stream.chunk(data[at : at + cut], START)
        at += cut
    heard += stream.chunk(data[at:], START)
    assert counts(heard) == [1, 2, 3]


BAD: dict[str, dict[str, Any]] = {
    "stranger": {"signer": STRANGER},
    "somebody else": {"recipient": b"x" * 16},
    "older generation": {"generation": 0},
}


@pytest.mark.parametrize("name", BAD)
def test_an_event_that_does_not_prove_itself_is_not_shown(name: str) -> None:
    stream = fresh((1, 1))
    connect(stream)
    assert stream.chunk(sse(2, **BAD[name]), START) == []
    assert (stream.cursor, stream.dropped, stream.alive) == ((1, 1), 1, False)


def test_an_event_told_again_is_not_shown_again() -> None:
    stream = fresh()
    connect(stream)
    stream.chunk(sse(5), START)
    assert stream.chunk(sse(5) + sse(4), START) == []
    assert stream.dropped == 2


def test_a_restored_server_may_count_anew_in_a_higher_generation() -> None:
    stream = fresh((1, 900))
    connect(stream)
    assert counts(stream.chunk(sse(3, generation=2), START)) == [3]


def test_an_event_of_a_newer_server_moves_the_cursor_and_shows_nothing() -> None:
    stream = fresh()
    connect(stream)
    assert stream.chunk(sse(7, payload=b'{"type":"from.the.future"}'), START) == []
    assert stream.cursor == (1, 7)


def test_a_new_connection_asks_for_what_came_after_the_last_event() -> None:
    stream = fresh((1, 41))
    sent = connect(stream).request
    assert dict(sent.headers)[api.HEADER_LAST_EVENT] == "41"
    assert sent.target.endswith("?after=41")


def test_half_a_message_of_a_broken_connection_is_forgotten() -> None:
    stream = fresh()
    connect(stream)
    stream.chunk(sse(1)[:50], START)
    stream.lost("closed", START)
    connect(stream, START.later(60 * NS))
    assert counts(stream.chunk(sse(1), START)) == [1]


def test_garbage_ends_the_connection() -> None:
    stream = fresh()
    connect(stream)
    with pytest.raises(ProtocolError):
        stream.chunk(b"data: x\n\n", START)


def test_only_an_event_stream_counts_as_opened() -> None:
    stream = fresh()
    assert stream.opened(Answer(200, (("Content-Type", "text/event-stream; charset=utf-8"),), b""))
    assert not stream.opened(Answer(200, (("content-type", "text/html"),), b""))
    assert not stream.opened(Answer(503, (("content-type", "text/event-stream"),), b""))
    assert not stream.opened(Answer(200, (), b""))


def test_after_a_living_connection_the_next_attempt_is_quick_and_then_jittered() -> None:
    stream = fresh(random=1.0)
    connect(stream)
    stream.chunk(sse(1), START)
    stream.lost("closed", START)
    assert stream.next(START) == START.boot + NS
    waits, now = [], START.later(NS)
    for _ in range(8):
        connect(stream, now)
        stream.lost("refused", now)
        due = stream.next(now)
        assert isinstance(due, int)
        waits.append((due - now.boot) // NS)
        now = now.later(due - now.boot)
    assert waits == [4, 8, 16, 32, 60, 60, 60, 60]


def test_poke_ends_the_wait() -> None:
    stream = fresh()
    connect(stream)
    stream.lost("refused", START)
    stream.poke()
    connect(stream)


def muted(stream: Stream, now: Moment) -> Moment:
    """Mute the stream until long-poll takes over; returns the time."""
    for _ in range(2):
        assert connect(stream, now).kind == "stream"
        stream.lost("mute", now)
        now = now.later(61 * NS)
    return now


def test_a_proxy_that_mutes_streams_is_gone_around_by_long_poll() -> None:
    stream = fresh()
    now = muted(stream, START)
    todo = connect(stream, now)
    assert (todo.kind, todo.request.target) == ("poll", api.ROUTE_POLL)
    answer = signed(todo.request, 200, sse(1) + sse(2), media=MEDIA_EVENTS)
    assert counts(stream.polled(todo, answer, now)) == [1, 2]
    assert stream.alive
    again = connect(stream, now)
    assert again.request.target == f"{api.ROUTE_POLL}?after=2"
    assert stream.polled(again, signed(again.request, 200, b"", media=MEDIA_EVENTS), now) == []
    assert stream.alive


def test_the_stream_is_tried_again_after_an_hour() -> None:
    stream = fresh()
    now = muted(stream, START)
    assert connect(stream, now).kind == "poll"
    assert connect(stream, now.later(3599 * NS)).kind == "poll"
    assert connect(stream, now.later(3601 * NS)).kind == "stream"


def test_a_ping_ends_the_suspicion_of_a_muting_proxy() -> None:
    stream = fresh()
    connect(stream)
    stream.lost("mute", START)
    now = START.later(61 * NS)
    connect(stream, now)
    stream.chunk(PING, now)
    stream.lost("mute", now)
    assert connect(stream, now.later(61 * NS)).kind == "stream"


@pytest.mark.parametrize("code", [200, 204, 401, 500])
def test_a_poll_that_proves_nothing_is_the_network(code: int) -> None:
    stream = fresh()
    now = muted(stream, START)
    todo = connect(stream, now)
    assert stream.polled(todo, unsigned(code), now) == []
    assert isinstance(stream.next(now), int)
    assert not stream.alive


def test_a_signed_poll_that_is_a_refusal_or_cut_off_is_tried_again() -> None:
    stream = fresh()
    now = muted(stream, START)
    for body, status, media in ((refusal(), 401, api.MEDIA_JSON), (sse(1)[:-5], 200, MEDIA_EVENTS)):
        todo = connect(stream, now)
        assert stream.polled(todo, signed(todo.request, status, body, media=media), now) == []
        assert isinstance(stream.next(now), int)
        now = now.later(61 * NS)
