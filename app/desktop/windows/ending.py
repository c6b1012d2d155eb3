"""The end of the session, as Windows tells its windows: signing off, shutting down."""

import sys
import threading
from collections.abc import Callable

from app.desktop.windows.sessions import end_cause

assert sys.platform == "win32"

from app.desktop.windows.sessionwindow import SessionWindow  # noqa: E402  # exists on Windows only

WM_ENDSESSION = 0x0016


class WindowsEnding:
    """Tells on the session window's thread; Windows waits for it about 5 s before it ends the process.

    The question before (WM_QUERYENDSESSION) is not answered: the person, or another program, may still say no.
    """

    def __init__(self, window: SessionWindow) -> None:
        self._window = window
        self._guard = threading.Lock()
        self._ends: Callable[[str], None] | None = None

    def watch(self, ends: Callable[[str], None]) -> None:
        """Tell the end once; returns at once."""
        with self._guard:
            self._ends = ends
        self._window.hear(WM_ENDSESSION, self._heard)

    def why(self) -> str:
        """Windows sends no stop signal for a session's end."""
        return "asked"

    def close(self) -> None:
        """Stop telling."""
        with self._guard:
            watching, self._ends = self._ends is not None, None
        if watching:
            self._window.forget(WM_ENDSESSION)

    def _heard(self, is_so: int, flags: int) -> int | None:
        with self._guard:
            ends = self._ends
        if not is_so or ends is None:
            return None
        ends(end_cause(flags))
        return 0
