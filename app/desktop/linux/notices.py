"""Passing notices: org.freedesktop.Notifications over D-Bus, plyer (notify-send) behind it."""

import shutil
import threading
from xml.sax.saxutils import escape

from app.desktop.linux.bus import Bus, BusError, DBusAddress

NOTIFICATIONS = DBusAddress(
    "/org/freedesktop/Notifications", "org.freedesktop.Notifications", "org.freedesktop.Notifications"
)
LIMIT = 1.0
SHOWN_MS = 8000


class DesktopNotices:
    """Keeps one connection, as some desktops take a notice away when its sender leaves; any thread, one at a time."""

    def __init__(self, name: str = "SafeSeat 安席") -> None:
        self._name = name
        self._guard = threading.Lock()
        self._bus: Bus | None = None
        self._markup = False

    def show(self, title: str, text: str) -> bool:
        """Show plain text; True only when the desktop took it. Blocking, 1 s at most, plyer's way not counted."""
        with self._guard:
            for _ in range(2):  # the second time over a fresh connection, the bus may have been restarted
                try:
                    return self._notify(self._open(), title, text)
                except BusError:
                    self._drop()
        return _by_plyer(self._name, title, text)

    def close(self) -> None:
        """Give the connection back."""
        with self._guard:
            self._drop()

    def _notify(self, bus: Bus, title: str, text: str) -> bool:
        body = escape(text) if self._markup else text
        values: tuple[object, ...] = (
            self._name,
            0,
            "",
            title,
            body,
            [],
            {"desktop-entry": ("s", "safeseat")},
            SHOWN_MS,
        )
        return bool(bus.call(NOTIFICATIONS, "Notify", "susssasa{sv}i", values, LIMIT / 2)[0])

    def _open(self) -> Bus:
        if self._bus is None:
            self._bus = Bus("SESSION")
            # Only a server that reads markup must get it escaped; another would show "&lt;" as it stands.
            self._markup = "body-markup" in self._bus.call(NOTIFICATIONS, "GetCapabilities", limit=LIMIT / 2)[0]
        return self._bus

    def _drop(self) -> None:
        if self._bus is not None:
            self._bus.close()
            self._bus = None


def _by_plyer(name: str, title: str, text: str) -> bool:
    """Ask notify-send by plyer; it tells nobody whether the notice came up, so this is never counted as shown."""
    if shutil.which("notify-send"):
        from plyer.platforms.linux.notification import NotifySendNotification

        NotifySendNotification().notify(title=f" {title}".rstrip(), message=escape(text), app_name=name)
    return False
