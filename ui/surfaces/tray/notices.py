"""Passing notices by the tray icon, where the icon can show them (on Windows they come before any other way)."""

import threading
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QSystemTrayIcon

from ui.bridge import Bridge

ANSWER_SECONDS = 1.0
"""The Qt thread's time to take a notice; later than that another way has shown it."""
SHOWN_MS = 8_000


@dataclass(slots=True)
class _Asked:
    title: str
    text: str
    gate: threading.Lock = field(default_factory=threading.Lock)
    done: threading.Event = field(default_factory=threading.Event)
    taken: bool = False
    given_up: bool = False


class TrayNotices(QObject):
    """The agent's Notifier: asked on any thread, shown on the Qt thread. Nothing appears while a call for help is open."""

    _asked = Signal(object)

    def __init__(self, bridge: Bridge, icon: QSystemTrayIcon) -> None:
        super().__init__(icon)
        self._bridge, self._icon = bridge, icon
        self._thread = threading.get_ident()
        self._closed = False
        self._asked.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def show(self, title: str, text: str) -> bool:
        """Show plain text (or drop it, covert); False when the icon cannot or the face does not answer within 1 s."""
        if self._closed:
            return False
        asked = _Asked(title, text)
        if threading.get_ident() == self._thread:
            self._take(asked)
            return asked.taken
        self._asked.emit(asked)
        asked.done.wait(ANSWER_SECONDS)
        with asked.gate:
            asked.given_up = not asked.taken
        return asked.taken

    def close(self) -> None:
        """Show nothing any more."""
        self._closed = True

    def _take(self, asked: _Asked) -> None:
        with asked.gate:
            if not (asked.given_up or self._closed):
                asked.taken = self._dropped() or self._shown(asked)
        asked.done.set()

    def _dropped(self) -> bool:
        # covert means covert: between "before" and "after" no notice of any kind appears, by no other way either
        return self._bridge.snapshot.help.open

    def _shown(self, asked: _Asked) -> bool:
        icon = self._icon
        if not (icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
            return False
        icon.showMessage(asked.title, asked.text, icon.icon(), SHOWN_MS)
        return True
