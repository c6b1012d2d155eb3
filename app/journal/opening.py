"""How a journal file is opened or begun: damage is moved aside, and the new epoch names the end of the old one."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.journal import cipher, table
from app.journal.errors import DamagedError, ForeignJournalError, JournalError
from app.journal.table import Identity, Pin, Salvage

if TYPE_CHECKING:
    from sqlite3 import Connection

NOTHING: Final = Salvage(None, 0, ())


@dataclass(frozen=True, slots=True)
class Opening:
    """What happened: `created` for a new epoch, `aside` the damaged file's new name, `why` in one sentence.

    `prev` is where the epoch before ended, as far as anybody knows; records of it that no server has are lost to it.
    """

    created: bool
    aside: Path | None = None
    why: str = ""
    prev: Pin | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The open file, whose chain it holds and what happened."""

    conn: "Connection"
    identity: Identity
    opening: Opening


@dataclass(frozen=True, slots=True)
class Opener:
    """What it takes to open or begin a journal; see `Journal.open` for the meaning and the errors."""

    path: Path
    key: bytes
    device: bytes
    stream: bytes
    new_epoch: Callable[[], bytes]
    wall_ms: int
    expect: Pin | None

    def open(self) -> Opened:
        """Open or create the file; a damaged one is moved aside."""
        existed = self.path.exists() and self.path.stat().st_size > 0
        try:
            conn = cipher.connect(self.path, self.key)
        except DamagedError as error:
            return self._begin_again(NOTHING, str(error))
        try:
            if not table.exists(conn):
                if existed or self.expect is not None:
                    raise DamagedError(f"{self.path.name} is empty")
                return self._begin(conn, None, NOTHING, Opening(True))
            return Opened(conn, self._check(conn), Opening(False))
        except (DamagedError, cipher.DatabaseError) as error:
            if not isinstance(error, DamagedError) and not cipher.is_damage(error):
                conn.close()
                raise JournalError(f"{self.path.name} cannot be opened: {error}") from None
            saved = table.salvage(conn)
            conn.close()
            return self._begin_again(saved, str(error))
        except BaseException:
            conn.close()
            raise

    def _check(self, conn: "Connection") -> Identity:
        name = self.path.name
        bad = cipher.broken_pages(conn)
        if bad or (cipher.settled(conn) and not cipher.salt_intact(self.path, cipher.salt_of(self.key))):
            raise DamagedError(f"{name} is damaged: {bad[0] if bad else 'its first bytes were changed'}")
        try:
            identity = table.identity_of(conn)
        except KeyError:
            raise DamagedError(f"{name} does not say whose journal it is") from None
        if (identity.device, identity.stream) != (self.device, self.stream):
            raise ForeignJournalError(f"{name} belongs to another device or account")
        end = table.chain_at(conn, identity)
        pinned = conn.execute("SELECT max(n) FROM pin").fetchone()[0] or 0
        if self.expect is not None and self.expect.epoch == identity.epoch:
            pinned = max(pinned, self.expect.n)
        if end is None or end.n < pinned:
            raise DamagedError(f"{name} is older than what is known of it: {pinned} records were acknowledged")
        return identity

    def _begin(self, conn: "Connection", prev: Pin | None, saved: Salvage, opening: Opening) -> Opened:
        identity = Identity(self.device, self.stream, self.new_epoch(), prev)
        table.create(conn, identity, saved)
        return Opened(conn, identity, opening)

    def _begin_again(self, saved: Salvage, why: str) -> Opened:
        aside = set_aside(self.path, f"damaged-{self.wall_ms}")
        known = [pin for pin in (saved.end, self.expect) if pin is not None]
        same = len({pin.epoch for pin in known}) == 1
        prev = max(known, key=lambda pin: pin.n) if same else (self.expect or saved.end)
        return self._begin(cipher.connect(self.path, self.key), prev, saved, Opening(True, aside, why, prev))


def set_aside(path: Path, mark: str) -> Path:
    """Rename a database and its companions to `name.mark`, durably; returns the main file's new name."""
    for one in cipher.companions(path):
        end = one.name[len(path.name) :]
        one.rename(path.with_name(f"{path.name}.{mark}{end}"))
    cipher.sync_folder(path.parent)
    return path.with_name(f"{path.name}.{mark}")
