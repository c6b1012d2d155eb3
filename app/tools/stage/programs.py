"""Which programs a stage starts, and the Debian packages they come from."""

import os
import shutil
from pathlib import Path

NOTIFYD = "/usr/lib/*/xfce4/notifyd/xfce4-notifyd"
LOGIND = "/lib/systemd/systemd-logind"

PACKAGES = {
    "Xvfb": "xvfb",
    "dbus-daemon": "dbus",
    "dbus-send": "dbus",
    "gnome-keyring-daemon": "gnome-keyring",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "xprop": "x11-utils",
    "import": "imagemagick",
    "setpriv": "util-linux",
    NOTIFYD: "xfce4-notifyd",
}
"""Program (or a pattern of its path) -> package; needed by every stage."""

TRAYS = {"trayer": "trayer", "xfce4-panel": "xfce4-panel"}
"""Tray hosts to choose from: XEmbed (real clicks) and StatusNotifier."""

LOGIN_PACKAGES = {
    "i3lock": "i3lock",
    "xss-lock": "xss-lock",
    "useradd": "passwd",
    "chpasswd": "passwd",
    "unshare": "util-linux",
    LOGIND: "systemd",
}
"""Needed besides for a login session that really locks."""


def find(program: str) -> str | None:
    """The path of a program given by name or by a pattern of its path, None if it is absent."""
    if program.startswith("/"):
        return next((str(path) for path in sorted(Path("/").glob(program[1:]))), None)
    extended = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
    return shutil.which(program, path=extended)


def missing(*, tray: str | None = "trayer", login: bool = True) -> list[str]:
    """What a stage lacks here, one line each: "i3lock (apt install i3lock)"; empty when all is there."""
    wanted = dict(PACKAGES)
    if tray is not None:
        wanted[tray] = TRAYS.get(tray, tray)
    if login:
        wanted |= LOGIN_PACKAGES
    return [f"{name.rsplit('/', 1)[-1]} (apt install {package})" for name, package in wanted.items() if not find(name)]
