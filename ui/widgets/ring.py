"""A ring that shows how far something is, with tabular figures inside; with reduced motion a bar takes its place."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.theme.theme import MEDIUM, theme


class Ring(QWidget):
    """Progress from the top, clockwise. `diameter` and `stroke` in logical px; `figure` one of the type scale."""

    def __init__(
        self, diameter: int = 72, stroke: int = 6, figure: int = 20, role: str = "accent", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._stroke, self._figure, self._role = stroke, figure, role
        self._fraction, self._text = 0.0, ""
        self.setFixedSize(diameter, diameter)
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return self.size()

    @property
    def fraction(self) -> float:
        """How much of the ring is drawn, 0..1."""
        return self._fraction

    @property
    def text(self) -> str:
        """The figure inside."""
        return self._text

    def show_progress(self, fraction: float, text: str) -> None:
        """Draw `fraction` (clipped to 0..1) of the ring and `text` inside; digits change without animation."""
        fraction = min(1.0, max(0.0, fraction))
        if (fraction, text) != (self._fraction, self._text):
            self._fraction, self._text = fraction, text
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = self._stroke / 2
        box = QRectF(self.rect()).adjusted(half, half, -half, -half)
        cap = Qt.PenCapStyle.RoundCap
        if theme().reduce_motion:
            self._paint_bar(painter)
        else:
            # where lines are as strong as text, a thin track keeps what is done apart from what is not
            track = 1 if theme().palette.name.startswith("contrast") else self._stroke
            painter.setPen(QPen(theme().colour("line"), track))
            painter.drawEllipse(box)
            if self._fraction > 0:
                painter.setPen(QPen(theme().colour(self._role), self._stroke, Qt.PenStyle.SolidLine, cap))
                painter.drawArc(box, 90 * 16, -round(self._fraction * 360 * 16))
        painter.setPen(theme().colour("text"))
        painter.setFont(theme().font(self._figure, MEDIUM, tabular=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)

    def _paint_bar(self, painter: QPainter) -> None:
        bar = QRectF(0, self.height() - self._stroke - 8, self.width(), self._stroke)
        painter.setPen(Qt.PenStyle.NoPen)
        for width, role in ((bar.width(), "line"), (bar.width() * self._fraction, self._role)):
            painter.setBrush(theme().colour(role))
            painter.drawRoundedRect(QRectF(bar.x(), bar.y(), width, bar.height()), self._stroke / 2, self._stroke / 2)
