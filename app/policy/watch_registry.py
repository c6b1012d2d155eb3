"""Waits for changes in Windows' registry, of the machine and of the person: of the policies, or of another key. Windows only."""

import contextlib
import ctypes
import sys
from ctypes import wintypes

from app.policy.registry import KEY

assert sys.platform == "win32"

import winreg  # noqa: E402  # exists on Windows only

NAMES, VALUES = 0x1, 0x4
TIMEOUT = 0x102
NOTIFY = winreg.KEY_NOTIFY | winreg.KEY_WOW64_64KEY

_kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
_advapi32 = ctypes.WinDLL("advapi32")
_kernel32.CreateEventW.restype = wintypes.HANDLE
_kernel32.CreateEventW.argtypes = (wintypes.LPVOID, wintypes.BOOL, wintypes.BOOL, wintypes.LPCWSTR)
_kernel32.SetEvent.argtypes = _kernel32.CloseHandle.argtypes = (wintypes.HANDLE,)
_kernel32.WaitForMultipleObjects.restype = wintypes.DWORD
_kernel32.WaitForMultipleObjects.argtypes = (
    wintypes.DWORD, ctypes.POINTER(wintypes.HANDLE), wintypes.BOOL, wintypes.DWORD,
)  # fmt: skip
_advapi32.RegNotifyChangeKeyValue.restype = wintypes.LONG
_advapi32.RegNotifyChangeKeyValue.argtypes = (
    wintypes.HANDLE, wintypes.BOOL, wintypes.DWORD, wintypes.HANDLE, wintypes.BOOL,
)  # fmt: skip


class RegistryWaiter:
    """One event for a key of both hives with all below it, asked for anew after each change; where a hive lacks the key,
    the nearest above it, or nothing if only this key counts (`exact`).

    The key above ours is watched with all below it, because ours comes and goes with the policies. Asking belongs to the thread that waits: the system drops it when that thread ends.
    """

    def __init__(self, path: str = KEY.rpartition("\\")[0], *, exact: bool = False) -> None:
        self._path, self._exact = path, exact
        self._changed = _event()
        self._woken = _event()
        self._keys: list[winreg.HKEYType] = []

    def wait(self, timeout: float) -> bool:
        """Whether a policy may have changed; a change between two waits counts for the next."""
        if not self._keys:
            self._ask()
        handles = (wintypes.HANDLE * 2)(self._woken, self._changed)
        came: bool = _kernel32.WaitForMultipleObjects(2, handles, False, int(timeout * 1000)) == 1
        if came:
            self._ask()
        return came

    def wake(self) -> None:
        """End this wait and all later ones."""
        _kernel32.SetEvent(self._woken)

    def close(self) -> None:
        """Give everything back; nobody waits any more."""
        self._drop()
        for event in (self._changed, self._woken):
            _kernel32.CloseHandle(event)

    def _drop(self) -> None:
        for key in self._keys:
            key.Close()
        self._keys = []

    def _ask(self) -> None:
        # closing a key that is asked about signals the event, so it gets a new one
        self._drop()
        _kernel32.CloseHandle(self._changed)
        self._changed = _event()
        for hive in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
            key = _nearest(hive, self._path, exact=self._exact)
            if key is not None:
                self._keys.append(key)
                _advapi32.RegNotifyChangeKeyValue(int(key), True, NAMES | VALUES, self._changed, True)


def _event() -> int:
    """An event that resets itself when it was seen. OSError when there is none to be had."""
    made = _kernel32.CreateEventW(None, False, False, None)
    if not made:
        raise ctypes.WinError(ctypes.get_last_error())
    return int(made)


def _nearest(hive: int, path: str, *, exact: bool) -> winreg.HKEYType | None:
    """The key, or the nearest one above it that is there."""
    while path:
        with contextlib.suppress(OSError):
            return winreg.OpenKey(hive, path, 0, NOTIFY)
        path = "" if exact else path.rpartition("\\")[0]
    return None
