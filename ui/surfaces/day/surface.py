"""The page "My day" (ux, surfaces): the picture of the day and the mood, each on a tab."""

from PySide6.QtCore import QObject, QRect, QSize, Qt

from app.agent.commands import ClosePage, OpenPage
from app.agent.pagefaces import DayFace, DaySpan
from app.agent.snapshot import Snapshot
from ui.bridge import Bridge
from ui.surfaces.day import words
from ui.surfaces.day.mood import MoodPage, put_on
from ui.surfaces.day.timeline import LANES, TimeLine
from ui.widgets.page import PageWindow, row_of
from ui.widgets.plain import PlainLabel, set_names

TABS = ("day", "mood")
SIZE = QSize(760, 660)


class Day(QObject):
    """Draws the day whenever another one was read; typing in the mood tab outlasts it."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._language = ""
        self._drawn: tuple[DayFace, tuple[int, ...], str] | None = None
        self.window = PageWindow(SIZE, TABS)
        self.line = TimeLine()
        self.line.setObjectName("day.timeline")
        self.line.chosen.connect(self._tell_span)
        self.told = PlainLabel("", 12, "muted", wrap=True)
        self.sum = PlainLabel("", 14, wrap=True)
        self.breaks = PlainLabel("", 14, wrap=True)
        self._sheet = self.window.sheets["day"]
        self._sheet.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._fill()
        self.mood = MoodPage(bridge)
        put_on(self.window.sheets["mood"], self.mood)
        self.window.closed.connect(self._closed)

    @property
    def at_rest(self) -> bool:
        """Whether it is closed; then nothing typed is waiting."""
        return not self.window.isVisible()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Redraw what changed."""
        if self._language != self._bridge.texts.language:
            self._language = self._bridge.texts.language
            self._say()
        face = snapshot.pages.day
        if face is not None:
            self._show(face, snapshot.guide.marks)
            self.mood.show_day(face)

    def open(self, anchor: QRect) -> None:
        """Show it; the agent reads the day."""
        self._bridge.post(OpenPage("day"))
        self.window.stand(anchor)
        self.window.tabs[TABS[0]].setFocus(Qt.FocusReason.PopupFocusReason)

    def close(self) -> None:
        """Close and free the window."""
        self.window.close()
        self.window.deleteLater()
        self.deleteLater()

    def _closed(self) -> None:
        self._bridge.post(ClosePage("day"))
        self._bridge.rested.emit()

    def _fill(self) -> None:
        column = self._sheet.column
        column.addSpacing(8)
        column.addWidget(self.line)
        column.addSpacing(4)
        column.addWidget(self.told)
        column.addSpacing(16)
        column.addWidget(self.sum)
        self._sheet.line()
        column.addSpacing(12)
        self.breaks_title = self._sheet.say("", 14, strong=True)
        column.addSpacing(4)
        self.rows = [(PlainLabel("", 14), PlainLabel("", 14, "muted", wrap=True)) for _ in words.BREAKS]
        self._row_boxes = []
        for name, figure in self.rows:
            name.setFixedWidth(150)
            box = row_of(name, figure, spacing=3)
            self._row_boxes.append(box)
            column.addWidget(box)
            column.addSpacing(4)
        self._sheet.done()

    def _say(self) -> None:
        t = self._bridge.t
        self._drawn = None
        self.window.setWindowTitle(t("day.title"))
        self.window.heading.setText(t("day.title"))
        self.window.under.setText(t("day.stays"))
        for name in TABS:
            self.window.tabs[name].set_words(t(f"day.tab_{name}"))
            set_names(self.window.sheets[name], t(f"day.tab_{name}"))
        self.breaks_title.setText(t("day.breaks"))
        self.mood.say()

    def _show(self, face: DayFace, marks: tuple[int, ...]) -> None:
        if self._drawn == (face, marks, self._language):
            return
        self._drawn = (face, marks, self._language)
        texts = self._bridge.texts
        today = tuple(mark for mark in marks if face.began_ms <= mark <= face.now_ms)
        self.line.show_day(face, today, tuple(texts.t(f"day.lane_{lane}") for lane in LANES))
        line = words.sum_line(face, len(today), texts) if face.readable else texts.t("day.closed")
        self.sum.setText(line)
        self.sum.set_role("text" if face.readable else "caution")
        set_names(self.line, texts.t("day.picture"), line)
        self._tell_span(self.line.at)
        lines = words.break_lines(face, texts) if face.readable else ()
        for part in (self.line, self.told, self.breaks_title):
            part.setVisible(face.readable)
        for at, (box, (name, figure)) in enumerate(zip(self._row_boxes, self.rows, strict=True)):
            box.setVisible(at < len(lines))
            name.setText(lines[at][0] if at < len(lines) else "")
            figure.setText(lines[at][1] if at < len(lines) else "")

    def _tell_span(self, span: DaySpan | None) -> None:
        text = self._bridge.t("day.how") if span is None else words.span_line(span, self._bridge.texts)
        self.told.setText(text)
        if span is not None:
            set_names(self.line, text, self.sum.text())


def build(bridge: Bridge) -> Day:
    """The surface for the registry."""
    return Day(bridge)
