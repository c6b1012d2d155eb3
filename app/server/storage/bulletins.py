"""Rows of notices and the risk list, which everybody of the site may read, and sums of readers without persons."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from app.server.storage import tables as t
from app.server.storage.engine import hold
from app.server.storage.people import upsert

_B, _C, _K = t.bulletins.c, t.bulletin_reads.c, t.risks.c


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One notice with its dates in Unix ms."""

    id: bytes
    title: str
    text: str
    from_ms: int
    until_ms: int


_COLUMNS = [_B[name] for name in Bulletin.__slots__]


def add(conn: Connection, site: bytes, one: Bulletin) -> None:
    """Store a notice."""
    conn.execute(insert(t.bulletins), {"site": site, **{name: getattr(one, name) for name in Bulletin.__slots__}})


def of_site(conn: Connection, site: bytes) -> list[Bulletin]:
    """Return the notices of a site, newest first."""
    found = select(*_COLUMNS).where(_B.site == site).order_by(_B.from_ms.desc(), _B.id)
    return [Bulletin(**row._mapping) for row in conn.execute(found)]


def count_read(conn: Connection, site: bytes, bulletin: bytes, team: str, at_most: int) -> None:
    """Add one to the team's sum, up to `at_most`."""
    hold(conn, site)
    held = reads(conn, site, bulletin).get(team, 0)
    if held < at_most:
        upsert(conn, t.bulletin_reads, {"site": site, "id": bulletin, "team": team, "count": held + 1})


def reads(conn: Connection, site: bytes, bulletin: bytes) -> dict[str, int]:
    """Return the sums of a notice by team."""
    found = select(_C.team, _C.count).where(_C.site == site, _C.id == bulletin)
    return {row.team: int(row[1]) for row in conn.execute(found)}


def risks(conn: Connection, site: bytes) -> list[tuple[str, int, int]]:
    """Return the risk list as (what, likelihood, impact), in its own order."""
    found = select(_K.what, _K.likelihood, _K.impact).where(_K.site == site).order_by(_K.no)
    return [(row.what, row.likelihood, row.impact) for row in conn.execute(found)]


def put_risks(conn: Connection, site: bytes, found: Sequence[tuple[str, int, int]]) -> None:
    """Replace the risk list as a whole."""
    conn.execute(delete(t.risks).where(_K.site == site))
    values = [
        {"site": site, "no": no, "what": what, "likelihood": likelihood, "impact": impact}
        for no, (what, likelihood, impact) in enumerate(found, 1)
    ]
    if values:
        conn.execute(insert(t.risks), values)
