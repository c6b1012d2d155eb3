"""What the installer left on this machine: the server's key, the site, and the enrolment code sealed by the system."""

import ctypes
import os
import sys
from ctypes import wintypes
from pathlib import Path

from app.desktop.ports import Installed
from app.domain.errors import UnavailableError

assert sys.platform == "win32"

import winreg  # noqa: E402  # exists on Windows only

SETUP = r"Software\SafeSeat\Setup"
ENTROPY = b"SafeSeat/1/handover"
"""Goes into the sealing, so that a blob of another program never opens here."""
NO_QUESTIONS = 0x1
"""CRYPTPROTECT_UI_FORBIDDEN."""
LONGEST = 256


def installed() -> Installed:
    """Server key, site and code as the installer wrote them for the whole machine; under 1 ms."""
    folder = Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData"))
    return Installed(_text("ServerKey"), _text("Site"), SystemsCode(folder / "SafeSeat" / "enrol.bin"))


class SystemsCode:
    """A blob of the data protection interface, sealed for this machine; any account on it may open it, so it is erased."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self, sealed: bytes) -> bytearray:
        """The code; UnavailableError when Windows refuses (another machine's, or damaged). Any thread, a few ms."""
        return unsealed(sealed)


class _Blob(ctypes.Structure):
    """DATA_BLOB."""

    _fields_ = (("size", wintypes.DWORD), ("data", ctypes.c_void_p))


def unsealed(sealed: bytes) -> bytearray:
    """What CryptUnprotectData gives; the system's own copy is wiped."""
    function = _crypt().CryptUnprotectData
    function.restype = wintypes.BOOL
    pointer = ctypes.POINTER(_Blob)
    function.argtypes = (pointer, ctypes.c_void_p, pointer, ctypes.c_void_p, ctypes.c_void_p, wintypes.DWORD, pointer)
    found, kept = _Blob(), [_blob(sealed), _blob(ENTROPY)]
    if not function(kept[0][0], None, kept[1][0], None, None, NO_QUESTIONS, ctypes.byref(found)):
        raise UnavailableError(f"Windows does not open the enrolment code (error {ctypes.get_last_error()}).")
    try:
        if not found.data:
            return bytearray()
        opened = bytearray((ctypes.c_char * found.size).from_address(found.data))
        ctypes.memset(found.data, 0, found.size)
        return opened
    finally:
        free = ctypes.WinDLL("kernel32").LocalFree
        free.restype, free.argtypes = ctypes.c_void_p, (ctypes.c_void_p,)
        free(found.data)


def _crypt() -> ctypes.WinDLL:
    return ctypes.WinDLL("crypt32", use_last_error=True)


def _blob(data: bytes) -> "tuple[ctypes._Pointer[_Blob], ctypes.Array[ctypes.c_char]]":
    """A pointer to the structure, and the bytes that it points to, which must live as long."""
    held = ctypes.create_string_buffer(data, len(data))
    return ctypes.pointer(_Blob(len(data), ctypes.cast(held, ctypes.c_void_p))), held


def _text(name: str) -> str:
    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, SETUP, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as key:
            value, kind = winreg.QueryValueEx(key, name)
    except OSError:
        return ""
    return value.strip()[:LONGEST] if kind == winreg.REG_SZ and isinstance(value, str) else ""
