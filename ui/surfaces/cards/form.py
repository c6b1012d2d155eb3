"""The call form of a card: lines to fill while the caller talks. A draft in memory, until it goes into a report."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.content.model import FormLine
from ui.surfaces.cards.flow import flowing
from ui.theme.theme import theme
from ui.theme.tokens import space
from ui.widgets.buttons import push_button
from ui.widgets.plain import PlainLabel, set_names

LONGEST = 500
Draft = dict[int, tuple[str, ...]]
"""Line -> what was typed (one text) or chosen (labels of choices)."""


def report_text(lines: tuple[FormLine, ...], draft: Draft, colon: str) -> str:
    """The filled lines as plain text, one a line."""
    filled = [(line.label, ", ".join(draft[at])) for at, line in enumerate(lines) if draft.get(at)]
    return "\n".join(f"{label.rstrip('：:')}{colon}{text}" for label, text in filled)


class CallForm(QWidget):
    """Lines of a form; `taken` when it shall go into a report, `changed` after each keystroke or choice."""

    taken = Signal()
    changed = Signal()

    def __init__(self, lines: tuple[FormLine, ...], draft: Draft, t: Callable[..., str]) -> None:
        super().__init__()
        self.setProperty("ground", "none")
        self._draft, self._t = draft, t
        self.fields: dict[int, QLineEdit | list[QPushButton]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(1))
        column.addWidget(PlainLabel(t("cards.form"), 20))
        column.addWidget(PlainLabel(t("cards.form_memory"), 14, "muted", wrap=True))
        for at, line in enumerate(lines):
            column.addSpacing(space(2))
            column.addWidget(PlainLabel(line.label, 14, "muted", wrap=True))
            column.addWidget(self._choices(at, line) if line.choices else self._field(at, line))
        self.take = push_button(t("cards.to_report"), "primary", 40)
        self.take.setObjectName("cards.to_report")
        self.take.clicked.connect(self.taken)
        self.clear = push_button(t("cards.clear"), "quiet", 40)
        self.clear.setObjectName("cards.clear")
        self.clear.clicked.connect(self._clear)
        foot = QHBoxLayout()
        foot.addWidget(self.take)
        foot.addWidget(self.clear)
        foot.addStretch(1)
        column.addSpacing(space(3))
        column.addLayout(foot)
        self._note(None)

    def _field(self, at: int, line: FormLine) -> QLineEdit:
        field = QLineEdit(" ".join(self._draft.get(at, ())))
        field.setFont(theme().font(20))
        field.setMaxLength(LONGEST)
        field.setMinimumHeight(40)
        field.setObjectName(f"cards.form_{at}")
        set_names(field, line.label)
        field.textEdited.connect(lambda text: self._note(at, (text,) if text.strip() else ()))
        self.fields[at] = field
        return field

    def _choices(self, at: int, line: FormLine) -> QWidget:
        buttons = []
        for choice in line.choices:
            button = push_button(choice, "choice", 36)
            button.setCheckable(True)
            button.setChecked(choice in self._draft.get(at, ()))
            set_names(button, choice, line.label)
            button.toggled.connect(lambda _on, at=at: self._chosen(at))
            buttons.append(button)
        self.fields[at] = buttons
        return flowing([*buttons])

    def _chosen(self, at: int) -> None:
        buttons = self.fields[at]
        if isinstance(buttons, list):
            self._note(at, tuple(button.text() for button in buttons if button.isChecked()))

    def _note(self, at: int | None, values: tuple[str, ...] = ()) -> None:
        if at is not None:
            if values:
                self._draft[at] = values
            else:
                self._draft.pop(at, None)
            self.changed.emit()
        for button in (self.take, self.clear):
            button.setEnabled(bool(self._draft))

    def _clear(self) -> None:
        for field in self.fields.values():
            if isinstance(field, QLineEdit):
                field.clear()
            else:
                for button in field:
                    button.setChecked(False)
        self._draft.clear()
        self._note(None)
        self.changed.emit()
