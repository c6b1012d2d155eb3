"""The flyout's window and behaviour; its parts stand in `parts.py` (ux measures, flyout)."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QCursor, QGuiApplication, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QVBoxLayout, QWidget

from app.agent.snapshot import Snapshot
from ui.bridge import Bridge
from ui.surfaces.flyout.parts import WIDTH, Content
from ui.widgets.capture import leave_out_of_captures
from ui.widgets.card import paint_ground, round_window
from ui.widgets.motion import come_in

MOST, GAP = 560, 8
OPEN_MS = 100
REFRESH_MS = 10_000


def beside(anchor: QRect, free: QRect, size: QSize) -> QPoint:
    """Top left of the flyout: beside `anchor` (above or below a tray icon, left or right of a grip), inside `free`."""
    if anchor.height() > 2 * anchor.width():
        right = anchor.left() - GAP - size.width()
        x = right if right >= free.left() + GAP else anchor.right() + 1 + GAP
        y = anchor.center().y() - size.height() // 2
    else:
        x = anchor.center().x() - size.width() // 2
        above = anchor.center().y() > free.center().y()
        y = anchor.top() - GAP - size.height() if above else anchor.bottom() + 1 + GAP
    x = min(max(x, free.left() + GAP), free.right() + 1 - GAP - size.width())
    return QPoint(x, min(max(y, free.top() + GAP), free.bottom() + 1 - GAP - size.height()))


class Panel(QWidget):
    """The frameless window: opaque, rounded, scrolls when the screen is lower than its content."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(
            None,
            Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint,
        )
        leave_out_of_captures(self)
        self.content = Content(bridge)
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self.content)
        self._scroll.viewport().setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    def fit(self, free: QRect) -> None:
        """Take the height of the content, at most 560 and what the screen has."""
        for layout in (*self.content.findChildren(QLayout), self.content.inner):
            layout.invalidate()  # a hidden window does not tell its layouts that a text changed
        self.setFixedSize(WIDTH, min(self.content.inner.totalHeightForWidth(WIDTH), MOST, free.height() - 2 * GAP))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_window(self)

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_ground(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)


class Flyout(QObject):
    """Opens the panel beside what was clicked and closes it when the person turns elsewhere."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.window = Panel(bridge)
        self.window.installEventFilter(self)
        self._anchor = QRect()
        self._refresh = QTimer(self, interval=REFRESH_MS, timerType=Qt.TimerType.CoarseTimer)
        self._refresh.timeout.connect(lambda: self.show_snapshot(bridge.snapshot))

    @property
    def at_rest(self) -> bool:
        """Whether it is closed; then it is dropped and built anew on the next opening."""
        return not self.window.isVisible()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Redraw; the height follows a longer or shorter language."""
        self.window.content.show_snapshot(snapshot)
        self.window.setWindowTitle(self._bridge.t("tray.name"))
        if self.window.isVisible():
            self._place(show=False)
        if snapshot.seat.warning_until_boot is not None:
            self.window.content.close_menu()

    def open(self, anchor: QRect) -> None:
        """Show it beside `anchor`; a second call while it is open closes it."""
        if self.window.isVisible():
            self.window.close()
            return
        self._anchor = anchor if anchor.isValid() else QRect(QCursor.pos(), QSize(1, 1))
        self._place(show=True)
        self.window.raise_()
        self.window.activateWindow()
        self.window.content.help.setFocus(Qt.FocusReason.PopupFocusReason)
        self._refresh.start()

    def close(self) -> None:
        """Close and free the window."""
        self._refresh.stop()
        self.window.removeEventFilter(self)
        self.window.close()
        self.window.deleteLater()
        self.deleteLater()  # its connections keep it alive for Python until Qt lets go of them

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.window and event.type() == QEvent.Type.WindowDeactivate and not self.window.content.menu_open:
            self.window.close()
        if watched is self.window and event.type() == QEvent.Type.Hide:
            self._refresh.stop()
            self._bridge.rested.emit()
        return False

    def _place(self, show: bool) -> None:
        screen = QGuiApplication.screenAt(self._anchor.center()) or QGuiApplication.primaryScreen()
        free = screen.availableGeometry()
        self.window.fit(free)
        place = beside(self._anchor, free, self.window.size())
        if show:
            come_in(self.window, place, OPEN_MS)
        else:
            self.window.move(place)


def build(bridge: Bridge) -> Flyout:
    """The surface for the registry."""
    return Flyout(bridge)
