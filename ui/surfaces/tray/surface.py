"""The tray icon; it works with XEmbed and StatusNotifier hosts, also with one that starts late."""

import sys

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QCursor
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QToolTip

from app.agent.commands import LockNow, TakeBreak
from app.agent.ports import BOARD
from app.agent.snapshot import Snapshot
from ui import words
from ui.bridge import Bridge
from ui.menu import add_choices
from ui.surfaces.tray.notices import TrayNotices
from ui.theme.theme import theme
from ui.theme.tokens import DARK, LIGHT
from ui.widgets.plain import plain
from ui.widgets.seatsign import seat_icon

TOLD_MS = 3000
"""How long the tooltip tells a lead's sentence (ux, help sign)."""
MINUTE_MS = 60_000


def _inks() -> tuple[QColor, QColor, QColor | None]:
    """Colours of the icon: ink, mark and the tile under it.

    Windows tells the colour of its task bar, so there the sign stands on the bar itself; elsewhere nobody tells the
    panel's colour, so a tile of the theme's own ground keeps the contrast.
    """
    if sys.platform == "win32":
        import winreg

        place = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, place) as key:
                light = bool(winreg.QueryValueEx(key, "SystemUsesLightTheme")[0])
        except OSError:
            light = False
        bar = LIGHT if light else DARK
        return QColor(bar.text), QColor(bar.mark), None
    return theme().colour("text"), theme().colour("mark"), theme().colour("surface")


class Tray(QObject):
    """Draws icon, tooltip and menu from Snapshots; Qt thread only."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._drawn: tuple[str, ...] = ()
        self._listed: tuple[object, ...] = ()
        self._told = bridge.snapshot.help.told_boot
        self.menu = QMenu()
        self.icon = QSystemTrayIcon(self)
        self.icon.activated.connect(self._activated)
        self.icon.messageClicked.connect(self._open)
        self.notices = TrayNotices(bridge, self.icon)
        BOARD.put(self.notices)
        self._minute = QTimer(self, interval=MINUTE_MS, timerType=Qt.TimerType.VeryCoarseTimer)
        self._minute.timeout.connect(self._show_tip)

    @property
    def at_rest(self) -> bool:
        """The tray stays."""
        return False

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Redraw what changed."""
        self._draw(snapshot)
        self._show_tip()
        self._list(snapshot)
        if snapshot.seat.warning_until_boot is not None:
            self.menu.hide()  # an open menu holds the keyboard, and a locker could not take it
        if snapshot.help.told_boot != self._told:
            self._told = snapshot.help.told_boot
            if not snapshot.settings.handle_shown:
                self._tell(snapshot)
        if not self.icon.isVisible():
            self.icon.show()

    def close(self) -> None:
        """Take the icon away."""
        BOARD.take(self.notices)
        self.notices.close()
        self._minute.stop()
        self.icon.hide()
        self.menu.close()
        self.menu.deleteLater()
        self.deleteLater()

    def _draw(self, snapshot: Snapshot) -> None:
        drawn = (snapshot.tray.value, snapshot.help.sign.value, str(bool(snapshot.help.sentence)), theme().palette.name)
        if drawn != self._drawn:
            self._drawn = drawn
            state, strokes, dot = drawn[0], drawn[1], bool(snapshot.help.sentence)
            ink, mark, tile = _inks()
            self.icon.setIcon(seat_icon(state, strokes, dot, ink, mark, tile))

    def _show_tip(self) -> None:
        snapshot = self._bridge.snapshot
        boot = self._bridge.boot()
        line = plain(words.tray_line(snapshot, self._bridge.texts, boot))
        if line != self.icon.toolTip():
            self.icon.setToolTip(line)
        if (words.minutes_to_break(snapshot, boot) is not None) != self._minute.isActive():
            self._minute.stop() if self._minute.isActive() else self._minute.start()

    def _list(self, snapshot: Snapshot) -> None:
        """Build the menu anew only when its words change: hosts read all of it over D-Bus each time."""
        settings = snapshot.settings
        listed = (self._bridge.texts.language, settings.theme, settings.handle_shown, settings.may_quit,
                  snapshot.desk is not None)  # fmt: skip
        if listed == self._listed:
            return
        self._listed = listed
        bridge, menu = self._bridge, self.menu
        for below in menu.findChildren(QMenu):
            below.deleteLater()  # clear() forgets submenus and keeps them alive
        menu.clear()
        menu.addAction(bridge.t("tray.open")).triggered.connect(self._open)
        if snapshot.desk is not None:
            menu.addAction(bridge.t("tray.desk")).triggered.connect(lambda: bridge.open("lead"))
        menu.addAction(bridge.t("tray.help")).triggered.connect(self._open)
        menu.addAction(bridge.t("tray.tell")).triggered.connect(lambda: self._tell(bridge.snapshot))
        menu.addSeparator()
        menu.addAction(bridge.t("tray.break")).triggered.connect(lambda: bridge.post(TakeBreak()))
        menu.addAction(bridge.t("tray.lock_leave")).triggered.connect(lambda: bridge.post(LockNow(leave=True)))
        menu.addSeparator()
        add_choices(menu, bridge)
        self.icon.setContextMenu(menu)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self._open()

    def _open(self) -> None:
        self._bridge.open("flyout", self._place())

    def _place(self) -> QRect:
        found = self.icon.geometry()
        return found if found.isValid() else QRect(QCursor.pos(), QCursor.pos() + QPoint(1, 1))

    def _tell(self, snapshot: Snapshot) -> None:
        if said := words.told(snapshot, self._bridge.texts):
            QToolTip.showText(self._place().center(), plain(said), None, QRect(), TOLD_MS)


def build(bridge: Bridge) -> Tray:
    """The surface for the registry."""
    return Tray(bridge)
