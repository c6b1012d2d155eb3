"""Sites, teams, seats, people, roles, devices, streams and enrolment tokens: rows in and out, no decisions.

A person's id is derived from the site and IT's own key for the person (a staff number, else the name), so that the same
list imported twice changes nothing.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from app.protocol.wire import sha256, tag
from app.server.storage import tables as t


@dataclass(frozen=True, slots=True)
class Person:
    """Who needs help or gives it; `team` is the home team."""

    site: bytes
    person: bytes
    name: str
    team: str


@dataclass(frozen=True, slots=True)
class Device:
    """An enrolled PC; `state` is pending, active or revoked, `pub` the machine key (33 bytes) of algorithm `alg`."""

    site: bytes
    device: bytes
    state: str
    alg: int
    pub: bytes
    host: str
    system: str
    version: str
    seat: str
    floor: str
    code: str = ""
    claimed: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    """One OS account on a device; `person` is None until IT's list knows it."""

    site: bytes
    stream: bytes
    device: bytes
    person: bytes | None
    pin: bytes | None = None
    duress: bytes | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """An enrolment token as stored: `mac_key` is H(T("token") ‖ secret); `used_by` names the device that used it."""

    site: bytes
    token: bytes
    mac_key: bytes
    person: bytes | None
    role: str
    team: str
    seat: str
    floor: str
    expires_ms: int
    used_by: bytes | None


def upsert(conn: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert the row, or change the row that has its key."""
    keys = list(table.primary_key.columns)
    same = [column == row[column.name] for column in keys]
    rest = {name: value for name, value in row.items() if name not in {column.name for column in keys}}
    if conn.execute(select(keys[0]).where(*same)).first() is None:
        conn.execute(insert(table).values(**row))
    elif rest:
        conn.execute(update(table).where(*same).values(**rest))


def site_id(conn: Connection, name: str, *, make: bool = False) -> bytes | None:
    """Return the id of the site with this name, made on demand; None if there is none."""
    found = conn.execute(select(t.sites.c.site).where(t.sites.c.name == name)).scalar_one_or_none()
    if found is None and make:
        found = secrets.token_bytes(16)
        conn.execute(insert(t.sites).values(site=found, name=name, number=""))
    return found


def site_names(conn: Connection) -> dict[bytes, tuple[str, str]]:
    """Return every site's name and emergency number."""
    return {row.site: (row.name, row.number) for row in conn.execute(select(t.sites))}


def set_number(conn: Connection, site: bytes, number: str) -> None:
    """Set the site's own emergency extension."""
    conn.execute(update(t.sites).where(t.sites.c.site == site).values(number=number))


def set_zone(conn: Connection, site: bytes, zone: str) -> None:
    """Set the site's time zone by IANA's name."""
    conn.execute(update(t.sites).where(t.sites.c.site == site).values(zone=zone))


def zone_of(conn: Connection, site: bytes) -> str:
    """Return the site's time zone, empty for the server's own."""
    return str(conn.execute(select(t.sites.c.zone).where(t.sites.c.site == site)).scalar() or "")


def person_id(site: bytes, key: str) -> bytes:
    """Return the id of the person whom IT knows by `key` at this site."""
    return sha256(tag("person") + site + key.encode())[:16]


def put_person(conn: Connection, person: Person, role: str) -> None:
    """Store a person with one role in the home team; other roles stay."""
    upsert(conn, t.teams, {"site": person.site, "team": person.team})
    row = {"site": person.site, "person": person.person, "name": person.name, "team": person.team}
    upsert(conn, t.people, row)
    upsert(conn, t.roles, {"site": person.site, "person": person.person, "role": role, "team": person.team})


def put_account(conn: Connection, site: bytes, account: bytes, person: bytes) -> None:
    """Store whose OS account this is."""
    upsert(conn, t.accounts, {"site": site, "account": account, "person": person})


def person_of_account(conn: Connection, site: bytes, account: bytes) -> bytes | None:
    """Return the person whom IT's list names for this account."""
    where = (t.accounts.c.site == site, t.accounts.c.account == account)
    return conn.execute(select(t.accounts.c.person).where(*where)).scalar_one_or_none()


def put_seat(conn: Connection, site: bytes, seat: str, *, floor: str, team: str) -> None:
    """Store a seat."""
    upsert(conn, t.seats, {"site": site, "seat": seat, "floor": floor, "team": team})


def put_token(conn: Connection, token: Token) -> None:
    """Store a new enrolment token."""
    conn.execute(insert(t.tokens).values(**{name: getattr(token, name) for name in Token.__slots__}))


def find_token(conn: Connection, token: bytes) -> Token | None:
    """Return the token with this id, of whichever site."""
    row = conn.execute(select(t.tokens).where(t.tokens.c.token == token)).first()
    return None if row is None else Token(**row._mapping)


def use_token(conn: Connection, token: Token, device: bytes) -> None:
    """Note which device used the token; the same device may repeat its enrolment with it."""
    same = (t.tokens.c.site == token.site, t.tokens.c.token == token.token)
    conn.execute(update(t.tokens).where(*same).values(used_by=device))


def put_device(conn: Connection, device: Device, now_ms: int) -> None:
    """Store a device or change it."""
    row = {name: getattr(device, name) for name in Device.__slots__}
    known = conn.execute(select(t.devices.c.created_ms).where(t.devices.c.site == device.site, t.devices.c.device == device.device)).scalar()
    upsert(conn, t.devices, {**row, "created_ms": known if known is not None else now_ms})


def find_device(conn: Connection, device: bytes) -> Device | None:
    """Return the device with this id, of whichever site."""
    columns = [t.devices.c[name] for name in Device.__slots__]
    row = conn.execute(select(*columns).where(t.devices.c.device == device)).first()
    return None if row is None else Device(**row._mapping)


def pending_device(conn: Connection, code: str) -> Device | None:
    """Return the pending device that shows this comparison code."""
    columns = [t.devices.c[name] for name in Device.__slots__]
    row = conn.execute(select(*columns).where(t.devices.c.code == code, t.devices.c.state == "pending")).first()
    return None if row is None else Device(**row._mapping)


def drop_device(conn: Connection, device: Device) -> None:
    """Remove a device and its streams: it moves to another site."""
    conn.execute(delete(t.streams).where(t.streams.c.site == device.site, t.streams.c.device == device.device))
    conn.execute(delete(t.devices).where(t.devices.c.site == device.site, t.devices.c.device == device.device))


def find_stream(conn: Connection, stream: bytes) -> Stream | None:
    """Return the stream with this id, of whichever site."""
    columns = [t.streams.c[name] for name in Stream.__slots__]
    row = conn.execute(select(*columns).where(t.streams.c.stream == stream)).first()
    return None if row is None else Stream(**row._mapping)


def streams_of(conn: Connection, device: bytes) -> list[Stream]:
    """Return the streams of a device."""
    columns = [t.streams.c[name] for name in Stream.__slots__]
    return [Stream(**row._mapping) for row in conn.execute(select(*columns).where(t.streams.c.device == device))]


def put_stream(conn: Connection, stream: Stream, now_ms: int) -> None:
    """Store a stream; PIN values and an already known person stay unless new ones are given."""
    same = (t.streams.c.site == stream.site, t.streams.c.stream == stream.stream)
    row = {name: getattr(stream, name) for name in Stream.__slots__}
    if conn.execute(select(t.streams.c.stream).where(*same)).first() is None:
        conn.execute(insert(t.streams).values(**row, created_ms=now_ms))
        return
    given = {name: value for name, value in row.items() if value is not None}
    conn.execute(update(t.streams).where(*same).values(**given))


def all_devices(conn: Connection) -> list[Device]:
    """Return every device."""
    columns = [t.devices.c[name] for name in Device.__slots__]
    return [Device(**row._mapping) for row in conn.execute(select(*columns))]


def all_streams(conn: Connection) -> list[Stream]:
    """Return every stream."""
    columns = [t.streams.c[name] for name in Stream.__slots__]
    return [Stream(**row._mapping) for row in conn.execute(select(*columns))]


def all_people(conn: Connection) -> list[Person]:
    """Return every person."""
    return [Person(**row._mapping) for row in conn.execute(select(t.people))]


def all_roles(conn: Connection) -> list[tuple[bytes, bytes, str, str]]:
    """Return every role as (site, person, role, team)."""
    return [(row.site, row.person, row.role, row.team) for row in conn.execute(select(t.roles))]


def fact(conn: Connection, name: str) -> bytes | None:
    """Return a fact of the whole server."""
    return conn.execute(select(t.facts.c.value).where(t.facts.c.site == t.NO_SITE, t.facts.c.name == name)).scalar()


def set_fact(conn: Connection, name: str, value: bytes) -> None:
    """Store a fact of the whole server."""
    upsert(conn, t.facts, {"site": t.NO_SITE, "name": name, "value": value})


def touch_roster(conn: Connection) -> None:
    """Tell a running server that who is who has changed."""
    set_fact(conn, "roster", secrets.token_bytes(8))
