"""Leaves windows out of screen shares, recordings and screenshots, where the system can do it without a black square.

Which windows (ux, covert means covert): flyout and edge handle, because an onlooker of a shared screen would see help being
asked for; the lead desk, because it names who needs help. Cards of breaks and lock hold nothing of the kind.
"""

import ctypes
import sys
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

EXCLUDE_FROM_CAPTURE = 0x11
FIRST_BUILD = 19041
"""Windows 10 2004: before it the same call leaves a black square, which is worse than the window itself."""


@dataclass(slots=True)
class Counts:
    """How often the system was asked, and how often it refused (a refusal changes nothing else)."""

    asked: int = 0
    refused: int = 0


COUNTS = Counts()


def leave_out_of_captures(window: QWidget) -> None:
    """Keep this top-level window out of captures from its next showing on; does nothing where that is not possible.

    Qt thread. It lasts as long as the window, also when Qt makes its native window anew.
    """
    if QGuiApplication.platformName() == "windows" and windows_build() >= FIRST_BUILD:
        window.installEventFilter(_Keeper(window))


def windows_build() -> int:
    """The build number of this Windows, whatever the program's manifest says of compatibility; 0 on other systems."""
    if sys.platform == "win32":
        version = (ctypes.c_uint32 * 71)(71 * 4)  # RTL_OSVERSIONINFOEXW: its size, major, minor, build, ...
        ctypes.WinDLL("ntdll").RtlGetVersion(ctypes.byref(version))
        return int(version[3])
    return 0


class _Keeper(QObject):
    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._known = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() in (QEvent.Type.Show, QEvent.Type.WinIdChange):
            handle = self._window.internalWinId()
            if handle and handle != self._known:
                self._known = handle
                COUNTS.asked += 1
                COUNTS.refused += not _exclude(handle)
        return False


def _exclude(handle: int) -> bool:
    if sys.platform == "win32":
        ask = ctypes.WinDLL("user32").SetWindowDisplayAffinity
        ask.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
        return bool(ask(handle, EXCLUDE_FROM_CAPTURE))
    return False
