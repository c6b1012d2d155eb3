"""What the installer left, and what it needs of a running tray."""

# ruff: noqa: E402
# what follows the assert exists on Windows only, and mypy skips it elsewhere
import ctypes
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from ctypes import wintypes
from pathlib import Path

import pytest

from app.desktop import onefile
from app.domain.errors import UnavailableError

assert sys.platform == "win32"

import winreg

from app.desktop.windows.api import user32
from app.desktop.windows.appid import APP_ID, KEY, NAME, take_app_id
from app.desktop.windows.ending import WM_ENDSESSION, WindowsEnding
from app.desktop.windows.installed import ENTROPY, SETUP, _Blob, installed, unsealed
from app.desktop.windows.instance import STOP, TRAY, Presence, session_id
from app.desktop.windows.sessionwindow import SessionWindow
from tests.helpers.wine import ON_WINE

LOCAL_MACHINE = 0x4
kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
kernel32.OpenEventW.restype = kernel32.OpenMutexW.restype = wintypes.HANDLE
kernel32.SetEvent.argtypes = kernel32.CloseHandle.argtypes = (wintypes.HANDLE,)
kernel32.WaitForSingleObject.argtypes = (wintypes.HANDLE, wintypes.DWORD)


def sealed(text: bytes, entropy: bytes = ENTROPY) -> bytes:
    """As the installer seals."""
    protect = ctypes.WinDLL("crypt32", use_last_error=True).CryptProtectData
    protect.argtypes = (*[ctypes.c_void_p] * 5, wintypes.DWORD, ctypes.c_void_p)
    held = [ctypes.create_string_buffer(one, len(one)) for one in (text, entropy)]
    plain, extra = (_Blob(len(one), ctypes.cast(one, ctypes.c_void_p)) for one in held)
    found = _Blob()
    assert protect(ctypes.byref(plain), None, ctypes.byref(extra), None, None, LOCAL_MACHINE, ctypes.byref(found))
    return ctypes.string_at(found.data, found.size)


def test_a_code_that_was_sealed_for_this_machine_opens() -> None:
    assert unsealed(sealed(b"CODE")) == b"CODE"


@pytest.mark.parametrize("other", [b"", b"garbage", sealed(b"CODE")[:-9], sealed(b"CODE", b"another program")])
def test_a_damaged_or_foreign_code_does_not_open(other: bytes) -> None:
    with pytest.raises(UnavailableError, match="does not open"):
        unsealed(other)


def test_the_installers_values_are_read() -> None:
    with winreg.CreateKeyEx(winreg.HKEY_LOCAL_MACHINE, SETUP, 0, winreg.KEY_WRITE | winreg.KEY_WOW64_64KEY) as key:
        winreg.SetValueEx(key, "ServerKey", 0, winreg.REG_SZ, "ab" * 20)
        winreg.SetValueEx(key, "Site", 0, winreg.REG_SZ, " 天河 ")
    try:
        found = installed()
        assert (found.server_key, found.site) == ("ab" * 20, "天河")
        assert found.code is not None
        assert found.code.path.name == "enrol.bin"
    finally:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, SETUP, 0, winreg.KEY_WRITE | winreg.KEY_WOW64_64KEY) as key:
            winreg.DeleteValue(key, "ServerKey")
            winreg.DeleteValue(key, "Site")


def test_a_taken_file_is_held_for_one_process_and_removed_by_it(tmp_path: Path) -> None:
    path = tmp_path / "one"
    assert onefile.take(path) is None
    path.write_bytes(b"x")
    file = onefile.take(path)
    assert file is not None
    with pytest.raises(BlockingIOError):
        onefile.take(path)
    assert file.read() == b"x"
    onefile.remove(file, path)
    assert not path.exists()


@pytest.mark.skipif(ON_WINE, reason="an administrator of Wine writes into read-only files")
def test_a_file_that_may_not_be_written_is_still_taken_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.write_bytes(b"x")
    subprocess.run(["attrib", "+r", str(path)], check=True)
    file = onefile.take(path)
    assert file is not None
    assert (file.read(), file.writable()) == (b"x", False)
    file.close()
    subprocess.run(["attrib", "-r", str(path)], check=True)


@pytest.fixture
def asked() -> threading.Event:
    return threading.Event()


@pytest.fixture
def presence(asked: threading.Event) -> Iterator[Presence]:
    held = Presence(asked.set)
    yield held
    held.close()


def opened(function: Callable[..., int], access: int, name: str) -> int:
    return function(access, False, name.format(session_id())) or 0


@pytest.mark.usefixtures("presence")
def test_the_installer_asks_a_tray_to_end_and_waits_for_its_process(asked: threading.Event) -> None:
    event = opened(kernel32.OpenEventW, 0x0002, STOP)
    mutex = opened(kernel32.OpenMutexW, 0x00100000, TRAY)
    assert event
    assert mutex
    assert not asked.wait(0.1)
    assert kernel32.SetEvent(event)
    assert asked.wait(5)
    assert kernel32.WaitForSingleObject(mutex, 0) == 0x102, "the names stay taken until the process ends"
    for handle in (event, mutex):
        kernel32.CloseHandle(handle)


def test_nothing_is_left_of_the_names(presence: Presence) -> None:
    presence.close()
    assert not opened(kernel32.OpenEventW, 0x0002, STOP)
    assert not opened(kernel32.OpenMutexW, 0x00100000, TRAY)


def test_two_trays_of_a_session_hear_the_same_wish(presence: Presence, asked: threading.Event) -> None:
    asked_too = threading.Event()
    second = Presence(asked_too.set)
    event = opened(kernel32.OpenEventW, 0x0002, STOP)
    kernel32.SetEvent(event)
    kernel32.CloseHandle(event)
    assert asked.wait(5)
    assert asked_too.wait(5)
    second.close()
    mutex = opened(kernel32.OpenMutexW, 0x00100000, TRAY)
    assert mutex, "the first one still runs"
    kernel32.CloseHandle(mutex)


@pytest.mark.parametrize(("flags", "cause"), [(-0x80000000, "signed_off"), (0, "shutdown")])
def test_the_end_of_the_session_is_told_before_windows_goes_on(flags: int, cause: str) -> None:
    window = SessionWindow()
    ending = WindowsEnding(window)
    told: list[str] = []
    ending.watch(told.append)
    send = user32.SendMessageW
    send.argtypes, send.restype = (wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM), ctypes.c_ssize_t
    live = window._live
    assert live is not None
    assert send(live._window, 0x0011, 0, flags) == 1, "nothing of ours forbids the end"
    send(live._window, WM_ENDSESSION, 0, flags)
    assert told == []
    send(live._window, WM_ENDSESSION, 1, flags)
    assert told == [cause]
    ending.close()
    assert window._live is None


def test_the_program_has_a_name_and_an_icon_for_its_notices(tmp_path: Path) -> None:
    take_app_id(tmp_path / "icon.png")
    found = ctypes.c_wchar_p()
    ctypes.WinDLL("shell32").GetCurrentProcessExplicitAppUserModelID(ctypes.byref(found))
    assert ON_WINE or found.value == APP_ID, "Wine takes the id and forgets it"
    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, KEY) as key:
        assert winreg.QueryValueEx(key, "DisplayName")[0] == NAME
        assert winreg.QueryValueEx(key, "IconUri")[0] == str(tmp_path / "icon.png")
