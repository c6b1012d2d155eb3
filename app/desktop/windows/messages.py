"""A thread with a message queue: hotkeys and session messages come only to the thread that asked for them."""

import ctypes
import logging
import sys
import threading
from collections.abc import Callable
from ctypes import wintypes

assert sys.platform == "win32"

from app.desktop.windows.api import WM_QUIT, kernel32, user32  # noqa: E402  # exists on Windows only

log = logging.getLogger(__name__)

START_LIMIT = END_LIMIT = 3.0
"""Seconds that a thread may take to begin and to end; both take a millisecond."""


class MessageThread:
    """Runs `begin` on a thread of its own, then hands every message to `heard` until `close`, then runs `end`.

    The constructor waits for `begin`, `limit` seconds at most; `started` tells whether it came to its end in time. `close` from any thread but
    this one's; messages after it are lost.
    """

    def __init__(
        self, name: str, begin: Callable[[], None], heard: Callable[[int, int], None], end: Callable[[], None],
        limit: float = START_LIMIT,
    ) -> None:  # fmt: skip
        self._begin, self._heard, self._end = begin, heard, end
        self._number = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()
        self.started = self._ready.wait(limit)

    def close(self) -> None:
        """End the loop and wait for the thread; may be called again."""
        if self._thread.is_alive():
            user32.PostThreadMessageW(self._number, WM_QUIT, 0, 0)
            self._thread.join(END_LIMIT)

    def _run(self) -> None:
        message = wintypes.MSG()
        user32.PeekMessageW(ctypes.byref(message), None, 0, 0, 0)  # makes the queue, so that no message is lost
        self._number = kernel32.GetCurrentThreadId()
        try:
            self._begin()
            self._ready.set()
            while user32.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
                user32.DispatchMessageW(ctypes.byref(message))
                self._tell(int(message.message), int(message.wParam))
        finally:
            self._end()

    def _tell(self, kind: int, detail: int) -> None:
        try:
            self._heard(kind, detail)
        except Exception:
            log.exception("a callback on a message thread failed")
