"""Puts the adapters together that this machine offers, and names what it lacks."""

import os
from collections.abc import Callable
from typing import TypeVar

from app.desktop.ports import Desktop, Hotkeys, IdleSense, MicrophoneSense, Notices, Power, SessionLock, Vault
from app.domain.errors import UnavailableError

T = TypeVar("T")


def open_desktop() -> Desktop:
    """Open every adapter; blocking, about 0.2 s. What is missing is None and named in `faults` by its short key."""
    from app.desktop.linux.autostart import XdgAutostart
    from app.desktop.linux.clock import LinuxClock
    from app.desktop.linux.ending import LinuxEnding
    from app.desktop.linux.facts import LinuxFacts
    from app.desktop.linux.installed import installed

    faults: list[str] = []
    idle = _try("idle_missing", _idle, faults)
    lock = _try("lock_missing", _lock, faults)
    hotkeys = _try("hotkey_missing", _hotkeys, faults)
    vault = _try("vault_missing", _vault, faults)
    notices = _try("notices_missing", _notices, faults)
    microphone = _try("", _microphone, faults)
    power = _try("", _power, faults)
    return Desktop(
        "linux", LinuxClock(), idle, lock, hotkeys, vault, notices, microphone, XdgAutostart(), tuple(faults),
        power=power, installed=installed(), ending=LinuxEnding(), facts=LinuxFacts(),
    )  # fmt: skip


def _try(fault: str, make: Callable[[], T], faults: list[str]) -> T | None:
    try:
        return make()
    except (UnavailableError, ImportError):
        if fault:
            faults.append(fault)
        return None


def _need(variable: str) -> None:
    if not os.environ.get(variable):
        raise UnavailableError(f"{variable} is not set.")


def _idle() -> IdleSense:
    _need("DISPLAY")
    from app.desktop.linux.idle import X11Idle

    return X11Idle()


def _lock() -> SessionLock:
    from app.desktop.linux.lock import LinuxLock
    from app.desktop.linux.locker import first_locker
    from app.desktop.linux.logind import session_there

    if not session_there() and not (os.environ.get("DISPLAY") and first_locker()):
        raise UnavailableError("There is neither a login session that can be locked nor a screen locker.")
    return LinuxLock()


def _hotkeys() -> Hotkeys:
    _need("DISPLAY")
    from app.desktop.linux.hotkeys import X11Hotkeys

    return X11Hotkeys()


def _vault() -> Vault:
    _need("DBUS_SESSION_BUS_ADDRESS")
    from app.desktop.linux.vault import SecretServiceVault

    _offered("org.freedesktop.secrets")
    return SecretServiceVault()


def _notices() -> Notices:
    _need("DBUS_SESSION_BUS_ADDRESS")
    from app.desktop.linux.notices import DesktopNotices

    _offered("org.freedesktop.Notifications")
    return DesktopNotices()


def _microphone() -> MicrophoneSense:
    from app.desktop.linux.microphone import PulseMicrophone

    return PulseMicrophone()


def _power() -> Power:
    from app.desktop.linux.bus import Bus
    from app.desktop.linux.power import LogindPower

    with Bus("SYSTEM"):
        return LogindPower()


def _offered(name: str) -> None:
    """UnavailableError unless a program on the session bus owns the name or the bus can start one.

    A bus that says nothing, as on a PC that is just starting, has not said no: what is missing for this reason would be
    missing until the program's end. Each use has limits of its own and tells what it finds.
    """
    from app.desktop.linux.bus import Bus, BusMuteError, DBusAddress

    daemon = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    try:
        with Bus("SESSION") as bus:
            owned = bus.call(daemon, "NameHasOwner", "s", (name,))[0]
            if not owned and name not in bus.call(daemon, "ListActivatableNames")[0]:
                raise UnavailableError(f"Nobody offers {name}.")
    except BusMuteError:
        return
