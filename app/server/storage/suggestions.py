"""Rows of anonymous suggestions, sealed by the caller: random ids, a month, a hash of the receipt, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from app.server.storage import tables as t
from app.server.storage.engine import hold

_S = t.suggestions.c


@dataclass(frozen=True, slots=True)
class Kept:
    """One suggestion as stored; `answer` is empty until there is one."""

    id: bytes
    body: bytes
    receipt: bytes
    answer: bytes


_COLUMNS = [_S[name] for name in Kept.__slots__]


def of_month(conn: Connection, site: bytes, month: str) -> list[Kept]:
    """Return a site's suggestions of a month, held until the end of the transaction."""
    hold(conn, site)
    found = select(*_COLUMNS).where(_S.site == site, _S.month == month).order_by(_S.id)
    return [Kept(**row._mapping) for row in conn.execute(found)]


def rewrite(conn: Connection, site: bytes, month: str, kept: Sequence[Kept]) -> None:
    """Write every row of the month anew, in the order given."""
    conn.execute(delete(t.suggestions).where(_S.site == site, _S.month == month))
    values = [{"site": site, "month": month, **{name: getattr(one, name) for name in Kept.__slots__}} for one in kept]
    conn.execute(insert(t.suggestions), values)


def of_site(conn: Connection, site: bytes) -> list[tuple[str, Kept]]:
    """Return (month, suggestion) of a site, newest month first, by random id within it."""
    found = select(_S.month, *_COLUMNS).where(_S.site == site).order_by(_S.month.desc(), _S.id)
    return [(row.month, Kept(row.id, row.body, row.receipt, row.answer)) for row in conn.execute(found)]


def by_receipt(conn: Connection, receipt: bytes) -> tuple[bytes, str, Kept] | None:
    """Return (site, month, suggestion) of a receipt."""
    row = conn.execute(select(_S.site, _S.month, *_COLUMNS).where(_S.receipt == receipt).limit(1)).first()
    return None if row is None else (row.site, row.month, Kept(row.id, row.body, row.receipt, row.answer))


def put_answer(conn: Connection, site: bytes, suggestion: bytes, answer: bytes) -> None:
    """Store an answer."""
    conn.execute(update(t.suggestions).where(_S.site == site, _S.id == suggestion).values(answer=answer))


def months(conn: Connection) -> list[tuple[bytes, str]]:
    """Return every (site, month) that has suggestions."""
    return [(row.site, row.month) for row in conn.execute(select(_S.site, _S.month).distinct())]
