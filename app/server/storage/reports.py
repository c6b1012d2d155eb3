"""Rows of reports: numbers, states, whom they name, photos, notes, and the journal records that lie sealed.

Rows in and out; texts come and go sealed (`sealing`). Who may read or handle one is decided by the caller.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update

from app.domain.incident import Facts, Risk, State, Who
from app.server.storage import tables as t
from app.server.storage.engine import hold
from app.server.storage.people import upsert

OWN_MAX = 100
"""Reports whose state one PC is told of anew."""


@dataclass(frozen=True, slots=True)
class Incident:
    """One report: what clocks and routing need in clear, `body` is the record as the PC sent it, sealed."""

    site: bytes
    key: bytes
    report: bytes
    stream: bytes
    person: bytes | None
    team: str
    number: str
    hazard: bool
    kind: str
    level: int
    handler: str
    state: str
    risk: str
    received_ms: int
    scored_ms: int
    approved_ms: int
    mend_by_ms: int
    rechecked_ms: int
    special_ms: int
    investigation_ms: int
    closed_ms: int
    body: bytes
    told_no: int

    def facts(self) -> Facts:
        """What its clocks need."""
        return Facts(
            hazard=self.hazard,
            level=self.level,
            received_ms=self.received_ms,
            state=State(self.state),
            handler=Who(self.handler),
            risk=Risk(self.risk) if self.risk else None,
            scored_ms=self.scored_ms,
            approved_ms=self.approved_ms,
            mend_by_ms=self.mend_by_ms,
            rechecked_ms=self.rechecked_ms,
            special_ms=self.special_ms,
            investigation_ms=self.investigation_ms,
        )


_I = t.incidents.c
_COLUMNS = [_I[name] for name in Incident.__slots__]


def add(conn: Connection, row: Incident) -> None:
    """Store a new report."""
    conn.execute(insert(t.incidents), {name: getattr(row, name) for name in Incident.__slots__})


def of_stream(conn: Connection, stream: bytes, report: bytes) -> Incident | None:
    """Return the report that this stream sent under this id."""
    return _one(conn, _I.stream == stream, _I.report == report)


def by_report(conn: Connection, site: bytes, report: bytes) -> Incident | None:
    """Return the first report of the site with this id, whoever sent it."""
    return _one(conn, _I.site == site, _I.report == report)


def by_number(conn: Connection, site: bytes, number: str) -> Incident | None:
    """Return the report with this event number."""
    return _one(conn, _I.site == site, _I.number == number)


def _one(conn: Connection, *where: ColumnElement[bool]) -> Incident | None:
    row = conn.execute(select(*_COLUMNS).where(*where).limit(1)).first()
    return None if row is None else Incident(**row._mapping)


def of_site(conn: Connection, site: bytes) -> list[Incident]:
    """Return the reports of a site, newest first."""
    found = select(*_COLUMNS).where(_I.site == site).order_by(_I.received_ms.desc(), _I.number.desc())
    return [Incident(**row._mapping) for row in conn.execute(found)]


def open_hazards(conn: Connection, site: bytes, limit: int) -> list[Incident]:
    """Return the site's hazards that are not closed, newest first."""
    where = (_I.site == site, _I.hazard.is_(True), _I.state != State.CLOSED.value)
    found = select(*_COLUMNS).where(*where).order_by(_I.received_ms.desc(), _I.number.desc()).limit(limit)
    return [Incident(**row._mapping) for row in conn.execute(found)]


def to_tell(conn: Connection, stream: bytes, heard: int) -> list[Incident]:
    """Return the reports of a stream whose present state it has not heard by event number `heard`, oldest first."""
    news = or_(_I.told_no == 0, _I.told_no > heard)
    found = select(*_COLUMNS).where(_I.stream == stream, news).order_by(_I.received_ms.desc()).limit(OWN_MAX)
    return [Incident(**row._mapping) for row in conn.execute(found)][::-1]


def untold(conn: Connection) -> list[Incident]:
    """Return the reports whose present state was sent to nobody yet."""
    return [Incident(**row._mapping) for row in conn.execute(select(*_COLUMNS).where(_I.told_no == 0))]


def marks(conn: Connection) -> dict[bytes, int]:
    """Return the streams that have sent reports, with the highest event number under which one was told."""
    found = select(_I.stream, func.max(_I.told_no)).group_by(_I.stream)
    return {row[0]: int(row[1]) for row in conn.execute(found)}


def told(conn: Connection, row: Incident, number: int) -> None:
    """Note under which event number a state was sent, unless it has changed since."""
    same = [_I[name] == getattr(row, name) for name in ("site", "key", "state", "approved_ms", "mend_by_ms", "told_no")]
    conn.execute(update(t.incidents).where(*same).values(told_no=number))


def change(conn: Connection, row: Incident, facts: Facts, now_ms: int) -> None:
    """Store what changed, to be told to the reporter's PC."""
    closed = now_ms if facts.state is State.CLOSED and not row.closed_ms else row.closed_ms
    values = {
        "state": facts.state.value, "risk": facts.risk.value if facts.risk else "", "scored_ms": facts.scored_ms,
        "approved_ms": facts.approved_ms, "mend_by_ms": facts.mend_by_ms, "rechecked_ms": facts.rechecked_ms,
        "special_ms": facts.special_ms, "investigation_ms": facts.investigation_ms, "closed_ms": closed, "told_no": 0,
    }  # fmt: skip
    conn.execute(update(t.incidents).where(_I.site == row.site, _I.key == row.key).values(**values))


def next_number(conn: Connection, site: bytes, label: str, day: str) -> str:
    """Return the next event number of the site's day (YYYYMMDD); a number that was given is never given again."""
    hold(conn, site)
    d = t.event_days.c
    last = conn.execute(select(d.last).where(d.site == site, d.day == day)).scalar() or 0
    upsert(conn, t.event_days, {"site": site, "day": day, "last": last + 1})
    return f"{label}-{day}-{last + 1:04d}"


def bar(conn: Connection, row: Incident, people: Iterable[bytes]) -> None:
    """Note whom the report names."""
    values = [{"site": row.site, "key": row.key, "person": one} for one in people]
    if values:
        conn.execute(insert(t.barred), values)


def barred_of(conn: Connection, row: Incident) -> frozenset[bytes]:
    """Return whom the report names."""
    b = t.barred.c
    return frozenset(conn.execute(select(b.person).where(b.site == row.site, b.key == row.key)).scalars())


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that a report announced; `body` is None until it arrived, else sealed under `photo_key`."""

    site: bytes
    key: bytes
    hash: bytes
    photo_key: bytes
    body: bytes | None


_P = t.photos.c
_PHOTO = [_P[name] for name in Photo.__slots__]


def announce(conn: Connection, photos: Sequence[Photo]) -> None:
    """Note photos that will come."""
    for photo in photos:
        upsert(conn, t.photos, {name: getattr(photo, name) for name in Photo.__slots__})


def announced(conn: Connection, stream: bytes, digest: bytes) -> list[Photo]:
    """Return the photos with this hash that reports of the stream announced."""
    same = and_(_I.site == _P.site, _I.key == _P.key)
    found = select(*_PHOTO).select_from(t.photos.join(t.incidents, same)).where(_I.stream == stream, _P.hash == digest)
    return [Photo(**row._mapping) for row in conn.execute(found)]


def photos_of(conn: Connection, row: Incident) -> list[Photo]:
    """Return the photos of a report."""
    return [Photo(**one._mapping) for one in conn.execute(select(*_PHOTO).where(_P.site == row.site, _P.key == row.key))]


def put_photo(conn: Connection, photo: Photo, body: bytes) -> None:
    """Store a photo that was announced."""
    same = (_P.site == photo.site, _P.key == photo.key, _P.hash == photo.hash)
    conn.execute(update(t.photos).where(*same).values(body=body))


@dataclass(frozen=True, slots=True)
class Note:
    """A note beside a report; `own` is the reporter's."""

    no: int
    own: bool
    ms: int
    body: bytes


def add_note(conn: Connection, row: Incident, *, own: bool, ms: int, body: bytes) -> None:
    """Store a note, sealed by the caller with the report's key."""
    n = t.notes.c
    newest = select(func.coalesce(func.max(n.no), 0)).where(n.site == row.site, n.key == row.key)
    no = int(conn.execute(newest).scalar_one()) + 1
    conn.execute(insert(t.notes), {"site": row.site, "key": row.key, "no": no, "own": own, "ms": ms, "body": body})


def notes_of(conn: Connection, row: Incident) -> list[Note]:
    """Return the notes beside a report, oldest first."""
    n = t.notes.c
    found = select(n.no, n.own, n.ms, n.body).where(n.site == row.site, n.key == row.key).order_by(n.no)
    return [Note(**one._mapping) for one in conn.execute(found)]
