"""A small real disk (tmpfs) that a test can fill and empty."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(slots=True)
class Disk:
    """A mounted folder of a few hundred KiB."""

    folder: Path

    def fill(self, leave: int = 0) -> None:
        """Leave only so many free bytes."""
        with suppress(OSError), (self.folder / "filler").open("wb", buffering=0) as file:
            while shutil.disk_usage(self.folder).free > leave:
                file.write(os.urandom(4096))

    def empty(self) -> None:
        """Give the room back."""
        (self.folder / "filler").unlink()


@contextmanager
def full_disk(folder: Path, *, kib: int) -> Iterator[Disk]:
    """Mount a tmpfs; skips where mounting is not allowed (it needs root on Linux)."""
    place = folder / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kib}k,mode=700", "none", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("a small disk needs the right to mount: run as root")
    try:
        yield Disk(place)
    finally:
        subprocess.run(["umount", "-l", str(place)], capture_output=True, check=True)
