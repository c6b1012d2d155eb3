"""The edge handle; it never takes the keyboard focus and nothing but the sign's own patch changes on it (ux measures)."""

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QEnterEvent,
    QGuiApplication,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QRegion,
)
from PySide6.QtWidgets import QToolTip, QWidget

from app.agent.commands import RaiseAlarm
from app.agent.snapshot import Sign, Snapshot
from ui import words
from ui.bridge import Bridge
from ui.theme.theme import theme
from ui.theme.tokens import HOLD_DRIFT
from ui.widgets.capture import leave_out_of_captures
from ui.widgets.card import UNFOCUSED
from ui.widgets.hold import HoldGesture
from ui.widgets.plain import plain, set_names
from ui.widgets.seatsign import BAR, FIELD, paint_strokes

SLIM, WIDE, HEIGHT, RADIUS = 6, 16, 96, 3
PATCH = QRect(WIDE - BAR - 2, (HEIGHT - FIELD) // 2 - 1, BAR + 2, FIELD + 2)
"""The ground of the sign: its field with 1 px around, at the right edge in the middle."""
TOLD_MS = 3000


class Handle(QWidget):
    """The window of 16 × 96, of which a mask shows 6 px; the rest appears under the pointer."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(None, UNFOCUSED)
        self.setObjectName("handle")
        leave_out_of_captures(self)
        self._bridge = bridge
        self._place = 0.5
        self._wide = False
        self._held = 0.0
        self._pressed: QPoint | None = None
        self._dragging = False
        self._sign = (Sign.NONE, False)
        self._told = bridge.snapshot.help.told_boot
        self.gesture = HoldGesture(self)
        self.gesture.progressed.connect(self._fill)
        self.gesture.completed.connect(self._complete)
        self.gesture.let_go_early.connect(lambda: self._fill(0.0))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_X11DoNotAcceptFocus)
        self.setFixedSize(WIDE, HEIGHT)
        self._cut()
        theme().changed.connect(self.update)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.primaryScreenChanged.connect(self._stand)

    @property
    def at_rest(self) -> bool:
        """Whether it is switched off."""
        return not self.isVisible()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the sign, or hide the handle when the person switched it off."""
        set_names(self, self._bridge.t("tray.name"))
        self.setWindowTitle(self._bridge.t("tray.name"))
        sign = (snapshot.help.sign, bool(snapshot.help.sentence))
        if sign != self._sign:
            self._sign = sign
            self._cut()
        if snapshot.settings.handle_shown != self.isVisible():
            self._stand()
            self.setVisible(snapshot.settings.handle_shown)
        if snapshot.help.told_boot != self._told:
            self._told = snapshot.help.told_boot
            if self.isVisible():
                self._tell(aloud=True)

    def _stand(self) -> None:
        screen = QGuiApplication.primaryScreen()
        edge, free = screen.geometry(), screen.availableGeometry()
        room = max(0, free.height() - HEIGHT)
        self.move(edge.right() + 1 - WIDE, free.top() + round(room * self._place))

    def _cut(self) -> None:
        grip = QPainterPath()
        width = WIDE if self._wide else SLIM
        grip.addRoundedRect(QRectF(WIDE - width, 0, width + RADIUS, HEIGHT), RADIUS, RADIUS)
        shown = QRegion(grip.toFillPolygon().toPolygon()) & QRegion(self.rect())
        if self._sign[0] is not Sign.NONE:
            shown += QRegion(PATCH)
        self.setMask(shown)
        self.update()

    def _tell(self, aloud: bool) -> None:
        said = words.told(self._bridge.snapshot, self._bridge.texts)
        if said:
            QToolTip.showText(self.mapToGlobal(PATCH.topLeft()), plain(said), self, QRect(), TOLD_MS)
            if aloud:
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def _complete(self) -> None:
        self._fill(0.0)
        self._bridge.post(RaiseAlarm(pressed_boot=self._bridge.boot()))

    def _fill(self, part: float) -> None:
        self._held = part
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._wide = True
        self._cut()
        if self._bridge.snapshot.help.sentence:
            self._tell(aloud=False)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._wide = self.gesture.holding or self._dragging
        self._cut()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragging = event.globalPosition().toPoint(), False
            self.gesture.press(self._pressed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        where = event.globalPosition().toPoint()
        if self._pressed is None:
            return
        self.gesture.drift(where)
        if abs(where.y() - self._pressed.y()) > HOLD_DRIFT:
            self._dragging = True
        if self._dragging:
            free = QGuiApplication.primaryScreen().availableGeometry()
            room = max(1, free.height() - HEIGHT)
            self._place = min(1.0, max(0.0, (where.y() - HEIGHT / 2 - free.top()) / room))
            self._stand()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        clicked = self.gesture.release() and not self._dragging
        self._pressed, self._dragging = None, False
        self._wide = self.underMouse()
        self._cut()
        if clicked:
            self._bridge.open("flyout", self.geometry())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = WIDE if self._wide else SLIM
        grip = QRectF(WIDE - width, 0, width, HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(self.rect(), theme().colour("muted"))
        if self._held > 0:
            high = HEIGHT * self._held
            painter.fillRect(QRectF(grip.x(), HEIGHT - high, width, high), theme().colour("accent"))
        sign, dot = self._sign
        if sign is not Sign.NONE:
            painter.fillRect(PATCH, theme().colour("surface"))
            paint_strokes(painter, PATCH.x() + 1, PATCH.y() + 1, sign.value, theme().colour("text"))
            if dot:
                painter.fillRect(QRect(WIDE - 4, PATCH.y() - 4, 2, 2), theme().colour("surface"))


def build(bridge: Bridge) -> Handle:
    """The surface for the registry."""
    return Handle(bridge)
