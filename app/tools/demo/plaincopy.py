"""Writes both files of a profile as one plain file: the counter-check that a search for canaries can find anything.

Run inside the agent's desktop session, where the vault is: `python -m app.tools.demo.plaincopy PROFILE OUT`.
"""

import sys
from pathlib import Path

from app.agent.files import VAULT_TIMEOUT
from app.agent.profile import Profile
from app.desktop.open import open_desktop
from app.journal import cipher
from app.journal.keys import vault_names


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
                    for line in conn.iterdump():
                        plain.write(_legible(line).encode() + b"\n")
                finally:
                    conn.close()
    finally:
        desktop.close()
    return 0


def _legible(line: str) -> str:
    """SQL text with its blobs turned back into what they hold, as an unencrypted file would have them."""
    parts = line.split("X'")
    legible = [parts[0]]
    for part in parts[1:]:
        digits, quote, rest = part.partition("'")
        try:
            legible.append(bytes.fromhex(digits).decode("utf-8", "replace") + quote + rest)
        except ValueError:
            legible.append("X'" + part)
    return "".join(legible)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
