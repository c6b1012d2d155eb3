"""The quiet offer of a list: a small card that takes no focus and waits."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from ui.theme.tokens import PADDING, space
from ui.widgets.buttons import push_button
from ui.widgets.card import Card
from ui.widgets.plain import PlainLabel, set_names


class OfferCard(Card):
    """320 × 120 like the break card: what it is, and two buttons."""

    def __init__(self) -> None:
        super().__init__(320, 120)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        column.setSpacing(space(1))
        self.title = PlainLabel("", 16)
        self.reason = PlainLabel("", 12, "muted")
        self.start = push_button("", "primary")
        self.later = push_button("", "plain")
        self.start.setObjectName("checks.start")
        self.later.setObjectName("checks.later")
        row = QHBoxLayout()
        row.setSpacing(space(2))
        row.addWidget(self.start)
        row.addWidget(self.later)
        row.addStretch(1)
        column.addWidget(self.title)
        column.addWidget(self.reason)
        column.addStretch(1)
        column.addLayout(row)

    def set_words(self, title: str, reason: str, start: str, later: str) -> None:
        """Another list or language."""
        self.setWindowTitle(title)
        set_names(self, title, reason)
        for label, text in ((self.title, title), (self.reason, reason)):
            label.setText(text)
        for button, text in ((self.start, start), (self.later, later)):
            button.setText(text)
            set_names(button, text)
