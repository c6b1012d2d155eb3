"""POST /v1/enrol: a new PC, account or key. Without a code that IT gave out it is pending until IT compared 12 characters."""

from sqlalchemy import Connection
from starlette.requests import Request

from app.protocol import api, enrol
from app.protocol.enrol import Enrolment
from app.protocol.errors import BadSignatureError
from app.protocol.fields import decode
from app.protocol.keys import public_key
from app.server.api.errors import RefusedError
from app.server.api.frontdoor import Answer, Parts, message
from app.server.storage import people
from app.server.storage.people import Device, Stream, Token
from app.server.storage.tables import NO_SITE


async def take_enrolment(parts: Parts, request: Request, body: bytes) -> Answer:
    """Verify the request, note device and stream, and answer with the key set and whether it is enrolled or pending."""
    if request.headers.get("content-type") != enrol.MEDIA_ENROL:
        raise RefusedError(415, "media", f"An enrolment has the media type {enrol.MEDIA_ENROL}.")
    core = parts.core
    found = enrol.open_request(body, core.keys.fingerprint)
    told = decode(found.body, api.EnrolBody, "an enrolment's body", enrol.BODY_MAX)
    now = core.clock.wall_ms()

    def work(conn: Connection) -> Device:
        device = _enrol(conn, found, told, now)
        what = {"device": device.device.hex(), "stream": told.stream.hex(), "state": device.state}
        core.note(conn, "enrolment", {**what, "site": device.site.hex()}, ref=found.message() + device.state.encode())
        return device

    device = await core.change(work)
    answer = api.EnrolAnswer(
        state="enrolled" if device.state == "active" else "pending",
        server=core.keys.server,
        site=device.site,
        keys=core.keys.keyset_bytes,
        code=found.code(),
    )
    return message(answer)


def _enrol(conn: Connection, found: Enrolment, told: api.EnrolBody, now: int) -> Device:
    token = _token(conn, found, now)
    known = people.find_device(conn, found.device)
    if known is not None and known.state == "revoked":
        raise RefusedError(403, "revoked", "This PC was revoked; IT has to give out a new code for a new device.")
    if known is not None and (known.alg, known.pub) != (found.key.alg, found.key.pub33):
        _check_new_key(found, known, token)
    holder = people.find_stream(conn, told.stream)
    if holder is not None and holder.device != found.device:
        raise RefusedError(409, "stream_taken", "This stream belongs to another PC.")
    site = token.site if token else known.site if known else NO_SITE
    person = (token.person if token else None) or people.person_of_account(conn, site, told.account)
    trusted = token is not None and person is not None
    device = Device(
        site=site,
        device=found.device,
        state="active" if trusted or (known is not None and known.state == "active") else "pending",
        alg=found.key.alg,
        pub=found.key.pub33,
        host=told.host,
        system=told.os,
        version=told.app,
        seat=token.seat if token and token.seat else known.seat if known else "",
        floor=token.floor if token and token.floor else known.floor if known else "",
        code=found.code(),
        claimed=told.site_claimed if told.site_claimed.isprintable() else "",
    )
    _store(conn, device, Stream(site, told.stream, found.device, person), known, now)
    if token is not None:
        people.use_token(conn, token, found.device)
    return device


def _store(conn: Connection, device: Device, stream: Stream, known: Device | None, now: int) -> None:
    if known is not None and known.site != device.site:
        people.drop_device(conn, known)
    people.put_device(conn, device, now)
    people.put_stream(conn, stream, now)


def _token(conn: Connection, found: Enrolment, now: int) -> Token | None:
    """The token that the request proves to know; one that is over, used by another PC or unknown is refused."""
    if found.token_id is None:
        return None
    token = people.find_token(conn, found.token_id)
    if token is None:
        raise RefusedError(401, "token", "This enrolment code is not known here.")
    try:
        found.check_mac(token.mac_key)
    except BadSignatureError as error:
        raise RefusedError(401, "token", str(error)) from None
    if token.used_by not in (None, found.device):
        raise RefusedError(401, "token_used", "This enrolment code was used by another PC.")
    if now >= token.expires_ms and token.used_by is None:
        raise RefusedError(401, "token_expired", "This enrolment code is no longer valid; ask IT for a new one.")
    return token


def _check_new_key(found: Enrolment, known: Device, token: Token | None) -> None:
    """A new device key needs the old one's signature, or a code that was not used yet."""
    if found.old_sig is not None:
        found.check_old(public_key(known.alg, known.pub))
    elif token is None or token.used_by is not None:
        raise RefusedError(409, "key_changed", "This PC is known with another key; ask IT for a new code.")
