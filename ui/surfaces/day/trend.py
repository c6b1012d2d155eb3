"""Four weeks of moods: a dot for each day with a note, its height the day's mean of 0..10."""

from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.agent.pagefaces import MoodNote
from ui.surfaces.day.words import day_of
from ui.theme.theme import theme
from ui.theme.tokens import space

DAYS = 28
HEIGHT = 120


def means(moods: tuple[MoodNote, ...], today: date) -> list[float | None]:
    """The mean of each of the last 28 days, oldest first; None without a note."""
    found: dict[date, list[int]] = {}
    for note in moods:
        found.setdefault(day_of(note.ms), []).append(note.strength)
    days = [today - timedelta(days=DAYS - 1 - back) for back in range(DAYS)]
    return [sum(found[day]) / len(found[day]) if day in found else None for day in days]


class Trend(QWidget):
    """The picture; what it shows stands in words beside it (accessible name)."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._means: list[float | None] = [None] * DAYS
        self._ends = ("", "")
        theme().changed.connect(self.update)

    def show_moods(self, moods: tuple[MoodNote, ...], today: date, ends: tuple[str, str]) -> None:
        """Draw the four weeks up to `today`; `ends` are the words below both ends."""
        self._means, self._ends = means(moods, today), ends
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(space(7), space(2), self.width() - space(9), self.height() - space(9))
        painter.setFont(theme().font(12, tabular=True))
        for value in (0, 5, 10):
            y = box.bottom() - box.height() * value / 10
            painter.setPen(QPen(theme().colour("line"), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(theme().colour("muted"))
            painter.drawText(QRectF(0, y - 10, space(5), 20), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(value))
        foot = QRectF(box.left(), box.bottom() + space(1), box.width(), 20)
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, self._ends[0])
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, self._ends[1])
        step = box.width() / (DAYS - 1)
        dots = [
            QPointF(box.left() + at * step, box.bottom() - box.height() * mean / 10)
            for at, mean in enumerate(self._means)
            if mean is not None
        ]
        painter.setPen(QPen(theme().colour("accent", 0.6), 1.5))
        painter.drawPolyline(dots)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("accent"))
        for dot in dots:
            painter.drawEllipse(dot, 4, 4)
