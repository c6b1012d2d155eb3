"""The day on a line: one lane each for work, calls, breaks and locks, hours below, marks as diamonds."""

from datetime import UTC, datetime
from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.agent.pagefaces import DayFace, DaySpan
from ui.theme.theme import theme
from ui.theme.tokens import RADIUS_SMALL, space
from ui.widgets.buttons import paint_focus

LANES = ("work", "call", "break", "lock")
LANE, AXIS, BAR = 36, 28, 20
HOUR = 3_600_000
SHORTEST = 4 * HOUR
"""A young day is drawn at least so long, so that a minute is no bar."""


def lane_of(kind: str) -> str:
    """The lane in which a span is drawn."""
    return {"work": "work", "call": "call", "hard": "call", "lock": "lock"}.get(kind, "break")


def ends_of(face: DayFace, marks: tuple[int, ...] = ()) -> tuple[int, int]:
    """First and last whole hour of the picture, in wall ms."""
    known = [span.from_ms for span in face.spans] + [mark for mark in marks if mark >= face.began_ms] + [face.now_ms]
    first = floor((min(known) - face.began_ms) / HOUR) * HOUR + face.began_ms
    last = ceil((max(known + [span.until_ms for span in face.spans]) - face.began_ms) / HOUR) * HOUR + face.began_ms
    return first, max(last, first + SHORTEST)


class TimeLine(QWidget):
    """Draws a `DayFace`; arrow keys or the pointer choose a span, and `chosen` tells it (None: none)."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(len(LANES) * LANE + AXIS + space(2))
        self._names: tuple[str, ...] = ("",) * len(LANES)
        self._face: DayFace | None = None
        self._marks: tuple[int, ...] = ()
        self._at: DaySpan | None = None
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(560, self.height())

    def show_day(self, face: DayFace, marks: tuple[int, ...], names: tuple[str, ...]) -> None:
        """Draw this day; `names` are the lanes' words."""
        self._marks = tuple(mark for mark in marks if face.began_ms <= mark <= face.now_ms)
        self._face, self._names = face, names
        if self._at not in face.spans:
            self._at = None
        self.update()

    @property
    def at(self) -> DaySpan | None:
        """The span that is chosen."""
        return self._at

    def keyPressEvent(self, event: QKeyEvent) -> None:
        spans = self._face.spans if self._face else ()
        if event.key() not in (Qt.Key.Key_Left, Qt.Key.Key_Right) or not spans:
            super().keyPressEvent(event)
            return
        step = 1 if event.key() == Qt.Key.Key_Right else -1
        here = spans.index(self._at) if self._at in spans else (-1 if step == 1 else len(spans))
        self._choose(spans[min(max(here + step, 0), len(spans) - 1)])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        where = event.position()
        found = [span for span in (self._face.spans if self._face else ()) if self._box(span).contains(where)]
        if found:
            self._choose(found[-1])

    def _choose(self, span: DaySpan) -> None:
        if span != self._at:
            self._at = span
            self.update()
            self.chosen.emit(span)

    def _left(self) -> float:
        metrics = QFontMetrics(theme().font(12))
        return max(metrics.horizontalAdvance(name) for name in self._names) + space(4)

    def _x(self, ms: int) -> float:
        assert self._face is not None
        first, last = ends_of(self._face, self._marks)
        left = self._left()
        return left + (self.width() - left - space(3)) * (ms - first) / (last - first)

    def _box(self, span: DaySpan) -> QRectF:
        top = space(1) + LANES.index(lane_of(span.kind)) * LANE + (LANE - BAR) / 2
        left = self._x(span.from_ms)
        return QRectF(left, top, max(3.0, self._x(span.until_ms) - left), BAR)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._face is not None:
            self._paint_ground(painter, self._face)
            for span in self._face.spans:
                self._paint_span(painter, span)
            self._paint_marks(painter)
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()), RADIUS_SMALL)

    def _paint_ground(self, painter: QPainter, face: DayFace) -> None:
        painter.setFont(theme().font(12))
        left = self._left()
        for at, name in enumerate(self._names):
            painter.setPen(theme().colour("muted"))
            box = QRectF(space(2), space(1) + at * LANE, left - space(2), LANE)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        first, last = ends_of(face, self._marks)
        bottom = space(1) + len(LANES) * LANE
        painter.setFont(theme().font(12, tabular=True))
        every = 1 if last - first <= 8 * HOUR else 2 if last - first <= 16 * HOUR else 4
        for hour in range((last - first) // HOUR + 1):
            x = self._x(first + hour * HOUR)
            painter.setPen(QPen(theme().colour("line"), 1))
            painter.drawLine(QPointF(x, space(1)), QPointF(x, bottom))
            if hour % every == 0:
                painter.setPen(theme().colour("muted"))
                text = datetime.fromtimestamp((first + hour * HOUR) / 1000, UTC).astimezone().strftime("%H:%M")
                wide = QFontMetrics(painter.font()).horizontalAdvance(text)
                painter.drawText(QPointF(min(x - wide / 2, self.width() - wide - 4.0), bottom + 18), text)

    def _paint_span(self, painter: QPainter, span: DaySpan) -> None:
        box, lane = self._box(span), lane_of(span.kind)
        role = {"work": "accent", "call": "accent", "break": "calm", "lock": "muted"}[lane]
        colour = theme().colour("mark" if span.kind == "hard" else role)
        painter.setPen(QPen(theme().colour("text"), 2) if span == self._at else QPen(colour, 1))
        painter.setBrush(theme().colour(role, 0.25) if lane == "work" else colour)
        painter.drawRoundedRect(box, 3, 3)
        if span.kind == "hard":
            # a hard one is told from another call by its stripes too, not by its colour alone
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(theme().colour("surface"), Qt.BrushStyle.BDiagPattern))
            painter.drawRoundedRect(box, 3, 3)

    def _paint_marks(self, painter: QPainter) -> None:
        painter.setPen(QPen(theme().colour("surface"), 1))
        painter.setBrush(theme().colour("text"))
        for mark in self._marks:
            x, y = self._x(mark), space(1) + len(LANES) * LANE
            painter.drawPolygon(QPolygonF([QPointF(x, y - 7), QPointF(x + 6, y), QPointF(x, y + 7), QPointF(x - 6, y)]))
