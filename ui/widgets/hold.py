"""The gesture for help and the button that carries it: held for 1 s, or pressed twice by a screen reader (ux measures)."""

from PySide6.QtCore import (
    QElapsedTimer,
    QEvent,
    QObject,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTimer,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from ui.theme.theme import MEDIUM, theme
from ui.theme.tokens import DOUBLE_PRESS_MS, HOLD_DRIFT, HOLD_MS, MOTION_OUT_MS, RADIUS
from ui.widgets.buttons import paint_focus
from ui.widgets.plain import set_names


class HoldGesture(QObject):
    """Counts one hold: `completed` exactly once when held for 1 s, `let_go_early` otherwise.

    It knows nothing of widgets: the owner feeds press, drift and release. `progressed` carries 0..1 about 60 times/s
    while held. Qt thread only.
    """

    completed = Signal()
    let_go_early = Signal()
    progressed = Signal(float)

    def __init__(self, parent: QObject | None = None, hold_ms: int = HOLD_MS) -> None:
        super().__init__(parent)
        self.hold_ms = hold_ms
        self._from: QPoint | None = None
        self._since = QElapsedTimer()
        self._tick = QTimer(self, interval=16, timerType=Qt.TimerType.PreciseTimer)
        self._tick.timeout.connect(self._step)

    @property
    def holding(self) -> bool:
        """Whether a hold is going on."""
        return self._tick.isActive()

    def press(self, where: QPoint) -> None:
        """The hold begins at `where` (global px)."""
        if not self.holding:
            self._from = where
            self._since.start()
            self._tick.start()
            self.progressed.emit(0.0)

    def drift(self, where: QPoint) -> None:
        """The pointer is at `where` now; more than 24 px away ends the hold."""
        if self.holding and self._from is not None:
            way = where - self._from
            if way.x() ** 2 + way.y() ** 2 > HOLD_DRIFT**2:
                self.release()

    def release(self) -> bool:
        """Let go; before the second was full this is `let_go_early`, and True comes back."""
        if self.holding:
            self._step()
        early = self.holding
        if early:
            self._tick.stop()
            self.let_go_early.emit()
        return early

    def _step(self) -> None:
        part = self._since.elapsed() / self.hold_ms
        self.progressed.emit(min(1.0, part))
        if part >= 1.0:
            self._tick.stop()
            self.completed.emit()


class HoldButton(QAbstractButton):
    """The help button, 328 × 56: fills from the left while held; `completed` once, `let_go_early` with no effect else.

    Pointer: hold, drift up to 24 px. Keyboard: hold Space. Accessible press (`click()`): twice within 3 s.
    """

    completed = Signal()
    let_go_early = Signal()

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gesture = HoldGesture(self)
        self._filled = 0.0
        self._pressed_once = QElapsedTimer()
        self._back = QVariantAnimation(self, duration=MOTION_OUT_MS, startValue=1.0, endValue=0.0)
        self._back.valueChanged.connect(self._fill)
        self.gesture.progressed.connect(self._fill)
        self.gesture.completed.connect(self._complete)
        self.gesture.let_go_early.connect(self._early)
        self.clicked.connect(self._accessible_press)
        self.setFixedSize(328, 56)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.set_words(text)
        theme().changed.connect(self.update)

    def set_words(self, text: str, how: str = "") -> None:
        """Text of the button and the description that tells a screen reader how to use it."""
        self.setText(text)
        set_names(self, text, how)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(328, 56)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.gesture.press(event.globalPosition().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.gesture.drift(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.gesture.release()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Space:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self.gesture.press(QPoint())

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Space:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat():
            self.gesture.release()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.gesture.release()
        super().focusOutEvent(event)

    def hideEvent(self, _event: QEvent) -> None:
        self.gesture.release()

    def _accessible_press(self) -> None:
        if self._pressed_once.isValid() and self._pressed_once.elapsed() <= DOUBLE_PRESS_MS:
            self._pressed_once.invalidate()
            self._complete()
        else:
            self._pressed_once.start()
            self.let_go_early.emit()

    def _complete(self) -> None:
        self._fill(0.0)
        self.completed.emit()

    def _early(self) -> None:
        self._back.setStartValue(self._filled)
        self._back.start()
        self.let_go_early.emit()

    def _fill(self, part: float) -> None:
        self._filled = part
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, accent = QRectF(self.rect()), theme().colour("accent")
        inset, shape = 4.0 if self.hasFocus() else 0.75, QPainterPath()
        shape.addRoundedRect(box.adjusted(inset, inset, -inset, -inset), RADIUS - inset / 2, RADIUS - inset / 2)
        painter.fillPath(shape, theme().colour("hover" if self.underMouse() else "raised"))
        if self._filled > 0:
            painter.save()
            painter.setClipPath(shape)
            painter.fillRect(QRectF(QPointF(0, 0), box.bottomRight() - QPointF(box.width() * (1 - self._filled), 0)),
                             theme().colour("accent", 0.2))
            painter.restore()
        painter.setPen(QPen(accent, 1.5))
        painter.drawPath(shape)
        painter.setPen(accent)
        painter.setFont(theme().font(16, MEDIUM))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())
        if self.hasFocus():
            paint_focus(painter, box, RADIUS)
