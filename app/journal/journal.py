"""The chained, encrypted journal of one stream: everything that may leave this PC, in order, durable before it counts.

Kept free of heavy imports. Every method may be called from any thread; a lock makes the file one writer's. Nothing here
sends, and nothing is deleted because it was sent.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from app.domain.moment import Moment
from app.journal import check, cipher, own, pinning, table
from app.journal.alarmrows import AlarmRows
from app.journal.errors import ClosedError, DamagedError, DiskFullError, JournalError
from app.journal.opening import Opener
from app.journal.reserve import RESERVE_BYTES, Reserve
from app.journal.table import Pin
from app.journal.values import Entry, Range, StoredRecord, entry_of
from app.protocol.chain import SALT_BYTES, Chain, leaf_hash
from app.protocol.record_kinds import Record

if TYPE_CHECKING:
    from sqlite3 import Connection

    from app.protocol.pins import Ack

QUOTA_BYTES: Final = 512 * 1024 * 1024
BATCH_RECORDS: Final = 500
BATCH_BYTES: Final = 1024 * 1024


class Journal:
    """The open journal; make it with `Journal.open`, end it with `close`."""

    def __init__(self, opener: Opener, quota: int, reserve: int) -> None:
        opened = opener.open()
        self.path = opener.path
        self.identity = opened.identity
        self.opening = opened.opening
        self.witness: Callable[[Pin], None] | None = None
        """Told whenever a server has acknowledged more, after that is durable here; `open_files` keeps it elsewhere too."""
        self._salt = cipher.salt_of(opener.key)
        self._lock = RLock()
        self._conn = opened.conn
        self._open = True
        self._conn.execute("PRAGMA wal_autocheckpoint = 64")  # a small log beside the file: less room to find when full
        self._end = self._read_end()
        self._stopped = False
        self._reserve = Reserve(self.path, self._conn, quota, reserve)

    @classmethod
    def open(
        cls,
        path: Path,
        key: bytes,
        *,
        device: bytes,
        stream: bytes,
        new_epoch: Callable[[], bytes],
        now: Moment,
        expect: Pin | None = None,
        quota: int = QUOTA_BYTES,
        reserve: int = RESERVE_BYTES,
    ) -> "Journal":
        """Open `path`, or create it; the folder must exist. Blocking (it reads the whole file once).

        A damaged file, or one older than `expect` (a pin kept elsewhere) or than its own acks, is renamed to
        `<name>.damaged-<ms>` and a new epoch begins whose first hash names the end of the old one; `opening` tells it.
        WrongKeyError leaves everything as it is; ForeignJournalError for another device or stream.
        """
        journal = cls(Opener(path, key, device, stream, new_epoch, now.wall_ms, expect), quota, reserve)
        journal._reserve.arm(now.boot)
        if journal._end.n == 0:
            damaged = journal.opening.aside is not None
            journal.append([own.epoch_record(journal.identity.prev, damaged=damaged, now=now)], now)
        return journal

    @contextmanager
    def _using(self) -> Iterator["Connection"]:
        with self._lock:
            if not self._open:
                raise ClosedError("the journal is closed")
            try:
                yield self._conn
            except cipher.DatabaseError as error:
                if cipher.is_damage(error):
                    raise DamagedError("the journal is damaged: open it again to begin a new epoch") from None
                raise JournalError(f"the journal cannot be used: {error}") from None

    def append(self, records: Sequence[Record], moment: Moment) -> Range:
        """Append in one transaction; on return they are durable. Blocking: one disk flush for all of them.

        DiskFullError when ordinary records found no room; essential ones of the same call are then written all the
        same (`kept`), and one `gap` record marks the place. TooLargeError over 64 KiB before anything is written.
        """
        entries = [entry_of(record) for record in records]
        with self._using():
            essential = [entry for entry in entries if entry.essential]
            if len(essential) == len(entries):  # also when there are none
                return self._write_reserved(essential, moment)
            if self._reserve.arm(moment.boot):
                try:
                    written = self._write(entries, moment)
                except cipher.DatabaseError as error:
                    if not cipher.is_full(error):
                        raise
                    self._reserve.stop(moment.boot)
                else:
                    self._stopped = False
                    return written
            raise self._stop(essential, moment)

    def _stop(self, essential: list[Entry], moment: Moment) -> DiskFullError:
        gap = [] if self._stopped else [entry_of(own.gap_record(moment))]
        self._stopped = True
        if not gap and not essential:
            return DiskFullError()
        try:
            written = self._write_reserved([*gap, *essential], moment)
        except DiskFullError:
            return DiskFullError()
        return DiskFullError(Range(written.first + len(gap), written.last) if essential else None)

    def _write_reserved(self, entries: Sequence[Entry], moment: Moment) -> Range:
        while True:
            try:
                return self._write(entries, moment)
            except cipher.DatabaseError as error:
                if not cipher.is_full(error):
                    raise
            if not self._reserve.release():
                raise DiskFullError from None

    def _write(self, entries: Sequence[Entry], moment: Moment) -> Range:
        chain, rows = self._end, []
        for entry in entries:
            salt = secrets.token_bytes(SALT_BYTES)
            leaf = leaf_hash(salt, entry.data)
            chain = chain.advance(leaf)
            row = (chain.n, moment.wall_ms, entry.days, int(entry.late), salt, entry.data, leaf, chain.h)
            rows.append(row)
        first = self._end.n + 1
        with self._transaction():
            self._conn.executemany("INSERT INTO record VALUES(?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._end = chain
        return Range(first, chain.n)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._conn.execute("COMMIT")
        except BaseException:
            if self._conn.in_transaction:
                self._conn.execute("ROLLBACK")
            self._end = self._read_end()  # a failed commit may or may not have reached the disk
            raise

    def _read_end(self) -> Chain:
        end = table.chain_at(self._conn, self.identity)
        assert end is not None
        return end

    @property
    def writable(self) -> bool:
        """Whether ordinary records are taken at present; False while only the reserve is left."""
        return self._reserve.armed and not self._stopped

    def head(self) -> tuple[bytes, int, bytes]:
        """Return (epoch, n, h_n) of the newest durable record; in memory, never blocks on the disk for long."""
        with self._lock:
            return self.identity.epoch, self._end.n, self._end.h

    def chain_at(self, n: int) -> Chain | None:
        """Return the chain after record `n` (0: the epoch's start); None beyond the end."""
        with self._using() as conn:
            return table.chain_at(conn, self.identity, n)

    def pending(
        self, after_n: int, max_records: int = BATCH_RECORDS, max_bytes: int = BATCH_BYTES
    ) -> list[StoredRecord]:
        """Return records after `after_n` in order: at most `max_records` and `max_bytes`, but always at least one.

        Empty when there is none, or when the next one has passed its retention: only a new epoch can go on from there.
        """
        found: list[StoredRecord] = []
        size = 0
        with self._using() as conn:
            rows = conn.execute(
                "SELECT n, salt, data FROM record WHERE n > ? ORDER BY n LIMIT ?", (after_n, max_records)
            )
            for n, salt, data in rows:
                if data is None:
                    break
                size += len(data) + SALT_BYTES + 4
                if found and size > max_bytes:
                    break
                found.append(StoredRecord(n, salt, data))
        return found

    def note_ack(self, ack: "Ack", sig: bytes, now: Moment) -> pinning.Noted:
        """Take an ack whose signature, server and beat the caller has checked; returns what it means (see `pinning`).

        Facts (another history, a server that went back) are kept with the ack's bytes. Durable when the pin moved.
        """
        with self._using() as conn:
            noted = pinning.judge(conn, self.identity, ack, self._end.n)
            if pinning.worth_keeping(conn, noted, ack):
                self._keep(noted, ack, sig, now)
            if noted.grew and self.witness is not None:
                self.witness(Pin(ack.epoch, ack.n, ack.h))
            self._anchor(ack, sig, noted, now)
            return noted

    def _keep(self, noted: pinning.Noted, ack: "Ack", sig: bytes, now: Moment) -> None:
        try:
            with self._transaction():
                pinning.keep(self._conn, noted, ack, sig, now.wall_ms)
        except cipher.DatabaseError as error:
            if not cipher.is_full(error):  # without room the next ack is kept, or the one after
                raise

    def _anchor(self, ack: "Ack", sig: bytes, noted: pinning.Noted, now: Moment) -> None:
        if noted.verdict != "taken" or not pinning.anchor_due(self._conn, ack, now.wall_ms):
            return
        with suppress(DiskFullError):
            self.append([own.anchor_record(ack, sig, now)], now)
            with self._transaction():
                table.set_anchor(self._conn, self._end.n, now.wall_ms)

    def pinned(self, server: bytes) -> Pin | None:
        """Return the newest place that this server has acknowledged, None if it never did in this epoch."""
        with self._using() as conn:
            row = conn.execute("SELECT n, h FROM pin WHERE server = ?", (server,)).fetchone()
            return Pin(self.identity.epoch, row[0], row[1]) if row else None

    def facts(self) -> list[pinning.Fact]:
        """Return the evidence that was kept, oldest first."""
        with self._using() as conn:
            return pinning.facts(conn)

    def raise_starts(self, at_least: int = 0) -> int:
        """Raise the start counter above everything known (`at_least`: what the guard or vault kept); durable on return.

        Call once before the first request of a start; the beat is `app.protocol.chain.beat_of(starts, counter)`.
        """
        with self._using() as conn, self._transaction():
            starts = max(table.number(conn, "starts"), at_least) + 1
            table.set_number(conn, "starts", starts)
        return starts

    def retire(self, now: Moment, servers: Sequence[bytes] = ()) -> int:
        """Destroy salt and bytes of records past their days (180; 30 for lock times) that each of `servers` holds.

        Leaves and hashes stay, so the chain can still be checked. Wall time beyond a day after the newest ack is not
        believed, so that a wrong clock destroys nothing. Returns how many; the caller records the run.
        """
        with self._using() as conn, self._transaction():
            return pinning.retire(conn, now.wall_ms, servers)

    def verify(self, expect: Sequence[Pin] = ()) -> check.Report:
        """Check every page, leaf, hash and pin; `expect` brings pins kept elsewhere. Blocking, reads everything."""
        with self._using() as conn:
            return check.verify(conn, self.path, self._salt, expect)

    def rows(self, like: check.Filter = check.EVERYTHING) -> list[dict[str, Any]]:
        """Return records as plain values for a person: number, time, type, fields (see `check.rows`)."""
        with self._using() as conn:
            return list(check.rows(conn, like))

    def alarms(self) -> AlarmRows:
        """Return the store of moves that wait for an answer (see `app.sync.alarms.AlarmStore`)."""
        return AlarmRows(self._using, self._transaction)

    def close(self) -> None:
        """Write the log back and close; afterwards no file of it is open. Closing twice is well."""
        with self._lock:
            if self._open:
                self._open = False
                self._conn.close()
