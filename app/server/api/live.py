"""GET /v1/stream and /v1/poll: signed, numbered events over SSE, or by long-poll when a proxy mutes the stream.

Subscribe, then replay: frames that come in meanwhile wait in the reader. A reader that falls behind is cut off by
cancelling its task, so it can stall nobody; it comes back with Last-Event-ID. Every event carries its own signature, so
the stream's answer as a whole has none.
"""

import asyncio
import contextlib
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.protocol import api, httpsig, sse
from app.protocol.event import parse_event_id
from app.server.alerts.hub import Reader
from app.server.api.frontdoor import Answer, Parts, caller_of
from app.server.api.signed import Caller

_ROLES: tuple[api.Role, ...] = ("agent", "lead", "head", "officer", "it", "auditor")


class EventStream(Response):
    """The open stream of one caller."""

    def __init__(self, parts: Parts, caller: Caller, after: int | None) -> None:
        super().__init__()
        self._parts, self._caller, self._after = parts, caller, after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run until the client leaves, falls behind, or the server stops."""
        task = asyncio.create_task(self._run(send))
        gone = asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in (task, gone):
                one.cancel()
                with contextlib.suppress(asyncio.CancelledError, OSError):
                    await one

    async def _run(self, send: Send) -> None:
        headers = [(b"content-type", sse.MEDIA_STREAM.encode()), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
        me = asyncio.current_task()
        assert me is not None
        reader = await _open(self._parts, self._caller, self._after, me.cancel)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            while not reader.cut:
                frames = await reader.take(api.PING_S)
                body = b"".join(frames) if frames or reader.cut else sse.PING
                await send({"type": "http.response.body", "body": body, "more_body": not reader.cut})
        finally:
            self._parts.core.hub.leave(reader)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def stream(parts: Parts, request: Request, body: bytes) -> Response:
    """Open the live stream of the caller."""
    caller = caller_of(parts, request, body, httpsig.TAG_STREAM)
    text = request.headers.get(api.HEADER_LAST_EVENT)
    return EventStream(parts, caller, None if text is None else parse_event_id(text))


async def poll(parts: Parts, request: Request, body: bytes) -> Answer:
    """Wait up to 25 s for events above `after` and return them as one signed answer.

    What every opening is told (listeners, cover) does not end the wait of somebody who has heard it before: else a PC behind
    a proxy that mutes the stream would ask again at once, for ever.
    """
    caller = caller_of(parts, request, body, httpsig.TAG_STREAM)
    text = request.query_params.get(api.QUERY_AFTER)
    reader = await _open(parts, caller, None if text is None else parse_event_id(text), lambda: None)
    try:
        if reader.resumed and reader.only_passing():
            await reader.more(api.POLL_MAX_S)
        frames = await reader.take(api.POLL_MAX_S)
    finally:
        parts.core.hub.leave(reader)
    return Answer(sse.MEDIA_EVENTS, b"".join(frames))


async def _open(parts: Parts, caller: Caller, after: int | None, stop: Callable[[], object]) -> Reader:
    hub, me = parts.core.hub, caller.stream
    reader = hub.subscribe(me, after, stop)
    try:
        known = reader.last
        if not known:
            hub.passing(me, api.encode_event(_hello(parts, me)))
        hub.arrived(reader)
        past = await parts.alarms.past(me, known) if known else []
        reader.replay((number, hub.frame(me, number, payload)) for number, payload in past)
        hub.reached(me, reader.last)
        hub.passing(me, api.encode_event(parts.watch.listeners_of(me)))
        parts.core.tell_pack(me)
        if parts.core.people.holds(me, "lead"):
            parts.watch.tell_desk(me, again=True)
        if not known:
            for payload in await parts.alarms.present(me):
                hub.passing(me, payload)
        await parts.news.present(me, known, reader.since)
    except BaseException:
        hub.leave(reader)
        raise
    return reader


def _hello(parts: Parts, me: bytes) -> api.Hello:
    """What the server takes the person for: the first event of a stream that begins without a past."""
    people = parts.core.people
    person = people.person_of(me)
    held = people.roles.get(person.person, frozenset()) if person else frozenset()
    roles = {role for role, _ in held}
    teams = tuple(sorted({team for role, team in held if role == "lead"}))[:50]
    return api.Hello(roles=tuple(one for one in _ROLES if one in roles), teams=teams)
