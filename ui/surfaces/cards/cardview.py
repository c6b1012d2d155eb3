"""One card: a red head, steps in big type, numbers to copy, the site's places, who is in charge; read from a metre away."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.agent.snapshot import Settings
from app.content.model import Card
from ui.surfaces.cards.facts import Line, is_stale, numbers_of, places_of, reviewed
from ui.surfaces.cards.form import CallForm, Draft
from ui.surfaces.cards.grid import passed_on
from ui.theme.icons import paint_icon
from ui.theme.theme import BOLD, MEDIUM, theme
from ui.theme.tokens import RADIUS, space
from ui.widgets.buttons import paint_focus, push_button
from ui.widgets.plain import PlainLabel, set_names

Say = Callable[..., str]
HEAD_HIGH, SIDE_WIDE = 72, 304
COPIED_MS = 1000


class Head(QWidget):
    """The red strip with icon and title."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEAD_HIGH)
        self.card: Card | None = None
        theme().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.card is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme().colour("danger"))
        paint_icon(painter, self.card.icon, QRectF(space(6), 16, 40, 40), theme().colour("on_danger"), 1.5)
        painter.setPen(theme().colour("on_danger"))
        painter.setFont(theme().font(28, BOLD))
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(space(6) + 56, 0, self.width() - space(6) - 72, HEAD_HIGH), left, self.card.title)


class NumberRow(QAbstractButton):
    """Label over a large number; a press copies it and says so for a second."""

    def __init__(self, label: str, number: str, copied: str, how: str) -> None:
        super().__init__()
        self.number, self._label, self._copied = number, label, copied
        self.setText(number)
        set_names(self, f"{label} {number}", how)
        self.setFixedHeight(72)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._said = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._said.timeout.connect(self.update)
        self.clicked.connect(self._copy)
        theme().changed.connect(self.update)

    @property
    def says_copied(self) -> bool:
        """Whether it says now that it was copied."""
        return self._said.isActive()

    def sizeHint(self) -> QSize:
        return QSize(SIDE_WIDE, 72)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not passed_on(event):
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        painter.setPen(QPen(theme().colour("edge"), 1))
        painter.setBrush(theme().colour("hover" if self.underMouse() or self.isDown() else "raised"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(theme().font(14))
        painter.setPen(theme().colour("accent" if self.says_copied else "muted"))
        painter.drawText(QRectF(space(4), 8, box.width() - 56, 20), left, self._copied if self.says_copied else self._label)
        font = theme().font(28, BOLD, tabular=True)
        painter.setFont(font)
        if painter.fontMetrics().horizontalAdvance(self.number) > box.width() - 64:
            painter.setFont(theme().font(20, BOLD, tabular=True))
        painter.setPen(theme().colour("text"))
        painter.drawText(QRectF(space(4), 28, box.width() - 56, 36), left, self.number)
        paint_icon(painter, "check" if self.says_copied else "copy", QRectF(box.width() - 40, 24, 24, 24), theme().colour("accent"))
        if self.hasFocus():
            paint_focus(painter, box, RADIUS)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.number)
        self._said.start()
        self.update()


class StepRow(QWidget):
    """A numbered step, or (number 0) something never to do behind a red cross."""

    def __init__(self, number: int, text: str) -> None:
        super().__init__()
        self._number = number
        row = QHBoxLayout(self)
        row.setContentsMargins(44, 3, 0, 3)
        self.label = PlainLabel(text, 20, weight=MEDIUM if number else theme().font(20).weight(), wrap=True)
        self.label.setMinimumHeight(32)
        set_names(self.label, f"{number}. {text}" if number else text)
        row.addWidget(self.label)
        theme().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._number:
            painter.setPen(theme().colour("danger"))
            painter.setFont(theme().font(28, BOLD, tabular=True))
            painter.drawText(QRectF(0, 0, 32, 38), int(Qt.AlignmentFlag.AlignCenter), str(self._number))
        else:
            paint_icon(painter, "close", QRectF(4, 7, 24, 24), theme().colour("danger"), 2.25)


class Body(QWidget):
    """Steps at the left, numbers and places at the right."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "none")
        self.numbers: list[NumberRow] = []
        self.form: CallForm | None = None

    def fill(self, card: Card, site: dict[str, str], settings: Settings, today: date, t: Say, draft: Draft) -> None:
        """Build everything for a card; called once."""
        row = QHBoxLayout(self)
        row.setContentsMargins(space(6), space(4), space(6), space(4))
        row.setSpacing(space(6))
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(space(1))
        left.addWidget(PlainLabel(card.when, 14, "muted", wrap=True))
        left.addSpacing(space(1))
        for number, text in enumerate(card.steps, 1):
            left.addWidget(StepRow(number, text))
        left.addSpacing(space(2))
        for text in card.never:
            left.addWidget(StepRow(0, text))
        if card.form:
            self.form = CallForm(card.form, draft, t)
            left.addSpacing(space(5))
            left.addWidget(self.form)
        left.addStretch(1)
        side = QWidget()
        side.setProperty("ground", "none")
        side.setFixedWidth(SIDE_WIDE)
        side.setLayout(right)
        self._side(right, card, site, settings, today, t)
        row.addLayout(left, 1)
        row.addWidget(side, 0, Qt.AlignmentFlag.AlignTop)

    def fit(self, width: int) -> None:
        """Take the height that wrapped text needs at this width; a scroll area would give the least."""
        inner = self.layout()
        if inner is not None:
            for layout in (*self.findChildren(QLayout), inner):
                layout.invalidate()
            self.setMinimumHeight(max(0, inner.totalHeightForWidth(width)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit(self.width())

    def _side(self, column: QVBoxLayout, card: Card, site: dict[str, str], settings: Settings, today: date, t: Say) -> None:
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(2))
        missing: list[Line] = []
        for line in numbers_of(card, site):
            label = t(f"cards.{line.key}")
            if not line.value:
                missing.append(line)
                continue
            number = NumberRow(label, line.value, t("cards.copied"), t("cards.copy"))
            number.setObjectName(f"cards.{line.key}")
            self.numbers.append(number)
            column.addWidget(number)
        self._checked(column, card, settings, today, t)
        places = [("who", card.who), *((line.key, line.value) for line in places_of(card, site) if line.value)]
        for key, value in places:
            column.addSpacing(space(1))
            self._place(column, t(f"cards.{key}"), value)
        missing += [line for line in places_of(card, site) if not line.value]
        if missing:
            column.addSpacing(space(1))
            names = t("cards.comma").join(t(f"cards.{line.key}") for line in missing)
            column.addWidget(PlainLabel(t("cards.missing", names=names), 14, "muted", wrap=True))

    @staticmethod
    def _checked(column: QVBoxLayout, card: Card, settings: Settings, today: date, t: Say) -> None:
        """When the card was checked; too long ago stands out a little."""
        on = reviewed(card, settings)
        stale = is_stale(on, today)
        key = "never_reviewed" if on is None else "stale" if stale else "reviewed"
        text = t(f"cards.{key}", day=on.isoformat()) if on is not None else t(f"cards.{key}")
        column.addWidget(PlainLabel(text, 14, "caution" if stale else "muted", wrap=True))

    @staticmethod
    def _place(column: QVBoxLayout, label: str, value: str) -> None:
        both = QVBoxLayout()
        both.setSpacing(0)
        both.addWidget(PlainLabel(label, 14, "muted"))
        both.addWidget(PlainLabel(value, 20, wrap=True))
        column.addLayout(both)


class Text(QScrollArea):
    """Scrolls the body; arrow keys are the window's."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not passed_on(event):
            super().keyPressEvent(event)


class CardView(QWidget):
    """Head, scrolling body, and a foot with the way back and the neighbours."""

    back = Signal()
    turned = Signal(int)
    to_report = Signal()

    def __init__(self, t: Say) -> None:
        super().__init__()
        self.setProperty("ground", "none")
        self._t = t
        self.card: Card | None = None
        self.body = Body()
        self.head = Head()
        self.area = Text()
        self.area.setObjectName("cards.text")
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.viewport().setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.area, 1)
        column.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(space(4), space(2), space(6), space(2))
        self.back_button = push_button("", "quiet", 40)
        self.back_button.setObjectName("cards.back")
        self.back_button.clicked.connect(self.back)
        self.keys = PlainLabel(size=14, role="muted")
        self.keys.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.keys.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.back_button)
        foot.addWidget(self.keys, 1)
        return foot

    def show_card(self, card: Card, site: dict[str, str], settings: Settings, today: date, draft: Draft) -> None:
        """Show a card from its top."""
        self.card = self.head.card = card
        self.head.update()
        self.back_button.setText(self._t("cards.back"))
        set_names(self.back_button, self.back_button.text())
        self.keys.setText(self._t("cards.keys_card"))
        self.body = Body()
        self.body.fill(card, site, settings, today, self._t, draft)
        if self.body.form is not None:
            self.body.form.taken.connect(self.to_report)
        self.area.setWidget(self.body)
        self.body.fit(self.area.viewport().width())
        self.area.verticalScrollBar().setValue(0)
        set_names(self.area, card.title, card.when)
        set_names(self, card.title, card.when)
