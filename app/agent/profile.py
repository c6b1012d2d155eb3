"""The folder of one person's agent: its files, who may read them, and the lock that makes the agent the only one."""

import contextlib
import os
import sys
from pathlib import Path
from typing import IO

import platformdirs

from app.domain.errors import UnavailableError, UsageError

OWNER_ONLY = 0o600


class Profile:
    """Names every file of a profile; the folder is made owner-only on first use. Raises UnavailableError."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (folder or Path(platformdirs.user_data_dir("SafeSeat", appauthor=False))).absolute()
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if sys.platform != "win32":
                self.folder.chmod(0o700)
        except OSError as fault:
            raise UnavailableError(f"The profile folder {self.folder} cannot be used: {fault.strerror}.") from fault

    @property
    def journal(self) -> Path:
        return self.folder / "journal.db"

    @property
    def local(self) -> Path:
        return self.folder / "local.db"

    @property
    def enrolment(self) -> Path:
        return self.folder / "enrolment.json"

    @property
    def pack(self) -> Path:
        return self.folder / "content.pack"

    @property
    def control(self) -> Path:
        return self.folder / "control.json"

    @property
    def choices(self) -> Path:
        return self.folder / "choices.toml"

    @property
    def log(self) -> Path:
        return self.folder / "agent.log"

    def first_tray(self) -> bool:
        """Whether no tray has run in this profile before; asking makes it so."""
        try:
            os.close(os.open(self.folder / "welcomed", os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
        except OSError:
            return False
        return True

    def write_private(self, path: Path, content: bytes) -> None:
        """Replace a file in one step, readable by the owner alone; either the old or the new content survives a crash."""
        part = path.with_suffix(path.suffix + ".part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink()
            raise


class InstanceLock:
    """The OS file lock of a profile: whoever holds it is its one agent; the OS frees it when the process dies."""

    def __init__(self, profile: Profile) -> None:
        self._path = profile.folder / "agent.lock"
        self._file: IO[bytes] | None = None

    def take(self) -> bool:
        """Try once, without waiting; True when this process is now the one agent. Raises UnavailableError."""
        try:
            file = self._path.open("a+b")
        except OSError as fault:
            raise UnavailableError(f"The file {self._path} cannot be used: {fault.strerror}.") from fault
        try:
            _lock(file)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Give the lock up; doing so twice is well."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def read_secret(source: str) -> str:
    """A secret from a file, or from standard input for `-`: one line, at most 4096 characters. Raises UsageError."""
    try:
        text = sys.stdin.readline(4097) if source == "-" else Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError(f"The secret in {source} cannot be read: {fault}.") from fault
    line = text.strip()
    if not line or len(line) > 4096 or "\n" in line:
        raise UsageError(f"The secret in {source} must be one line.")
    return line
