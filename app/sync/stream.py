"""The live stream: verified, numbered events from one server, over SSE or, where a proxy mutes that, by long-poll. Sans-IO.

The server subscribes first and then replays what came after Last-Event-ID, so nothing falls between. An event that does
not verify, or whose number does not rise, is not shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from app.domain.moment import NS, Moment
from app.protocol import api
from app.protocol.errors import ProtocolError
from app.protocol.event import check_event, event_id, open_event
from app.protocol.httpsig import TAG_STREAM, Answer
from app.protocol.sse import MEDIA_EVENTS, MEDIA_STREAM, Message, Parser, Ping, parse_all
from app.sync.link import Link, Me, Outgoing, vouch_header
from app.sync.retry import jitter

MUTE_S: Final = 25.0
"""Silence after which a stream counts as muted; the server pings every 10 s."""
MUTES_TO_POLL: Final = 2
"""So many muted streams in a row, and long-poll takes over."""
POLLS_TO_STREAM_NS: Final = 3600 * NS
"""How long long-poll is kept before the stream is tried again."""


@dataclass(frozen=True, slots=True)
class Connect:
    """Open this request: as a stream whose chunks go to `chunk`, or as one long-poll whose answer goes to `polled`.

    `timeout_s`: the longest silence before the caller reports `lost("mute")`.
    """

    kind: Literal["stream", "poll"]
    request: Outgoing
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Heard:
    """One verified event; keep `cursor` durably if missing an event over a restart matters."""

    event: api.AnyEvent
    generation: int
    event_no: int


Cursor = tuple[int, int]
"""(generation, event_no) of the newest event taken."""


class Stream:
    """The state of one server's stream; used by one thread at a time."""

    def __init__(self, link: Link, me: Me, *, random: Callable[[], float], cursor: Cursor | None = None) -> None:
        self._link = link
        self._me = me
        self._random = random
        self._cursor = cursor
        self._parser = Parser()
        self._failures = 0
        self._mutes = 0
        self._not_before = 0
        self._poll_until = 0
        self._alive = False
        self.dropped = 0
        """Events that did not verify or did not rise; they are counted and never shown."""

    @property
    def cursor(self) -> Cursor | None:
        """The newest event taken."""
        return self._cursor

    @property
    def alive(self) -> bool:
        """Whether the server was heard on the present connection: an event, a ping, or a signed poll."""
        return self._alive

    def next(self, now: Moment) -> Connect | int:
        """Return the request to open now, or the boot instant to ask again."""
        if now.boot < self._not_before:
            return self._not_before
        polling = self._mutes >= MUTES_TO_POLL
        if polling and self._poll_until and now.boot >= self._poll_until:
            self._mutes, self._poll_until, polling = 0, 0, False
        if polling and not self._poll_until:
            self._poll_until = now.boot + POLLS_TO_STREAM_NS
        self._parser = Parser()
        extra = [vouch_header(self._me, self._link.server_ms(now))]
        last = event_id(self._cursor[1]) if self._cursor else ""
        if last:
            extra.append((api.HEADER_LAST_EVENT, last))
        path = api.ROUTE_POLL if polling else api.ROUTE_STREAM
        query = f"{api.QUERY_AFTER}={last}" if last else ""
        request = self._link.sign(self._me, now, TAG_STREAM, "GET", path, query=query, extra=tuple(extra))
        return Connect("poll", request, api.POLL_MAX_S + 10.0) if polling else Connect("stream", request, MUTE_S)

    def opened(self, answer: Answer) -> bool:
        """Look at the head of a stream's answer; False (and then `lost`) unless it is an event stream."""
        media = next((value for name, value in answer.headers if name.lower() == "content-type"), "")
        return answer.status == 200 and media.partition(";")[0].strip() == MEDIA_STREAM

    def chunk(self, data: bytes, now: Moment) -> list[Heard]:
        """Take bytes of the stream, cut anywhere; ProtocolError ends the connection (then call `lost`)."""
        heard = []
        for one in self._parser.feed(data):
            if isinstance(one, Ping):
                # A ping is not signed: it shows a living path, no more. It ends the suspicion of a muting proxy.
                self._alive, self._mutes = True, 0
                continue
            event = self._event(one, now)
            if event is not None:
                heard.append(event)
        return heard

    def _event(self, message: Message, now: Moment) -> Heard | None:
        try:
            event = open_event(message.frame, self._link.keys, self._me.stream, self._link.server_ms(now))
            cursor = check_event(event, self._cursor)
        except ProtocolError:
            self.dropped += 1
            return None
        self._cursor = cursor
        self._alive, self._mutes, self._failures = True, 0, 0
        try:
            known = api.decode_event(event.payload)
        except ProtocolError:
            return None  # an event of a newer server: its number counts, nothing of it is shown
        return Heard(known, event.generation, event.event_no)

    def polled(self, sent: Connect, answer: Answer, now: Moment) -> list[Heard]:
        """Take a long-poll's answer: events if the server signed it, else the network."""
        believed = self._link.believe(sent.request, answer, now)
        if believed is None or believed.status != 200 or believed.media != MEDIA_EVENTS:
            self.lost(f"http.{answer.status}", now)
            return []
        try:
            messages = parse_all(believed.body)
        except ProtocolError:
            self.lost("events", now)
            return []
        mutes = self._mutes
        heard = [event for one in messages if (event := self._event(one, now)) is not None]
        self._mutes, self._failures, self._alive = mutes, 0, True
        return heard

    def lost(self, code: str, now: Moment) -> None:
        """The connection ended or could not be made; `mute` says that it was open and nothing came in time."""
        if code == "mute":
            self._mutes += 1
        was_alive, self._alive = self._alive, False
        self._failures = 1 if was_alive else self._failures + 1
        # The first new attempt after a living connection is quick: a restarted server wants its desks back soon.
        wait = self._random() if was_alive else jitter(self._failures, self._random())
        self._not_before = now.boot + int(wait * NS)

    def poke(self) -> None:
        """The network seems to be back: do not wait out the pause."""
        self._not_before = 0
