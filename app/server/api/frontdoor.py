"""What every route shares: the parts it works with, and the wrapper that turns a handler's result into a signed answer."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from app.domain.errors import UnavailableError
from app.protocol import api, httpsig
from app.protocol.errors import ProtocolError
from app.protocol.reports import ROUTE_SUGGESTION, ROUTE_SUGGESTION_ANSWER
from app.server.alerts.core import Core
from app.server.alerts.service import AlarmService
from app.server.alerts.supervise import Supervisor
from app.server.api.errors import RefusedError, refused
from app.server.api.limits import Limits
from app.server.api.signed import Caller, Gate, as_signed, header_vouch, read_body
from app.server.incidents.news import News

_LOG = logging.getLogger("safeseat.api")
ANONYMOUS = frozenset({ROUTE_SUGGESTION, ROUTE_SUGGESTION_ANSWER})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler gives back: body bytes of a media type, signed by the wrapper."""

    media: str
    body: bytes
    status: int = 200


@dataclass(slots=True)
class Parts:
    """Everything that routes work with; lives on `app.state.parts`."""

    core: Core
    gate: Gate
    alarms: AlarmService
    watch: Supervisor
    news: News
    limits: Limits
    alarm_limits: Limits
    suggestion_limits: Limits
    pinned: dict[bytes, tuple[bytes, int, bytes]]
    beats: dict[bytes, tuple[bytes, bytes, int]]


Handler = Callable[[Parts, Request, bytes], Awaitable[Answer | Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def message(value: api.Message, status: int = 200) -> Answer:
    """Return a declared message as an answer."""
    return Answer(api.MEDIA_JSON, api.encode_message(value), status)


def parts_of(request: Request) -> Parts:
    """Return the running server's parts."""
    parts = request.app.state.parts
    assert isinstance(parts, Parts)
    return parts


def endpoint(handler: Handler, limit: int) -> Endpoint:
    """Return the handler as an endpoint: bounded body, signed answer, every refusal in one sentence, never a traceback."""

    async def run(request: Request) -> Response:
        parts = parts_of(request)
        try:
            answer = await handler(parts, request, await read_body(request, limit))
        except RefusedError as error:
            answer = _refusal(parts, request, error)
        except ProtocolError as error:
            answer = _refusal(parts, request, refused(error))
        except ClientDisconnect:
            return Response(status_code=400)
        except (UnavailableError, SQLAlchemyError, OSError):
            _LOG.exception("a request could not be stored")
            answer = _refusal(parts, request, RefusedError(503, "busy", "The server cannot store it now.", retry_s=1))
        return answer if isinstance(answer, Response) else sign(parts, request, answer)

    return run


def _refusal(parts: Parts, request: Request, error: RefusedError) -> Answer:
    known = error.code in ("unknown_device", "pending", "revoked", "busy") or error.status == 409
    # Of whoever sends a suggestion not even the address is looked at.
    address = "" if request.url.path in ANONYMOUS else address_of(request)
    if not known and not parts.limits.allow(address, parts.core.clock.mono()):
        error = RefusedError(429, "rate", "Too many requests that cannot be taken.", retry_s=1)
    no = api.Refusal(code=error.code, text=str(error)[:300], retry_s=error.retry_s, n=error.n)
    return message(no, error.status)


def address_of(request: Request) -> str:
    """Return the peer's address for rate bounds only; it is not kept."""
    return request.client.host if request.client is not None else ""


def sign(parts: Parts, request: Request, answer: Answer) -> Response:
    """Return the HTTP answer, signed and bound to the request's own signature if it has a readable one."""
    core = parts.core
    try:
        request_sig = httpsig.request_signature(as_signed(request, b"").headers)
    except ProtocolError:
        request_sig = None
    headers = [("content-type", answer.media)]
    whole = httpsig.Answer(answer.status, tuple(headers), answer.body)
    created = core.clock.wall_ms() // 1000
    headers += httpsig.sign_answer(whole, request_sig, core.keys.answer, keyid=core.keys.answer_id, created=created)
    return Response(answer.body, answer.status, headers=dict(headers))


def caller_of(parts: Parts, request: Request, body: bytes, tag: str) -> Caller:
    """Return who signed a request that carries V in its header."""
    return parts.gate.caller(as_signed(request, body), header_vouch(request), tag)
