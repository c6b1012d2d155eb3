"""Writes both files of a profile as one plain file: the counter-check that a search for canaries can find anything.

Run inside the agent's desktop session, where the vault is: `python -m app.tools.demo.plaincopy PROFILE OUT`.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.agent.files import VAULT_TIMEOUT
from app.agent.profile import Profile
from app.desktop.open import open_desktop
from app.journal import cipher
from app.journal.keys import vault_names

if TYPE_CHECKING:
    from sqlite3 import Connection


def main(argv: list[str]) -> int:
    """Dump the rows of both files in clear."""
    profile, out = Profile(Path(argv[0])), Path(argv[1])
    desktop = open_desktop()
    try:
        assert desktop.vault is not None
        names = vault_names(profile.folder)
        with out.open("wb") as plain:
            for name, path in (("journal", profile.journal), ("local", profile.local)):
                key = desktop.vault.get(names[name], VAULT_TIMEOUT)
                assert key is not None
                conn = cipher.connect(path, key)
                try:
                    for value in _values(conn):
                        plain.write(value + b"\n")
                finally:
                    conn.close()
    finally:
        desktop.close()
    return 0


def _values(conn: "Connection") -> Iterator[bytes]:
    """Every value of every table, as an unencrypted file would hold it."""
    tables = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    for table in tables:
        for row in conn.execute(f'SELECT * FROM "{table}"').fetchall():  # noqa: S608  # names come from the file itself
            for value in row:
                yield value if isinstance(value, bytes) else str(value).encode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
