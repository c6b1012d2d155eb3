"""Which programs record from the microphone now, as Windows tells it on its privacy page; no sound is ever opened."""

import sys
import threading
import time
from collections.abc import Callable, Iterator

from app.desktop.windows.consent import Use, open_uses, recording
from app.desktop.windows.ticks import filetime
from app.domain.errors import UnavailableError

assert sys.platform == "win32"

import winreg  # noqa: E402  # exists on Windows only

from app.desktop.windows.api import kernel32  # noqa: E402  # exists on Windows only
from app.desktop.windows.processes import processes  # noqa: E402  # exists on Windows only
from app.policy.watch_registry import RegistryWaiter  # noqa: E402  # exists on Windows only

STORE = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\microphone"
NON_PACKAGED = "NonPackaged"
HIVES = (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE)
FOREVER_S = 4_000_000.0
"""As long as one wait of Windows can be in milliseconds of 32 bits: 46 days."""
READ = winreg.KEY_READ | winreg.KEY_WOW64_64KEY


class RegistryMicrophone:
    """Reads the consent store; processes are looked at only while an entry is open. Any thread; 1 ms, else about 10 ms.

    Raises UnavailableError where neither hive has the store (before Windows 10 1903).
    """

    def __init__(self) -> None:
        if not any(_exists(hive) for hive in HIVES):
            raise UnavailableError("The microphone's use cannot be told: Windows keeps no consent store here.")
        self._guard = threading.Lock()
        self._closed = False
        self._waiter: RegistryWaiter | None = None
        self._thread: threading.Thread | None = None

    def watch(self, changed: Callable[[], None]) -> None:
        """See the port. The thread sleeps in Windows until an entry of the store changes."""
        with self._guard:
            if self._thread is not None or self._closed:
                return
            self._waiter = RegistryWaiter(STORE, exact=True)
            self._thread = threading.Thread(target=self._follow, args=(self._waiter, changed), name="microphone", daemon=True)
            self._thread.start()

    def in_use_by(self) -> frozenset[str] | None:
        """Lower-case program names; also of a muted call, because the device stays open. None when it cannot be read."""
        try:
            uses = tuple(use for hive in HIVES for use in _uses(hive))
        except OSError:
            return None
        boot = filetime(time.time()) - int(kernel32.GetTickCount64()) * 10_000
        waiting = open_uses(uses, boot)
        return recording(waiting, processes()) if waiting else frozenset()

    def close(self) -> None:
        """End the watch."""
        with self._guard:
            self._closed = True
            waiter, thread, self._waiter, self._thread = self._waiter, self._thread, None, None
        if waiter is not None and thread is not None:
            waiter.wake()
            thread.join(2.0)
            waiter.close()

    def _follow(self, waiter: RegistryWaiter, changed: Callable[[], None]) -> None:
        waiter.wait(0.0)  # from here on nothing is missed
        changed()
        while not self._closed:
            if waiter.wait(FOREVER_S):
                changed()


def _exists(hive: int) -> bool:
    try:
        winreg.OpenKey(hive, STORE, 0, READ).Close()
    except OSError:
        return False
    return True


def _uses(hive: int) -> Iterator[Use]:
    for path, packaged in ((STORE, True), (rf"{STORE}\{NON_PACKAGED}", False)):
        try:
            key = winreg.OpenKey(hive, path, 0, READ)
        except FileNotFoundError:
            continue
        with key:
            for index in range(winreg.QueryInfoKey(key)[0]):
                name = winreg.EnumKey(key, index)
                if packaged and name == NON_PACKAGED:
                    continue
                with winreg.OpenKey(key, name, 0, READ) as entry:
                    yield Use(name, packaged, _number(entry, "LastUsedTimeStart"), _number(entry, "LastUsedTimeStop", -1))


def _number(key: winreg.HKEYType, name: str, default: int = 0) -> int:
    try:
        value = winreg.QueryValueEx(key, name)[0]
    except FileNotFoundError:
        return default
    return value if isinstance(value, int) else default
