"""The palette's foot of 56 px: one button that changes its word (warn, warn, end) and the button that is held for help."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.agent.snapshot import GuideFace
from ui import words
from ui.surfaces.scripts.pages import Page, next_warning
from ui.theme.theme import theme
from ui.theme.tokens import space
from ui.widgets.buttons import push_button
from ui.widgets.hold import HoldButton
from ui.widgets.plain import PlainLabel, set_names

HIGH = 56
EARLY_MS = 3000
LAST = 3


class Foot(QWidget):
    """`warned` carries (row, warn) of the step that is said now, `unsaid` takes the newest back, `helped` that the button was held for a second."""

    warned = Signal(int, int)
    unsaid = Signal()
    helped = Signal()

    def __init__(self, t: Callable[..., str]) -> None:
        super().__init__()
        self.setFixedHeight(HIGH)
        self.setProperty("ground", "none")
        self._t = t
        self._next: tuple[int, int] | None = None
        self.warn = push_button("", "primary", 28)
        self.warn.setObjectName("scripts.warn")
        self.warn.clicked.connect(self._say_warning)
        self.undo = push_button("", "quiet", 28)
        self.undo.setObjectName("scripts.undo")
        self.undo.clicked.connect(self.unsaid)
        self.line = PlainLabel(size=14, role="muted")
        self.help = HoldButton()
        self.help.setObjectName("scripts.help")
        self.help.setFixedSize(176, 40)
        self.help.completed.connect(self.helped)
        self._early = QTimer(self, singleShot=True, interval=EARLY_MS)
        self._early.timeout.connect(self.speak)
        self.help.let_go_early.connect(self._say_hold)
        row = QHBoxLayout(self)
        row.setContentsMargins(space(4), 1, space(4), 2)
        left = QVBoxLayout()
        left.setSpacing(1)
        left.addStretch(1)
        inner = QHBoxLayout()
        inner.setSpacing(space(1))
        inner.addWidget(self.warn)
        inner.addWidget(self.undo)
        inner.addStretch(1)
        left.addLayout(inner)
        left.addWidget(self.line)
        left.addStretch(1)
        row.addLayout(left, 1)
        row.addWidget(self.help)

    def speak(self) -> None:
        """The words of the help button in the language of now."""
        self.help.set_words(self._t("flyout.help"), self._t("flyout.help_how"))

    def show_page(self, page: Page | None, guide: GuideFace) -> None:
        """The button for this page; without one, or without warnings in it, a line tells the keys."""
        if not self._early.isActive():
            self.speak()
        steps = page is not None and any(row.warn for row in page.rows)
        self.warn.setVisible(steps)
        said = [one for one in guide.warned if page is not None and one.script == page.script]
        self.undo.setVisible(bool(said))
        self.undo.setText(self._t("scripts.undo"))
        set_names(self.undo, self.undo.text(), self._t("scripts.undo_how"))
        self._next = None
        if page is None or not steps:
            self.line.setText(self._t("scripts.keys" if page is None else "scripts.keys_page"))
            return
        self._next = next_warning(page, guide.warned)
        self.warn.setEnabled(self._next is not None)
        self.warn.setText(self._t(f"scripts.warn_{self._next[1] if self._next else LAST}"))
        set_names(self.warn, self.warn.text(), self._t("scripts.warn_how"))
        ending = bool(said) and (self._next is None or self._next[1] == LAST)
        if ending:
            self.line.setText(self._t("scripts.may_hang_up"))
        elif said:
            self.line.setText(self._t("scripts.warned_at", time=words.clock(said[-1].ms)))
        else:
            self.line.setText(self._t("scripts.keys_page"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(0, 0, self.width(), 1, theme().colour("line"))

    def _say_warning(self) -> None:
        if self._next is not None:
            self.warned.emit(*self._next)

    def _say_hold(self) -> None:
        self._early.start()
        self.help.set_words(self._t("flyout.help_early"), self._t("flyout.help_how"))
