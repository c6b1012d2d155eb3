"""What is past its time, and how it goes: rows removed or blanked; the leaf of a journal record stays for the chain."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, func, select, tuple_, update

from app.server.storage import tables as t
from app.server.storage.reports import Incident, Photo


def blank_sealed(conn: Connection, site: bytes, key: bytes) -> int:
    """Destroy salt and bytes of the journal records that lie sealed under a key; return how many."""
    s, r = t.sealed.c, t.records.c
    places = conn.execute(select(s.log, s.n).where(s.site == site, s.key == key)).all()
    for log, n in places:
        conn.execute(update(t.records).where(r.site == site, r.log == log, r.n == n).values(salt=b"", bytes=b""))
    return len(places)


def blank_kinds(conn: Connection, site: bytes, log: int, kinds: Collection[str], before_ms: int) -> int:
    """Destroy salt and bytes of a log's records of these kinds that came before a time; return how many."""
    r = t.records.c
    where = (r.site == site, r.log == log, r.kind.in_(kinds), r.received_ms < before_ms, func.length(r.bytes) > 0)
    return conn.execute(update(t.records).where(*where).values(salt=b"", bytes=b"")).rowcount


def logs_of(conn: Connection) -> list[tuple[bytes, int]]:
    """Return (site, log) of every log."""
    return [(row.site, row.log) for row in conn.execute(select(t.epochs.c.site, t.epochs.c.log))]


def drop_incident(conn: Connection, row: Incident) -> None:
    """Remove a report with all that belongs to it and blank its journal records; the caller destroys the keys."""
    for table in (t.barred, t.photos, t.notes, t.incidents):
        conn.execute(delete(table).where(table.c.site == row.site, table.c.key == row.key))
    blank_sealed(conn, row.site, row.key)


def closed_before(conn: Connection, before_ms: int) -> list[Incident]:
    """Return the reports that were closed before a time."""
    i = t.incidents.c
    columns = [i[name] for name in Incident.__slots__]
    found = select(*columns).where(i.closed_ms > 0, i.closed_ms < before_ms)
    return [Incident(**row._mapping) for row in conn.execute(found)]


def drop_photo(conn: Connection, photo: Photo) -> None:
    """Remove a photo; the caller destroys its key."""
    p = t.photos.c
    conn.execute(delete(t.photos).where(p.site == photo.site, p.key == photo.key, p.hash == photo.hash))


def stray_keys(conn: Connection, before_ms: int) -> list[tuple[bytes, bytes]]:
    """Return (site, key) of sealed records older than a time that belong to no report: notes and unknown versions."""
    s, r, i = t.sealed.c, t.records.c, t.incidents.c
    known = select(i.site, i.key)
    old = (
        select(s.site, s.key)
        .join(t.records, (r.site == s.site) & (r.log == s.log) & (r.n == s.n))
        .where(r.received_ms < before_ms, func.length(r.bytes) > 0, tuple_(s.site, s.key).not_in(known))
    )
    return [(row.site, row.key) for row in conn.execute(old.distinct())]


def keys_in_use(conn: Connection) -> set[bytes]:
    """Return every key that a row names."""
    found: set[bytes] = set()
    for column in (t.incidents.c.key, t.photos.c.photo_key, t.sealed.c.key):
        found |= set(conn.execute(select(column)).scalars())
    return found


def drop_suggestions(conn: Connection, site: bytes, month: str) -> int:
    """Remove the suggestions of a site's month; return how many."""
    s = t.suggestions.c
    return conn.execute(delete(t.suggestions).where(s.site == site, s.month == month)).rowcount


def drop_bulletins(conn: Connection, before_ms: int) -> int:
    """Remove notices that ended before a time, with their counts; return how many."""
    b, c = t.bulletins.c, t.bulletin_reads.c
    ended = conn.execute(select(b.site, b.id).where(b.until_ms < before_ms)).all()
    for site, one in ended:
        conn.execute(delete(t.bulletin_reads).where(c.site == site, c.id == one))
        conn.execute(delete(t.bulletins).where(b.site == site, b.id == one))
    return len(ended)
