"""Opens one encrypted SQLite file and tells a wrong key from damage.

The file's salt (its first 16 bytes) is derived from the key, so the key is recognised even when page 1 is broken. Works
with SQLCipher 4's default layout: 4,096-byte pages, each ending in a 16-byte IV and an HMAC-SHA512.
"""

import hmac
import os
from hashlib import pbkdf2_hmac
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import sqlcipher3.dbapi2 as cipher

from app.journal.errors import DamagedError, JournalError, WrongKeyError
from app.journal.keys import check_key

if TYPE_CHECKING:
    from sqlite3 import Connection

PAGE: Final = 4096
_MAC: Final = 64
_SALT: Final = 16
DatabaseError: Final[type[Exception]] = cipher.DatabaseError
"""Base of every error that the database reports."""
COMPANIONS: Final = ("", "-wal", "-shm")
"""Suffixes of the files that belong to one database."""


def salt_of(key: bytes) -> bytes:
    """Return the salt that belongs to this key; every file has its own random key, so the salt is as unique as that."""
    return hmac.digest(check_key(key), b"SafeSeat/1/file-salt\0", "sha256")[:_SALT]


def code(error: Exception) -> str:
    """Return SQLite's name of an error, such as SQLITE_FULL; empty when it has none."""
    return str(getattr(error, "sqlite_errorname", ""))


def is_full(error: Exception) -> bool:
    """Whether there was no room: a full disk, a page quota, or a file size limit that the system reports as a write error."""
    return code(error) in {"SQLITE_FULL", "SQLITE_IOERR_WRITE"}


def is_damage(error: Exception) -> bool:
    """Whether a page failed its seal or the structure is broken."""
    return code(error).startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))


def connect(path: Path, key: bytes, *, synchronous: str = "FULL") -> "Connection":
    """Open or create `path` and read its first page.

    WrongKeyError or DamagedError when that fails, JournalError when the file cannot be opened at all. The connection may
    be used by any thread, one at a time; autocommit, so that every transaction is spelled out.
    """
    check_key(key)
    fresh = not path.exists()
    if fresh:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    try:
        conn = cast("Connection", cipher.connect(str(path), isolation_level=None, check_same_thread=False, timeout=5.0))
    except DatabaseError as error:
        raise JournalError(f"{path.name} cannot be opened: {error}") from None
    try:
        _prepare(conn, key, synchronous)
    except DatabaseError as error:
        conn.close()
        raise _told(path, key, error) from None
    if fresh:
        sync_folder(path.parent)
    return conn


def _prepare(conn: "Connection", key: bytes, synchronous: str) -> None:
    conn.execute("PRAGMA cipher_log_level = NONE")  # it would write page numbers to stderr of a tray
    conn.execute(f"PRAGMA key = \"x'{key.hex()}{salt_of(key).hex()}'\"")
    conn.execute("PRAGMA cipher_memory_security = ON")
    conn.execute("PRAGMA temp_store = MEMORY")
    conn.execute("PRAGMA cache_size = -256")
    conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
    conn.execute("PRAGMA journal_mode = WAL").fetchone()
    conn.execute(f"PRAGMA synchronous = {synchronous}")
    conn.execute("PRAGMA secure_delete = ON").fetchone()
    conn.execute("PRAGMA foreign_keys = ON")


def _told(path: Path, key: bytes, error: Exception) -> JournalError:
    if not is_damage(error):
        return JournalError(f"{path.name} cannot be read: {error}")
    if key_fits(path, key):
        return DamagedError(f"{path.name} is damaged: its pages no longer hold together")
    return WrongKeyError(f"{path.name} was written with another key")


def key_fits(path: Path, key: bytes) -> bool:
    """Whether this key wrote the file, however damaged it is now.

    True when the salt is the key's, when any page carries the key's seal, or when the file plainly is no encrypted
    file any more (empty or zeroed start, plain SQLite), which no key can explain.
    """
    data = path.read_bytes()
    start = data[:_SALT]
    if start == salt_of(key) or not start.strip(b"\0") or start.startswith(b"SQLite format"):
        return True
    seal_key = _seal_key(key)
    pages = (data[at : at + PAGE] for at in range(0, len(data) - PAGE + 1, PAGE))
    return any(_sealed(seal_key, number, page) for number, page in enumerate(pages, 1))


def salt_intact(path: Path, salt: bytes) -> bool:
    """Whether the first 16 bytes are still the key's salt; SQLCipher itself never looks at them when one is given."""
    with path.open("rb") as file:
        return file.read(_SALT) in {salt, b""}  # nothing: all of it is still in the log beside the file


def _seal_key(key: bytes) -> bytes:
    return pbkdf2_hmac("sha512", key, bytes(byte ^ 0x3A for byte in salt_of(key)), 2, 32)


def _sealed(seal_key: bytes, number: int, page: bytes) -> bool:
    body = page[_SALT:] if number == 1 else page
    want = hmac.digest(seal_key, body[:-_MAC] + number.to_bytes(4, "little"), "sha512")
    return hmac.compare_digest(want, body[-_MAC:])


def broken_pages(conn: "Connection") -> list[str]:
    """Return what SQLCipher finds wrong with the seals of the main file's pages; empty when all is well.

    The check reads the file itself. A page that was being written back when the power went is torn there and whole in
    the log beside it, so the log is written back first; while that cannot be done nothing is said about pages.
    """
    if not settled(conn):
        return []
    return [str(row[0]) for row in conn.execute("PRAGMA cipher_integrity_check")]


def settled(conn: "Connection") -> bool:
    """Write the log back; False if it could not be done in full (somebody reads, no room, or a page of it is broken)."""
    try:
        busy, log, written = conn.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
    except DatabaseError:
        return False
    return not busy and log == written


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable; where a system cannot (Windows), its journalled file system does it."""
    try:
        fd = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def companions(path: Path) -> list[Path]:
    """Return the files of this database that exist."""
    return [one for end in COMPANIONS if (one := path.with_name(path.name + end)).exists()]
