"""A new key for a file: export into a second file, verify that one in full, swap it in (design, section 4).

The agent stores the new key in the vault under `*-next` before, and under its own name after; a crash in between leaves
one file and two keys, of which `which_key` tells the one that fits.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.journal import check, cipher, table
from app.journal.errors import JournalError, WrongKeyError
from app.journal.keys import check_key

if TYPE_CHECKING:
    from sqlite3 import Connection


def rekey(path: Path, old: bytes, new: bytes) -> None:
    """Give `path` the key `new`. Nobody else may have it open; blocking. The old file is gone only after the swap.

    JournalError when the copy does not verify, or the file is in use; the old file then stays as it was.
    """
    check_key(new)
    if new == old:
        raise JournalError("the new key must be another one")
    copy = path.with_name(path.name + ".rekey")
    for rest in cipher.companions(copy):
        rest.unlink()
    before = _export(path, copy, old, new)
    _prove(copy, new, before)
    with copy.open("rb+") as file:
        os.fsync(file.fileno())
    for end in cipher.COMPANIONS[1:]:
        path.with_name(path.name + end).unlink(missing_ok=True)
    copy.replace(path)
    cipher.sync_folder(path.parent)


def which_key(path: Path, keys: Sequence[bytes]) -> int:
    """Return the index of the key that fits the file; 0 if there is no file yet; WrongKeyError if none fits."""
    if not path.exists() or path.stat().st_size == 0:
        return 0
    for index, key in enumerate(keys):
        if cipher.key_fits(path, key):
            return index
    raise WrongKeyError(f"{path.name} was written with another key")


def _export(path: Path, copy: Path, old: bytes, new: bytes) -> list[tuple[object, ...]]:
    conn = cipher.connect(path, old)
    try:
        conn.execute("PRAGMA busy_timeout = 500").fetchone()
        conn.execute("PRAGMA locking_mode = EXCLUSIVE").fetchone()
        conn.execute("BEGIN EXCLUSIVE")  # another holder of the file would lose what it writes after the copy
        conn.execute("COMMIT")
        version = int(conn.execute("PRAGMA user_version").fetchone()[0])
        key = f"x'{new.hex()}{cipher.salt_of(new).hex()}'"
        conn.execute(f'ATTACH DATABASE ? AS copy KEY "{key}"', (str(copy),))
        conn.execute("SELECT sqlcipher_export('copy')").fetchall()
        conn.execute(f"PRAGMA copy.user_version = {version}")
        conn.execute("DETACH DATABASE copy")
        return _contents(conn)
    except cipher.DatabaseError as error:
        raise JournalError(f"{path.name} could not be copied: {error}") from None
    finally:
        conn.close()


def _prove(copy: Path, key: bytes, want: list[tuple[object, ...]]) -> None:
    conn = cipher.connect(copy, key)
    try:
        same = _contents(conn) == want
        whole = not _is_journal(conn) or check.verify(conn, copy, cipher.salt_of(key)).ok
        if not (same and whole):
            raise JournalError("the copy under the new key does not verify; the file keeps its old key")
    finally:
        conn.close()


def _is_journal(conn: "Connection") -> bool:
    return conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'pin'").fetchone() is not None and table.exists(conn)


def _contents(conn: "Connection") -> list[tuple[object, ...]]:
    names = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    query = 'SELECT * FROM "{}" ORDER BY 1, 2'  # names of our own tables
    return [(name, *row) for name in names for row in conn.execute(query.format(name))]
