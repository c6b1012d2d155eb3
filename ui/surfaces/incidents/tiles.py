"""Tiles of which one is chosen: a word, an example below it, a tick so that colour is not the only sign."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QSizePolicy, QWidget

from ui.theme.icons import paint_icon
from ui.theme.theme import MEDIUM, NORMAL, theme
from ui.theme.tokens import RADIUS_SMALL, space
from ui.widgets.buttons import paint_focus
from ui.widgets.plain import set_names

TICK = 16
LOWEST, NARROWEST = 40, 116
"""Height of a tile at least; width below which a tile goes to the next row."""
_WRAP = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignTop)


class Tile(QAbstractButton):
    """One choice; as high as its words need."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key, self._example = key, ""
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self.update)

    def set_words(self, text: str, example: str = "") -> None:
        """Another language's words."""
        self.setText(text)
        self._example = example
        set_names(self, text, example)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        title, example = self._boxes(width)
        return max(LOWEST, title.height() + (example.height() + space(1) if self._example else 0) + space(4))

    def sizeHint(self) -> QSize:
        return QSize(108, self.heightForWidth(108))

    def minimumSizeHint(self) -> QSize:
        return QSize(72, LOWEST)

    def words_fit(self) -> bool:
        """Whether the words are shown whole."""
        title, example = self._boxes(self.width())
        room = self.width() - 2 * space(3)
        return self.heightForWidth(self.width()) <= self.height() and title.width() <= room and example.width() <= room

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, on = QRectF(self.rect()), self.isChecked()
        painter.setPen(QPen(theme().colour("accent" if on else "edge"), 2 if on else 1))
        painter.setBrush(theme().colour("hover" if on or (self.underMouse() and self.isEnabled()) else "raised"))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), RADIUS_SMALL, RADIUS_SMALL)
        title, example = self._boxes(self.width())
        high = title.height() + (example.height() + space(1) if self._example else 0)
        top = (self.height() - high) // 2
        painter.setFont(theme().font(14, MEDIUM if self._example else NORMAL))
        painter.setPen(theme().colour("text" if self.isEnabled() else "muted"))
        painter.drawText(QRect(space(3), top, title.width() + 1, title.height()), _WRAP, self.text())
        if self._example:
            painter.setFont(theme().font(12))
            painter.setPen(theme().colour("muted"))
            painter.drawText(QRect(space(3), top + title.height() + space(1), example.width() + 1, example.height()), _WRAP, self._example)
        if on:
            paint_icon(painter, "check", QRectF(self.width() - TICK - 6, 6, TICK, TICK), theme().colour("accent"), 2.5)
        if self.hasFocus():
            paint_focus(painter, box, RADIUS_SMALL)

    def _boxes(self, width: int) -> tuple[QRect, QRect]:
        room = width - 2 * space(3)
        title = QFontMetrics(theme().font(14, MEDIUM if self._example else NORMAL)).boundingRect(
            QRect(0, 0, room - (TICK - 4 if self._example else 0), 999), _WRAP, self.text()
        )
        example = QFontMetrics(theme().font(12)).boundingRect(QRect(0, 0, room, 999), _WRAP, self._example)
        return title, example


class TickLine(QAbstractButton):
    """A line that can be ticked: a box of 16 px and a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFixedHeight(28)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(theme().font(14)).horizontalAdvance(self.text()) + TICK + space(5), 28)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        painter.setPen(QPen(theme().colour("accent" if on else "edge"), 2 if on else 1))
        painter.setBrush(theme().colour("hover" if self.underMouse() else "raised"))
        painter.drawRoundedRect(QRectF(5, 6, TICK, TICK), 4, 4)
        if on:
            paint_icon(painter, "check", QRectF(7, 8, TICK - 4, TICK - 4), theme().colour("accent"), 3)
        painter.setFont(theme().font(14))
        painter.setPen(theme().colour("text" if self.isEnabled() else "muted"))
        place = QRect(5 + TICK + space(2), 0, self.width() - TICK - space(4), self.height())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()), RADIUS_SMALL)


class Tiles(QWidget):
    """A grid of tiles; `chosen` is the key of the chosen one, empty for none; arrow keys walk."""

    changed = Signal()

    def __init__(self, keys: Sequence[str], columns: int) -> None:
        super().__init__()
        self.setProperty("ground", "none")
        self.tiles = {key: Tile(key) for key in keys}
        self._group = QButtonGroup(self)
        self._most, self._columns = columns, 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(space(2))
        for tile in self.tiles.values():
            self._group.addButton(tile)
            tile.clicked.connect(self.changed)
        self._arrange(columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(min(self._most, max(1, self.width() // NARROWEST)))

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, LOWEST)

    def _arrange(self, columns: int) -> None:
        """As many columns as have room for a word each."""
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, int(column < columns))
        self._columns = columns
        for at, tile in enumerate(self.tiles.values()):
            self._grid.addWidget(tile, at // columns, at % columns)

    @property
    def chosen(self) -> str:
        """The chosen key."""
        return next((key for key, tile in self.tiles.items() if tile.isChecked()), "")

    def choose(self, key: str) -> None:
        """Choose without telling; an unknown key chooses none."""
        self._group.setExclusive(False)
        for name, tile in self.tiles.items():
            tile.setChecked(name == key)
        self._group.setExclusive(True)
