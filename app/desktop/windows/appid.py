"""The program's name and icon to Windows, so that notices and the taskbar show them; per user, without administrator rights."""

import ctypes
import logging
import sys
from pathlib import Path

assert sys.platform == "win32"

import winreg  # noqa: E402  # exists on Windows only

log = logging.getLogger(__name__)

APP_ID = "SafeSeat.SafeSeat"
NAME = "安席 SafeSeat"
KEY = rf"Software\Classes\AppUserModelId\{APP_ID}"


def take_app_id(icon: Path | None) -> None:
    """Give this process its id, before its first window, and register name and icon for the account. Never raises.

    The entry stays when the program is removed: an installer sees one account only. It names a file and does nothing.
    """
    try:
        ctypes.WinDLL("shell32").SetCurrentProcessExplicitAppUserModelID(ctypes.c_wchar_p(APP_ID))
    except (OSError, AttributeError) as fault:
        log.warning("Windows did not take the program's id: %s", fault)
    try:
        _register("DisplayName", NAME)
        if icon is not None:
            _register("IconUri", str(icon))
    except OSError as fault:
        log.warning("the program's name could not be registered: %s", fault)


def _register(name: str, value: str) -> None:
    """Write what is not there already, so that a start changes nothing."""
    with winreg.CreateKeyEx(winreg.HKEY_CURRENT_USER, KEY, 0, winreg.KEY_READ | winreg.KEY_WRITE) as key:
        try:
            known = winreg.QueryValueEx(key, name)[0]
        except FileNotFoundError:
            known = None
        if known != value:
            winreg.SetValueEx(key, name, 0, winreg.REG_SZ, value)
