"""What IT does on the server's machine besides running it: codes, people, approvals, PINs, the outside computation."""

import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from app.domain.errors import UsageError
from app.protocol.enrol import Token as Code
from app.protocol.pin import pin_proof, pin_value
from app.server.storage import audit, logs, people, roster
from app.server.storage.keyring import Keyring
from app.server.storage.people import Device, Token
from app.server.storage.roster import Entry
from app.server.storage.sealing import KeyFiles
from app.server.storage.tables import NO_SITE


@dataclass(frozen=True, slots=True)
class CodeFor:
    """For whom a code is: a site, and a person with seat and role if IT knows already."""

    site: str
    person: str = ""
    role: str = "agent"
    team: str = ""
    seat: str = ""
    floor: str = ""


def make_codes(conn: Connection, keys: Keyring, who: CodeFor, count: int, expires_ms: int) -> list[str]:
    """Return enrolment codes as IT hands them out; the database keeps only what checks a MAC."""
    if who.person and not who.team:
        raise UsageError("A code for a person needs --team.")
    site = people.site_id(conn, who.site, make=True)
    assert site is not None
    person = None
    if who.person:
        entry = Entry(who.site, who.team, who.person, who.role, who.seat, who.floor)
        person = roster.store_entry(conn, entry, keys.fingerprint).person
    codes = []
    for _ in range(count):
        code = Code(secrets.token_bytes(8), secrets.token_bytes(20), keys.fingerprint)
        token = Token(
            site=site, token=code.id, mac_key=code.mac_key(), person=person, role=who.role, team=who.team,
            seat=who.seat, floor=who.floor, expires_ms=expires_ms, used_by=None,
        )  # fmt: skip
        people.put_token(conn, token)
        codes.append(code.text())
    people.touch_roster(conn)
    return codes


def import_people(conn: Connection, keys: Keyring, path: Path, now_ms: int) -> int:
    """Take IT's list into the database and return how many entries it has."""
    entries = roster.read_roster(path)
    for entry in entries:
        roster.store_entry(conn, entry, keys.fingerprint)
    audit.append(conn, keys.server, now_ms, "people.imported", {"entries": len(entries)})
    people.touch_roster(conn)
    return len(entries)


def approve_device(conn: Connection, keys: Keyring, code: str, who: CodeFor, now_ms: int) -> str:
    """Make the pending PC that shows `code` active and return its device id in hex; UsageError if there is none."""
    site = people.site_id(conn, who.site)
    if site is None:
        raise UsageError(f"There is no site {who.site}.")
    device = _approve(conn, code.strip().upper(), site, who.seat, who.floor)
    if device is None:
        raise UsageError("No pending PC shows this code.")
    if who.person:
        entry = Entry(who.site, who.team, who.person, who.role, who.seat, who.floor)
        person = roster.store_entry(conn, entry, keys.fingerprint)
        for stream in people.streams_of(conn, device.device):
            people.put_stream(conn, replace(stream, person=person.person), now_ms)
    audit.append(conn, keys.server, now_ms, "device.approved", {"device": device.device.hex()})
    people.touch_roster(conn)
    return device.device.hex()


def _approve(conn: Connection, code: str, site: bytes, seat: str, floor: str) -> Device | None:
    """Make the pending device with this code active at a site with its accounts; None if there is none."""
    known = people.pending_device(conn, code)
    if known is None:
        return None
    active = replace(known, site=site, state="active", seat=seat or known.seat, floor=floor or known.floor)
    streams = people.streams_of(conn, known.device)
    people.drop_device(conn, known)
    people.put_device(conn, active, 0)
    for stream in streams:
        people.put_stream(conn, replace(stream, site=site), 0)
    return active


def set_pins(conn: Connection, keys: Keyring, site_name: str, name: str, pins: tuple[str, str]) -> int:
    """Set PIN and duress PIN of a person on every account enrolled so far; return on how many.

    They differ in two places at least (a duress PIN must not be PIN + 1); UsageError otherwise.
    """
    pin, duress = pins
    if len(pin) != len(duress) or sum(a != b for a, b in zip(pin, duress, strict=True)) < 2:
        raise UsageError("PIN and duress PIN must have the same length and differ in two places at least.")
    site = people.site_id(conn, site_name)
    person = people.person_id(site, name) if site is not None else b""
    streams = [one for one in people.all_streams(conn) if one.person == person and one.person is not None]
    for stream in streams:
        values = [pin_value(keys.pepper, pin_proof(one, stream.stream)) for one in (pin, duress)]
        people.put_stream(conn, replace(stream, pin=values[0], duress=values[1]), 0)
    people.touch_roster(conn)
    return len(streams)


def outside_head(
    conn: Connection, device: bytes, stream: bytes, files: KeyFiles | None = None
) -> list[dict[str, object]]:
    """Return for each epoch the head computed from the stored salts and bytes, next to what was pinned.

    Sealed records are opened with `files`; those whose key was destroyed count by their leaf.
    """
    found = []
    for epoch in logs.epochs_of(conn, device, stream):
        at = logs.recompute(conn, epoch, files.open if files else None)
        found.append(
            {
                "device": device.hex(), "stream": stream.hex(), "epoch": epoch.epoch.hex(), "n": at.n, "h": at.h.hex(),
                "pinned_n": epoch.n, "pinned_h": epoch.h.hex(), "agrees": (at.n, at.h) == (epoch.n, epoch.h),
                "broken": [one.fact for one in logs.broken_of(conn, epoch.site, stream)],
            }
        )  # fmt: skip
    return found


def list_devices(conn: Connection) -> list[dict[str, object]]:
    """Return every PC with its state, the site that its installer named and, while pending, the code to compare."""
    names = people.site_names(conn)
    return [
        {
            "device": one.device.hex(), "state": one.state, "host": one.host, "seat": one.seat, "floor": one.floor,
            "site": "" if one.site == NO_SITE else names.get(one.site, ("", ""))[0],
            "code": one.code if one.state == "pending" else "", "site_claimed": one.claimed,
        }
        for one in people.all_devices(conn)
    ]  # fmt: skip
