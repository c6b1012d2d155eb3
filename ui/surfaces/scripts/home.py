"""The palette before anything is typed: six tiles, the last three scripts, favourites. Never empty."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.content.model import Script
from ui.theme.icons import paint_icon
from ui.theme.theme import MEDIUM, theme
from ui.theme.tokens import RADIUS, RADIUS_SMALL, space
from ui.widgets.buttons import paint_focus, push_button
from ui.widgets.plain import PlainLabel, set_names

TILE_HIGH, LINE_HIGH, COLUMNS = 56, 36, 3
LISTED = 3


class Choice(QAbstractButton):
    """A tile (framed, centred, 16) or a line (plain, at the left, 14); `chosen` when arrow keys stand on it."""

    def __init__(self, key: str, text: str, *, tile: bool, icon: str = "") -> None:
        super().__init__()
        self.key, self.tile, self.chosen, self._icon = key, tile, False, icon
        self.setText(text)
        set_names(self, text)
        self.setFixedHeight(TILE_HIGH if tile else LINE_HIGH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(120, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, radius = QRectF(self.rect()), RADIUS if self.tile else RADIUS_SMALL
        lit = self.chosen or self.underMouse()
        painter.setPen(QPen(theme().colour("accent" if self.chosen else "line"), 1.5 if self.chosen else 1) if self.tile else Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("hover" if lit else "raised" if self.tile else "surface"))
        painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), radius, radius)
        if self.chosen and not self.tile:
            painter.fillRect(QRectF(0, 2, 3, box.height() - 4), theme().colour("accent"))
        inner = box.adjusted(space(3), 0, -space(2), 0)
        if self._icon:
            paint_icon(painter, self._icon, QRectF(inner.left(), (box.height() - 16) / 2, 16, 16), theme().colour("muted"))
            inner.setLeft(inner.left() + 24)
        painter.setPen(theme().colour("text"))
        painter.setFont(theme().font(16, MEDIUM) if self.tile else theme().font(14))
        side = Qt.AlignmentFlag.AlignHCenter if self.tile else Qt.AlignmentFlag.AlignLeft
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideNone, round(inner.width()))
        painter.drawText(inner if not self.tile else box, int(side | Qt.AlignmentFlag.AlignVCenter), text)
        if self.hasFocus():
            paint_focus(painter, box, radius)


class Home(QWidget):
    """Arrow keys walk all choices row by row; `opened` carries a key."""

    opened = Signal(str)
    methods = Signal()

    def __init__(self, t: Callable[..., str]) -> None:
        super().__init__()
        self.setProperty("ground", "none")
        self._t = t
        self._at = 0
        self._shown: object = None
        self.choices: list[Choice] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._inner: QWidget | None = None

    def show_choices(self, tiles: Sequence[Script], recent: Sequence[Script], liked: Sequence[Script], *, methods: bool) -> None:
        """Show these; built anew only when something of it changed."""
        shown = (tuple(tiles), tuple(recent), tuple(liked), methods, self._t("scripts.recent"))
        if shown == self._shown:
            return
        self._shown = shown
        self.choices = []
        inner = QWidget()
        inner.setProperty("ground", "none")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._tiles(tiles))
        column.addSpacing(space(3))
        lower = QHBoxLayout()
        lower.setSpacing(space(2))
        for caption, scripts, icon in (("recent", recent, ""), ("liked", liked, "star")):
            if scripts or caption == "recent":
                lower.addLayout(self._lines(self._t(f"scripts.{caption}"), scripts[:LISTED], icon), 1)
        column.addLayout(lower)
        if methods:
            more = push_button(self._t("scripts.methods"), "quiet")
            more.setObjectName("scripts.methods")
            more.setFont(theme().font(14))
            more.clicked.connect(self.methods)
            column.addSpacing(space(1))
            column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        if self._inner is not None:
            self._column.removeWidget(self._inner)
            self._inner.hide()
            self._inner.deleteLater()
        self._inner = inner
        self._column.addWidget(inner)
        self._choose(0)

    def walk(self, way: int) -> None:
        """To the next (1) or previous (-1) choice."""
        self._choose(self._at + way)

    def walk_row(self, way: int) -> None:
        """A row down or up among the tiles, one choice further elsewhere."""
        tiles = sum(choice.tile for choice in self.choices)
        inside = self._at < tiles and 0 <= self._at + way * COLUMNS < tiles
        below = self._at < tiles and way > 0 and not inside
        above = self._at == tiles and way < 0
        if below and len(self.choices) > tiles:
            self._choose(tiles)
        elif above:
            self._choose(max(0, tiles - COLUMNS))
        elif not below:
            self._choose(self._at + (way * COLUMNS if self._at < tiles else way))

    @property
    def chosen(self) -> str:
        """The key of the choice that arrow keys stand on."""
        return self.choices[self._at].key if self.choices else ""

    @property
    def chosen_text(self) -> str:
        """What stands on it."""
        return self.choices[self._at].text() if self.choices else ""

    def _choose(self, at: int) -> None:
        self._at = min(max(at, 0), len(self.choices) - 1) if self.choices else 0
        for number, choice in enumerate(self.choices):
            choice.chosen = number == self._at
            choice.update()

    def _tiles(self, tiles: Sequence[Script]) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(space(2))
        for at, script in enumerate(tiles):
            tile = self._choice(script.id, self._t(f"scripts.tile_{script.tile}"), tile=True)
            tile.setAccessibleDescription(script.title)
            grid.addWidget(tile, at // COLUMNS, at % COLUMNS)
        return grid

    def _lines(self, caption: str, scripts: Sequence[Script], icon: str) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(PlainLabel(caption, 14, "muted"))
        column.addSpacing(space(1))
        if not scripts:
            column.addWidget(PlainLabel(self._t("scripts.recent_none"), 14, "muted", wrap=True))
        for script in scripts:
            column.addWidget(self._choice(script.id, script.title, tile=False, icon=icon))
        column.addStretch(1)
        return column

    def _choice(self, key: str, text: str, *, tile: bool, icon: str = "") -> Choice:
        made = Choice(key, text, tile=tile, icon=icon)
        made.clicked.connect(lambda: self.opened.emit(key))
        self.choices.append(made)
        return made
