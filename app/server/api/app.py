"""The ASGI application: every route of the protocol, once. `ROUTES` is what the documentation is tested against."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.protocol import api
from app.protocol import reports as routes
from app.protocol.alarm import ALARM_BYTES
from app.protocol.compression import SENT_MAX
from app.server.alerts.core import Core
from app.server.alerts.service import AlarmService
from app.server.alerts.supervise import Supervisor
from app.server.api import alarm, batch, enrol, fetch, live, report
from app.server.api.errors import RefusedError
from app.server.api.frontdoor import Answer, Handler, Parts, endpoint
from app.server.api.limits import Limits
from app.server.api.signed import Gate
from app.server.incidents import retention
from app.server.incidents.news import News
from app.server.storage import logs

_LOG = logging.getLogger("safeseat.api")
BEATS_S = 10.0
"""How often the beats of heartbeats go to the database: what a crash forgets, a replay could use for so long."""


ROSTER_S = 2.0
"""How soon an import by another process is known here."""


@dataclass(frozen=True, slots=True)
class RouteInfo:
    """One route: method, path, handler, and the largest body in bytes."""

    method: str
    path: str
    handler: Handler
    limit: int


ROUTES = (
    RouteInfo("POST", api.ROUTE_ENROL, enrol.take_enrolment, 32 * 1024),
    RouteInfo("POST", api.ROUTE_BATCH, batch.take_batch, SENT_MAX),
    RouteInfo("POST", api.ROUTE_ALARM, alarm.take_alarm, ALARM_BYTES),
    RouteInfo("POST", api.ROUTE_RECEIPT, alarm.take_receipt, 1024),
    RouteInfo("POST", api.ROUTE_SETTLE, alarm.settle, 4096),
    RouteInfo("POST", api.ROUTE_SAY, alarm.say, 1024),
    RouteInfo("POST", api.ROUTE_LEVEL, alarm.raise_level, 1024),
    RouteInfo("POST", routes.ROUTE_PHOTO, report.take_photo, routes.PHOTO_MAX),
    RouteInfo("GET", routes.ROUTE_HAZARDS, report.hazards, 0),
    RouteInfo("GET", routes.ROUTE_NOTICES, report.notices, 0),
    RouteInfo("POST", routes.ROUTE_NOTICE_READ, report.notice_read, 1024),
    RouteInfo("GET", routes.ROUTE_READS, report.reads, 0),
    RouteInfo("GET", routes.ROUTE_SAMPLE, report.sample, 0),
    RouteInfo("GET", routes.ROUTE_SUGGESTION_TOKEN, report.suggestion_token, 0),
    RouteInfo("POST", routes.ROUTE_SUGGESTION, report.take_suggestion, 32 * 1024),
    RouteInfo("POST", routes.ROUTE_SUGGESTION_ANSWER, report.suggestion_answer, 1024),
    RouteInfo("GET", api.ROUTE_STREAM, live.stream, 0),
    RouteInfo("GET", api.ROUTE_POLL, live.poll, 0),
    RouteInfo("GET", api.ROUTE_DOC, fetch.document, 0),
    RouteInfo("GET", api.ROUTE_KEYS, fetch.keys, 0),
)


def make_app(core: Core, names: frozenset[str]) -> Starlette:
    """Return the application for one server; `names` are the authorities that requests may be signed for."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        beats = await core.stores.main.read(logs.newest_beats)
        watch = Supervisor(core)
        bounds = (Limits(), Limits(), Limits())
        parts = Parts(core, Gate(core, names, beats), AlarmService(core), watch, News(core), *bounds, {}, {})
        app.state.parts = parts
        await parts.alarms.start()
        await watch.start()
        await parts.news.start()
        keepers = [asyncio.create_task(one) for one in (_keep_beats(parts), _keep_roster(core), retention.keep(core))]
        yield
        for keeper in keepers:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper
        await _store_beats(parts)
        await parts.news.stop()
        await watch.stop()
        await parts.alarms.stop()

    paths = [Route(one.path, endpoint(one.handler, one.limit), methods=[one.method]) for one in ROUTES]
    handlers = {404: _nothing_here, 405: _nothing_here}
    return Starlette(routes=paths, lifespan=lifespan, exception_handlers=handlers)  # type: ignore[arg-type]  # starlette types handlers for Exception itself


async def _nothing_here(request: Request, error: HTTPException) -> Response:
    async def refuse(_parts: Parts, _request: Request, _body: bytes) -> Answer:
        raise RefusedError(error.status_code, "no_such_route", "There is no such route.")

    return await endpoint(refuse, SENT_MAX)(request)


async def _keep_beats(parts: Parts) -> None:
    while True:
        await asyncio.sleep(BEATS_S)
        try:
            await _store_beats(parts)
        except Exception:
            _LOG.exception("the beats of heartbeats could not be stored; trying again")


async def _keep_roster(core: Core) -> None:
    while True:
        await asyncio.sleep(ROSTER_S)
        try:
            await core.refresh()
        except Exception:
            _LOG.exception("who is who could not be read; trying again")


async def _store_beats(parts: Parts) -> None:
    """Write the newest beats of heartbeats, which moved no pin, in one transaction."""
    beats = dict(parts.beats)
    if not beats:
        return

    def work(conn: Connection) -> None:
        logs.raise_beats(conn, beats)

    await parts.core.stores.main.write(work)
    for stream, kept in beats.items():
        if parts.beats.get(stream) == kept:
            del parts.beats[stream]
