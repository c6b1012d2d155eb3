"""An answer to choose: a letter and a text that wraps; afterwards it shows whether it was right, by a sign and not by colour alone."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.theme.theme import BOLD, theme
from ui.theme.tokens import RADIUS_SMALL
from ui.widgets.buttons import paint_focus
from ui.widgets.plain import set_names

LEFT, SIDE, ABOVE = 44, 16, 12
SIGNS = {"right": "✓", "wrong": "✗", "": ""}
ROLES = {"right": "calm", "wrong": "caution", "": "edge"}


class ChoiceButton(QAbstractButton):
    """`mark`: empty while open, then right or wrong; takes the height that its text needs."""

    def __init__(self, letter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letter = letter
        self.mark = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self.updateGeometry)

    def set_words(self, text: str) -> None:
        """What it says."""
        self.setText(text)
        set_names(self, f"{self._letter}  {text}")
        self.updateGeometry()

    def show_mark(self, mark: str, words: str) -> None:
        """It was right or wrong; `words` says so to screen readers."""
        self.mark = mark
        set_names(self, f"{self._letter}  {self.text()}", words)
        self.update()

    def heightForWidth(self, width: int) -> int:
        box = QRect(0, 0, max(40, width - LEFT - SIDE - 24), 10_000)
        found = QFontMetrics(theme().font(14)).boundingRect(box, int(self._flags()), self.text())
        return max(44, found.height() + 2 * ABOVE)

    def hasHeightForWidth(self) -> bool:
        return True

    def sizeHint(self) -> QSize:
        return QSize(400, self.heightForWidth(400))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 44)

    @staticmethod
    def _flags() -> int:
        return int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignVCenter)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        ground = "hover" if (self.underMouse() or self.isDown()) and self.isEnabled() else "raised"
        painter.setPen(QPen(theme().colour(ROLES[self.mark]), 2 if self.mark else 1))
        painter.setBrush(theme().colour(ground))
        painter.drawRoundedRect(box, RADIUS_SMALL, RADIUS_SMALL)
        painter.setPen(theme().colour("muted"))
        painter.setFont(theme().font(14, BOLD))
        painter.drawText(QRectF(SIDE, 0, LEFT - SIDE, self.height()), Qt.AlignmentFlag.AlignVCenter, self._letter)
        painter.setPen(theme().colour("text" if self.isEnabled() or self.mark else "muted"))
        painter.setFont(theme().font(14))
        painter.drawText(QRect(LEFT, 0, self.width() - LEFT - SIDE - 24, self.height()), self._flags(), self.text())
        painter.setPen(theme().colour(ROLES[self.mark]))
        painter.setFont(theme().font(14, BOLD))
        painter.drawText(QRectF(self.width() - 36, 0, 24, self.height()), Qt.AlignmentFlag.AlignCenter, SIGNS[self.mark])
        if self.hasFocus():
            paint_focus(painter, box, RADIUS_SMALL)
