"""A hidden window that hears of locking and unlocking."""

import ctypes
import itertools
import sys
from collections.abc import Callable

assert sys.platform == "win32"

from app.desktop.windows.api import (  # noqa: E402  # exists on Windows only
    WM_WTSSESSION_CHANGE,
    WNDPROC,
    WindowClass,
    kernel32,
    user32,
    wtsapi32,
)
from app.desktop.windows.messages import MessageThread  # noqa: E402  # exists on Windows only

_numbers = itertools.count(1)


class SessionWindow:
    """Lives on a thread of its own; `message` is called there with the session's messages, `begun` once before.

    A top-level window that is never shown, as broadcasts do not reach message-only windows. Sent messages come to the
    window's procedure and not to the loop.
    """

    def __init__(self, begun: Callable[[], None], message: Callable[[int], None]) -> None:
        self._begun, self._message = begun, message
        self._name = f"SafeSeatSession{next(_numbers)}"
        self._instance = kernel32.GetModuleHandleW(None)
        self._procedure = WNDPROC(self._hear)
        self._window: int | None = None
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
        self._begun()

    def _end(self) -> None:
        if self._window:
            wtsapi32.WTSUnRegisterSessionNotification(self._window)
            user32.DestroyWindow(self._window)
        user32.UnregisterClassW(self._name, self._instance)

    def _hear(self, window: int, kind: int, detail: int, more: int) -> int:
        if kind == WM_WTSSESSION_CHANGE:
            self._message(detail)
            return 0
        return int(user32.DefWindowProcW(window, kind, detail, more))
