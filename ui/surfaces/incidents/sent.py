"""The page of a report that was sent: its number, how far it is, and a note beside it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal

from app.agent.reports import NOTE_MAX
from app.agent.snapshot import ReportsFace, SentReport
from ui.surfaces.incidents import words
from ui.surfaces.incidents.inputs import Writing
from ui.theme.theme import BOLD, NORMAL
from ui.theme.tokens import space
from ui.widgets.buttons import push_button
from ui.widgets.page import Sheet, row_of
from ui.widgets.plain import PlainLabel, set_names
from ui.words import clock

LINES = ("number", "state", "kind", "way", "due", "gone", "note", "note_hint", "notes")
STRONG = ("number", "note", "state")


class SentPage(Sheet):
    """`noted` carries the text of a note."""

    noted = Signal(str)

    def __init__(self, t: Callable[..., str]) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._t = t
        self.report = b""
        sizes = {"number": 20, "state": 14, "kind": 14, "note": 14}
        self.lines = {
            key: PlainLabel("", sizes.get(key, 12), "text" if key in sizes else "muted", BOLD if key in STRONG else NORMAL, wrap=True)
            for key in LINES
        }
        self.field = Writing(88)
        self.field.setObjectName("incidents.note")
        self.button = push_button("", "plain", 36)
        self.button.setObjectName("incidents.note_send")
        self.button.clicked.connect(self._send)
        self.field.edited.connect(self._able)
        for key in LINES:
            self.column.addSpacing(space({"number": 1, "note": 8, "gone": 4, "notes": 2}.get(key, 1)))
            self.column.addWidget(self.lines[key])
            if key == "note_hint":
                self.column.addSpacing(space(2))
                self.column.addWidget(self.field)
                self.column.addSpacing(space(2))
                self.column.addWidget(row_of(self.button, None))
        self.done()

    def show_report(self, sent: SentReport, face: ReportsFace) -> None:
        """Show one report as it stands now."""
        t = self._t
        if sent.report != self.report:
            self.report = sent.report
            self.field.put("")
        self.lines["number"].setText(sent.number)
        self.lines["state"].setText(t(f"incidents.state_{sent.state}"))
        at = t("incidents.sent_at", day=words.day(sent.sent_ms), time=clock(sent.sent_ms))
        grave = t(f"incidents.{'class' if sent.hazard else 'level'}_{sent.level}")
        self.lines["kind"].setText(f"{words.kind(t, sent.kind)} · {grave} · {at}")
        said = words.sent_lines(t, sent)
        self.lines["way"].setText(said[0])
        self.lines["due"].setText(said[1] if len(said) > 1 else "")
        self.lines["due"].setVisible(len(said) > 1)
        self.lines["gone"].setText(t("incidents.gone"))
        self.lines["note"].setText(t("incidents.note"))
        self.lines["note_hint"].setText(t("incidents.note_hint"))
        notes = t("incidents.notes_one") if sent.notes == 1 else t("incidents.notes", n=sent.notes) if sent.notes else ""
        waits = t("incidents.note_waiting") if face.notes_waiting else ""
        self.lines["notes"].setText(waits or notes)
        self.lines["notes"].setVisible(bool(waits or notes))
        self.button.setText(t("incidents.note_send"))
        set_names(self.button, self.button.text())
        set_names(self.field, t("incidents.note"), t("incidents.note_hint"))
        self._able()

    def _able(self) -> None:
        self.button.setEnabled(0 < len(self.field.written.strip()) <= NOTE_MAX)

    def _send(self) -> None:
        self.noted.emit(self.field.written)
        self.field.put("")
        self._able()
