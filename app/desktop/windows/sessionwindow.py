"""One hidden window for everything that Windows tells a session by message: locking, sleeping."""

import ctypes
import itertools
import logging
import sys
import threading
from collections.abc import Callable

assert sys.platform == "win32"

from app.desktop.windows.api import (  # noqa: E402  # exists on Windows only
    WNDPROC,
    WindowClass,
    kernel32,
    user32,
    wtsapi32,
)
from app.desktop.windows.messages import MessageThread  # noqa: E402  # exists on Windows only

log = logging.getLogger(__name__)

_numbers = itertools.count(1)

Heard = Callable[[int, int], int | None]
"""Takes wParam and lParam of a message on the window's thread; None leaves the answer to Windows."""


class SessionWindow:
    """Made with the first `hear` and gone with the last `forget`; both from any thread but the window's own.

    A top-level window that is never shown, as broadcasts do not reach message-only windows. Sent messages come to the
    window's procedure and not to the loop. One thread serves all kinds of message.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._heard: dict[int, Heard] = {}
        self._live: _Live | None = None

    def hear(self, kind: int, heard: Heard, begun: Callable[[], None] = lambda: None) -> None:
        """Hand every message of this kind to `heard`; `begun` is called once when nothing can be missed any more."""
        with self._guard:
            self._heard[kind] = heard
            if self._live is None:
                self._live = _Live(self._heard, begun)
                return
        begun()

    def forget(self, kind: int) -> None:
        """Stop; the window ends when nobody listens any more."""
        with self._guard:
            self._heard.pop(kind, None)
            live = None
            if not self._heard:
                live, self._live = self._live, None
        if live is not None:
            live.close()


class _Live:
    """The window while it is there, on a thread of its own."""

    def __init__(self, heard: dict[int, Heard], begun: Callable[[], None]) -> None:
        self._heard, self._begun = heard, begun
        self._name = f"SafeSeatSession{next(_numbers)}"
        self._instance = kernel32.GetModuleHandleW(None)
        self._procedure = WNDPROC(self._take)
        self._window: int | None = None
        self._modern: int | None = None
        self._thread = MessageThread("session", self._begin, lambda _kind, _detail: None, self._end)

    def close(self) -> None:
        """Destroy the window and end its thread."""
        self._thread.close()

    def _begin(self) -> None:
        described = WindowClass(
            size=ctypes.sizeof(WindowClass), procedure=self._procedure, instance=self._instance, name=self._name
        )
        if user32.RegisterClassExW(ctypes.byref(described)):
            self._window = user32.CreateWindowExW(
                0, self._name, "SafeSeat", 0, 0, 0, 0, 0, None, None, self._instance, None
            )
        if self._window:
            wtsapi32.WTSRegisterSessionNotification(self._window, 0)
            self._modern = _register_for_sleep(self._window)
        self._begun()

    def _end(self) -> None:
        if self._modern:
            user32.UnregisterSuspendResumeNotification(self._modern)
        if self._window:
            wtsapi32.WTSUnRegisterSessionNotification(self._window)
            user32.DestroyWindow(self._window)
        user32.UnregisterClassW(self._name, self._instance)

    def _take(self, window: int, kind: int, detail: int, more: int) -> int:
        heard = self._heard.get(kind)
        if heard is not None:
            try:
                answer = heard(detail, more)
            except Exception:
                log.exception("message %#06x of the session window", kind)
                answer = None
            if answer is not None:
                return answer
        return int(user32.DefWindowProcW(window, kind, detail, more))


def _register_for_sleep(window: int) -> int | None:
    """Ask for the power messages by name: a PC with modern standby does not broadcast them. None where it is not there."""
    try:
        register, unregister = user32.RegisterSuspendResumeNotification, user32.UnregisterSuspendResumeNotification
    except AttributeError:
        return None
    register.restype, register.argtypes = ctypes.c_void_p, (ctypes.c_void_p, ctypes.c_uint)
    unregister.argtypes = (ctypes.c_void_p,)
    registered: int | None = register(window, 0)
    return registered
