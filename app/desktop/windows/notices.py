"""Passing notices as a balloon by plyer, clipped to what Windows holds."""

import atexit
import contextlib
import sys
import threading

from app.desktop.windows.clipping import clipped

assert sys.platform == "win32"

TITLE_UNITS, TEXT_UNITS = 63, 255
"""UTF-16 units of a balloon's title and text (NOTIFYICONDATAW, without the ending NUL)."""

ANSWER_LIMIT = 1.0
SHOWN = 8.0


class BalloonNotices:
    """One balloon at a time, on one worker that takes its icon away again; Focus Assist swallows balloons silently."""

    def __init__(self, name: str = "SafeSeat") -> None:
        self._name = name
        self._guard = threading.Lock()
        self._over = threading.Event()
        self._worker: threading.Thread | None = None

    def show(self, title: str, text: str) -> bool:
        """Show plain text; True when Windows took it, which does not say that somebody saw it. Blocking, 1 s at most."""
        with self._guard:
            self._end()
            self._over = threading.Event()
            taken = threading.Event()
            answered = threading.Event()
            self._worker = threading.Thread(
                target=self._balloon, args=(title, text, self._over, taken, answered), name="notices", daemon=True
            )
            self._worker.start()
            answered.wait(ANSWER_LIMIT)
            return taken.is_set()

    def close(self) -> None:
        """Take a shown balloon away and end the worker."""
        with self._guard:
            self._end()

    def _end(self) -> None:
        self._over.set()
        if self._worker is not None:
            self._worker.join(ANSWER_LIMIT)
            self._worker = None

    def _balloon(
        self, title: str, text: str, over: threading.Event, taken: threading.Event, answered: threading.Event
    ) -> None:
        from plyer.platforms.win.libs.balloontip import WindowsBalloonTip

        tip = None
        with contextlib.suppress(Exception):  # plyer raises plain exceptions for whatever Windows refused
            tip = WindowsBalloonTip(clipped(title, TITLE_UNITS), clipped(text, TEXT_UNITS), self._name, timeout=0)
            taken.set()
        answered.set()
        if tip is None:
            return
        over.wait(SHOWN)
        with contextlib.suppress(Exception):
            tip.remove_notify()
        atexit.unregister(tip.__del__)  # plyer keeps every balloon for the process's end
