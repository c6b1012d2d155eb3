"""Chooses the adapters: by the platform, or the simulated ones by name."""

import sys

from app.desktop.ports import Desktop
from app.domain.errors import UnavailableError, UsageError


def open_desktop(name: str | None = None) -> Desktop:
    """Open the desktop of this machine, or "simulated", "linux" or "windows" by name; close it when done. Blocking, 0.2 s.

    Raises UsageError for an unknown name, UnavailableError on a system that has no adapters. A part that is missing
    is None in the result and named in `faults` (vault_missing, lock_missing, idle_missing, hotkey_missing,
    notices_missing).
    """
    if name == "simulated":
        from app.desktop.simulated import Machine

        return Machine(running=True).desktop()
    if name not in (None, "linux", "windows"):
        raise UsageError(f"There is no desktop named {name}; known are linux, windows and simulated.")
    if sys.platform == "linux" and name != "windows":
        from app.desktop.linux import open_desktop as open_linux

        return open_linux()
    if sys.platform == "win32" and name != "linux":
        from app.desktop.windows import open_desktop as open_windows

        return open_windows()
    raise UnavailableError("SafeSeat's desktop adapters run on Linux and Windows, each on its own system only.")
