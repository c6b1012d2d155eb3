"""A file that one process at a time may have: taken without waiting, and removed by whoever has it."""

import contextlib
import sys
from pathlib import Path
from typing import IO


def take(path: Path) -> IO[bytes] | None:
    """Open the file for this process alone, for reading and if possible for writing; None if there is none.

    BlockingIOError while another process has it, another OSError where the system refuses. The system gives the file
    free when it is closed or the process ends.
    """
    try:
        return _alone(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def remove(file: IO[bytes], path: Path) -> None:
    """Delete a taken file and close it; OSError where the system refuses. On Windows nobody can open it in between."""
    try:
        _delete(file, path)
    finally:
        file.close()


if sys.platform == "win32":
    import ctypes
    import msvcrt
    import os
    from ctypes import wintypes

    READ, WRITE, DELETE = 0x80000000, 0x40000000, 0x00010000
    OPEN_EXISTING, NOT_THROUGH_LINKS = 3, 0x00200000
    ACCESS_DENIED, SHARING_VIOLATION = 5, 32
    DISPOSITION = 4
    NO_HANDLE = ctypes.c_void_p(-1).value
    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    _open = _kernel32.CreateFileW
    _open.restype = wintypes.HANDLE
    _open.argtypes = (
        wintypes.LPCWSTR, wintypes.DWORD, wintypes.DWORD, ctypes.c_void_p, wintypes.DWORD, wintypes.DWORD, wintypes.HANDLE,
    )  # fmt: skip
    _set = _kernel32.SetFileInformationByHandle
    _set.restype = wintypes.BOOL
    _set.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)

    def _alone(path: Path) -> IO[bytes]:
        """Without any sharing; a file that may be read and deleted but not written is opened so."""
        for access, flags, mode in ((READ | WRITE | DELETE, os.O_RDWR, "r+b"), (READ | DELETE, os.O_RDONLY, "rb")):
            handle = _open(str(path), access, 0, None, OPEN_EXISTING, NOT_THROUGH_LINKS, None)
            if handle != NO_HANDLE:
                return os.fdopen(msvcrt.open_osfhandle(handle, flags | os.O_BINARY), mode)
            error = ctypes.get_last_error()
            if error == SHARING_VIOLATION:
                raise BlockingIOError
            if error != ACCESS_DENIED:
                break
        raise ctypes.WinError(error)

    def _delete(file: IO[bytes], _path: Path) -> None:
        yes = wintypes.BOOLEAN(True)
        if not _set(msvcrt.get_osfhandle(file.fileno()), DISPOSITION, ctypes.byref(yes), ctypes.sizeof(yes)):
            raise ctypes.WinError(ctypes.get_last_error())

else:
    import fcntl

    def _alone(path: Path) -> IO[bytes]:
        file = path.open("r+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise
        return file

    def _delete(file: IO[bytes], path: Path) -> None:
        # emptied first: who opened it before it went finds nothing
        with contextlib.suppress(OSError):
            file.truncate(0)
        path.unlink()
