"""Looks for a secret everywhere on the Windows machine of a test: files, registry, command lines, environments."""

from __future__ import annotations

import re
import sys
import threading
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from app.tools.demo.canaries import forms  # noqa: E402  # found through the path set above

EVERY = 0.05
"""Seconds between two looks at the processes."""


def needles(secret: str) -> dict[str, bytes]:
    """The secret in every form that is looked for; `commas` is how a registry file writes bytes."""
    return {**forms(secret), "commas": ",".join(f"{byte:02x}" for byte in secret.encode()).encode()}


def in_files(folders: list[Path], secret: str, since: float) -> list[str]:
    """Files below the folders, made or changed since then (in seconds of the epoch), that hold the secret or are named after it."""
    wanted = needles(secret)
    found = []
    for folder in folders:
        for path in [folder] if folder.is_file() else sorted(folder.rglob("*")):
            try:
                if path.is_symlink() or not path.is_file() or path.stat().st_ctime < since:
                    continue
                data = path.read_bytes()
            except OSError:
                continue
            found += [f"{path}: {form}" for form, needle in wanted.items() if needle in data or needle in str(path).encode()]
    return found


def in_registry(exported: bytes, secret: str) -> list[str]:
    """Forms of the secret in an exported registry, whose lines of bytes are joined first."""
    text = exported.decode("utf-16", "replace") if exported.startswith(b"\xff\xfe") else exported.decode("utf-8", "replace")
    joined = re.sub(r"\\\r?\n\s*", "", text).encode()
    wide = ",".join(f"{byte:02x}" for byte in secret.encode("utf-16-le")).encode()
    return [f"registry: {form}" for form, needle in {**needles(secret), "wide commas": wide}.items() if needle in joined]


def in_processes(prefix: Path, secret: str, seen: set[int] | None = None) -> list[str]:
    """Command lines and environments of the running processes of one Wine folder."""
    mine = f"WINEPREFIX={prefix}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            environ = (entry / "environ").read_bytes()
            if mine not in environ.split(b"\0"):
                continue
            words = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if seen is not None:
            seen.add(int(entry.name))
        kinds = {"command line": words, "environment": environ}
        found += [f"{kind} of {words[:60]!r}: {form}" for kind, text in kinds.items() for form, needle in needles(secret).items() if needle in text]
    return found


class Watch:
    """Looks at the processes again and again while it is open; `found` and the number of processes `seen` afterwards."""

    def __init__(self, prefix: Path, secret: str) -> None:
        self._prefix, self._secret = prefix, secret
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)
        self.found: list[str] = []
        self.seen: set[int] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(10)

    def _look(self) -> None:
        while not self._end.wait(EVERY):
            self.found += in_processes(self._prefix, self._secret, self.seen)
