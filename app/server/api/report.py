"""Photos, open hazards, notices and anonymous suggestions; reports themselves come in batches.

The two routes of suggestions are unsigned on purpose: nothing of them may tell which PC they came from.
"""

import datetime as dt
from functools import partial

from sqlalchemy import Connection
from starlette.requests import Request

from app.protocol import api, httpsig
from app.protocol.reports import MEDIA_PHOTO, NoticeRead, ReadList, Suggestion, SuggestionAsk
from app.protocol.wire import sha256
from app.server.api.errors import RefusedError
from app.server.api.frontdoor import Answer, Parts, caller_of, message
from app.server.incidents import handling, openlists, pictures, suggestions
from app.server.incidents.sample import sample_of
from app.server.incidents.taking import local_day
from app.server.storage import people, reports

DONE = Answer(httpsig.MEDIA_NOTHING, b"")
"""The signed yes of routes that have nothing to say."""
_ANYBODY = ""
"""The one bucket of those who ask for answers: whoever they are is not looked at."""


async def take_photo(parts: Parts, request: Request, body: bytes) -> Answer:
    """Store a photo that a report of this stream announced; the same one again changes nothing."""
    caller = caller_of(parts, request, body, httpsig.TAG_OTHER)
    if request.headers.get("content-type", "") != MEDIA_PHOTO:
        raise RefusedError(415, "media", "This is not the media type of a photo.")
    fault = pictures.fault_of(body)
    if fault:
        raise RefusedError(422, "not_a_photo", fault)
    digest, files = sha256(body), parts.core.keys.files

    def work(conn: Connection) -> bool:
        found = reports.announced(conn, caller.stream, digest)
        for photo in found:
            if photo.body is None and files.has(photo.photo_key):
                reports.put_photo(conn, photo, files.seal(photo.photo_key, body))
        return bool(found)

    if not await parts.core.stores.main.write(work):
        raise RefusedError(404, "not_announced", "No report that is here announced this photo; send the report first.")
    return DONE


async def hazards(parts: Parts, request: Request, body: bytes) -> Answer:
    """Return the open hazards and the risk list of the caller's site."""
    caller = caller_of(parts, request, body, httpsig.TAG_OTHER)
    core, site = parts.core, caller.device.site
    return message(await core.stores.main.read(lambda conn: openlists.hazards(conn, core.keys, site)))


async def notices(parts: Parts, request: Request, body: bytes) -> Answer:
    """Return the notices that hold now at the caller's site."""
    caller = caller_of(parts, request, body, httpsig.TAG_OTHER)
    core, site = parts.core, caller.device.site
    return message(await core.stores.main.read(lambda conn: openlists.notices(conn, site, core.clock.wall_ms())))


async def notice_read(parts: Parts, request: Request, body: bytes) -> Answer:
    """Add one to the sum of the caller's team; nothing of the person is kept."""
    caller = caller_of(parts, request, body, httpsig.TAG_OTHER)
    read = api.decode_message(body, NoticeRead)
    team = parts.core.people.team_of(caller.stream)
    if team is None:
        return DONE
    work = partial(openlists.read_notice, people=parts.core.people, site=team[0], team=team[1], notice=read.notice)
    if not await parts.core.stores.main.write(work):
        raise RefusedError(404, "no_such_notice", "There is no such notice.")
    return DONE


async def reads(parts: Parts, request: Request, body: bytes) -> Answer:
    """Return who, by role and day, read reports of the person who asks."""
    caller = caller_of(parts, request, body, httpsig.TAG_OTHER)
    person = parts.core.people.person_of(caller.stream)
    if person is None:
        return message(ReadList())
    work = partial(handling.read_list, site=person.site, person=person.person)
    return message(await parts.core.stores.main.read(work))


async def sample(parts: Parts, request: Request, body: bytes) -> Answer:
    """Return the seats that the asking lead looks at this week; nothing is stored, nobody is named."""
    caller = caller_of(parts, request, body, httpsig.TAG_OTHER)
    core = parts.core
    zone = await core.stores.main.read(partial(people.zone_of, site=caller.device.site))
    day = dt.datetime.strptime(local_day(zone, core.clock.wall_ms()), "%Y%m%d").date()  # noqa: DTZ007  # a day, no instant
    found = sample_of(core.people, core.keys, caller.stream, day)
    if found is None:
        raise RefusedError(403, "not_allowed", "This list is for leads.")
    return message(found)


async def suggestion_token(parts: Parts, request: Request, body: bytes) -> Answer:
    """Return the site's token of the month: the same for every PC, so every PC asks, whether it has a suggestion or not."""
    caller = caller_of(parts, request, body, httpsig.TAG_OTHER)
    return message(suggestions.token_of(parts.core.keys, caller.device.site, parts.core.clock.wall_ms()))


async def take_suggestion(parts: Parts, _request: Request, body: bytes) -> Answer:
    """Store an anonymous suggestion; its sender is not looked at, the rate is bounded by the token alone."""
    core = parts.core
    found = api.decode_message(body, Suggestion)
    site = suggestions.site_of(core.keys, core.people.sites, found, core.clock.wall_ms())
    if site is None:
        raise RefusedError(403, "suggestion_token", "This is not the site's token of this month or the last one.")
    if not parts.suggestion_limits.allow(found.token.hex(), core.clock.mono()):
        raise RefusedError(429, "rate", "Too many suggestions at once.", retry_s=60)
    if not await core.stores.main.write(lambda conn: suggestions.take(conn, core.keys, site, found)):
        raise RefusedError(429, "rate", "The site has too many suggestions this month.", retry_s=86400)
    return DONE


async def suggestion_answer(parts: Parts, _request: Request, body: bytes) -> Answer:
    """Return the officer's answer to whoever has the one-time code. By POST: a code in an address would be logged."""
    core = parts.core
    if not parts.suggestion_limits.allow(_ANYBODY, core.clock.mono()):
        raise RefusedError(429, "rate", "Too many questions at once.", retry_s=1)
    code = api.decode_message(body, SuggestionAsk).code
    return message(await core.stores.main.read(lambda conn: suggestions.answer(conn, core.keys, code)))
