"""The server's own chain: ledger, enrolments, policy and reads, by the formulas of the journal (label "audit").

Its head goes into every ack, so each PC witnesses it. Entries with a `ref` are appended once, however often they come.
"""

import secrets

import msgspec
from sqlalchemy import Connection, insert, select

from app.protocol.chain import Chain, audit_first_hash, leaf_hash
from app.protocol.wire import sha256
from app.server.storage import tables as t
from app.server.storage.engine import hold
from app.server.storage.people import fact, set_fact


def epoch(conn: Connection) -> bytes:
    """Return the epoch of the server's chain, made at first use."""
    found = fact(conn, "audit_epoch")
    if found is None:
        found = secrets.token_bytes(16)
        set_fact(conn, "audit_epoch", found)
    return found


def head(conn: Connection, server: bytes) -> Chain:
    """Return where the server's chain stands."""
    newest = select(t.audit.c.n, t.audit.c.h).where(t.audit.c.site == t.NO_SITE).order_by(t.audit.c.n.desc()).limit(1)
    row = conn.execute(newest).first()
    return Chain(0, audit_first_hash(server, epoch(conn))) if row is None else Chain(row.n, row.h)


def append(
    conn: Connection, server: bytes, now_ms: int, kind: str, body: dict[str, object], *, ref: bytes = b""
) -> Chain:
    """Append one entry and return the new head; `ref` (any bytes) makes it once only, `now_ms` is for people."""
    hold(conn, b"audit")
    at = head(conn, server)
    ref = sha256(ref) if ref else secrets.token_bytes(32)
    if conn.execute(select(t.audit.c.n).where(t.audit.c.site == t.NO_SITE, t.audit.c.ref == ref)).first():
        return at
    salt, data = secrets.token_bytes(16), msgspec.json.encode({"type": kind, "ms": now_ms, **body}, order="sorted")
    then = at.advance(leaf_hash(salt, data))
    row = {"n": then.n, "kind": kind, "salt": salt, "bytes": data, "h": then.h, "ref": ref, "ms": now_ms}
    conn.execute(insert(t.audit).values(site=t.NO_SITE, **row))
    return then


def verify(conn: Connection, server: bytes) -> int | None:
    """Return the number of the first entry that does not fit the chain, None if all do."""
    at = Chain(0, audit_first_hash(server, epoch(conn)))
    for row in conn.execute(select(t.audit).where(t.audit.c.site == t.NO_SITE).order_by(t.audit.c.n)):
        at = at.append(row.salt, row.bytes)
        if (at.n, at.h) != (row.n, row.h):
            return int(row.n)
    return None
