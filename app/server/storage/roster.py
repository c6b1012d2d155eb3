"""IT's list of people as TOML or CSV: site, team, seat, floor, person, role, and optionally account, id, number
and zone.

TOML: one [[person]] table each; CSV: a header line with the same names. Imported twice it changes nothing.
"""

import csv
import io
import tomllib
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from app.domain.errors import UsageError
from app.protocol.enrol import account_hash
from app.server.storage import people
from app.server.storage.people import Person

ROLES = ("agent", "lead", "head", "officer", "it", "auditor", "staff_rep")
_NEEDED = ("site", "team", "person", "role")
_KNOWN = (*_NEEDED, "seat", "floor", "account", "id", "number", "zone")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list; texts without surrounding spaces, empty where not given."""

    site: str
    team: str
    person: str
    role: str
    seat: str = ""
    floor: str = ""
    account: str = ""
    id: str = ""
    number: str = ""
    zone: str = ""


def read_roster(path: Path) -> list[Entry]:
    """Return the entries of a file; UsageError names the line that is wrong."""
    try:
        text = path.read_text("utf-8-sig")
        rows = tomllib.loads(text).get("person", []) if path.suffix == ".toml" else list(csv.DictReader(io.StringIO(text)))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, csv.Error) as error:
        raise UsageError(f"The list {path.name} cannot be read: {error}.") from None
    if not isinstance(rows, list) or not rows:
        raise UsageError(f"The list {path.name} names nobody.")
    return [_entry(number, row) for number, row in enumerate(rows, 1)]


def _entry(number: int, row: object) -> Entry:
    if not isinstance(row, dict):
        raise UsageError(f"Entry {number} is not a table.")
    unknown = [str(key) for key in row if key not in _KNOWN]
    if unknown:
        raise UsageError(f"Entry {number} has an unknown field: {unknown[0]}.")
    texts = {key: str(value or "").strip() for key, value in row.items()}
    missing = [key for key in _NEEDED if not texts.get(key)]
    if missing:
        raise UsageError(f"Entry {number} has no {missing[0]}.")
    if texts["role"] not in ROLES:
        raise UsageError(f"Entry {number} has an unknown role: {texts['role']}. Known are {', '.join(ROLES)}.")
    if any(len(text) > 64 for key, text in texts.items() if key != "account"):
        raise UsageError(f"Entry {number} has a text of more than 64 characters.")
    if texts.get("zone") and not _is_zone(texts["zone"]):
        raise UsageError(f"Entry {number} has an unknown time zone: {texts['zone']}.")
    return Entry(**texts)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def store_entry(conn: Connection, entry: Entry, fingerprint: bytes) -> Person:
    """Store a person with site, team, seat, role and account; return the person."""
    site = people.site_id(conn, entry.site, make=True)
    assert site is not None
    if entry.number:
        people.set_number(conn, site, entry.number)
    if entry.zone:
        people.set_zone(conn, site, entry.zone)
    person = Person(site, people.person_id(site, entry.id or entry.person), entry.person, entry.team)
    people.put_person(conn, person, entry.role)
    if entry.seat:
        people.put_seat(conn, site, entry.seat, floor=entry.floor, team=entry.team)
    if entry.account:
        people.put_account(conn, site, account_hash(fingerprint, entry.account), person.person)
    return person
