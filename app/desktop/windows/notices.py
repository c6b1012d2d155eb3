"""Passing notices as a balloon by plyer, clipped to what Windows holds."""

import atexit
import contextlib
import sys
import threading
from typing import Any

from app.desktop.windows.clipping import clipped

assert sys.platform == "win32"

from app.desktop.windows.api import WM_TIMER, user32  # noqa: E402  # exists on Windows only
from app.desktop.windows.messages import MessageThread  # noqa: E402  # exists on Windows only

TITLE_UNITS, TEXT_UNITS = 63, 255
"""UTF-16 units of a balloon's title and text (NOTIFYICONDATAW, without the ending NUL)."""

ANSWER_LIMIT = 1.0
SHOWN_MS = 8_000


class BalloonNotices:
    """One balloon at a time, whose icon is taken away again; Focus Assist swallows balloons silently.

    Each lives on a thread that reads its window's messages: a window that does not would hold up the whole desktop.
    """

    def __init__(self, name: str = "SafeSeat") -> None:
        self._name = name
        self._guard = threading.Lock()
        self._balloon: _Balloon | None = None

    def show(self, title: str, text: str) -> bool:
        """Show plain text; True when Windows took it, which does not say that somebody saw it. Blocking, 1 s at most."""
        with self._guard:
            self._end()
            self._balloon = _Balloon(self._name, clipped(title, TITLE_UNITS), clipped(text, TEXT_UNITS))
            return self._balloon.taken

    def close(self) -> None:
        """Take a shown balloon away and end its thread."""
        with self._guard:
            self._end()

    def _end(self) -> None:
        balloon, self._balloon = self._balloon, None
        if balloon is not None:
            balloon.close()


class _Balloon:
    def __init__(self, name: str, title: str, text: str) -> None:
        self._words = (title, text, name)
        self._tip: Any = None
        self._thread = MessageThread("notices", self._begin, self._heard, self._end, ANSWER_LIMIT)
        self.taken = self._thread.started and self._tip is not None

    def close(self) -> None:
        self._thread.close()

    def _begin(self) -> None:
        from plyer.platforms.win.libs.balloontip import WindowsBalloonTip

        with contextlib.suppress(Exception):  # plyer raises plain exceptions for whatever Windows refused
            self._tip = WindowsBalloonTip(*self._words, timeout=0)
        user32.SetTimer(None, 0, SHOWN_MS if self._tip is not None else 0, None)

    def _heard(self, message: int, _detail: int) -> None:
        if message == WM_TIMER:
            user32.PostQuitMessage(0)

    def _end(self) -> None:
        tip, self._tip = self._tip, None
        if tip is not None:
            atexit.unregister(tip.__del__)  # plyer keeps every balloon for the process's end
            with contextlib.suppress(Exception):
                tip.remove_notify()
