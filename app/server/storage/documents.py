"""Signed documents in their wire form, by site, kind and version; versions only rise."""

from sqlalchemy import Connection, insert, select

from app.server.storage import tables as t


def newest(conn: Connection, site: bytes, kind: int) -> bytes | None:
    """Return the document of the highest version."""
    d = t.documents.c
    found = select(d.bytes).where(d.site == site, d.kind == kind).order_by(d.version.desc()).limit(1)
    return conn.execute(found).scalar_one_or_none()


def add(conn: Connection, site: bytes, kind: int, version: int, data: bytes) -> None:
    """Store a document; its version must be above all others (the key refuses an equal one)."""
    conn.execute(insert(t.documents).values(site=site, kind=kind, version=version, bytes=data))
