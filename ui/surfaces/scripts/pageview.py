"""A page of the palette: the steps at the left, at the right what to say, what not, and what to do beside speaking."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from app.agent.snapshot import GuideFace
from app.content.fill import filled
from ui.surfaces.scripts.lists import StepList
from ui.surfaces.scripts.pages import Page, Row, times_of
from ui.surfaces.scripts.saying import Blanks, SayText
from ui.theme.icons import outline, paint_icon
from ui.theme.theme import BOLD, theme
from ui.theme.tokens import space
from ui.widgets.buttons import paint_focus
from ui.widgets.plain import PlainLabel, set_names, set_tip

Say = Callable[..., str]


class IconButton(QToolButton):
    """A quiet button of 32 px with one line icon; `filled` draws it as a full shape."""

    def __init__(self, name: str, size: int = 32) -> None:
        super().__init__()
        self._icon_name, self.filled = name, False
        self.setFixedSize(size, size)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme().changed.connect(self.update)

    def name(self, word: str) -> None:
        """What it is called."""
        set_names(self, word)
        set_tip(self, word)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("hover"))
            painter.drawRoundedRect(box, 6, 6)
        at = (box.width() - 20) / 2
        colour = theme().colour("accent" if self.filled else "muted")
        if self.filled:
            painter.save()
            painter.translate(at, at)
            painter.scale(20 / 24, 20 / 24)
            painter.fillPath(outline(self._icon_name), colour)
            painter.restore()
        paint_icon(painter, self._icon_name, QRectF(at, at, 20, 20), colour)
        if self.hasFocus():
            paint_focus(painter, box, 6)


class _Never(QWidget):
    """One phrase that must not be said, behind a small cross."""

    def __init__(self, text: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(space(6), 0, 0, 0)
        self.label = PlainLabel(text, 14, wrap=True)
        self.label.setMinimumHeight(20)
        row.addWidget(self.label, 1)
        theme().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_icon(QPainter(self), "close", QRectF(0, self.label.y() + 2, 16, 16), theme().colour("caution"))


class Right(QWidget):
    """The right column; rebuilt for every row."""

    def __init__(self, t: Say, typed: Callable[[str, str], None], copy: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("ground", "none")
        self._t = t
        self.say = SayText(copy)
        self.blanks = Blanks(typed, lambda variable: t(f"scripts.var_{variable}"))
        self.blanks.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(space(4), 0, space(2), space(2))
        self._column.setSpacing(0)
        self._said = PlainLabel(size=14, role="muted")
        self._below = QWidget()
        self._below.setProperty("ground", "none")
        for part in (self._said, self.say, self.blanks, self._below):
            self._column.addWidget(part)
            self._column.addSpacing(space(1))
        self._column.addStretch(1)

    def show_row(self, row: Row, values: dict[str, str], framework: bool) -> None:
        """Show another row."""
        for part in (self._said, self.say):
            part.setVisible(bool(row.say))
        self._said.setText(self._t("scripts.point" if framework else "scripts.say"))
        self.show_values(row, values)
        below = QWidget()
        below.setProperty("ground", "none")
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(1))
        if row.avoid:
            self._caption(column, self._t("scripts.avoid"), above=True)
            for phrase in row.avoid:
                column.addWidget(_Never(phrase))
        if row.do:
            self._caption(column, self._t("scripts.do"))
            column.addWidget(self._line(row.do))
        for caption, lines in row.about:
            self._caption(column, caption)
            for line in lines:
                column.addWidget(self._line(line))
        self._column.replaceWidget(self._below, below)
        self._below.hide()
        self._below.deleteLater()
        self._below = below
        below.show()
        self._fit()

    def show_values(self, row: Row, values: dict[str, str]) -> None:
        """Fill the sentence with these values; fields show them unless somebody types there."""
        self.blanks.show_for(row.say, values)
        self.say.set_text(filled(row.say, values))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """A scroll area asks for the least height only, which is not that of wrapped text: so this is the least one."""
        for layout in (*self._below.findChildren(QLayout), self._below.layout(), self._column):
            if layout is not None:
                layout.invalidate()
        high = self._column.totalHeightForWidth(self.width()) if self._column.hasHeightForWidth() else 0
        self.setMinimumHeight(max(high, 0))

    @staticmethod
    def _line(text: str) -> PlainLabel:
        made = PlainLabel(text, 14, wrap=True)
        made.setMinimumHeight(20)
        return made

    @staticmethod
    def _caption(column: QVBoxLayout, text: str, *, above: bool = False) -> None:
        column.addSpacing(space(2) if column.count() or above else 0)
        column.addWidget(PlainLabel(text, 14, "muted"))


class PageView(QWidget):
    """Title, star, steps and the chosen step; tells what the person does by signals."""

    walked = Signal(int)
    liked = Signal(bool)
    back = Signal()
    filled_in = Signal(str, str)

    def __init__(self, t: Say) -> None:
        super().__init__()
        self.setProperty("ground", "none")
        self._t = t
        self.page: Page | None = None
        self._values: dict[str, str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(1))
        column.addLayout(self._head())
        body = QHBoxLayout()
        body.setSpacing(0)
        self.steps = StepList()
        self.steps.currentRowChanged.connect(self._choose)
        self.right = Right(t, self._type, self.copy)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        scroll.setWidget(self.right)
        self._area = scroll
        body.addWidget(self.steps)
        body.addWidget(scroll, 1)
        column.addLayout(body, 1)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(space(1))
        self.back_button, self.star, self.copy_button = IconButton("back"), IconButton("star"), IconButton("copy")
        self.title = PlainLabel(size=16, weight=BOLD)
        for name, button in (("back", self.back_button), ("copy", self.copy_button), ("star", self.star)):
            button.setObjectName(f"scripts.{name}")
        self.back_button.clicked.connect(self.back)
        self.copy_button.clicked.connect(self.copy)
        self.star.clicked.connect(lambda: self.liked.emit(not self.star.filled))
        head.addWidget(self.back_button)
        head.addWidget(self.title, 1)
        head.addWidget(self.copy_button)
        head.addWidget(self.star)
        return head

    @property
    def row(self) -> Row | None:
        """The chosen row."""
        at = self.steps.currentRow()
        return self.page.rows[at] if self.page is not None and 0 <= at < len(self.page.rows) else None

    def show_page(self, page: Page, at: int, guide: GuideFace) -> None:
        """Show a page with this row chosen."""
        self.page = page
        self._values = dict(guide.values)
        self.title.setText(page.title)
        self.back_button.name(self._t("scripts.back"))
        self.copy_button.name(self._t("scripts.copy"))
        self.steps.show_rows(page.rows, self._t("scripts.steps", title=page.title))
        self.star.setVisible(bool(page.script))
        self.show_guide(guide)
        self.steps.setCurrentRow(min(max(at, 0), len(page.rows) - 1))

    def show_guide(self, guide: GuideFace) -> None:
        """Redraw star, times and values."""
        if self.page is None:
            return
        self.star.filled = self.page.script in guide.favourites
        self.star.name(self._t("scripts.unlike" if self.star.filled else "scripts.like"))
        self.star.update()
        self.steps.show_times(times_of(self.page, guide.warned))
        self._values = dict(guide.values)
        for variable, field in self.right.blanks.fields.items():
            if field.hasFocus():
                self._values[variable] = field.text()
        if self.row is not None:
            self.right.show_values(self.row, self._values)

    def copy(self) -> None:
        """Copy what to say, filled in, and say so in the row for a second."""
        if self.row is not None and self.row.say:
            QGuiApplication.clipboard().setText(filled(self.row.say, self._values))
            self.steps.say_copied(self._t("scripts.copied"))

    def turn(self, way: int) -> None:
        """A page down (1) or up (-1) in the right column."""
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + way * bar.pageStep())

    def _choose(self, at: int) -> None:
        if self.page is not None and 0 <= at < len(self.page.rows):
            self.right.show_row(self.page.rows[at], self._values, framework=not self.page.script)
            self._area.verticalScrollBar().setValue(0)
            self.copy_button.setEnabled(bool(self.page.rows[at].say))
            self.walked.emit(at)

    def _type(self, variable: str, text: str) -> None:
        self._values[variable] = text
        if self.row is not None:
            self.right.say.set_text(filled(self.row.say, self._values))
        self.filled_in.emit(variable, text)

    def sizeHint(self) -> QSize:
        return QSize(600, 300)
