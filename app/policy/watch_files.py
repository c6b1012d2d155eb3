"""Waits for changes of files by inotify, which costs nothing while nothing changes. Linux only."""

import ctypes
import os
import select
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from struct import Struct
from typing import Final

assert sys.platform == "linux"

CLOSE_WRITE, MOVED_FROM, MOVED_TO, DELETE = 0x8, 0x40, 0x80, 0x200
_EVENT: Final = Struct("iIII")


class FileWaiter:
    """Watches the folders of files, because a file is replaced by another more often than written. OSError if it cannot."""

    def __init__(self, files: Iterable[Path]) -> None:
        files = [file.absolute() for file in files]
        self._names = {os.fsencode(file.name) for file in files}
        library = ctypes.CDLL(None, use_errno=True)
        self._events = int(library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
        if self._events < 0:
            raise OSError(ctypes.get_errno(), "inotify")
        self._woken, self._wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        for folder in {file.parent for file in files}:
            if library.inotify_add_watch(self._events, os.fsencode(folder), CLOSE_WRITE | MOVED_FROM | MOVED_TO | DELETE) < 0:
                self.close()
                raise OSError(ctypes.get_errno(), f"inotify {folder}")

    def wait(self, timeout: float) -> bool:
        """Whether one of the files changed; other files of the folders do not count."""
        end = time.monotonic() + timeout
        while (left := end - time.monotonic()) > 0:
            ready = select.select([self._events, self._woken], [], [], left)[0]
            if self._woken in ready:
                return False
            if ready and self._names & self._read():
                return True
        return False

    def wake(self) -> None:
        """End this wait and all later ones."""
        os.write(self._wake, b"!")

    def close(self) -> None:
        """Give everything back; nobody waits any more."""
        for descriptor in (self._events, self._woken, self._wake):
            os.close(descriptor)

    def _read(self) -> set[bytes]:
        data, names = os.read(self._events, 65536), set()
        while data:
            length = _EVENT.unpack_from(data)[3]
            names.add(data[_EVENT.size : _EVENT.size + length].rstrip(b"\0"))
            data = data[_EVENT.size + length :]
        return names
