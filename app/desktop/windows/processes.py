"""The live processes of which this one may know the program: those of this person, and more for an administrator."""

import ctypes
import sys
from collections.abc import Iterator
from ctypes import wintypes

from app.desktop.windows.consent import Process

assert sys.platform == "win32"

from app.desktop.windows.api import kernel32  # noqa: E402  # exists on Windows only

QUERY_LIMITED = 0x1000
LONGEST_PATH = 32_768
MOST = 65_536


def processes() -> Iterator[Process]:
    """Path and begin of every process that can be asked; 20 µs each."""
    for number in _numbers():
        handle = kernel32.OpenProcess(QUERY_LIMITED, False, number)
        if not handle:
            continue
        try:
            path, began = _path(handle), _began(handle)
        finally:
            kernel32.CloseHandle(handle)
        if path and began:
            yield Process(path, began)


def _numbers() -> list[int]:
    room = 1024
    while True:
        numbers, used = (wintypes.DWORD * room)(), wintypes.DWORD()
        if not kernel32.K32EnumProcesses(numbers, ctypes.sizeof(numbers), ctypes.byref(used)):
            return []
        count = used.value // ctypes.sizeof(wintypes.DWORD)
        if count < room or room >= MOST:
            return [number for number in numbers[:count] if number]
        room *= 2


def _path(handle: int) -> str:
    size = wintypes.DWORD(LONGEST_PATH)
    text = ctypes.create_unicode_buffer(LONGEST_PATH)
    return text.value if kernel32.QueryFullProcessImageNameW(handle, 0, text, ctypes.byref(size)) else ""


def _began(handle: int) -> int:
    times = [wintypes.FILETIME() for _ in range(4)]
    if not kernel32.GetProcessTimes(handle, *(ctypes.byref(time) for time in times)):
        return 0
    return int(times[0].dwHighDateTime) << 32 | int(times[0].dwLowDateTime)
