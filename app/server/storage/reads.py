"""Who read a report of whom, by role and day; nothing of the reader but the role."""

from sqlalchemy import Connection, delete, func, insert, select

from app.server.storage import tables as t
from app.server.storage.engine import hold

_R = t.reads.c


def add(conn: Connection, site: bytes, person: bytes, *, number: str, role: str, day: str, ms: int) -> None:
    """Note that somebody with this role read a report of the person; once for each role and day."""
    hold(conn, site)
    mine = (_R.site == site, _R.person == person)
    same = (_R.number == number, _R.role == role, _R.day == day)
    if conn.execute(select(_R.no).where(*mine, *same)).first() is not None:
        return
    no = int(conn.execute(select(func.coalesce(func.max(_R.no), 0)).where(*mine)).scalar_one()) + 1
    row = {"site": site, "person": person, "no": no, "number": number, "role": role, "day": day, "ms": ms}
    conn.execute(insert(t.reads), row)


def of_person(conn: Connection, site: bytes, person: bytes, limit: int) -> list[tuple[str, str, str]]:
    """Return (day, role, number) of who read reports of the person, newest first."""
    found = select(_R.day, _R.role, _R.number).where(_R.site == site, _R.person == person).order_by(_R.no.desc())
    return [(row.day, row.role, row.number) for row in conn.execute(found.limit(limit))]


def drop(conn: Connection, before_ms: int) -> int:
    """Forget what is older than a time; return how many."""
    return conn.execute(delete(t.reads).where(_R.ms < before_ms)).rowcount
