"""Tells programs of the same person where a control stands on the screen, for the demo and for assistive scripts."""

from collections.abc import Mapping
from threading import Event, Lock

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from ui.faces import Faces

LIMIT = 2.0
"""Seconds that the Qt thread may take to answer."""


class Whereabouts(QObject):
    """Answers the control port's verb `where` (any thread) on the Qt thread.

    Asked {"name": "flyout.help"} (a control's object name, or "tray") it gives x, y, width, height in real pixels, or
    None while no such control is on screen. One question at a time.
    """

    _asked = Signal(str)

    def __init__(self, faces: Faces) -> None:
        super().__init__(faces)
        self._faces = faces
        self._gate = Lock()
        self._done = Event()
        self._found: dict[str, int] | None = None
        self._asked.connect(self._look, Qt.ConnectionType.QueuedConnection)

    def answer(self, asked: Mapping[str, object]) -> dict[str, int] | None:
        """The verb; blocks at most 2 s."""
        with self._gate:
            self._done.clear()
            self._found = None
            self._asked.emit(str(asked.get("name", "")))
            self._done.wait(LIMIT)
            return self._found

    def _look(self, name: str) -> None:
        try:
            self._found = self._tray() if name == "tray" else place_of(name)
        finally:
            self._done.set()


    def _tray(self) -> dict[str, int] | None:
        tray = self._faces.built.get("tray")
        icon = getattr(tray, "icon", None)
        if isinstance(icon, QSystemTrayIcon) and icon.geometry().isValid():
            return _pixels(icon.geometry(), None)
        return None


def place_of(name: str) -> dict[str, int] | None:
    """Where the visible control of that object name stands, in real pixels; None if there is none. Qt thread."""
    for widget in QApplication.allWidgets():
        if widget.objectName() == name and widget.isVisible():
            return _pixels(QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size()), widget)
    return None


def _pixels(place: QRect, widget: QWidget | None) -> dict[str, int]:
    """Logical px of a screen to its real ones (Qt scales each screen from its own corner)."""
    screen = QApplication.screenAt(place.center()) or (widget.screen() if widget else QApplication.primaryScreen())
    ratio, corner = screen.devicePixelRatio(), screen.geometry().topLeft()
    x, y = (round(corner.x() + (place.x() - corner.x()) * ratio), round(corner.y() + (place.y() - corner.y()) * ratio))
    return {"x": x, "y": y, "width": round(place.width() * ratio), "height": round(place.height() * ratio)}
