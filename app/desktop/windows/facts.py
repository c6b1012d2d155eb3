"""What a shift check asks of a Windows PC: registry, the Security Center's own call and the shell; never WMI, nothing changed.

No name, serial number or list of anything leaves these functions: a fact is yes, no or not known.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from ctypes import wintypes
from pathlib import Path
from uuid import UUID

from app.desktop.machinefacts import Facts, asked, network_up, room_on
from app.desktop.windows.audiokinds import HEADSETS, health, protection

assert sys.platform == "win32"

import winreg  # noqa: E402  # exists on Windows only

CAPTURE = r"SOFTWARE\Microsoft\Windows\CurrentVersion\MMDevices\Audio\Capture"
RENDER = r"SOFTWARE\Microsoft\Windows\CurrentVersion\MMDevices\Audio\Render"
FORM = "{1da5d803-d492-4edd-8c23-e0c0ffee7f0e},0"
"""PKEY_AudioEndpoint_FormFactor."""
ACTIVE = 1
RESTARTS = (
    r"SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired",
    r"SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending",
)
UPDATES = r"SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update"
ANTIVIRUS = 4
"""WSC_SECURITY_PROVIDER_ANTIVIRUS."""
BITLOCKER = "System.Volume.BitLockerProtection"
STORE = UUID("886d8eeb-8cf2-4446-8d02-cdba1dbdcf99")
"""IPropertyStore."""


class WindowsFacts:
    """Implements `PcFacts`; one thread at a time."""

    def look(self) -> Facts:
        """Every fact; blocking, up to 5 s."""
        return asked(
            {
                "headset": headset,
                "microphone": microphone,
                "disk": lambda: room_on(str(Path.home())),
                "updates": updates,
                "antivirus": antivirus,
                "disk_encryption": encrypted,
                "removable_storage": nothing_plugged_in,
                "network": network_up,
            }
        )


def endpoints(where: str) -> Iterator[int | None]:
    """The form factor of each sound device that is plugged in, None where it does not say; none without such a key."""
    if not _there(where):
        return
    with _open(where) as top:
        for at in range(winreg.QueryInfoKey(top)[0]):
            name = winreg.EnumKey(top, at)
            with _open(rf"{where}\{name}") as one:
                if winreg.QueryValueEx(one, "DeviceState")[0] == ACTIVE:
                    yield _form(rf"{where}\{name}\Properties")


def _form(where: str) -> int | None:
    try:
        with _open(where) as key:
            value = winreg.QueryValueEx(key, FORM)[0]
    except OSError:
        return None
    return value if isinstance(value, int) else None


def microphone() -> bool | None:
    """Whether there is something to speak into; None where Windows keeps no list of sound devices."""
    return any(True for _ in endpoints(CAPTURE)) if _there(CAPTURE) else None


def headset() -> bool | None:
    """Whether a headset or headphones are plugged in; None where no device says what it is."""
    forms = [form for where in (CAPTURE, RENDER) for form in endpoints(where) if form is not None]
    return any(form in HEADSETS for form in forms) if forms else None


def updates() -> bool | None:
    """False while an update waits for a restart; None where Windows Update has no word at all."""
    if any(_there(path) for path in RESTARTS):
        return False
    return True if _there(UPDATES) else None


def antivirus() -> bool | None:
    """The Security Center's word on virus protection; None on a Windows without it."""
    state = ctypes.c_int(-1)
    done = ctypes.WinDLL("wscapi").WscGetSecurityProviderHealth(wintypes.DWORD(ANTIVIRUS), ctypes.byref(state))
    return health(state.value) if done == 0 else None


class _Key(ctypes.Structure):
    """PROPERTYKEY."""

    _fields_ = (("format", ctypes.c_byte * 16), ("number", wintypes.DWORD))


class _Variant(ctypes.Structure):
    """PROPVARIANT, as far as a number needs it."""

    _fields_ = (("kind", wintypes.WORD), ("reserved", wintypes.WORD * 3), ("number", ctypes.c_int), ("rest", ctypes.c_byte * 12))


def encrypted() -> bool | None:
    """Whether the system's volume is protected, as the shell shows it to every account; None where it does not say."""
    key, found, store = _Key(), _Variant(), ctypes.c_void_p()
    if ctypes.WinDLL("propsys").PSGetPropertyKeyFromName(ctypes.c_wchar_p(BITLOCKER), ctypes.byref(key)):
        return None
    wanted = ctypes.create_string_buffer(STORE.bytes_le, 16)
    drive = os.environ.get("SYSTEMDRIVE", "C:") + "\\"
    ole = ctypes.WinDLL("ole32")
    ole.CoInitializeEx(None, 0)
    try:
        opened = ctypes.WinDLL("shell32").SHGetPropertyStoreFromParsingName(
            ctypes.c_wchar_p(drive), None, 0, wanted, ctypes.byref(store)
        )
        if opened or not store.value:
            return None
        return _read(store, key, found)
    finally:
        ole.CoUninitialize()


def _read(store: ctypes.c_void_p, key: _Key, found: _Variant) -> bool | None:
    """IPropertyStore::GetValue (fifth entry of its table), then Release (third)."""
    table = ctypes.cast(ctypes.cast(store, ctypes.POINTER(ctypes.c_void_p))[0], ctypes.POINTER(ctypes.c_void_p))
    get = ctypes.WINFUNCTYPE(ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(table[5] or 0)
    release = ctypes.WINFUNCTYPE(ctypes.c_ulong, ctypes.c_void_p)(table[2] or 0)
    try:
        failed = get(store, ctypes.addressof(key), ctypes.addressof(found))
    finally:
        release(store)
    return None if failed or not found.kind else protection(found.number)


def nothing_plugged_in() -> bool | None:
    """Whether no removable volume is there."""
    import psutil

    return not any("removable" in one.opts for one in psutil.disk_partitions(all=False))


def _there(path: str) -> bool:
    try:
        with _open(path):
            return True
    except OSError:
        return False


def _open(path: str) -> winreg.HKEYType:
    return winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY)
