"""Taking what a PC reports out of its journal: event number, routing, and the key under which every byte of it lies.

Runs inside the batch's transaction, so that number, sealed record and ack are one. A record of the sealed kinds is never
stored in clear, whatever is wrong with it.
"""

import datetime as dt
import logging
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from app.protocol import records
from app.protocol.errors import ProtocolError
from app.protocol.record_kinds import name_of
from app.protocol.report_kinds import ReportNote, ReportSent
from app.server.incidents.routing import Case, named, recipients
from app.server.storage import audit, people, reports
from app.server.storage.directory import Directory
from app.server.storage.keyring import Keyring
from app.server.storage.reports import Incident, Photo

_LOG = logging.getLogger("safeseat.reports")
SEALED = frozenset({name_of(ReportSent), name_of(ReportNote)})
"""Kinds of records that hold what people wrote."""
_WORDS = tuple(kind.encode() for kind in SEALED)
LABEL_MAX = 40


@dataclass(frozen=True, slots=True)
class House:
    """What taking needs of the running server: keys and who is who."""

    keys: Keyring
    people: Directory


@dataclass(frozen=True, slots=True)
class Origin:
    """Which stream of which site sent it, and when it came."""

    site: bytes
    stream: bytes
    now_ms: int


def is_sealed(record: bytes) -> bool:
    """Say whether a record's bytes claim to be of a sealed kind, readable or not."""
    if b"\\u" not in record and not any(one in record for one in _WORDS):
        # Most records, at a full batch's speed.
        return False
    try:
        return records.peek(record)[0] in SEALED
    except ProtocolError:
        # Not even a type can be read: nobody can tell what lies in it.
        return True


def take(conn: Connection, house: House, origin: Origin, record: bytes) -> bytes:
    """Take one record of a sealed kind and return the key under which its bytes are to be sealed."""
    try:
        found = records.decode(record)
    except ProtocolError:
        return house.keys.files.make()
    if isinstance(found, ReportSent):
        return _report(conn, house, origin, found, record)
    if isinstance(found, ReportNote):
        return _note(conn, house, origin, found, record)
    return house.keys.files.make()


def _report(conn: Connection, house: House, origin: Origin, report: ReportSent, record: bytes) -> bytes:
    files = house.keys.files
    known = reports.of_stream(conn, origin.stream, report.report)
    if known is not None:
        return known.key if files.has(known.key) else files.make()
    person = house.people.person_of(origin.stream)
    key = files.make()
    row = Incident(
        site=origin.site, key=key, report=report.report, stream=origin.stream,
        person=person.person if person else None, team=person.team if person else "",
        number=_number(conn, house, origin), hazard=report.hazard, kind=report.kind, level=report.level, handler=report.to,
        state="received", risk="", received_ms=origin.now_ms, scored_ms=0, approved_ms=0, mend_by_ms=0, rechecked_ms=0,
        special_ms=0, investigation_ms=0, closed_ms=0, body=files.seal(key, record), told_no=0,
    )  # fmt: skip
    reports.add(conn, row)
    whom = named(report.named, origin.site, house.people)
    reports.bar(conn, row, whom)
    reports.announce(conn, [Photo(row.site, key, one, files.make(), None) for one in dict.fromkeys(report.photos)])
    audit.append(conn, house.keys.server, origin.now_ms, "report.received", {"number": row.number}, ref=b"report" + key)
    if not recipients(case_of(row, whom), house.people):
        _LOG.warning("nobody at its site may handle report %s: name a safety officer or a head", row.number)
    return key


def case_of(row: Incident, barred: frozenset[bytes]) -> Case:
    """Return what routing needs of a stored report."""
    return Case(row.site, row.team, row.person, row.hazard, row.kind, row.level, row.handler, barred)


def _number(conn: Connection, house: House, origin: Origin) -> str:
    name, _ = house.people.sites.get(origin.site, ("", ""))
    label = "-".join(name.split())[:LABEL_MAX] or "SITE"
    return reports.next_number(conn, origin.site, label, local_day(people.zone_of(conn, origin.site), origin.now_ms))


def local_day(zone: str, now_ms: int) -> str:
    """Return the day YYYYMMDD in a time zone, in the server's own if it is empty or not known here."""
    try:
        where = ZoneInfo(zone) if zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        where = None
    return dt.datetime.fromtimestamp(now_ms / 1000, dt.UTC).astimezone(where).strftime("%Y%m%d")


def _note(conn: Connection, house: House, origin: Origin, note: ReportNote, record: bytes) -> bytes:
    """Put a note beside a report if it is the sender's own or names the sender; else it is kept in the journal alone."""
    files = house.keys.files
    own = reports.of_stream(conn, origin.stream, note.report)
    row = own or reports.by_report(conn, origin.site, note.report)
    if row is None or not files.has(row.key):
        return files.make()
    person = house.people.person_of(origin.stream)
    mine = own is not None or (person is not None and person.person == row.person)
    if mine or (person is not None and person.person in reports.barred_of(conn, row)):
        reports.add_note(conn, row, own=mine, ms=origin.now_ms, body=files.seal(row.key, record))
        return row.key
    return files.make()


def opened(keys: Keyring, row: Incident) -> ReportSent | None:
    """Return the report as the PC sent it, None once its key was destroyed."""
    data = keys.files.open(row.key, row.body)
    found = None if data is None else records.decode(data)
    return found if isinstance(found, ReportSent) else None
