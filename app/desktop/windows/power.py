"""Going to sleep and waking, by the power messages of Windows."""

import sys
import threading
from collections.abc import Callable

from app.desktop.windows.sleeping import asleep

assert sys.platform == "win32"

from app.desktop.windows.api import WM_POWERBROADCAST  # noqa: E402  # exists on Windows only
from app.desktop.windows.sessionwindow import SessionWindow  # noqa: E402  # exists on Windows only


class WindowsPower:
    """Tells on the session window's thread; Windows waits for it about two seconds before it sleeps.

    One waking comes as two messages where a person did it, and a PC with modern standby may send one of a kind twice: only
    changes are told. Where Windows sends nothing at all, the clock readings still find the sleep (shift-file contract, suspend).
    """

    def __init__(self, window: SessionWindow) -> None:
        self._window = window
        self._guard = threading.Lock()
        self._listeners: list[Callable[[bool], None]] = []
        self._asleep = False

    def watch(self, changed: Callable[[bool], None]) -> None:
        """Tell every change from now on; returns at once."""
        with self._guard:
            self._listeners.append(changed)
            first = len(self._listeners) == 1
        if first:
            self._window.hear(WM_POWERBROADCAST, self._heard)

    def close(self) -> None:
        """Stop telling."""
        with self._guard:
            watching, self._asleep = bool(self._listeners), False
            self._listeners.clear()
        if watching:
            self._window.forget(WM_POWERBROADCAST)

    def _heard(self, event: int, _more: int) -> int | None:
        now = asleep(event)
        with self._guard:
            if now is None or now is self._asleep:
                return None
            self._asleep = now
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(now)
        return 1
