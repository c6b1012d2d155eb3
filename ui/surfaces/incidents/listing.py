"""The list at the left: a new report, a call for help that has none yet, drafts, reports that were sent."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from app.agent.snapshot import ReportsFace
from ui.surfaces.incidents import words
from ui.theme.theme import MEDIUM, NORMAL, theme
from ui.theme.tokens import RADIUS_SMALL, space
from ui.widgets.buttons import paint_focus, push_button
from ui.widgets.page import EDGE, Sheet
from ui.widgets.plain import set_names
from ui.words import clock

HIGH = 52


class Entry(QAbstractButton):
    """One draft or report: two lines, a bar at the left of the one that is shown."""

    def __init__(self, report: bytes, first: str, second: str, name: str, *, shown: bool) -> None:
        super().__init__()
        self.report, self._second, self._shown = report, second, shown
        self.setText(first)
        set_names(self, name)
        self.setFixedHeight(HIGH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(160, HIGH)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self._shown or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("hover"))
            painter.drawRoundedRect(box, RADIUS_SMALL, RADIUS_SMALL)
        if self._shown:
            painter.fillRect(QRectF(0, 8, 3, HIGH - 16), theme().colour("accent"))
        room = self.width() - 2 * space(3)
        for top, size, role, text in ((7, 14, "text", self.text()), (28, 12, "muted", self._second)):
            font = theme().font(size, MEDIUM if self._shown and size == 14 else NORMAL)
            painter.setFont(font)
            painter.setPen(theme().colour(role))
            short = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(space(3), top, room, 20), int(Qt.AlignmentFlag.AlignVCenter), short)
        if self.hasFocus():
            paint_focus(painter, box, RADIUS_SMALL)


class Listing(Sheet):
    """`asked` carries the report that was clicked, `fresh` asks for an empty form (True: for the call for help)."""

    asked = Signal(bytes)
    fresh = Signal(bool)

    def __init__(self, t: Callable[..., str]) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedWidth(232)
        self.setViewportMargins(0, EDGE, 0, EDGE)
        self._t = t
        self._drawn: object = None
        self.entries: list[Entry] = []

    def show_reports(self, face: ReportsFace, current: bytes, language: str) -> None:
        """Draw the list anew when something of it changed."""
        drafts = tuple((one.report, one.kind, one.begun_ms, one.alarm) for one in face.drafts)
        drawn = (drafts, face.sent, face.alarm, current, language, theme().palette.name)
        if drawn == self._drawn:
            return
        focus = next((one.report for one in self.entries if one.hasFocus()), None)
        self._drawn = drawn
        self.clear()
        self.column.setContentsMargins(0, 0, space(2), space(2))
        self.entries = []
        self._draw(face, current)
        self.done()
        for entry in self.entries:
            if entry.report == focus:
                entry.setFocus()

    def _draw(self, face: ReportsFace, current: bytes) -> None:
        t = self._t
        self._button("incidents.new", lambda: self.fresh.emit(False))
        if face.alarm and not any(one.alarm == face.alarm for one in face.drafts):
            due = f"{words.day(face.alarm_due_ms)} {clock(face.alarm_due_ms)}"
            self.say(t("incidents.owed", time=clock(face.alarm_ms), due=due), 12, "muted", above=3)
            self.column.addSpacing(space(1))
            self._button("incidents.owed_start", lambda: self.fresh.emit(True))
        if face.drafts:
            self.say(t("incidents.drafts"), 12, "muted", above=4)
            self.column.addSpacing(space(1))
        for draft in face.drafts:
            day, time = words.day(draft.begun_ms), clock(draft.begun_ms)
            kind = words.kind(t, draft.kind)
            self._entry(draft.report, kind, f"{day} {time}", t("incidents.draft_name", kind=kind, day=day, time=time), current)
        self.say(t("incidents.sent"), 12, "muted", above=4)
        if not face.sent:
            self.say(t("incidents.nothing_sent"), 12, "muted", above=1)
        self.column.addSpacing(space(1))
        for sent in face.sent:
            kind, state = words.kind(t, sent.kind), t(f"incidents.state_{sent.state}")
            name = t("incidents.sent_name", number=sent.number, kind=kind, state=state)
            self._entry(sent.report, sent.number, f"{kind} · {state}", name, current)

    def _entry(self, report: bytes, first: str, second: str, name: str, current: bytes) -> None:
        entry = Entry(report, first, second, name, shown=report == current)
        entry.clicked.connect(lambda _=False: self.asked.emit(report))
        self.entries.append(entry)
        self.column.addWidget(entry)

    def _button(self, key: str, pressed: Callable[[], None]) -> None:
        button = push_button(self._t(key), "plain", 36)
        button.setObjectName(key)
        button.clicked.connect(lambda _=False: pressed())
        self.column.addWidget(button)
