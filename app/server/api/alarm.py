"""POST /v1/alarm, /v1/receipt, /v1/settle, /v1/say: the alarm lane. An alarm is never refused for who sent it."""

from sqlalchemy import Connection
from starlette.requests import Request

from app.domain.alarm import AlarmState
from app.protocol import api, httpsig
from app.protocol.alarm import ALARM_BYTES, AlarmMessage, Receipt, ReceiptState, open_alarm, verify_receipt
from app.protocol.errors import BadSignatureError, ProtocolError
from app.protocol.keys import public_key
from app.protocol.vouch import verify_vouch
from app.server.alerts import facts
from app.server.alerts.ledger import Outcome
from app.server.api.errors import RefusedError
from app.server.api.frontdoor import Answer, Parts, address_of, caller_of, message
from app.server.api.signed import Caller
from app.server.storage import alarms as rows
from app.server.storage.alarms import AlarmRow
from app.server.storage.keyring import seal_text

_ACTS = {
    ReceiptState.DELIVERED: "delivered",
    ReceiptState.SEEN: "seen",
    ReceiptState.TAKEN: "taken",
    ReceiptState.ON_SPOT: "on_spot",
}


async def take_alarm(parts: Parts, request: Request, body: bytes) -> Answer:
    """Take the 345 bytes from whoever brings them; signature, clock, nonce and enrolment of the request do not matter."""
    try:
        found = open_alarm(body)
    except ProtocolError as error:
        raise RefusedError(422, "not_an_alarm", f"These are not the {ALARM_BYTES} bytes of an alarm: {error}.") from None
    verified = _verified(parts, found)
    # Its own bound: a flood of other garbage must not be able to keep out the alarm of a PC that is not enrolled.
    if not verified and not parts.alarm_limits.allow(address_of(request), parts.core.clock.mono()):
        raise RefusedError(429, "rate", "Too many alarms from PCs that are not enrolled.", retry_s=1)
    outcome = await parts.alarms.take_move(found, verified=verified)
    answer = api.AlarmAnswer(
        alarm=found.move.alarm,
        no=found.move.no,
        stored=outcome.kept,
        listening=parts.watch.listening(outcome.row.site, outcome.row.team),
        unverified=not verified,
    )
    return message(answer)


def _verified(parts: Parts, found: AlarmMessage) -> bool:
    """Whether an active device vouches for the key and the stream is one of its own."""
    people = parts.core.people
    device, stream = people.devices.get(found.move.device), people.streams.get(found.move.stream)
    if device is None or device.state != "active" or stream is None or stream.device != device.device:
        return False
    machine = public_key(device.alg, device.pub)
    try:
        verify_vouch(found.vouch.pack(), machine, device.device, stream.stream, parts.core.clock.wall_ms())
    except ProtocolError:
        return False
    return True


async def take_receipt(parts: Parts, request: Request, body: bytes) -> Answer:
    """Take a desk's signed receipt and pass it on to the origin."""
    caller = caller_of(parts, request, body, httpsig.TAG_OTHER)
    data, sig = api.split_receipt(body)
    receipt = _receipt(caller, data, sig)
    person = _person(parts, caller)

    def do(conn: Connection, row: AlarmRow, state: AlarmState, now: int) -> None:
        _may_act(parts, conn, row, caller)
        name = _ACTS[receipt.state]
        same = [one for one in rows.acts_of(conn, row) if one.evidence[: len(data)] == data]
        if same:
            return
        no = min(receipt.no, state.last_no)
        rows.add_act(conn, row, name, desk=receipt.desk, person=person, no=no, ms=now, evidence=data + sig)
        rows.note_painted(conn, row, caller.stream, no)
        rows.put_outbox(conn, row.site, row.alarm + data + sig, f"alarm.{name}", _note(row, person), ms=now)

    outcome = await parts.alarms.act(receipt.alarm, do)
    if outcome is not None:
        parts.watch.proved(outcome.row.site, parts.core.clock.wall_ms())
    return _done(outcome)


def _receipt(caller: Caller, data: bytes, sig: bytes) -> Receipt:
    """The desk's own key signs; a desk whose key the guard holds may use the session key that it vouched for."""
    try:
        receipt = verify_receipt(data, sig, public_key(caller.device.alg, caller.device.pub))
    except BadSignatureError:
        receipt = verify_receipt(data, sig, caller.key)
    if receipt.desk != caller.device.device:
        raise ProtocolError("the receipt is another desk's")
    return receipt


def _person(parts: Parts, caller: Caller) -> str:
    person = parts.core.people.person_of(caller.stream)
    if person is None:
        raise RefusedError(403, "not_allowed", "Nobody on IT's list works at this desk.")
    return person.person.hex()


def _may_act(parts: Parts, conn: Connection, row: AlarmRow, caller: Caller) -> None:
    people = parts.core.people
    lead = caller.device.site == row.site and (people.holds(caller.stream, "lead", row.team) or people.holds(caller.stream, "head"))
    if not lead and caller.stream not in rows.told(conn, row):
        raise RefusedError(403, "not_allowed", "This alarm was not shown to this desk.")


def _note(row: AlarmRow, person: str) -> bytes:
    return f'{{"alarm":"{row.alarm.hex()}","person":"{person}"}}'.encode()


async def settle(parts: Parts, request: Request, body: bytes) -> Answer:
    """A lead says what it was; level 1 and duress wait for a second person."""
    caller = caller_of(parts, request, body, httpsig.TAG_OTHER)
    settled = api.decode_message(body, api.Settle)
    person = _person(parts, caller)

    def do(conn: Connection, row: AlarmRow, state: AlarmState, now: int) -> None:
        _may_act(parts, conn, row, caller)
        if any(one.person == person for one in state.settled_by) or not state.open:
            return
        # It covers what this desk had painted; who pressed again meanwhile is heard.
        upto = rows.told(conn, row).get(caller.stream, 0) or state.last_no
        note = seal_text(parts.core.keys.master, row.alarm, settled.note)
        seq = rows.add_act(
            conn, row, "settled", desk=caller.device.device, person=person, no=upto, word=settled.outcome, ms=now,
            evidence=note,
        )  # fmt: skip
        rows.put_outbox(conn, row.site, row.alarm + seq.to_bytes(8, "big"), "alarm.settled", _note(row, person), ms=now)

    return _done(await parts.alarms.act(settled.alarm, do))


async def say(parts: Parts, request: Request, body: bytes) -> Answer:
    """Send a ready sentence to the origin; after a take-back it is stored and goes nowhere."""
    caller = caller_of(parts, request, body, httpsig.TAG_OTHER)
    said = api.decode_message(body, api.Say)
    person = _person(parts, caller)

    def do(conn: Connection, row: AlarmRow, state: AlarmState, now: int) -> None:
        _may_act(parts, conn, row, caller)
        rows.add_act(
            conn, row, "said", desk=caller.device.device, person=person, no=state.last_no, word=str(said.sentence), ms=now
        )

    return _done(await parts.alarms.act(said.alarm, do))


async def raise_level(parts: Parts, request: Request, body: bytes) -> Answer:
    """A lead raises the level; a level that is not graver than the present one changes nothing."""
    caller = caller_of(parts, request, body, httpsig.TAG_OTHER)
    asked = api.decode_message(body, api.RaiseLevel)
    person = _person(parts, caller)

    def do(conn: Connection, row: AlarmRow, state: AlarmState, now: int) -> None:
        _may_act(parts, conn, row, caller)
        if asked.level >= state.level or not state.open:
            return
        seq = rows.add_act(conn, row, "level", desk=caller.device.device, person=person, no=asked.level, ms=now)
        rows.put_outbox(conn, row.site, row.alarm + seq.to_bytes(8, "big"), "alarm.level", _note(row, person), ms=now)

    return _done(await parts.alarms.act(asked.alarm, do))


def _done(outcome: Outcome | None) -> Answer:
    if outcome is None:
        raise RefusedError(404, "no_such_alarm", "There is no such alarm.")
    return message(api.Done(alarm=outcome.row.alarm, state=facts.state_name(outcome.state)))
