"""The card of the lock, 320 × 72 at the bottom middle: a sentence, with or without running seconds and their bar."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui.theme.theme import MEDIUM, theme
from ui.theme.tokens import PADDING, RADIUS
from ui.widgets.announce import announce
from ui.widgets.card import Card
from ui.widgets.motion import stop_motion
from ui.widgets.plain import PlainLabel

WIDTH, HEIGHT, BAR = 320, 72, 4
NUMBER, WORDS = 20, 16


class CountLine(QWidget):
    """One centred line with a tabular number inside; the words stand still while the number changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts, self._number, self._widest = ("", ""), "", "00"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.updateGeometry)

    def show_count(self, before: str, number: int, after: str) -> None:
        """Draw `before` number `after`."""
        self._widest = "0" * len(str(number))
        if (self._parts, self._number) != ((before, after), str(number)):
            self._parts, self._number = (before, after), str(number)
            self.updateGeometry()
            self.update()

    @property
    def figure(self) -> str:
        """The number that is drawn now."""
        return self._number

    def sizeHint(self) -> QSize:
        return QSize(round(sum(self._widths()) + 1), 28)

    def _fonts(self) -> tuple[QFont, QFont, QFont]:
        words = theme().font(WORDS)
        return words, theme().font(NUMBER, MEDIUM, tabular=True), words

    def _widths(self) -> list[float]:
        texts = (self._parts[0], self._widest, self._parts[1])
        return [QFontMetricsF(font).horizontalAdvance(text) for font, text in zip(self._fonts(), texts, strict=True)]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme().colour("text"))
        widths, base = self._widths(), self.height() / 2 + QFontMetricsF(theme().font(WORDS)).capHeight() / 2
        x = (self.width() - sum(widths)) / 2
        for index, text in enumerate((self._parts[0], self._number, self._parts[1])):
            font = self._fonts()[index]
            shift = widths[index] - QFontMetricsF(font).horizontalAdvance(text) if index == 1 else 0.0
            painter.setFont(font)
            painter.drawText(round(x + shift), round(base), text)
            x += widths[index]


class LockCard(Card):
    """Shows one of its two forms; gone at once when withdrawn, because the person already moved."""

    def __init__(self) -> None:
        super().__init__(WIDTH, HEIGHT, corner="bottom")
        self._part: float | None = None
        self.line = CountLine()
        self.words = PlainLabel(size=WORDS, wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(PADDING, 8, PADDING, 8 + BAR)
        rows.addWidget(self.line)
        rows.addWidget(self.words)

    def show_count(self, sentence: str, before: str, seconds: int, after: str, part: float) -> None:
        """The running warning: `part` 0..1 of the bar is left. A screen reader hears `sentence` when it comes."""
        self.line.setVisible(True)
        self.words.setVisible(False)
        self.line.show_count(before, seconds, after)
        self._set_part(min(1.0, max(0.0, part)))
        self._come(sentence)

    def show_words(self, sentence: str) -> None:
        """A sentence without a clock."""
        self.line.setVisible(False)
        self.words.setVisible(True)
        self.words.setText(sentence)
        self._set_part(None)
        self._come(sentence)

    def withdraw(self) -> None:
        """Hide now, without a fade."""
        stop_motion(self)
        self.hide()

    def bar_box(self) -> QRectF:
        """Where the bar is drawn now; empty without one."""
        if self._part is None:
            return QRectF()
        return QRectF(0, self.height() - BAR, self.width() * self._part, BAR)

    def _set_part(self, part: float | None) -> None:
        old, self._part = self._part, part
        if old is None or part is None:
            self.update()
        elif round(old * self.width()) != round(part * self.width()):
            self.update(0, self.height() - BAR, self.width(), BAR)

    def _come(self, sentence: str) -> None:
        """Present the card; only a new sentence is said aloud, never every second of it."""
        fresh = not self.isVisible()
        if fresh or self.words.isVisibleTo(self):
            self.setFixedHeight(max(HEIGHT, self._needed()))
        self.present()
        if fresh or (self.words.isVisibleTo(self) and self.accessibleName() != sentence.replace("\n", " ")):
            announce(self, sentence.replace("\n", " "))

    def _needed(self) -> int:
        """The height that the words need; a sentence is never cut, the card grows instead."""
        layout = self.layout()
        return layout.totalHeightForWidth(WIDTH) if layout is not None and self.words.isVisibleTo(self) else HEIGHT

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._part is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            shape = QPainterPath()
            shape.addRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
            painter.setClipPath(shape)
            painter.fillRect(self.bar_box(), theme().colour("caution"))
