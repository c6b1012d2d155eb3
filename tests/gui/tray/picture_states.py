"""Picture states of the tray icon, as a real tray host shows it."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.agent.snapshot import Sign, TrayState
from tests.gui.picture_registry import register
from tests.helpers.qt import bridge_for, snapshot_of
from ui.surfaces.tray.surface import Tray
from ui.theme.theme import theme

SIGNS = {"kept": Sign.KEPT, "shown": Sign.SHOWN, "coming": Sign.COMING, "nobody": Sign.NOBODY}
STATES = {state.value: {"tray": state} for state in TrayState} | {
    name: {"help_": {"sign": sign, "open": True, "sentence": int(name == "coming")}} for name, sign in SIGNS.items()
}
KEEP: list[object] = []


def build(state: str) -> list[QWidget]:
    """Put the icon into the tray; `menu` opens the menu as well."""
    for old in KEEP:
        if isinstance(old, Tray):
            old.close()
    changes = STATES.get(state, {})
    bridge, source = bridge_for(snapshot_of(look=theme().palette.name, language=theme().language, **changes))
    tray = Tray(bridge)
    KEEP[:] = [bridge, source, tray]
    tray.show_snapshot(source.snapshot)
    if state == "menu":
        tray.menu.popup(QGuiApplication.primaryScreen().geometry().center())
    return [Place(tray)]


class Place(QWidget):
    """Stands for the icon's place on the screen (the menu's while it is open), so that the picture shows it."""

    def __init__(self, tray: Tray) -> None:
        super().__init__()
        self._tray = tray

    def frameGeometry(self) -> QRect:
        """Where the tray host put the icon."""
        menu = self._tray.menu
        place = menu.geometry() if menu.isVisible() else self._tray.icon.geometry()
        if place.isEmpty():  # a host that does not tell (Wine): the end of the task bar
            screen = QGuiApplication.primaryScreen().geometry()
            place = QRect(screen.right() - 31, screen.bottom() - 31, 32, 32)
        return place


register("tray", (*STATES, "menu"), build, margin=48)
