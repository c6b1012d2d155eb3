"""The first view: ten tiles, each with the digit that opens it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app.content.model import Card
from ui.theme.icons import paint_icon
from ui.theme.theme import BOLD, theme
from ui.theme.tokens import RADIUS, space
from ui.widgets.buttons import paint_focus
from ui.widgets.plain import PlainLabel, set_names

COLUMNS = 2
DIGITS = "1234567890"
GRAVEST = 1


def passed_on(event: QKeyEvent) -> bool:
    """Whether a key is the window's: arrows walk cards and text, buttons would only move the focus with them."""
    arrow = event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)
    if arrow:
        event.ignore()
    return arrow


class Tile(QAbstractButton):
    """Digit, icon and title of a card; red icon for the gravest ones."""

    def __init__(self, card: Card, digit: str) -> None:
        super().__init__()
        self.card, self.digit = card, digit
        self.setText(card.title)
        set_names(self, f"{digit} {card.title}".strip(), card.when)
        self.setObjectName(f"cards.tile_{digit or card.id}")
        self.setMinimumHeight(72)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(320, 88)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not passed_on(event):
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        colour = theme().colour("danger" if self.card.level == GRAVEST else "text")
        painter.setPen(QPen(theme().colour("line"), 1))
        painter.setBrush(theme().colour("hover" if self.underMouse() or self.isDown() else "raised"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        middle = box.height() / 2
        paint_icon(painter, self.card.icon, QRectF(space(5), middle - 20, 40, 40), colour, 1.5)
        painter.setPen(theme().colour("text"))
        painter.setFont(theme().font(20, BOLD))
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(QRectF(space(5) + 56, 4, box.width() - space(5) - 56 - 48, box.height() - 8), left, self.text())
        painter.setPen(theme().colour("muted"))
        painter.setFont(theme().font(28, tabular=True))
        painter.drawText(QRectF(box.width() - 48, 0, 32, box.height()), int(Qt.AlignmentFlag.AlignCenter), self.digit)
        if self.hasFocus():
            paint_focus(painter, box, RADIUS)


class Grid(QWidget):
    """All cards in two columns; `opened` carries a card's id."""

    opened = Signal(str)

    def __init__(self, t: Callable[..., str]) -> None:
        super().__init__()
        self.setProperty("ground", "none")
        self._t = t
        self.tiles: list[Tile] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(space(6), space(6), space(6), space(4))
        column.setSpacing(space(1))
        self.title = PlainLabel(size=28, weight=BOLD)
        self.lead = PlainLabel(size=14, role="muted", wrap=True)
        column.addWidget(self.title)
        column.addWidget(self.lead)
        column.addSpacing(space(3))
        self._grid = QGridLayout()
        self._grid.setSpacing(space(2))
        column.addLayout(self._grid, 1)

    def show_cards(self, cards: Sequence[Card]) -> None:
        """Show these in their order, down the first column and then the second."""
        for tile in self.tiles:
            self._grid.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self.tiles = []
        self.title.setText(self._t("cards.title"))
        self.lead.setText(self._t("cards.keys" if cards else "cards.none"))
        rows = max(1, -(-len(cards) // COLUMNS))
        for at, card in enumerate(cards):
            tile = Tile(card, DIGITS[at] if at < len(DIGITS) else "")
            tile.clicked.connect(lambda _=False, name=card.id: self.opened.emit(name))
            self._grid.addWidget(tile, at % rows, at // rows)
            self.tiles.append(tile)

    def walk(self, key: Qt.Key) -> None:
        """Move the focus by an arrow key."""
        rows = max(1, -(-len(self.tiles) // COLUMNS))
        at = next((number for number, tile in enumerate(self.tiles) if tile.hasFocus()), -1)
        way = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: rows, Qt.Key.Key_Left: -rows}[key]
        if at < 0:
            self.focus(0)
        elif 0 <= at + way < len(self.tiles):
            self.focus(at + way)

    def focus(self, at: int) -> None:
        """Put the focus on a tile."""
        if self.tiles:
            self.tiles[min(max(at, 0), len(self.tiles) - 1)].setFocus(Qt.FocusReason.TabFocusReason)
