"""POST /v1/batch: records and heartbeats; the ack is signed after the commit is durable."""

import asyncio

from sqlalchemy import Connection
from starlette.requests import Request

from app.protocol import api, httpsig, pins
from app.protocol.batch import Batch, decode_batch
from app.protocol.chain import Chain
from app.protocol.errors import ProtocolError
from app.protocol.pins import Ack, Head
from app.server.api import intake
from app.server.api.errors import RefusedError
from app.server.api.frontdoor import Answer, Parts
from app.server.api.intake import Arrival, Held, Taken
from app.server.api.signed import Caller, ClonedError, as_signed
from app.server.incidents.taking import House, is_sealed

THREAD_MIN = 4096
"""Bodies from this size on are opened beside the event loop, so that a full batch does not hold up an alarm."""
REPORTS_MAX = 50
_BEAT_MAX = (1 << 63) - 1
"""What a database keeps in eight signed bytes; a PC would have to start two thousand million times to get there."""


async def take_batch(parts: Parts, request: Request, body: bytes) -> Answer:
    """Verify request, head and V, store what is new, and answer with the signed ack, or with a signed no."""
    media = request.headers.get("content-type", "")
    batch = decode_batch(body, media) if len(body) < THREAD_MIN else await asyncio.to_thread(decode_batch, body, media)
    try:
        caller = parts.gate.caller(as_signed(request, body), batch.vouch_bytes, httpsig.TAG_SYNC)
    except ClonedError as error:
        head = _head(parts, batch, error.caller)
        arrival = _arrival(parts, batch, head, error.caller)
        raise _no(await parts.core.stores.main.write(lambda conn: _noted(parts, arrival, conn, cloned=True))) from None
    head = _head(parts, batch, caller)
    parts.watch.heartbeat(head.stream, batch.status)
    if not batch.entries and parts.pinned.get(head.stream) == (head.epoch, head.n, head.h):
        parts.beats[head.stream] = (caller.device.site, head.epoch, head.beat)
        return _ack(parts, head, Chain(head.n, head.h))
    arrival = _arrival(parts, batch, head, caller)
    taken = await parts.core.stores.main.write(lambda conn: _noted(parts, arrival, conn))
    if isinstance(taken, Held):
        raise _no(taken)
    parts.pinned[head.stream] = (taken.pin.epoch, taken.pin.n, taken.pin.h)
    if taken.reported:
        parts.news.wake()
    if taken.goodbye:
        parts.watch.goodbye(head.stream, taken.goodbye)
    return _ack(parts, head, taken.at)


def _bounded(batch: Batch) -> None:
    """Each report costs a key that is flushed to the disk: a batch full of them would hold up everybody else's records."""
    if sum(is_sealed(entry.record) for entry in batch.entries) > REPORTS_MAX:
        raise RefusedError(413, "too_large", f"A batch may have {REPORTS_MAX} reports and notes.")


def _head(parts: Parts, batch: Batch, caller: Caller) -> Head:
    head = pins.verify_head(batch.head_bytes, batch.sig, caller.key)
    if head.server != parts.core.keys.server:
        raise RefusedError(422, "other_server", "The head is meant for another server.")
    if (head.device, head.stream) != (caller.device.device, caller.stream):
        raise ProtocolError("the head is another journal's than the request's signature")
    if head.beat != caller.params.nonce or not 0 < head.beat <= _BEAT_MAX:
        raise ProtocolError("the head's beat is not the request's nonce")
    if head.n < len(batch.entries) or head.n > _BEAT_MAX:
        raise RefusedError(422, "bad_head", "The head has fewer records than the batch.")
    return head


def _arrival(parts: Parts, batch: Batch, head: Head, caller: Caller) -> Arrival:
    house = House(parts.core.keys, parts.core.people)
    return Arrival(caller.device.site, batch, head, caller.params.created, parts.core.clock.wall_ms(), house)


def _noted(parts: Parts, arrival: Arrival, conn: Connection, *, cloned: bool = False) -> Taken | Held:
    if not cloned:
        _bounded(arrival.batch)
    found = intake.clone(conn, arrival) if cloned else intake.take(conn, arrival)
    for broken in found.broken:
        what = {"stream": arrival.head.stream.hex(), "from": broken.from_n, "to": broken.to_n}
        parts.core.note(conn, f"history.{broken.fact}", what)
    return found


def _no(found: Taken | Held) -> RefusedError:
    assert isinstance(found, Held)
    status = 422 if found.code == "bad_chain" else 409
    return RefusedError(status, found.code, found.text, n=found.n)


def _ack(parts: Parts, head: Head, at: Chain) -> Answer:
    core = parts.core
    ack = Ack(
        server=core.keys.server,
        generation=core.generation,
        device=head.device,
        stream=head.stream,
        epoch=head.epoch,
        n=at.n,
        h=at.h,
        beat=head.beat,
        ms=core.clock.wall_ms(),
        audit_n=core.audit.n,
        audit_h=core.audit.h,
    )
    return Answer(api.MEDIA_ACK, api.pack_signed(ack.pack(), pins.sign_ack(ack, core.keys.answer)))
