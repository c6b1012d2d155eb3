"""Room that is kept for alarm and audit records when the disk is full (design, section 4).

A file of real bytes beside the journal is given back to the disk when an essential record finds no room; a page quota
does the same for a limit that the journal sets itself.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.journal.cipher import PAGE, DatabaseError

if TYPE_CHECKING:
    from sqlite3 import Connection

RESERVE_BYTES: Final = 1024 * 1024
RETRY_NS: Final = 60 * 1_000_000_000
"""A full disk is asked again once a minute at most."""


class Reserve:
    """Armed: ordinary records may be written. Not armed: essential ones only. Owned by the journal, under its lock."""

    def __init__(self, path: Path, conn: "Connection", quota: int, size: int = RESERVE_BYTES) -> None:
        self._path = path.with_name(path.name + ".reserve")
        self._conn = conn
        self._quota = quota // PAGE
        self._size = size
        self._asked: int | None = None
        self._raised = False
        self.armed = False

    def arm(self, boot: int) -> bool:
        """Make sure of the reserve and return whether it is there; writes the file only if it is missing or short."""
        if self.armed:
            return True
        if self._asked is not None and boot - self._asked < RETRY_NS:
            return False
        self._asked = boot
        used = int(self._conn.execute("PRAGMA page_count").fetchone()[0])
        free = int(self._conn.execute("PRAGMA freelist_count").fetchone()[0])
        self.armed = used - free < self._quota and self._file()
        if self.armed:
            self._raised = False
            self._limit(max(used, self._quota))
        return self.armed

    def stop(self, boot: int) -> None:
        """An ordinary record found no room: refuse them without asking the disk each time."""
        self.armed, self._asked = False, boot

    def release(self) -> bool:
        """Give the reserve back to the disk; False if that was done before."""
        had = self._path.exists() or not self._raised
        self.armed, self._raised = False, True
        self._path.unlink(missing_ok=True)
        self._limit(self._quota + self._size // PAGE)
        if had:
            with suppress(DatabaseError):  # the log beside the file gives its room back too, if the file may grow
                self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return had

    def _limit(self, pages: int) -> None:
        self._conn.execute(f"PRAGMA max_page_count = {pages}").fetchone()

    def _file(self) -> bool:
        try:
            if self._path.exists() and self._path.stat().st_size == self._size:
                return True
            with self._path.open("wb") as file:
                file.write(os.urandom(self._size))
                file.flush()
                os.fsync(file.fileno())
            if shutil.disk_usage(self._path.parent).free < self._size:  # else the next record would stop it again
                raise OSError
        except OSError:
            self._path.unlink(missing_ok=True)
            return False
        return True
