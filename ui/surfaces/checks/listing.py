"""One list on a sheet: each item with two answers, those that the PC knows already given and marked as such."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.content.model import Checklist, Item
from ui.bridge import Bridge
from ui.theme.tokens import space
from ui.widgets.page import Hairline
from ui.widgets.plain import PlainLabel, set_names

FINE, FAULT = 1, 0


class ItemRow(QWidget):
    """The text, what the PC says of it, and the buttons "fine" and "a fault"."""

    def __init__(self, item: Item, bridge: Bridge, changed: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("ground", "none")
        self.item = item
        self._by_pc = False
        self._bridge = bridge
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(2))
        words = QVBoxLayout()
        words.setSpacing(0)
        self.text = PlainLabel(item.text, 14, wrap=True)
        self.fact = PlainLabel("", 12, "muted", wrap=True)
        self.fact.hide()
        words.addWidget(self.text)
        words.addWidget(self.fact)
        row.addLayout(words, 1)
        self.answers = QButtonGroup(self)
        for number, key in ((FINE, "fine"), (FAULT, "fault")):
            button = QPushButton(bridge.t(f"checks.{key}"))
            button.setCheckable(True)
            button.setFixedHeight(32)
            button.setMinimumWidth(96)
            set_names(button, bridge.t("checks.answer", item=item.text, answer=button.text()))
            self.answers.addButton(button, number)
            row.addWidget(button)
        self.answers.buttonClicked.connect(self._by_hand)
        self.answers.buttonToggled.connect(self._paint)
        self.answers.idToggled.connect(lambda _number, _on: changed())

    @property
    def well(self) -> bool | None:
        """The answer, None while there is none."""
        found = self.answers.checkedId()
        return None if found < 0 else found == FINE

    def answer(self, well: bool) -> None:
        """Choose an answer."""
        self.answers.button(FINE if well else FAULT).setChecked(True)

    def show_fact(self, well: bool | None, *, asking: bool) -> None:
        """What the PC found: an answer that the person has not given by hand, or that it cannot tell."""
        key = "asking" if asking else {True: "fact_fine", False: "fact_fault", None: "fact_unknown"}[well]
        self.fact.setText(self._bridge.t(f"checks.{key}"))
        self.fact.set_role("caution" if well is False and not asking else "muted")
        self.fact.show()
        if well is not None and not asking and (self.well is None or self._by_pc):
            self._by_pc = True
            self.answer(well)

    def _by_hand(self, _button: QAbstractButton) -> None:
        self._by_pc = False

    def _paint(self, button: QAbstractButton, on: bool) -> None:
        button.setProperty("kind", "primary" if on else "choice")
        self.text.set_role("caution" if self.well is False else "text")
        button.setText(self._bridge.t("checks.fine" if button is self.answers.button(FINE) else "checks.fault") + (" ✓" if on else ""))
        button.style().unpolish(button)
        button.style().polish(button)


class Listing(QWidget):
    """All items of a list; those for the last one out come when the person says so."""

    def __init__(self, checklist: Checklist, bridge: Bridge, changed: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("ground", "none")
        self.checklist = checklist
        self.rows: list[ItemRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(2))
        self.last = QPushButton(bridge.t("checks.last_one"))
        self.last.setCheckable(True)
        self.last.setProperty("kind", "plain")
        self.last.setMinimumHeight(32)
        set_names(self.last, self.last.text(), bridge.t("checks.last_one_how"))
        self._lines: list[QWidget] = []
        for item in sorted(checklist.items, key=lambda one: one.last_out):
            if item.last_out and not any(row.item.last_out for row in self.rows):
                column.addWidget(self.last)
            line, row = Hairline(), ItemRow(item, bridge, changed)
            column.addWidget(row)
            column.addWidget(line)
            self.rows.append(row)
            self._lines.append(line)
        self.last.toggled.connect(lambda on: self.last.setText(bridge.t("checks.last_one") + (" ✓" if on else "")))
        self.last.toggled.connect(self._show_last)
        self.last.toggled.connect(changed)
        self._show_last(False)
        if not any(item.last_out for item in checklist.items):
            self.last.hide()
        column.addStretch(1)

    @property
    def asked(self) -> list[ItemRow]:
        """The rows that count now."""
        return [row for row in self.rows if not row.item.last_out or self.last.isChecked()]

    def show_facts(self, facts: Mapping[str, bool | None], *, asking: bool) -> None:
        """Fill in what the PC found."""
        for row in self.rows:
            if row.item.fact:
                row.show_fact(facts.get(row.item.fact), asking=asking)

    def all_well(self) -> None:
        """Whatever has no answer yet is fine."""
        for row in self.asked:
            if row.well is None:
                row.answer(True)

    def _show_last(self, on: bool) -> None:
        for row, line in zip(self.rows, self._lines, strict=True):
            if row.item.last_out:
                row.setVisible(on)
                line.setVisible(on)
