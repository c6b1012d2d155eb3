"""A walk through questions: one at a time, the reason after each answer, at the end how many were right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.content.model import Answer
from ui.theme.theme import BOLD
from ui.theme.tokens import space
from ui.widgets.buttons import push_button
from ui.widgets.choice import ChoiceButton
from ui.widgets.page import row_of
from ui.widgets.plain import PlainLabel, set_names

LETTERS = "ABCD"
Say = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: a small line above, what is asked, the answers; `why` for all answers where they have none of their own."""

    above: str
    text: str
    answers: tuple[Answer, ...]
    why: str = ""


class Walk(QWidget):
    """Calls `finished(right)` once after the last question."""

    def __init__(self, say: Say, asks: Sequence[Ask], finished: Callable[[int], None]) -> None:
        super().__init__()
        self.setProperty("ground", "none")
        self._say, self._asks, self._finished = say, tuple(asks), finished
        self.at, self.right = 0, 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, space(1), 0, 0)
        column.setSpacing(space(2))
        self.count = PlainLabel("", 12, "muted", wrap=True)
        self.question = PlainLabel("", 20, "text", BOLD, wrap=True)
        column.addWidget(self.count)
        column.addWidget(self.question)
        column.addSpacing(space(1))
        self.choices = [ChoiceButton(letter) for letter in LETTERS]
        for number, choice in enumerate(self.choices):
            choice.clicked.connect(lambda _=False, number=number: self._chosen(number))
            column.addWidget(choice)
        self.verdict = PlainLabel("", 14, "calm", BOLD, wrap=True)
        self.why = PlainLabel("", 14, wrap=True)
        self.next = push_button("", "primary", 36)
        self.next.clicked.connect(self._on)
        column.addSpacing(space(1))
        column.addWidget(self.verdict)
        column.addWidget(self.why)
        column.addWidget(row_of(self.next, None))
        column.addStretch(1)
        self._show()

    def _show(self) -> None:
        ask = self._asks[self.at]
        self.count.setText(self._say("training.count", at=self.at + 1, of=len(self._asks), what=ask.above))
        self.question.setText(ask.text)
        for choice, answer in zip(self.choices, (*ask.answers, None, None, None, None), strict=False):
            choice.setVisible(answer is not None)
            choice.setEnabled(True)
            choice.mark = ""
            if answer is not None:
                choice.set_words(answer.text)
        for widget in (self.verdict, self.why, self.next):
            widget.hide()

    def _chosen(self, number: int) -> None:
        ask = self._asks[self.at]
        if not self.next.isHidden() or number >= len(ask.answers):
            return
        well = ask.answers[number].right
        self.right += well
        for at, (choice, answer) in enumerate(zip(self.choices, ask.answers, strict=False)):
            if answer.right:
                choice.show_mark("right", self._say("training.is_right"))
            elif at == number:
                choice.show_mark("wrong", self._say("training.is_wrong"))
            choice.setEnabled(at == number or answer.right)
        self.verdict.setText(self._say("training.well" if well else "training.not_well"))
        self.verdict.set_role("calm" if well else "caution")
        self.why.setText(ask.answers[number].why or ask.why)
        last = self.at + 1 == len(self._asks)
        self.next.setText(self._say("training.end" if last else "training.next"))
        set_names(self.next, self.next.text(), f"{self.verdict.text()} {self.why.text()}")
        for widget in (self.verdict, self.why, self.next):
            widget.show()
        self.next.setFocus()

    def _on(self) -> None:
        if self.at + 1 < len(self._asks):
            self.at += 1
            self._show()
            self.choices[0].setFocus()
        else:
            self._finished(self.right)
