"""Buttons: the tile with an icon over a word, and plain push buttons by kind (one primary action in a window)."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget

from ui.theme.icons import paint_icon
from ui.theme.theme import theme
from ui.theme.tokens import RADIUS
from ui.widgets.plain import set_names


def push_button(text: str, kind: str = "plain", height: int = 32, parent: QWidget | None = None) -> QPushButton:
    """An ordinary button; kind is primary, plain or quiet."""
    button = QPushButton(text, parent)
    button.setProperty("kind", kind)
    button.setFixedHeight(height)
    set_names(button, text)
    return button


def paint_focus(painter: QPainter, box: QRectF, radius: float) -> None:
    """The visible focus ring: 2 px in the focus colour inside `box`."""
    painter.setPen(QPen(theme().colour("focus"), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius - 1, radius - 1)


class ActionButton(QAbstractButton):
    """A tile of 104 × 72: icon 24 over text 12 (ux measures, flyout)."""

    def __init__(self, icon: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setFixedSize(104, 72)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.set_words(text)
        theme().changed.connect(self.update)

    def set_words(self, text: str) -> None:
        """Another language's word."""
        self.setText(text)
        set_names(self, text)

    def sizeHint(self) -> QSize:
        return QSize(104, 72)

    def words_fit(self) -> bool:
        """Whether the word is shown whole, on one line or two."""
        box = QFontMetrics(theme().font(12)).boundingRect(0, 0, 96, 99, Qt.TextFlag.TextWordWrap, self.text())
        return box.width() <= 96 and box.height() <= 32

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, on = QRectF(self.rect()), self.isEnabled()
        ground = "line" if self.isDown() else "hover" if self.underMouse() and on else "raised"
        painter.setPen(QPen(theme().colour("line"), 1))
        painter.setBrush(theme().colour(ground))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        paint_icon(painter, self._icon, QRectF(40, 12, 24, 24), theme().colour("accent" if on else "muted"))
        painter.setPen(theme().colour("text" if on else "muted"))
        painter.setFont(theme().font(12))
        align = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(4, 38, 96, 32), int(align) | int(Qt.TextFlag.TextWordWrap), self.text())
        if self.hasFocus():
            paint_focus(painter, box, RADIUS)
