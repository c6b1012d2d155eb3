"""Anonymous suggestions (privacy, "suggestion"): the site's token of the month proves the site and nobody in it.

Every row of a site's month is written anew, in random order, with each that arrives: neither the place in a table nor the
number of a transaction tells which came when. No time finer than the month, not even of a file; no address.
"""

import datetime as dt
import hmac
import secrets
from collections.abc import Iterable

from sqlalchemy import Connection

from app.domain.errors import UsageError
from app.protocol.reports import Suggestion, SuggestionReply, SuggestionToken, receipt_of
from app.protocol.wire import sha256, tag
from app.server.incidents.handling import Desk, Row
from app.server.storage import suggestions as rows
from app.server.storage.keyring import Keyring
from app.server.storage.suggestions import Kept

MONTH_MAX = 2000
"""Suggestions of one site in a month: more would be a flood, not advice."""
ANSWER_MAX = 2000


def month_of(now_ms: int) -> str:
    """Return the month YYYY-MM in UTC: the same for all PCs."""
    return dt.datetime.fromtimestamp(now_ms / 1000, dt.UTC).strftime("%Y-%m")


def month_before(month: str) -> str:
    """Return the month before one."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"


def month_ms(month: str) -> int:
    """Return when a month begins."""
    return int(dt.datetime(int(month[:4]), int(month[5:]), 1, tzinfo=dt.UTC).timestamp() * 1000)


def month_key(site: bytes, month: str) -> bytes:
    """Return the name of the key under which a site's suggestions of a month lie."""
    return sha256(tag("suggestion-key") + site + month.encode())[:16]


def token_of(keys: Keyring, site: bytes, now_ms: int) -> SuggestionToken:
    """Return what every PC of the site gets alike this month."""
    month = month_of(now_ms)
    return SuggestionToken(token=_token(keys, site, month), month=month)


def _token(keys: Keyring, site: bytes, month: str) -> bytes:
    return hmac.digest(keys.master, tag("suggestion") + site + month.encode(), "sha256")[:16]


def site_of(keys: Keyring, sites: Iterable[bytes], found: Suggestion, now_ms: int) -> bytes | None:
    """Return the site whose token this is, of this month or the last one (it travels late); None if there is none."""
    month = month_of(now_ms)
    if found.month not in (month, month_before(month)):
        return None
    for site in sites:
        if hmac.compare_digest(_token(keys, site, found.month), found.token):
            return site
    return None


def take(conn: Connection, keys: Keyring, site: bytes, found: Suggestion) -> bool:
    """Store a suggestion; the same one again changes nothing. False if the site's month is full."""
    held = rows.of_month(conn, site, found.month)
    if any(one.receipt == found.receipt for one in held):
        return True
    if len(held) >= MONTH_MAX:
        return False
    key = keys.files.make(month_key(site, found.month), stamp_ms=month_ms(found.month))
    new = Kept(secrets.token_bytes(16), keys.files.seal(key, found.text.encode()), found.receipt, b"")
    mixed = [*held, new]
    secrets.SystemRandom().shuffle(mixed)
    rows.rewrite(conn, site, found.month, mixed)
    return True


def answer(conn: Connection, keys: Keyring, code: bytes) -> SuggestionReply:
    """Return the officer's answer for whoever has the code."""
    found = rows.by_receipt(conn, receipt_of(code))
    if found is None:
        return SuggestionReply(state="unknown")
    site, month, one = found
    if not one.answer:
        return SuggestionReply(state="waiting")
    text = keys.files.open(month_key(site, month), one.answer)
    return SuggestionReply(state="unknown") if text is None else SuggestionReply(state="answered", text=text.decode())


def list_all(at: Desk) -> list[Row]:
    """Return the site's suggestions for the safety officer, by month; within one in no order that means anything."""
    _officer(at)
    found: list[Row] = []
    for month, one in rows.of_site(at.conn, at.site):
        text = at.keys.files.open(month_key(at.site, month), one.body)
        if text is not None:
            found.append({"id": one.id.hex(), "month": month, "text": text.decode(), "answered": bool(one.answer)})
    at.note("suggestions.listed", {"count": len(found)})
    return found


def reply(at: Desk, suggestion: str, text: str) -> None:
    """Answer a suggestion; UsageError if there is none or the text is empty or too long."""
    _officer(at)
    if not 0 < len(text) <= ANSWER_MAX:
        raise UsageError(f"An answer has 1 to {ANSWER_MAX} characters.")
    for month, one in rows.of_site(at.conn, at.site):
        if one.id.hex() == suggestion:
            sealed = at.keys.files.seal(month_key(at.site, month), text.encode())
            rows.put_answer(at.conn, at.site, one.id, sealed)
            at.note("suggestion.answered", {"month": month})
            return
    raise UsageError("There is no such suggestion.")


def _officer(at: Desk) -> None:
    if not at.holds("officer"):
        raise UsageError("Suggestions are for the safety officer.")
