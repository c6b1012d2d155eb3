"""The rig of the Windows adapters: hands that press keys by the system's own input functions; runs on Windows and Wine."""

import ctypes
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from app.desktop.ports import Desktop, Power, SessionLock
from app.desktop.windows.chords import MODIFIERS, parse_chord
from app.desktop.windows.sleeping import RESUME_AUTOMATIC, RESUME_SUSPEND, SUSPEND
from tests.helpers.desktop import Rig

assert sys.platform == "win32"

UP = 0x0002
WM_POWERBROADCAST = 0x0218
KEYS = {MODIFIERS["<ctrl>"]: 0x11, MODIFIERS["<alt>"]: 0x12, MODIFIERS["<shift>"]: 0x10, MODIFIERS["<cmd>"]: 0x5B}
BACKQUOTE = 0xC0


class WindowsRig(Rig):
    """The real adapters. Nobody can type the password of a locked session from here, so locking is not tried."""

    name = "windows"
    locks = False

    def __init__(self) -> None:
        self.desktop = self.open()

    def open(self) -> Desktop:
        from app.desktop.open import open_desktop

        return open_desktop()

    def touch(self) -> None:
        _strike([KEYS[MODIFIERS["<shift>"]]])

    def let_time_pass(self, seconds: float) -> None:
        threading.Event().wait(seconds)

    def press(self, chord: str) -> None:
        parsed = parse_chord(chord, lambda _character: BACKQUOTE)
        _strike([*(key for modifier, key in KEYS.items() if parsed.modifiers & modifier), parsed.key])

    @contextmanager
    def take(self, chord: str) -> Iterator[None]:
        from app.desktop.windows.hotkeys import WindowsHotkeys

        other = WindowsHotkeys()
        assert other.bind({chord: lambda: None}) == []
        yield
        other.close()

    def person_locks(self) -> None:
        pytest.skip("a locked session could not be unlocked from here")

    def person_unlocks(self) -> None:
        pytest.skip("a locked session could not be unlocked from here")

    @contextmanager
    def lock_without_locker(self) -> Iterator[SessionLock]:
        pytest.skip("Windows always has its own lock")
        yield

    @contextmanager
    def locked_vault(self) -> Iterator[None]:
        pytest.skip("the Credential Manager is open as long as the person is signed in")
        yield

    @contextmanager
    def naps(self) -> Iterator[tuple[Power, Callable[[], None]]]:
        power = self.desktop.power
        assert power is not None

        def nap() -> None:
            for event in (SUSPEND, RESUME_AUTOMATIC, RESUME_SUSPEND):
                send_to_session_windows(WM_POWERBROADCAST, event)

        yield power, nap

    @contextmanager
    def notices(self) -> Iterator[Callable[[], str]]:
        pytest.skip("Windows tells nobody what a balloon showed")
        yield lambda: ""


def send_to_session_windows(kind: int, detail: int) -> None:
    """Send a message to every hidden window of this process, as the system does; waits until it was taken."""
    user32 = ctypes.WinDLL("user32")
    found: list[int] = []
    visit = ctypes.WINFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)

    def one(window: int, _more: int) -> int:
        name, owner = ctypes.create_unicode_buffer(256), ctypes.c_ulong()
        user32.GetClassNameW(ctypes.c_void_p(window), name, len(name))
        user32.GetWindowThreadProcessId(ctypes.c_void_p(window), ctypes.byref(owner))
        if name.value.startswith("SafeSeatSession") and owner.value == os.getpid():
            found.append(window)
        return 1

    user32.EnumWindows(visit(one), None)
    assert found, "there is no session window"
    for window in found:
        user32.SendMessageW(ctypes.c_void_p(window), kind, ctypes.c_size_t(detail), ctypes.c_ssize_t(0))


def _strike(keys: list[int]) -> None:
    """Press the keys in order and let them go in reverse."""
    user32 = ctypes.WinDLL("user32")
    for key in keys:
        user32.keybd_event(key, 0, 0, 0)
    for key in reversed(keys):
        user32.keybd_event(key, 0, UP, 0)
