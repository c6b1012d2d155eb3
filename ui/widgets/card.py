"""The window of a card: frameless, opaque, never takes the keyboard focus, placed 24 px from a corner."""

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QCursor,
    QEnterEvent,
    QGuiApplication,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QScreen,
)
from PySide6.QtWidgets import QWidget

from ui.theme.theme import theme
from ui.theme.tokens import CARD_MARGIN, RADIUS
from ui.widgets.motion import come_in, go_out

UNFOCUSED = (
    Qt.WindowType.Tool
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.WindowDoesNotAcceptFocus
)
"""Flags of every window that comes by itself: it may be clicked, but typed keys stay where they were."""


def screen_of_input() -> QScreen:
    """The screen that had the last input, as far as a program without a hook can know: where the pointer is."""
    return QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()


def place_in(
    area: QRect, size: QSize, corner: str = "bottom_right", margin: int = CARD_MARGIN, avoid: QRect | None = None
) -> QPoint:
    """Where the top left of `size` goes in `area`; the opposite corner if it would cover `avoid` (the text cursor).

    Corners: bottom_right, bottom_left, top_right, top_left, bottom (middle of the lower edge).
    """
    here = _corner(area, size, corner, margin)
    if avoid is not None and QRect(here, size).intersects(avoid):
        return _corner(area, size, _OPPOSITE.get(corner, corner), margin)
    return here


_OPPOSITE = {
    "bottom_right": "top_left", "bottom_left": "top_right", "top_right": "bottom_left", "top_left": "bottom_right",
    "bottom": "top",
}


def _corner(area: QRect, size: QSize, corner: str, margin: int) -> QPoint:
    left, top = area.left() + margin, area.top() + margin
    right, bottom = area.right() + 1 - margin - size.width(), area.bottom() + 1 - margin - size.height()
    middle = area.left() + (area.width() - size.width()) // 2
    x = {"bottom_right": right, "top_right": right, "bottom": middle, "top": middle}.get(corner, left)
    return QPoint(x, bottom if corner.startswith("bottom") else top)


def round_window(window: QWidget, radius: int = RADIUS) -> None:
    """Cut the corners of a frameless window; a mask, because an X screen without a compositor paints alpha black."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(window.rect()), radius, radius)
    window.setMask(QRegion(path.toFillPolygon().toPolygon()))


def _shape(window: QWidget) -> QRegion:
    return QRegion(window.rect()) if window.mask().isEmpty() else window.mask()


def paint_ground(window: QWidget) -> None:
    """Paint `surface` and a line of 1 px along the window's shape; call it from a frameless window's paintEvent."""
    painter, shape = QPainter(window), _shape(window)
    painter.fillRect(window.rect(), theme().colour("edge"))
    inner = shape & shape.translated(1, 0) & shape.translated(-1, 0) & shape.translated(0, 1) & shape.translated(0, -1)
    painter.setClipRegion(inner)
    painter.fillRect(window.rect(), theme().colour("surface"))


class Card(QWidget):
    """Base of break cards, lock warning and the like: `present()` and `dismiss()`; `held` tells hover or focus.

    Children lay themselves out on it. It paints `surface` with a hairline; it is one of at most one at a time (the
    agent decides which).
    """

    held = Signal(bool)

    def __init__(self, width: int, height: int, corner: str = "bottom_right") -> None:
        super().__init__(None, UNFOCUSED)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_X11DoNotAcceptFocus)
        self.setFixedSize(width, height)
        self.corner = corner
        self.avoid: QRect | None = None
        theme().changed.connect(self.update)

    def present(self) -> None:
        """Come in on the screen of the last input; nothing happens if it is already there."""
        if not self.isVisible():
            self.place_on(screen_of_input())

    def place_on(self, screen: QScreen) -> None:
        """Come in on this screen."""
        come_in(self, place_in(screen.availableGeometry(), self.size(), self.corner, avoid=self.avoid))

    def dismiss(self) -> None:
        """Fade out and hide."""
        if self.isVisible():
            go_out(self)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.held.emit(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.held.emit(False)
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_window(self)

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_ground(self)
