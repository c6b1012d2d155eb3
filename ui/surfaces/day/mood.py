"""The mood: 0 to 10 and one line, a trend of four weeks, the notes with their delete buttons; nothing typed is lost."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.agent.commands import ForgetMood, NoteMood
from app.agent.ownpages import LINE_MAX
from app.agent.pagefaces import DayFace, MoodNote
from ui.bridge import Bridge
from ui.surfaces.day.trend import DAYS, Trend, means
from ui.surfaces.day.words import day_of
from ui.theme.tokens import space
from ui.widgets.buttons import push_button
from ui.widgets.page import Hairline, Sheet, row_of
from ui.widgets.plain import PlainLabel, set_names

SHOWN = 60
"""So many notes are listed; the export holds all."""


class MoodPage(QWidget):
    """The content of the mood tab; lives as long as the window, so that typing outlasts every Snapshot."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.setProperty("ground", "none")
        self._bridge = bridge
        self._shown: tuple[MoodNote, ...] | None = None
        self._sent = False
        self._sure = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(2))
        self.private = PlainLabel("", 14, "calm", wrap=True)
        self.ask = PlainLabel("", 14, wrap=True)
        self.figures = QButtonGroup(self)
        column.addWidget(self.private)
        column.addSpacing(space(2))
        column.addWidget(self.ask)
        column.addLayout(self._scale())
        column.addLayout(self._writing())
        self.told = PlainLabel("", 12, "muted", wrap=True)
        column.addWidget(self.told)
        column.addWidget(Hairline())
        self.trend_title = PlainLabel("", 14, wrap=True)
        self.trend = Trend()
        column.addWidget(self.trend_title)
        column.addWidget(self.trend)
        column.addWidget(Hairline())
        self._notes = QVBoxLayout()
        self._notes.setSpacing(space(1))
        column.addLayout(self._notes)
        column.addStretch(1)

    def _writing(self) -> QHBoxLayout:
        self.line = QLineEdit()
        self.line.setMaxLength(LINE_MAX)
        self.line.setMinimumHeight(36)
        self.line.setObjectName("day.line")
        self.line.returnPressed.connect(self._save)
        self.save = push_button("", "plain", 36)
        self.save.setObjectName("day.save")
        self.save.clicked.connect(self._save)
        writing = QHBoxLayout()
        writing.setSpacing(space(2))
        writing.addWidget(self.line, 1)
        writing.addWidget(self.save)
        return writing

    def _scale(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(space(1))
        self.low, self.high = PlainLabel("", 12, "muted"), PlainLabel("", 12, "muted")
        row.addWidget(self.low)
        row.addSpacing(space(1))
        for strength in range(11):
            button = QPushButton(str(strength))
            button.setCheckable(True)
            button.setFixedSize(44, 36)
            button.setProperty("kind", "choice")
            self.figures.addButton(button, strength)
            row.addWidget(button)
        row.addSpacing(space(1))
        row.addWidget(self.high)
        row.addStretch(1)
        self.figures.buttonToggled.connect(self._paint_choice)
        return row

    def _paint_choice(self, button: QAbstractButton, on: bool) -> None:
        _repaint(button, "primary" if on else "choice")
        self._say_state()

    def say(self) -> None:
        """Another language."""
        t = self._bridge.t
        self.private.setText(t("day.mood_private"))
        self.ask.setText(t("day.mood_ask"))
        self.low.setText(t("day.mood_low"))
        self.high.setText(t("day.mood_high"))
        self.line.setPlaceholderText(t("day.mood_line"))
        set_names(self.line, t("day.mood_line"))
        self.save.setText(t("day.mood_save"))
        set_names(self.save, self.save.text())
        for button in self.figures.buttons():
            set_names(button, t("day.mood_figure", n=self.figures.id(button)))
        self.trend_title.setText(t("day.trend"))
        self._shown = None

    def show_day(self, face: DayFace) -> None:
        """Draw notes and trend; a note that came back as kept empties the field."""
        if self._shown == face.moods and face.readable == self.line.isEnabled():
            return
        if self._sent and self._shown is not None and len(face.moods) > len(self._shown):
            self._sent = False
            self.line.clear()
            self._forget_figure()
        self._shown = face.moods
        self.line.setEnabled(face.readable)
        self._say_state()
        self._draw_trend(face)
        self._draw_notes(face.moods)

    def _save(self) -> None:
        strength = self.figures.checkedId()
        if strength >= 0 and self.line.isEnabled():
            self._sent = True
            self._bridge.post(NoteMood(strength, self.line.text()))

    def _forget_figure(self) -> None:
        self.figures.setExclusive(False)
        for button in self.figures.buttons():
            button.setChecked(False)
        self.figures.setExclusive(True)

    def _say_state(self) -> None:
        readable = self.line.isEnabled()
        self.save.setEnabled(readable and self.figures.checkedId() >= 0)
        _repaint(self.save, "primary" if self.save.isEnabled() else "plain")
        self.told.setText(self._bridge.t("day.mood_how" if readable else "day.closed"))
        self.told.set_role("muted" if readable else "caution")

    def _draw_trend(self, face: DayFace) -> None:
        t, today = self._bridge.t, day_of(face.now_ms)
        self.trend.show_moods(face.moods, today, (t("day.trend_from"), t("day.trend_to")))
        known = [mean for mean in means(face.moods, today) if mean is not None]
        mean = f"{sum(known) / len(known):.1f}" if known else "–"
        set_names(self.trend, t("day.trend_name", days=DAYS, n=len(known), mean=mean))

    def _draw_notes(self, moods: tuple[MoodNote, ...]) -> None:
        while (item := self._notes.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        t = self._bridge.t
        for note in reversed(moods[-SHOWN:]):
            drop = push_button(t("day.mood_delete"), "quiet")
            when = f"{day_of(note.ms):%m-%d}"
            set_names(drop, t("day.mood_delete_one", day=when, n=note.strength))
            drop.clicked.connect(lambda _=False, ms=note.ms: self._bridge.post(ForgetMood(ms)))
            words = PlainLabel(note.line, 14, wrap=True)
            figure = PlainLabel(str(note.strength), 14, "accent", tabular=True)
            figure.setFixedWidth(24)
            day = PlainLabel(when, 14, "muted", tabular=True)
            self._notes.addWidget(row_of(day, figure, words, drop, spacing=3, wide=words))
        if moods:
            every = push_button(t("day.mood_delete_all"), "quiet")
            every.setObjectName("day.delete_all")
            every.clicked.connect(lambda: self._delete_all(every))
            self._sure = False
            self._notes.addWidget(row_of(None, every))

    def _delete_all(self, button: QPushButton) -> None:
        """Asked twice, in the same place, without a box."""
        if self._sure:
            self._bridge.post(ForgetMood())
            return
        self._sure = True
        button.setText(self._bridge.t("day.mood_delete_sure"))
        set_names(button, button.text())


def _repaint(button: QWidget, kind: str) -> None:
    if button.property("kind") != kind:
        button.setProperty("kind", kind)
        button.style().unpolish(button)
        button.style().polish(button)


def put_on(sheet: Sheet, page: MoodPage) -> None:
    """The page fills the tab's sheet for good."""
    sheet.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    sheet.column.addWidget(page)
