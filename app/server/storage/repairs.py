"""Shift checks that asked for a repair, and which of them are done: read from what is stored already, no rows of their own.

The ask is the PC's record, which goes at the end of its time; the answer is an entry of the server's chain.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, func, select

from app.protocol import records
from app.protocol.errors import ProtocolError
from app.protocol.record_kinds import name_of
from app.protocol.report_kinds import CheckDone
from app.protocol.wire import sha256
from app.server.storage import tables as t

DONE = "repair.done"
"""Kind of the entry in the server's chain; its `repair` is the id."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One check in which a repair was asked for: from which PC, and when the server got it; of the person nothing."""

    id: str
    site: bytes
    seat: str
    floor: str
    since_ms: int
    check: CheckDone


def asked(conn: Connection) -> Iterator[Asked]:
    """Yield what was asked for on the whole server, oldest first; seat and floor are the PC's of today."""
    r, e, d = t.records.c, t.epochs.c, t.devices.c
    joined = t.records.join(t.epochs, (e.site == r.site) & (e.log == r.log)).outerjoin(
        t.devices, (d.site == e.site) & (d.device == e.device)
    )
    found = (
        select(r.site, r.log, r.n, r.bytes, r.received_ms, d.seat, d.floor)
        .select_from(joined)
        .where(r.kind == name_of(CheckDone), func.length(r.bytes) > 0)
        .order_by(r.received_ms, r.site, r.log, r.n)
    )
    for row in conn.execute(found):
        try:
            check = records.decode(row.bytes)
        except ProtocolError:
            continue  # set aside when it came: it is evidence, no request
        if isinstance(check, CheckDone) and check.repair:
            name = sha256(b"repair" + row.site + f"{row.log}.{row.n}".encode()).hex()[:10]
            yield Asked(name, row.site, row.seat or "", row.floor or "", row.received_ms, check)


def done(conn: Connection) -> dict[str, int]:
    """Return when each repair that is done was noted as done, by its id."""
    found = select(t.audit.c.bytes, t.audit.c.ms).where(t.audit.c.site == t.NO_SITE, t.audit.c.kind == DONE)
    return {str(msgspec.json.decode(row.bytes)["repair"]): int(row.ms) for row in conn.execute(found)}
