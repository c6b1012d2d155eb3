"""Time since the last keyboard or mouse input of this session."""

import ctypes
import sys

from app.desktop.windows.ticks import InputAge

assert sys.platform == "win32"

from app.desktop.windows.api import LastInputInfo, kernel32, user32  # noqa: E402  # exists on Windows only


class WindowsIdle:
    """GetLastInputInfo, which is per session and does not see inputs of other sessions; one thread at a time."""

    def __init__(self) -> None:
        self._age = InputAge()

    def idle_ns(self) -> int | None:
        """Nanoseconds since the last input (resolution up to 16 ms), None when Windows does not tell; 1 µs."""
        info = LastInputInfo(ctypes.sizeof(LastInputInfo), 0)
        if not user32.GetLastInputInfo(ctypes.byref(info)):
            return None
        return self._age.ms(int(kernel32.GetTickCount64()), int(info.time)) * 1_000_000

    def close(self) -> None:
        """Nothing to release."""
