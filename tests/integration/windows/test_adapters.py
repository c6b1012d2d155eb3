# ruff: noqa: E402
# what follows the assert exists on Windows only, and mypy skips it elsewhere
import ctypes
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from app.desktop.ports import Locked
from app.desktop.windows.ticks import filetime

assert sys.platform == "win32"

import winreg

from app.desktop.windows.autostart import RUN, RunKeyAutostart
from app.desktop.windows.lock import WindowsLock
from app.desktop.windows.microphone import STORE, RegistryMicrophone
from app.desktop.windows.processes import processes
from app.desktop.windows.vault import WindowsVault
from tests.helpers.wine import ON_WINE


def own_program() -> str:
    buffer = ctypes.create_unicode_buffer(1024)
    ctypes.WinDLL("kernel32").GetModuleFileNameW(None, buffer, len(buffer))
    return buffer.value


@pytest.mark.skipif(not ON_WINE, reason="a real Windows would lock this session, and nobody could unlock it")
def test_a_refused_lock_fails_and_names_what_windows_said() -> None:
    lock = WindowsLock()
    result = lock.lock(1.0)
    assert (result.confirmed, result.method) == (False, "lock_work_station")
    assert result.error == "Windows refused to lock (error 120)"
    assert lock.state() is Locked.NO


def test_this_process_is_among_the_live_ones() -> None:
    own = [process for process in processes() if process.path.lower() == own_program().lower()]
    assert own
    assert any(process.began <= filetime(time.time()) for process in own)


@pytest.fixture
def entry() -> Iterator[str]:
    """A key of this program in the consent store; gone afterwards."""
    path = STORE + "\\NonPackaged\\" + own_program().replace("\\", "#")
    winreg.CreateKey(winreg.HKEY_CURRENT_USER, path).Close()
    yield path
    winreg.DeleteKey(winreg.HKEY_CURRENT_USER, path)


def write_use(path: str, started: int, stopped: int) -> None:
    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path, 0, winreg.KEY_WRITE) as key:
        winreg.SetValueEx(key, "LastUsedTimeStart", 0, winreg.REG_QWORD, started)
        winreg.SetValueEx(key, "LastUsedTimeStop", 0, winreg.REG_QWORD, stopped)


def test_a_recording_program_is_told_until_it_stops(entry: str) -> None:
    microphone = RegistryMicrophone()
    now = filetime(time.time())
    write_use(entry, now, 0)
    assert microphone.in_use_by() == frozenset({own_program().rsplit("\\", 1)[-1].lower()})
    write_use(entry, now, now + 1)
    assert microphone.in_use_by() == frozenset()


def test_beginning_and_ending_to_record_is_told_without_being_asked_for(entry: str) -> None:
    told = threading.Semaphore(0)
    microphone = RegistryMicrophone()
    microphone.watch(told.release)
    assert told.acquire(timeout=10), "once at the beginning"
    now = filetime(time.time())
    for stopped in (0, now + 1):
        while told.acquire(blocking=False):
            continue
        write_use(entry, now, stopped)
        assert told.acquire(timeout=10)
    microphone.close()
    write_use(entry, now, 0)
    while told.acquire(blocking=False):
        continue
    write_use(entry, now, now + 2)
    assert not told.acquire(timeout=0.3), "nothing is told after the end"


def test_an_entry_that_stuck_before_this_boot_is_not_believed(entry: str) -> None:
    write_use(entry, filetime(time.time() - 400 * 86_400), 0)
    assert RegistryMicrophone().in_use_by() == frozenset()


def test_an_entry_without_its_program_is_not_believed() -> None:
    path = STORE + "\\NonPackaged\\C:#gone#phone.exe"
    winreg.CreateKey(winreg.HKEY_CURRENT_USER, path).Close()
    write_use(path, filetime(time.time()), 0)
    try:
        assert RegistryMicrophone().in_use_by() == frozenset()
    finally:
        winreg.DeleteKey(winreg.HKEY_CURRENT_USER, path)


def test_a_changed_secret_leaves_no_copy_and_stays_on_this_machine() -> None:
    from win32ctypes.pywin32 import win32cred  # type: ignore[import-not-found]  # a wheel for Windows

    vault = WindowsVault("SafeSeatTest")
    vault.set("key", b"old", 1.0)
    vault.set("key", b"new", 1.0)
    kept = win32cred.CredRead(Type=win32cred.CRED_TYPE_GENERIC, TargetName="SafeSeatTest/key")
    assert kept["Persist"] == 2
    with pytest.raises(Exception, match="1168"):
        win32cred.CredRead(Type=win32cred.CRED_TYPE_GENERIC, TargetName="SafeSeatTest@SafeSeatTest/key")
    vault.delete("key", 1.0)
    assert vault.get("key", 1.0) is None


def test_the_run_key_holds_the_quoted_command() -> None:
    autostart = RunKeyAutostart(r'"C:\Program Files\SafeSeat\SafeSeat.exe"')
    autostart.set(True)
    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN) as key:
        assert winreg.QueryValueEx(key, "SafeSeat")[0] == r'"C:\Program Files\SafeSeat\SafeSeat.exe"'
    autostart.set(False)
    assert not autostart.enabled()
