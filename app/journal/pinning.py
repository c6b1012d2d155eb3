"""What a server's ack means for this journal, and the evidence that is kept (protocol, "PC: takes an ack only if")."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from app.journal import table
from app.journal.table import Identity, Pin
from app.protocol.pins import Ack, parse_ack

if TYPE_CHECKING:
    from sqlite3 import Connection

ANCHOR_MS: Final = 600_000
"""An ack becomes a record at most every 10 min (protocol, "Journal")."""
_DAY_MS: Final = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Noted:
    """What an ack means.

    taken: the server holds 1..n durably (`grew`: that is news). differs: it signed another hash at n; `ours` and
    `theirs` are both kept, nothing else changes. rolled_back: it holds n now and had signed `before`: send again from
    n + 1, tell IT. unfit: for another journal or epoch, or more than there is; it changes nothing.
    """

    verdict: Literal["taken", "differs", "rolled_back", "unfit"]
    n: int
    grew: bool = False
    before: int = 0
    ours: bytes = b""
    theirs: bytes = b""


@dataclass(frozen=True, slots=True)
class Fact:
    """One piece of evidence: `kind` is differs or rolled_back, `own` our hash or pin, `ack` and `sig` as signed."""

    kind: str
    ms: int
    n: int
    server: bytes
    own: bytes
    ack: bytes
    sig: bytes


def judge(conn: "Connection", identity: Identity, ack: Ack, end: int) -> Noted:
    """Return what an ack with a good signature means; changes nothing."""
    if (ack.device, ack.stream, ack.epoch) != (identity.device, identity.stream, identity.epoch):
        return Noted("unfit", ack.n)
    if ack.n > end:
        return Noted("unfit", ack.n)
    here = table.chain_at(conn, identity, ack.n)
    assert here is not None
    if here.h != ack.h:
        return Noted("differs", ack.n, ours=here.h, theirs=ack.h)
    row = conn.execute("SELECT n FROM pin WHERE server = ?", (ack.server,)).fetchone()
    before = int(row[0]) if row else -1
    if ack.n < before:
        return Noted("rolled_back", ack.n, before=before)
    return Noted("taken", ack.n, grew=ack.n > before)


def worth_keeping(conn: "Connection", noted: Noted, ack: Ack) -> bool:
    """Whether the file must be written: not for every heartbeat, which would flush the disk every 5 s."""
    if noted.verdict == "unfit":
        return False
    if noted.verdict == "differs":
        known = conn.execute("SELECT ack FROM fact WHERE kind = 'differs' AND server = ?", (ack.server,))
        return all(parse_ack(row[0]).h != ack.h for row in known)
    if noted.verdict == "rolled_back" or noted.grew:
        return True
    row = conn.execute("SELECT generation, ms FROM pin WHERE server = ?", (ack.server,)).fetchone()
    return bool(ack.generation > row[0] or ack.ms >= row[1] + ANCHOR_MS)


def keep(conn: "Connection", noted: Noted, ack: Ack, sig: bytes, wall_ms: int) -> None:
    """Write the pin or the fact, within the caller's transaction; after a roll-back the pin is where the server is now."""
    packed = ack.pack()
    if noted.verdict == "differs":
        fact = ("differs", wall_ms, noted.n, ack.server, noted.ours, packed, sig)
    elif noted.verdict == "rolled_back":
        row = conn.execute("SELECT ack, sig FROM pin WHERE server = ?", (ack.server,)).fetchone()
        fact = ("rolled_back", wall_ms, noted.n, ack.server, row[0] + row[1], packed, sig)
    else:
        fact = None
    if fact is not None:
        conn.execute("INSERT INTO fact(kind, ms, n, server, own, ack, sig) VALUES(?, ?, ?, ?, ?, ?, ?)", fact)
    if noted.verdict != "differs":
        pin = (ack.server, ack.generation, ack.n, ack.h, ack.ms, packed, sig)
        conn.execute("INSERT OR REPLACE INTO pin VALUES(?, ?, ?, ?, ?, ?, ?)", pin)


def facts(conn: "Connection") -> list[Fact]:
    """Return the evidence, oldest first."""
    return [Fact(*row) for row in conn.execute("SELECT kind, ms, n, server, own, ack, sig FROM fact ORDER BY id")]


def pins(conn: "Connection", epoch: bytes) -> list[Pin]:
    """Return the newest acknowledged place of each server."""
    return [Pin(epoch, row[0], row[1]) for row in conn.execute("SELECT n, h FROM pin")]


def anchor_due(conn: "Connection", ack: Ack, wall_ms: int) -> bool:
    """Whether this ack should become a record: it holds more than the last anchor, which is 10 min old."""
    if ack.n <= table.number(conn, "anchor_n"):
        return False
    return abs(wall_ms - table.number(conn, "anchor_ms")) >= ANCHOR_MS


def retire(conn: "Connection", wall_ms: int, servers: Sequence[bytes]) -> int:
    """Destroy what is past its days and held by each of `servers`, within the caller's transaction; returns how many."""
    newest = conn.execute("SELECT max(ms) FROM pin").fetchone()[0]
    now = wall_ms if newest is None else min(wall_ms, newest + _DAY_MS)
    held = dict(conn.execute("SELECT server, n FROM pin"))
    end = conn.execute("SELECT max(n) FROM record").fetchone()[0] or 0
    up_to = min([end, *(held.get(server, 0) for server in servers)])
    query = "UPDATE record SET salt = NULL, data = NULL WHERE n <= ? AND data IS NOT NULL AND ms + days * ? <= ?"
    count = conn.execute(query, (up_to, _DAY_MS, now)).rowcount
    if count:
        table.set_number(conn, "retired_ms", max(now, table.number(conn, "retired_ms")))
    return count


def destroyed_in_time(ms: int, days: int, retired_ms: int) -> bool:
    """Whether a record without contents had passed its days when retention last ran."""
    return ms + days * _DAY_MS <= retired_ms
