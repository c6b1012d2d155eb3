"""Puts the adapters together that this machine offers, and names what it lacks."""

import sys
from collections.abc import Callable
from typing import TypeVar

from app.desktop.ports import Desktop
from app.domain.errors import UnavailableError

T = TypeVar("T")


def open_desktop() -> Desktop:
    """Open every adapter; blocking, about 0.1 s. What is missing is None and named in `faults` by its short key.

    Raises UnavailableError on any other system.
    """
    if sys.platform == "win32":
        from app.desktop.windows.autostart import RunKeyAutostart
        from app.desktop.windows.clock import WindowsClock
        from app.desktop.windows.ending import WindowsEnding
        from app.desktop.windows.facts import WindowsFacts
        from app.desktop.windows.hotkeys import WindowsHotkeys
        from app.desktop.windows.idle import WindowsIdle
        from app.desktop.windows.installed import installed
        from app.desktop.windows.lock import WindowsLock
        from app.desktop.windows.microphone import RegistryMicrophone
        from app.desktop.windows.notices import BalloonNotices
        from app.desktop.windows.power import WindowsPower
        from app.desktop.windows.proxy import WinHttpProxies
        from app.desktop.windows.sessionwindow import SessionWindow
        from app.desktop.windows.vault import WindowsVault

        faults: list[str] = []
        window = SessionWindow()
        vault = _try("vault_missing", WindowsVault, faults)
        microphone = _try("", RegistryMicrophone, faults)
        return Desktop(
            "windows", WindowsClock(), WindowsIdle(), WindowsLock(window), WindowsHotkeys(), vault, BalloonNotices(),
            microphone, RunKeyAutostart(), tuple(faults), WindowsPower(window), WinHttpProxies(), installed=installed(),
            ending=WindowsEnding(window), facts=WindowsFacts(),
        )  # fmt: skip
    raise UnavailableError("The Windows desktop can only be opened on Windows.")


def _try(fault: str, make: Callable[[], T], faults: list[str]) -> T | None:
    try:
        return make()
    except (UnavailableError, ImportError):
        if fault:
            faults.append(fault)
        return None
