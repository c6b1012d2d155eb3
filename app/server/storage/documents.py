"""Signed documents in their wire form, by site, kind and version; versions only rise."""

import secrets

from sqlalchemy import Connection, func, insert, select

from app.server.storage import tables as t
from app.server.storage.people import fact, set_fact


def newest(conn: Connection, site: bytes, kind: int) -> bytes | None:
    """Return the document of the highest version."""
    d = t.documents.c
    found = select(d.bytes).where(d.site == site, d.kind == kind).order_by(d.version.desc()).limit(1)
    return conn.execute(found).scalar_one_or_none()


def add(conn: Connection, site: bytes, kind: int, version: int, data: bytes) -> None:
    """Store a document; its version must be above all others (the key refuses an equal one)."""
    conn.execute(insert(t.documents).values(site=site, kind=kind, version=version, bytes=data))


def versions(conn: Connection, kind: int) -> dict[bytes, int]:
    """Return the highest version of a kind by site."""
    d = t.documents.c
    rows = conn.execute(select(d.site, func.max(d.version)).where(d.kind == kind).group_by(d.site))
    return {row[0]: int(row[1]) for row in rows}


def touch(conn: Connection) -> None:
    """Tell a running server that a document was published beside it."""
    set_fact(conn, "documents", secrets.token_bytes(8))


def mark(conn: Connection) -> bytes | None:
    """Return what `touch` left last."""
    return fact(conn, "documents")
