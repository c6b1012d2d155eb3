"""Counts what this process holds of the system: open files on Linux, handles on Windows."""

import ctypes
import gc
import sys
from pathlib import Path

HANDLES = range(4, 16_384, 4)
"""Handles are small multiples of four; a test process has some hundred."""


def held() -> int:
    """Files, sockets and pipes; on Windows threads, events and keys as well. What waits for the collector is not counted.

    Below Wine a list of /proc would be that of its server, and its own count of handles is the table's size.
    """
    gc.collect()
    if sys.platform == "win32":
        kernel = ctypes.WinDLL("kernel32")
        kernel.GetHandleInformation.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        flags = ctypes.c_ulong()
        return sum(1 for handle in HANDLES if kernel.GetHandleInformation(handle, ctypes.byref(flags)))
    return len(list(Path("/proc/self/fd").iterdir()))
