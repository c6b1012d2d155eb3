"""Start with the session by the Run key."""

import contextlib
import sys

from app.desktop.windows.startup import SWITCHED_OFF, SWITCHED_ON, approved, tray_command

assert sys.platform == "win32"

import winreg  # noqa: E402  # exists on Windows only

RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
NAME = "SafeSeat"
VIEW = winreg.KEY_WOW64_64KEY


class RunKeyAutostart:
    """The person's own entry, beside one that IT's installer may have made for everybody; any thread.

    IT's entry cannot be removed by the person: it is switched off as the Task Manager does it.
    """

    def __init__(self, command: str | None = None) -> None:
        self._command = command or tray_command(sys.executable)

    def enabled(self) -> bool:
        """Whether Windows starts the tray at the next sign-in."""
        there = any(_value(hive, RUN) is not None for hive in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE))
        data = _value(winreg.HKEY_CURRENT_USER, APPROVED)
        return there and approved(data if isinstance(data, bytes) else None)

    def set(self, on: bool) -> None:
        """Write or take away the person's own entry; OSError if the registry refuses."""
        for_all = _value(winreg.HKEY_LOCAL_MACHINE, RUN) is not None
        if on and not for_all:
            _write(RUN, winreg.REG_SZ, self._command)
        elif not on:
            _remove(RUN)
        if for_all or _value(winreg.HKEY_CURRENT_USER, APPROVED) is not None:
            _write(APPROVED, winreg.REG_BINARY, SWITCHED_ON if on else SWITCHED_OFF)


def _value(hive: int, path: str) -> object:
    try:
        with winreg.OpenKey(hive, path, 0, winreg.KEY_READ | VIEW) as key:
            return winreg.QueryValueEx(key, NAME)[0]
    except OSError:
        return None


def _write(path: str, kind: int, value: str | bytes) -> None:
    with winreg.CreateKeyEx(winreg.HKEY_CURRENT_USER, path, 0, winreg.KEY_WRITE | VIEW) as key:
        winreg.SetValueEx(key, NAME, 0, kind, value)


def _remove(path: str) -> None:
    with (
        contextlib.suppress(FileNotFoundError),
        winreg.OpenKey(winreg.HKEY_CURRENT_USER, path, 0, winreg.KEY_WRITE | VIEW) as key,
    ):
        winreg.DeleteValue(key, NAME)
