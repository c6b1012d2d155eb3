"""What tells the installer that a tray runs in this session, and how the installer asks it to end."""

import ctypes
import logging
import sys
import threading
from collections.abc import Callable
from ctypes import wintypes

assert sys.platform == "win32"

log = logging.getLogger(__name__)

STOP, TRAY = "Global\\SafeSeat.Stop.{}", "Global\\SafeSeat.Tray.{}"
ACCESS = "D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;{})"
"""The system, administrators and this account; nobody else may set the event or wait for the mutex."""
FOR_EVER, FIRST = 0xFFFFFFFF, 0
QUERY, USER = 0x0008, 1

_kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
_advapi32 = ctypes.WinDLL("advapi32", use_last_error=True)


class _Security(ctypes.Structure):
    """SECURITY_ATTRIBUTES."""

    _fields_ = (("size", wintypes.DWORD), ("descriptor", ctypes.c_void_p), ("inherit", wintypes.BOOL))


def _declare(library: ctypes.WinDLL, name: str, result: object, *arguments: object) -> None:
    function = getattr(library, name)
    function.restype, function.argtypes = result, arguments


_declare(_kernel32, "CreateEventW", wintypes.HANDLE, ctypes.POINTER(_Security), wintypes.BOOL, wintypes.BOOL, wintypes.LPCWSTR)
_declare(_kernel32, "CreateMutexW", wintypes.HANDLE, ctypes.POINTER(_Security), wintypes.BOOL, wintypes.LPCWSTR)
_declare(_kernel32, "SetEvent", wintypes.BOOL, wintypes.HANDLE)
_declare(_kernel32, "ReleaseMutex", wintypes.BOOL, wintypes.HANDLE)
_declare(_kernel32, "CloseHandle", wintypes.BOOL, wintypes.HANDLE)
_declare(_kernel32, "LocalFree", ctypes.c_void_p, ctypes.c_void_p)
_declare(_kernel32, "GetCurrentProcess", wintypes.HANDLE)
_declare(_kernel32, "ProcessIdToSessionId", wintypes.BOOL, wintypes.DWORD, ctypes.POINTER(wintypes.DWORD))
_declare(_kernel32, "GetCurrentProcessId", wintypes.DWORD)
_declare(_kernel32, "WaitForSingleObject", wintypes.DWORD, wintypes.HANDLE, wintypes.DWORD)
_declare(
    _kernel32, "WaitForMultipleObjects", wintypes.DWORD, wintypes.DWORD, ctypes.POINTER(wintypes.HANDLE), wintypes.BOOL,
    wintypes.DWORD,
)  # fmt: skip
_declare(_advapi32, "OpenProcessToken", wintypes.BOOL, wintypes.HANDLE, wintypes.DWORD, ctypes.POINTER(wintypes.HANDLE))
_declare(
    _advapi32, "GetTokenInformation", wintypes.BOOL, wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD,
    ctypes.POINTER(wintypes.DWORD),
)  # fmt: skip
_declare(_advapi32, "ConvertSidToStringSidW", wintypes.BOOL, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p))
_declare(
    _advapi32, "ConvertStringSecurityDescriptorToSecurityDescriptorW", wintypes.BOOL, wintypes.LPCWSTR, wintypes.DWORD,
    ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p,
)  # fmt: skip


class Presence:
    """Holds the session's mutex and waits for its event; `stop` is called once, on a thread of this object.

    The mutex is held until the process ends, so that whoever waits for it knows that no file is in use any more; `close`
    is for tests. A second one in the session waits for the same event. Where Windows refuses, the log says so and the
    program runs without. The thread sleeps until the event comes.
    """

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._stop_event: int | None = None
        self._end: int | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)
        self._thread.start()
        self._ready.wait(5.0)

    def close(self) -> None:
        """Give both names free."""
        if self._end is not None:
            _kernel32.SetEvent(self._end)
        self._thread.join(5.0)

    def _run(self) -> None:
        handles: list[int] = []
        try:
            handles = self._open()
        except OSError as fault:
            log.warning("the installer cannot ask this session's tray to end: %s", fault)
        self._ready.set()
        if len(handles) == 3:
            self._wait(*handles)
        for handle in handles:
            _kernel32.CloseHandle(handle)

    def _open(self) -> list[int]:
        session = session_id()
        descriptor = _descriptor()
        try:
            security = _Security(ctypes.sizeof(_Security), descriptor, False)
            allowed = ctypes.byref(security)
            handles = [
                _kernel32.CreateEventW(allowed, True, False, STOP.format(session)),
                _kernel32.CreateEventW(None, True, False, None),
                _kernel32.CreateMutexW(allowed, False, TRAY.format(session)),
            ]
            if not all(handles):
                fault = ctypes.WinError(ctypes.get_last_error())
                for handle in filter(None, handles):
                    _kernel32.CloseHandle(handle)
                raise fault
        finally:
            _kernel32.LocalFree(descriptor)
        self._end = handles[1]
        return handles

    def _wait(self, stop: int, end: int, mutex: int) -> None:
        """The thread that owns the mutex must live as long as the process."""
        owned = _kernel32.WaitForSingleObject(mutex, 0) in (0, 0x80)
        both = (wintypes.HANDLE * 2)(stop, end)
        if _kernel32.WaitForMultipleObjects(2, both, False, FOR_EVER) == FIRST:
            try:
                self._stop()
            except Exception:
                log.exception("the installer's wish to end could not be passed on")
            _kernel32.WaitForSingleObject(end, FOR_EVER)
        if owned:
            _kernel32.ReleaseMutex(mutex)


def session_id() -> int:
    """The number of this process's session; 0 where Windows does not tell."""
    number = wintypes.DWORD()
    found = _kernel32.ProcessIdToSessionId(_kernel32.GetCurrentProcessId(), ctypes.byref(number))
    return int(number.value) if found else 0


def _descriptor() -> int:
    """A security descriptor made of `ACCESS`; free it with LocalFree. OSError."""
    found = ctypes.c_void_p()
    text = ACCESS.format(_own_sid())
    if not _advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW(text, 1, ctypes.byref(found), None) or not found.value:
        raise ctypes.WinError(ctypes.get_last_error())
    return found.value


def _own_sid() -> str:
    """The account of this process as S-1-5-…; OSError."""
    token, size = wintypes.HANDLE(), wintypes.DWORD()
    if not _advapi32.OpenProcessToken(_kernel32.GetCurrentProcess(), QUERY, ctypes.byref(token)):
        raise ctypes.WinError(ctypes.get_last_error())
    try:
        room = ctypes.create_string_buffer(256)
        if not _advapi32.GetTokenInformation(token, USER, room, ctypes.sizeof(room), ctypes.byref(size)):
            raise ctypes.WinError(ctypes.get_last_error())
        sid, text = ctypes.c_void_p.from_buffer(room), ctypes.c_void_p()
        if not _advapi32.ConvertSidToStringSidW(sid, ctypes.byref(text)) or not text.value:
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            return ctypes.wstring_at(text.value)
        finally:
            _kernel32.LocalFree(text)
    finally:
        _kernel32.CloseHandle(token)
