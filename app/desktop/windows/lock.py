"""The session lock: LockWorkStation only starts it, so it is claimed when the session was seen locked."""

import ctypes
import sys
import threading
import time
from collections.abc import Callable
from ctypes import wintypes

from app.desktop.ports import Locked, LockResult
from app.desktop.windows.sessions import judged, told

assert sys.platform == "win32"

from app.desktop.windows.api import WM_WTSSESSION_CHANGE, SessionInfo, user32, wtsapi32  # noqa: E402  # exists on Windows only
from app.desktop.windows.sessionwindow import SessionWindow  # noqa: E402  # exists on Windows only

METHOD = "lock_work_station"
"""As it stands in the records, which take small letters only."""
PROBE = 0.05
CURRENT_SESSION = 0xFFFFFFFF
SESSION_INFO_EX = 25
READ_OBJECTS, NAME = 0x0001, 2


class WindowsLock:
    """Locks this session; `lock` from one lane, `state` and `watch` from any thread.

    Callbacks come from the thread of a hidden window, only on changes, after the state at the beginning.
    """

    def __init__(self, window: SessionWindow | None = None) -> None:
        self._guard = threading.Lock()
        self._listeners: list[Callable[[Locked], None]] = []
        self._window = window or SessionWindow()
        self._watching = False
        self._last = Locked.UNKNOWN

    def lock(self, timeout: float) -> LockResult:
        """Lock and wait until it was seen, `timeout` seconds at most; a failure says what Windows answered."""
        end = time.monotonic() + timeout
        if self.state() is Locked.YES:
            return LockResult(True, METHOD)
        if not user32.LockWorkStation():
            return LockResult(False, METHOD, f"Windows refused to lock (error {ctypes.get_last_error()})")
        while time.monotonic() < end:
            if self.state() is Locked.YES:
                self._tell(Locked.YES)
                return LockResult(True, METHOD)
            time.sleep(PROBE)
        return LockResult(False, METHOD, "Windows began to lock, but the session was not seen locked in time")

    def state(self) -> Locked:
        """Locked, unlocked or unknown now; under 1 ms."""
        return judged(_session_flags(), _input_desktop())

    def watch(self, changed: Callable[[Locked], None]) -> None:
        """Tell every change from now on, and the state once it is known; returns at once."""
        with self._guard:
            self._listeners.append(changed)
            known = self._last
            first, self._watching = not self._watching, True
        if first:
            self._window.hear(WM_WTSSESSION_CHANGE, self._message, lambda: self._tell(self.state()))
        elif known is not Locked.UNKNOWN:
            changed(known)

    def close(self) -> None:
        """End the thread; a lock that holds goes on."""
        with self._guard:
            self._listeners.clear()
            watched, self._watching, self._last = self._watching, False, Locked.UNKNOWN
        if watched:
            self._window.forget(WM_WTSSESSION_CHANGE)

    def _message(self, message: int, _session: int) -> int:
        state = told(message)
        if state is not None:
            self._tell(state)
        return 0

    def _tell(self, state: Locked) -> None:
        with self._guard:
            if state is self._last or state is Locked.UNKNOWN:
                return
            self._last = state
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(state)


def _session_flags() -> int | None:
    """SessionFlags of this session, None when the terminal service does not tell."""
    data, size = ctypes.c_void_p(), wintypes.DWORD()
    if not wtsapi32.WTSQuerySessionInformationW(
        None, CURRENT_SESSION, SESSION_INFO_EX, ctypes.byref(data), ctypes.byref(size)
    ):
        return None
    try:
        if not data.value or size.value < ctypes.sizeof(SessionInfo):
            return None
        info = SessionInfo.from_address(data.value)
        return int(info.flags) if info.level == 1 else None
    finally:
        wtsapi32.WTSFreeMemory(data)


def _input_desktop() -> str | None:
    """The name of the desktop that has the input, None when Windows refuses to open it."""
    desktop = user32.OpenInputDesktop(0, False, READ_OBJECTS)
    if not desktop:
        return None
    try:
        name, needed = ctypes.create_unicode_buffer(256), wintypes.DWORD()
        if not user32.GetUserObjectInformationW(desktop, NAME, name, ctypes.sizeof(name), ctypes.byref(needed)):
            return None
        return name.value
    finally:
        user32.CloseDesktop(desktop)
