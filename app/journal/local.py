"""The local file: what never leaves this PC (presence, calls, breaks), and small state the agent needs after a restart.

It has its own key and no chain; `app.sync` never opens it. Any thread; a lock makes the file one writer's.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from app.domain.moment import Moment
from app.journal import check, cipher
from app.journal.errors import ClosedError, DamagedError, DiskFullError, JournalError
from app.journal.opening import set_aside
from app.protocol.record_kinds import Record
from app.protocol.records import File, encode, kind_of

if TYPE_CHECKING:
    from sqlite3 import Connection

VERSION: Final = 1
STATE_MAX: Final = 1024 * 1024
_DAY_MS: Final = 24 * 3600 * 1000
_SCHEMA: Final = """
CREATE TABLE record(id INTEGER PRIMARY KEY, ms INTEGER NOT NULL, days INTEGER NOT NULL, kind TEXT NOT NULL,
    data BLOB NOT NULL);
CREATE TABLE state(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
"""


class LocalStore:
    """The open local file; make it with `LocalStore.open`, end it with `close`."""

    def __init__(self, path: Path, conn: "Connection", aside: Path | None) -> None:
        self.path = path
        self.aside = aside
        """The damaged file's new name, if there was one; the person's own view then begins anew."""
        self._conn = conn
        self._lock = RLock()
        self._open = True

    @classmethod
    def open(cls, path: Path, key: bytes, *, now: Moment) -> "LocalStore":
        """Open or create `path`; the folder must exist. A damaged file is renamed to `<name>.damaged-<ms>`.

        WrongKeyError leaves everything as it is. Blocking.
        """
        existed = path.exists() and path.stat().st_size > 0
        try:
            conn = cipher.connect(path, key)
        except DamagedError:
            aside = set_aside(path, f"damaged-{now.wall_ms}")
            return cls(path, _begun(cipher.connect(path, key)), aside)
        try:
            version = conn.execute("PRAGMA user_version").fetchone()[0]
            if not cipher.broken_pages(conn) and version == (VERSION if existed else 0):
                return cls(path, conn if existed else _begun(conn), None)
        except cipher.DatabaseError as error:  # no room, or somebody holds it: the file itself was readable
            conn.close()
            raise JournalError(f"{path.name} cannot be opened: {error}") from None
        conn.close()
        aside = set_aside(path, f"damaged-{now.wall_ms}")
        return cls(path, _begun(cipher.connect(path, key)), aside)

    @contextmanager
    def _using(self) -> Iterator["Connection"]:
        with self._lock:
            if not self._open:
                raise ClosedError("the local file is closed")
            try:
                yield self._conn
            except cipher.DatabaseError as error:
                with suppress(cipher.DatabaseError):
                    self._conn.execute("ROLLBACK")
                if cipher.is_full(error):
                    raise DiskFullError from None
                if cipher.is_damage(error):
                    raise DamagedError("the local file is damaged: open it again to begin a new one") from None
                raise JournalError(f"the local file cannot be used: {error}") from None

    def append(self, records: Sequence[Record], moment: Moment) -> None:
        """Append in one transaction; durable on return. ProtocolError for a kind of the journal, DiskFullError."""
        rows = []
        for record in records:
            kind = kind_of(record)
            rows.append((moment.wall_ms, kind.retention.pc_days, kind.name, encode(record, File.LOCAL)))
        with self._using() as conn:
            conn.execute("BEGIN IMMEDIATE")
            conn.executemany("INSERT INTO record(ms, days, kind, data) VALUES(?, ?, ?, ?)", rows)
            conn.execute("COMMIT")

    def rows(self, kind: str | None = None, since_ms: int = 0) -> list[dict[str, Any]]:
        """Return records for the person's own page, oldest first: {time, type, record}."""
        query = "SELECT ms, kind, data FROM record WHERE ms >= ? AND (? IS NULL OR kind = ?) ORDER BY id"
        with self._using() as conn:
            found = conn.execute(query, (since_ms, kind, kind)).fetchall()
        return [
            {"time": check.clock_text(ms), "type": name, "record": check.readable(data)} for ms, name, data in found
        ]

    def retire(self, now: Moment) -> int:
        """Delete records past their days (28; locks 180); returns how many. The caller records the run."""
        with self._using() as conn:
            return conn.execute("DELETE FROM record WHERE ms + days * ? <= ?", (_DAY_MS, now.wall_ms)).rowcount

    def forget(self, kind: str) -> int:
        """Delete all records of a kind because the person wants it; returns how many."""
        with self._using() as conn:
            return conn.execute("DELETE FROM record WHERE kind = ?", (kind,)).rowcount

    def get(self, name: str) -> bytes | None:
        """Return a piece of state, None if there is none."""
        with self._using() as conn:
            row = conn.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return None if row is None else bytes(row[0])

    def put(self, name: str, value: bytes | None) -> None:
        """Keep a piece of state of at most 1 MiB (None: forget it); durable on return: one disk flush each."""
        if value is not None and len(value) > STATE_MAX:
            raise JournalError(f"a piece of state may have {STATE_MAX} bytes, not {len(value)}")
        with self._using() as conn:
            if value is None:
                conn.execute("DELETE FROM state WHERE name = ?", (name,))
            else:
                conn.execute("INSERT OR REPLACE INTO state VALUES(?, ?)", (name, value))

    def close(self) -> None:
        """Close; afterwards no file of it is open. Closing twice is well."""
        with self._lock:
            if self._open:
                self._open = False
                self._conn.close()


def _begun(conn: "Connection") -> "Connection":
    conn.execute("BEGIN IMMEDIATE")
    for statement in _SCHEMA.split(";"):
        conn.execute(statement)
    conn.execute(f"PRAGMA user_version = {VERSION}")
    conn.execute("COMMIT")
    return conn
