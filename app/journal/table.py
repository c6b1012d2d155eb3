"""The journal file's tables, and the few values of them that decide whether a file may be continued."""

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.journal.cipher import DatabaseError
from app.journal.errors import DamagedError
from app.protocol.chain import Chain, Epoch, first_hash
from app.protocol.wire import ZERO16, ZERO32

if TYPE_CHECKING:
    from sqlite3 import Connection

VERSION: Final = 1
SCHEMA: Final = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE record(n INTEGER PRIMARY KEY, ms INTEGER NOT NULL, days INTEGER NOT NULL, late INTEGER NOT NULL,
    salt BLOB, data BLOB, leaf BLOB NOT NULL, h BLOB NOT NULL);
CREATE TABLE pin(server BLOB PRIMARY KEY, generation INTEGER NOT NULL, n INTEGER NOT NULL, h BLOB NOT NULL,
    ms INTEGER NOT NULL, ack BLOB NOT NULL, sig BLOB NOT NULL);
CREATE TABLE fact(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, ms INTEGER NOT NULL, n INTEGER NOT NULL,
    server BLOB NOT NULL, own BLOB NOT NULL, ack BLOB NOT NULL, sig BLOB NOT NULL);
CREATE TABLE alarm(alarm BLOB NOT NULL, no INTEGER NOT NULL, packet BLOB NOT NULL, PRIMARY KEY(alarm, no));
CREATE TABLE alarm_done(alarm BLOB NOT NULL, no INTEGER NOT NULL, server BLOB NOT NULL,
    PRIMARY KEY(alarm, no, server), FOREIGN KEY(alarm, no) REFERENCES alarm(alarm, no) ON DELETE CASCADE);
"""


@dataclass(frozen=True, slots=True)
class Pin:
    """A place in a chain that somebody outside the file vouches for: the server's ack, or the guard's newest (n, h)."""

    epoch: bytes
    n: int
    h: bytes

    def pack(self) -> bytes:
        """Return 56 bytes, for the local file or the vault."""
        return self.epoch + self.n.to_bytes(8, "big") + self.h


def unpack_pin(data: bytes | None) -> Pin | None:
    """Return the pin in 56 bytes; None for nothing or another length, which pins nothing."""
    if data is None or len(data) != 56:
        return None
    return Pin(data[:16], int.from_bytes(data[16:24], "big"), data[24:])


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose chain this is and which epoch; `prev` is the end of the epoch before, None in the first."""

    device: bytes
    stream: bytes
    epoch: bytes
    prev: Pin | None

    @property
    def h0(self) -> bytes:
        """The hash that the epoch starts from."""
        prev = self.prev or Pin(ZERO16, 0, ZERO32)
        return first_hash(Epoch(self.device, self.stream, self.epoch, prev.epoch, prev.n, prev.h))


@dataclass(frozen=True, slots=True)
class Salvage:
    """What could still be read from a damaged file and must not be lost with it."""

    end: Pin | None
    starts: int
    alarms: tuple[tuple[bytes, int, bytes], ...]


def create(conn: "Connection", identity: Identity, saved: Salvage) -> None:
    """Write the tables, the identity and what was saved of a damaged file in one transaction."""
    prev = identity.prev.pack() if identity.prev else b""
    meta = {"device": identity.device, "stream": identity.stream, "epoch": identity.epoch, "prev": prev}
    counters = {"starts": saved.starts, "retired_ms": 0, "anchor_n": 1, "anchor_ms": 0}
    conn.execute("BEGIN IMMEDIATE")
    for statement in SCHEMA.split(";"):
        conn.execute(statement)
    conn.executemany("INSERT INTO meta VALUES(?, ?)", [*meta.items(), *counters.items()])
    conn.executemany("INSERT OR IGNORE INTO alarm VALUES(?, ?, ?)", saved.alarms)
    conn.execute(f"PRAGMA user_version = {VERSION}")
    conn.execute("COMMIT")


def exists(conn: "Connection") -> bool:
    """Whether the tables were written; a crash while the file was made leaves none. DamagedError for another version."""
    version = int(conn.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise DamagedError(f"the journal was written by a newer program (file version {version})")
    return version == VERSION


def identity_of(conn: "Connection") -> Identity:
    """Return whose chain the file holds."""
    meta = dict(conn.execute("SELECT key, value FROM meta WHERE key IN ('device', 'stream', 'epoch', 'prev')"))
    return Identity(meta["device"], meta["stream"], meta["epoch"], unpack_pin(meta["prev"]))


def number(conn: "Connection", key: str) -> int:
    """Return a counter of the meta table."""
    return int(conn.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()[0])


def set_number(conn: "Connection", key: str, value: int) -> None:
    """Change a counter of the meta table, within the caller's transaction."""
    conn.execute("UPDATE meta SET value = ? WHERE key = ?", (value, key))


def set_anchor(conn: "Connection", n: int, ms: int) -> None:
    """Note the newest anchor record, within the caller's transaction."""
    set_number(conn, "anchor_n", n)
    set_number(conn, "anchor_ms", ms)


def chain_at(conn: "Connection", identity: Identity, n: int | None = None) -> Chain | None:
    """Return the chain after record `n` (None: the newest); None if there is no such record."""
    if n is None:
        row = conn.execute("SELECT n, h FROM record ORDER BY n DESC LIMIT 1").fetchone()
    else:
        row = conn.execute("SELECT n, h FROM record WHERE n = ?", (n,)).fetchone()
    if row is not None:
        return Chain(int(row[0]), bytes(row[1]))
    return None if n else Chain(0, identity.h0)


def salvage(conn: "Connection") -> Salvage:
    """Read the newest end of the chain, the start counter and unanswered alarms, each for itself and as far as possible."""
    end: Pin | None = None
    starts = 0
    alarms: tuple[tuple[bytes, int, bytes], ...] = ()
    with suppress(DatabaseError, KeyError):
        identity = identity_of(conn)
        chain = chain_at(conn, identity)
        end = Pin(identity.epoch, chain.n, chain.h) if chain else None
    with suppress(DatabaseError, TypeError):
        starts = number(conn, "starts")
    with suppress(DatabaseError):
        alarms = tuple((row[0], row[1], row[2]) for row in conn.execute("SELECT alarm, no, packet FROM alarm"))
    return Salvage(end, starts, alarms)
