"""The machine's boot clock for whoever draws running times: the adapters' own reading, so that no second clock disagrees."""

import sys
from collections.abc import Callable
from functools import cache


@cache
def machine_boot() -> Callable[[], int]:
    """A function that tells the nanoseconds since the machine started, sleep counted; any thread, about 1 µs.

    On Windows the precise interrupt time where it can be had; GetTickCount64 moves in steps of 16 ms.
    """
    if sys.platform == "win32":
        from app.desktop.windows.clock import WindowsClock

        windows = WindowsClock()
        return lambda: windows.now().boot
    from app.desktop.linux.clock import LinuxClock

    linux = LinuxClock()
    return lambda: linux.now().boot
