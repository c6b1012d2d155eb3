"""What staff do with reports: list, read, move on, score, approve, extend, re-check, file; every read is recorded.

Names nobody but the person who acts: `by` is a person on IT's list of the site, by display name or id.
"""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from app.domain import incident
from app.domain.errors import UsageError
from app.domain.incident import Due, Facts, Risk, State
from app.protocol import records
from app.protocol.report_kinds import ReportNote
from app.protocol.reports import Read, ReadList
from app.server.incidents.routing import Case, named, readers, recipients
from app.server.incidents.taking import case_of, local_day, opened
from app.server.storage import audit, directory, people, reads, reports
from app.server.storage.directory import Directory
from app.server.storage.keyring import Keyring
from app.server.storage.reports import Incident

Row = dict[str, object]
READING = ("lead", "officer", "head", "it", "staff_rep")
READS_MAX = 200


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts at which site, when, and from which account of the machine (for the audit chain)."""

    site: str
    by: str
    now_ms: int
    account: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """An actor who was found on IT's list."""

    conn: Connection
    keys: Keyring
    actor: Actor
    people: Directory
    site: bytes
    person: bytes

    def note(self, kind: str, body: Row) -> None:
        """Record in the audit chain what this person did."""
        who: Row = {"by": self.person.hex(), "account": self.actor.account}
        audit.append(self.conn, self.keys.server, self.actor.now_ms, kind, {**who, **body})

    def holds(self, role: str) -> bool:
        """Say whether the person has a role at the site."""
        return any(one == role for one, _ in self.people.roles.get(self.person, frozenset()))


def desk(conn: Connection, keys: Keyring, actor: Actor) -> Desk:
    """Return the actor's desk; UsageError if the site or the person is not known, or the name means two."""
    site = people.site_id(conn, actor.site)
    if site is None:
        raise UsageError(f"There is no site {actor.site}.")
    known = directory.load(conn)
    found = [
        one.person for one in known.people.values() if one.site == site and actor.by in (one.name, one.person.hex())
    ]
    if len(found) != 1:
        few = "Nobody" if not found else "More than one person"
        raise UsageError(f"{few} at {actor.site} is called {actor.by}; the person's id can be given instead.")
    return Desk(conn, keys, actor, known, site, found[0])


def case_for(at: Desk, row: Incident) -> Case:
    """Return what routing needs, with whom it names as the list stands now besides whom it named then."""
    report = opened(at.keys, row)
    now = named(report.named, row.site, at.people) if report else frozenset()
    return case_of(row, reports.barred_of(at.conn, row) | now)


def list_reports(at: Desk) -> list[Row]:
    """Return what this person may read, newest first, without texts; `yours` if it is theirs to handle."""
    found = []
    for row in reports.of_site(at.conn, at.site):
        case = case_for(at, row)
        if at.person in readers(case, at.people):
            found.append({**_outline(row), "yours": at.person in recipients(case, at.people)})
    at.note("reports.listed", {"numbers": [str(one["number"]) for one in found][:500]})
    return found


def _outline(row: Incident) -> Row:
    running = incident.due(row.facts())
    return {
        "number": row.number, "hazard": row.hazard, "kind": row.kind, "level": row.level, "to": row.handler,
        "state": row.state, "risk": row.risk, "received_ms": row.received_ms, "closed_ms": row.closed_ms,
        "due": [{"what": one.due.value, "at_ms": one.at_ms, "who": one.who.value} for one in running],
    }  # fmt: skip


def show(at: Desk, number: str) -> Row:
    """Return a report with its texts, notes and photos; UsageError unless this person may read it. Recorded."""
    row = _readable(at, number)
    report = opened(at.keys, row)
    if report is None:
        raise UsageError("This report was destroyed at the end of its time.")
    reporter = at.people.people.get(row.person) if row.person else None
    _read(at, row, "report.read")
    texts = msgspec.to_builtins(report)
    notes = []
    for note in reports.notes_of(at.conn, row):
        data = at.keys.files.open(row.key, note.body)
        held = None if data is None else records.decode(data)
        if isinstance(held, ReportNote):
            notes.append({"ms": note.ms, "own": note.own, "text": held.text})
    photos = {one.hash.hex(): one.body is not None for one in reports.photos_of(at.conn, row)}
    who = {"name": reporter.name, "team": reporter.team} if reporter else None
    return {**_outline(row), "reporter": who, "report": texts, "notes": notes, "photos": photos}


def photo(at: Desk, number: str, digest: str) -> bytes:
    """Return a photo's bytes; UsageError unless it is there and this person may read the report. Recorded."""
    row = _readable(at, number)
    for one in reports.photos_of(at.conn, row):
        data = at.keys.files.open(one.photo_key, one.body) if one.hash.hex() == digest and one.body else None
        if data is not None:
            _read(at, row, "photo.read")
            return data
    raise UsageError("There is no such photo.")


def _read(at: Desk, row: Incident, kind: str) -> None:
    """Record a read by role and day for the person who was read, then in the chain: locks in the order of the batches."""
    if row.person is not None:
        role = next((one for one in READING if at.holds(one)), "other")
        day = local_day(people.zone_of(at.conn, at.site), at.actor.now_ms)
        day = f"{day[:4]}-{day[4:6]}-{day[6:]}"
        reads.add(at.conn, at.site, row.person, number=row.number, role=role, day=day, ms=at.actor.now_ms)
    at.note(kind, {"number": row.number, "of": row.person.hex() if row.person else ""})


def read_list(conn: Connection, site: bytes, person: bytes) -> ReadList:
    """Return who read reports of this person."""
    found = reads.of_person(conn, site, person, READS_MAX)
    return ReadList(
        reads=tuple(Read(day=day, role=role, number=number) for day, role, number in found)  # type: ignore[arg-type]  # roles of READING
    )


def _readable(at: Desk, number: str) -> Incident:
    row = reports.by_number(at.conn, at.site, number)
    if row is None or at.person not in readers(case_for(at, row), at.people):
        # One sentence for both: whoever may not read it does not learn that it exists.
        raise UsageError("There is no such report, or it is not for this person.")
    return row


def _change(at: Desk, number: str, what: str, do: Callable[[Facts], Facts]) -> Row:
    row = _readable(at, number)
    if at.person not in recipients(case_for(at, row), at.people):
        raise UsageError("This person may read the report but does not handle it.")
    facts = do(row.facts())
    reports.change(at.conn, row, facts, at.actor.now_ms)
    at.note("report.changed", {"number": number, "what": what})
    changed = reports.by_number(at.conn, at.site, number)
    assert changed is not None
    return _outline(changed)


def set_state(at: Desk, number: str, state: State) -> Row:
    """Move a report on; UsageError for a step back or a hazard that was not re-checked."""
    return _change(at, number, state.value, lambda facts: incident.moved(facts, state))


def score(at: Desk, number: str, risk: Risk) -> Row:
    """Score a hazard's risk."""
    return _change(at, number, f"risk {risk.value}", lambda facts: incident.scored(facts, risk, at.actor.now_ms))


def approve(at: Desk, number: str) -> Row:
    """Approve the plan of mending: its time runs from now."""
    return _change(at, number, "approved", lambda facts: incident.approved(facts, at.actor.now_ms))


def extend(at: Desk, number: str, until_ms: int) -> Row:
    """Give mending more time, asked for before the deadline."""
    return _change(at, number, "extended", lambda facts: incident.extended(facts, until_ms, at.actor.now_ms))


def recheck(at: Desk, number: str) -> Row:
    """Note that a mended hazard was checked again; only then can it be closed."""
    return _change(at, number, "rechecked", lambda facts: incident.rechecked(facts, at.actor.now_ms))


def file_report(at: Desk, number: str, what: Due) -> Row:
    """Note that the special report or the investigation of a major event is written."""
    return _change(at, number, what.value, lambda facts: incident.filed(facts, what, at.actor.now_ms))
