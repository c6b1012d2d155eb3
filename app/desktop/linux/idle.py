"""Time since the last keyboard or mouse input, asked of the X server in process."""

import select
import threading
import time
from typing import Any

from Xlib.ext import screensaver

from app.desktop.linux.xorg import connect, disconnect
from app.domain.errors import UnavailableError

ANSWER_LIMIT = 0.05
"""Seconds the first query waits for a slow server (it answers in 0.05 ms); further ones then only look, until it did."""

RETRY_NS = 5_000_000_000
"""Pause between two attempts to reach a lost X server again."""


class X11Idle:
    """The XScreenSaver extension over its own connection; None while the server is lost or mute.

    `idle_ns` from one thread at a time. A lost connection is renewed by a short-lived thread, because connecting can
    block. Raises UnavailableError when there is no server or no such extension at the start.
    """

    def __init__(self, display: str | None = None) -> None:
        self._name = display
        self._guard = threading.Lock()
        self._closed = False
        self._retry_at = 0
        self._renewal: threading.Thread | None = None
        self._asked: Any = None
        self._asked_at = 0
        self._display = _connect(display)
        if self._display is None:
            raise UnavailableError("The X server cannot be asked for the idle time.")

    def idle_ns(self) -> int | None:
        """Nanoseconds since the last input (resolution 1 ms), None when unknown."""
        display = self._display
        if display is None:
            self._renew()
            return None
        try:
            return self._query(display)
        except Exception:  # Xlib raises its own kinds, socket errors and plain ones from broken replies
            self._display = self._asked = None
            disconnect(display)
            return None

    def close(self) -> None:
        """Give the connection back and wait for a renewal under way, 1 s at most."""
        with self._guard:
            self._closed = True
            display, self._display = self._display, None
        if display is not None:
            disconnect(display)
        if self._renewal is not None:
            self._renewal.join(1.0)

    def _query(self, display: Any) -> int | None:
        """Ask and wait a little; an answer that came late is thrown away, as it tells of an earlier moment."""
        now = time.monotonic_ns()
        if self._asked is not None:
            if now - self._asked_at > RETRY_NS:
                raise TimeoutError
            if not _answered(display, self._asked, 0.0):
                return None
        self._asked, self._asked_at = _ask(display), now
        if not _answered(display, self._asked, ANSWER_LIMIT):
            return None
        answer, self._asked = self._asked, None
        return int(answer.idle) * 1_000_000

    def _renew(self) -> None:
        now = time.monotonic_ns()
        if now < self._retry_at or (self._renewal is not None and self._renewal.is_alive()):
            return
        self._retry_at = now + RETRY_NS
        self._renewal = threading.Thread(target=self._connect_again, name="idle-reconnect", daemon=True)
        self._renewal.start()

    def _connect_again(self) -> None:
        display = _connect(self._name)
        with self._guard:
            if not self._closed:
                self._display = display
                return
        if display is not None:
            disconnect(display)


def _connect(name: str | None) -> Any:
    display = connect(name)
    if display is not None and not display.has_extension(screensaver.extname):
        disconnect(display)
        return None
    return display


def _ask(display: Any) -> Any:
    request = screensaver.QueryInfo(
        display=display.display, defer=1, opcode=display.display.get_extension_major(screensaver.extname),
        drawable=display.screen().root,
    )  # fmt: skip
    display.flush()
    return request


def _answered(display: Any, request: Any, limit: float) -> bool:
    """Whether the answer is there; Xlib may have read it already while it sent the question."""
    if hasattr(request, "idle"):
        return True
    if not select.select([display.fileno()], [], [], limit)[0]:
        return False
    request.reply()
    return True
