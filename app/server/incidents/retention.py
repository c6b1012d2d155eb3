"""Deletion at the end of its time, nightly and with a record (privacy, "Deletion"): what, by which rule, how many.

Reports and photos go by their keys, so that backups lose them too; journal records lose salt and bytes and keep the leaf.
A restored database is behind its day and is tidied at the start. Days come from the record registry where it has them.
"""

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection

from app.protocol.records import KINDS, Retention
from app.server.alerts.core import Core
from app.server.incidents.suggestions import month_key, month_of
from app.server.storage import ageing, audit, people, reads, reports, suggestions
from app.server.storage.keyring import Keyring

_LOG = logging.getLogger("safeseat.retention")
DAY_MS = 24 * 3600 * 1000
REPORT_DAYS = Retention.REPORT.server_days
PHOTO_DAYS = 365
NOTICE_DAYS = 365
SUGGESTION_DAYS = 365
READ_DAYS = 365
LOOK_S = 3600.0
Rule = Callable[[Connection, Keyring, int], int]
"""Takes what came before a time away and returns how many."""


def _reports(conn: Connection, keys: Keyring, before_ms: int) -> int:
    found = ageing.closed_before(conn, before_ms)
    for row in found:
        for photo in reports.photos_of(conn, row):
            keys.files.destroy(photo.photo_key)
        ageing.drop_incident(conn, row)
        keys.files.destroy(row.key)
    return len(found)


def _photos(conn: Connection, keys: Keyring, before_ms: int) -> int:
    count = 0
    for row in ageing.closed_before(conn, before_ms):
        for photo in reports.photos_of(conn, row):
            keys.files.destroy(photo.photo_key)
            ageing.drop_photo(conn, photo)
            count += 1
    return count


def _strays(conn: Connection, keys: Keyring, before_ms: int) -> int:
    found = ageing.stray_keys(conn, before_ms)
    for site, key in found:
        ageing.blank_sealed(conn, site, key)
        keys.files.destroy(key)
    return len(found)


def _suggestions(conn: Connection, keys: Keyring, before_ms: int) -> int:
    last, count = month_of(before_ms), 0
    for site, month in suggestions.months(conn):
        if month < last:
            count += ageing.drop_suggestions(conn, site, month)
            keys.files.destroy(month_key(site, month))
    return count


def _notices(conn: Connection, _keys: Keyring, before_ms: int) -> int:
    return ageing.drop_bulletins(conn, before_ms)


def _reads(conn: Connection, _keys: Keyring, before_ms: int) -> int:
    return reads.drop(conn, before_ms)


RULES: tuple[tuple[str, int, Rule], ...] = (
    ("reports", REPORT_DAYS, _reports),
    ("photos", PHOTO_DAYS, _photos),
    ("stray", REPORT_DAYS, _strays),
    ("suggestions", SUGGESTION_DAYS, _suggestions),
    ("notices", NOTICE_DAYS, _notices),
    ("reads", READ_DAYS, _reads),
)
"""Name, days, and what is done; days of reports and photos count from closing."""
RECORDS = tuple(one for one in Retention if one.server_days and one not in (Retention.ALARM, Retention.REPORT))
"""Classes of journal records that go by the day on which they came."""


def apply(conn: Connection, keys: Keyring, rule: str, now_ms: int) -> int:
    """Apply one rule of `RULES` in one transaction, with its record in the audit chain if it took anything."""
    days, do = next((days, do) for name, days, do in RULES if name == rule)
    before = now_ms - days * DAY_MS
    return _noted(conn, keys, rule, before, do(conn, keys, before), now_ms)


def _noted(conn: Connection, keys: Keyring, rule: str, before_ms: int, count: int, now_ms: int) -> int:
    if count:
        what = {"rule": rule, "before_ms": before_ms, "count": count, "by": "server"}
        audit.append(conn, keys.server, now_ms, "retention.run", what)
    return count


def sweep(conn: Connection, keys: Keyring, now_ms: int) -> int:
    """Destroy keys that belong to nothing: of transactions that were undone."""
    known = ageing.keys_in_use(conn) | {month_key(site, month) for site, month in suggestions.months(conn)}
    found = keys.files.orphans(known, now_ms)
    for key in found:
        keys.files.destroy(key)
    return len(found)


async def tidy(core: Core, now_ms: int) -> dict[str, int]:
    """Apply every rule, a transaction each, and return how many each took."""
    main, keys = core.stores.main, core.keys
    counts = {name: await main.write(partial(apply, keys=keys, rule=name, now_ms=now_ms)) for name, _, _ in RULES}
    places = await main.read(ageing.logs_of)
    for one in RECORDS:
        kinds = [kind.name for kind in KINDS.values() if kind.leaves and kind.retention is one]
        before, count = now_ms - one.server_days * DAY_MS, 0
        for site, log in places:
            count += await main.write(partial(ageing.blank_kinds, site=site, log=log, kinds=kinds, before_ms=before))
        rule = f"records.{one.value}"
        counts[rule] = await main.write(
            partial(_noted, keys=keys, rule=rule, before_ms=before, count=count, now_ms=now_ms)
        )
    await main.write(partial(sweep, keys=keys, now_ms=now_ms))
    return counts


async def keep(core: Core) -> None:
    """Tidy once on each day of the server's own zone, soon after midnight or at the start; runs until cancelled."""
    while True:
        try:
            await if_due(core)
        except Exception:
            _LOG.exception("what is past its time could not be deleted; trying again later")
        await asyncio.sleep(LOOK_S)


async def if_due(core: Core) -> None:
    """Tidy unless it was done today."""
    now = core.clock.wall_ms()
    day = dt.datetime.fromtimestamp(now / 1000, dt.UTC).astimezone().strftime("%Y-%m-%d").encode()
    if await core.stores.main.read(lambda conn: people.fact(conn, "tidied")) == day:
        return
    await tidy(core, now)
    await core.stores.main.write(lambda conn: people.set_fact(conn, "tidied", day))
