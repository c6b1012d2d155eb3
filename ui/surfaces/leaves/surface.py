"""The page "This is all that leaves this PC" (ux, surfaces; privacy): four tabs and the export of one's own data."""

from datetime import UTC, datetime

from PySide6.QtCore import QObject, QRect, QSize, Qt
from PySide6.QtWidgets import QFileDialog

from app.agent.commands import ClosePage, ExportMine, OpenPage
from app.agent.leavetable import TableRow, kind_words, never_recorded, table_rows
from app.agent.pagefaces import LeavesFace, OwnEntry, Reader
from app.agent.snapshot import Snapshot
from ui import words
from ui.bridge import Bridge
from ui.widgets.buttons import push_button
from ui.widgets.page import PageWindow, Sheet, row_of
from ui.widgets.plain import PlainLabel, set_names

TABS = ("leaves", "sent", "stays", "readers")
SIZE = QSize(760, 680)
FILTERS = {"json": "JSON (*.json)", "csv": "CSV (*.csv)"}


class Leaves(QObject):
    """Draws the table once a language, and the entries whenever other ones were read."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._language = ""
        self._drawn: tuple[bool, tuple[OwnEntry, ...]] | None = None
        self._told: tuple[str, tuple[Reader, ...]] = ("asking", ())
        self.window = PageWindow(SIZE, TABS)
        self.outcome = PlainLabel("", 12, "muted", wrap=True)
        self.exports = {form: push_button("", "plain") for form in FILTERS}
        self.window.foot.addWidget(self.outcome, 1)
        for form, button in self.exports.items():
            button.setObjectName(f"leaves.{form}")
            button.clicked.connect(lambda _=False, form=form: self._ask_where(form))
            self.window.foot.addWidget(button)
        self.window.closed.connect(self._closed)

    @property
    def at_rest(self) -> bool:
        """Whether it is closed."""
        return not self.window.isVisible()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Redraw what changed."""
        if self._language != self._bridge.texts.language:
            self._language = self._bridge.texts.language
            self._drawn = None
            self._say()
        self.window.under.setText(words.sync_line(snapshot, self._bridge.texts, self._bridge.boot()))
        face = snapshot.pages.leaves
        if face is not None:
            self._show(face)

    def open(self, anchor: QRect) -> None:
        """Show it; the agent reads the entries."""
        self._bridge.post(OpenPage("leaves"))
        self.window.stand(anchor)
        self.window.tabs[TABS[0]].setFocus(Qt.FocusReason.PopupFocusReason)

    def close(self) -> None:
        """Close and free the window."""
        self.window.close()
        self.window.deleteLater()
        self.deleteLater()

    def save_to(self, path: str, form: str) -> None:
        """Ask the agent to write the file."""
        self._bridge.post(ExportMine(path, form))

    def _closed(self) -> None:
        self._bridge.post(ClosePage("leaves"))
        self._bridge.rested.emit()

    def _ask_where(self, form: str) -> None:
        name = f"{self._bridge.t('leaves.export_file')}.{form}"
        path, _ = QFileDialog.getSaveFileName(self.window, self._bridge.t("leaves.export"), name, FILTERS[form])
        if path:
            self.save_to(path, form)

    def _say(self) -> None:
        t = self._bridge.t
        self.window.setWindowTitle(t("leaves.title"))
        self.window.heading.setText(t("leaves.title"))
        for name in TABS:
            self.window.tabs[name].set_words(t(f"leaves.tab_{name}"))
            set_names(self.window.sheets[name], t(f"leaves.tab_{name}"))
        for form, button in self.exports.items():
            button.setText(t(f"leaves.export_{form}"))
            set_names(button, button.text())
        rows = table_rows(self._language)
        self._say_leaving([row for row in rows if row.place == "leaves"])
        self._say_staying([row for row in rows if row.place == "stays"], [row for row in rows if row.place == "server"])
        self._say_readers()

    def _say_leaving(self, rows: list[TableRow]) -> None:
        sheet = self.window.sheets["leaves"]
        sheet.clear()
        for at, row in enumerate(rows):
            self._row(sheet, row, at)
            self._facts(sheet, ("reader", row.reader), ("purpose", row.purpose), ("kept_server", row.on_server))
        sheet.done()

    def _say_staying(self, rows: list[TableRow], elsewhere: list[TableRow]) -> None:
        sheet, t = self.window.sheets["stays"], self._bridge.t
        sheet.clear()
        sheet.say(t("leaves.stays_intro"))
        sheet.line()
        for at, row in enumerate(rows):
            self._row(sheet, row, at, fields=False)
            self._facts(sheet, ("kept_pc", row.on_pc))
        sheet.line()
        sheet.say(t("leaves.never"), strong=True, above=3)
        for one in never_recorded(self._language):
            sheet.say(one, above=1)
        sheet.line()
        sheet.say(t("leaves.server_intro"), strong=True, above=3)
        for row in elsewhere:
            sheet.say(row.what, above=2)
            self._facts(sheet, ("reader", row.reader), ("purpose", row.purpose), ("kept_server", row.on_server))
        sheet.done()

    def _say_readers(self) -> None:
        sheet, t = self.window.sheets["readers"], self._bridge.t
        sheet.clear()
        state, readers = self._told
        key = "readers_none" if state == "told" and not readers else f"readers_{state}"
        sheet.say(t(f"leaves.{key}"), strong=True, role="caution" if state == "unreachable" else "text", above=2)
        for one in readers:
            role = t(f"leaves.role_{one.role}") if f"leaves.role_{one.role}" in self._bridge.texts else one.role
            sheet.say(t("leaves.reader_line", day=one.day, role=role, number=one.number), above=2)
        sheet.say(t("leaves.readers_text"), 12, "muted", above=3)
        sheet.say(t("leaves.readers_may"), 12, "muted", above=1)
        sheet.line()
        sheet.say(t("leaves.use_title"), strong=True, above=3)
        sheet.say(t("leaves.use_text"), above=1)
        sheet.done()

    def _row(self, sheet: Sheet, row: TableRow, at: int, *, fields: bool = True) -> None:
        if at:
            sheet.line()
        sheet.say(row.what, strong=True, above=3 if at else 1)
        if fields:
            names = self._bridge.t("privacy.comma").join(row.fields)
            sheet.say(self._bridge.t("leaves.fields", text=names), 12, "muted", above=1)

    def _facts(self, sheet: Sheet, *facts: tuple[str, str]) -> None:
        sheet.say("  ·  ".join(self._bridge.t(f"leaves.{key}", text=text) for key, text in facts), 12, "muted", above=1)

    def _show(self, face: LeavesFace) -> None:
        said = self._bridge.t(f"leaves.exported_{face.exported}") if face.exported else ""
        if said != self.outcome.text():
            self.outcome.setText(said)
            self.outcome.set_role("calm" if face.exported == "done" else "caution")
        if self._told != (face.readers_state, face.readers):
            self._told = face.readers_state, face.readers
            self._say_readers()
        if self._drawn == (face.readable, face.entries):
            return
        self._drawn = face.readable, face.entries
        sheet, t = self.window.sheets["sent"], self._bridge.t
        sheet.clear()
        key = "sent_intro" if face.entries else "sent_none" if face.readable else "sent_closed"
        sheet.say(t(f"leaves.{key}"), role="text" if face.readable else "caution", above=1)
        for entry in face.entries:
            sheet.line()
            sheet.column.addSpacing(8)
            state = PlainLabel(t("leaves.held" if entry.held else "leaves.waiting"), 12, "calm" if entry.held else "caution")
            when = PlainLabel(moment(entry.ms), 12, "muted", tabular=True)
            sheet.column.addWidget(row_of(PlainLabel(kind_words(entry.kind, self._language), 14), None, state, when, spacing=4))
            sheet.say(breakable(entry.text), 12, "muted", above=1)
        sheet.done()


def moment(wall_ms: int) -> str:
    """Day and time of this PC's zone."""
    return datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone().strftime("%m-%d %H:%M:%S")


def breakable(text: str, longest: int = 48) -> str:
    """The text with invisible places to break in words longer than a line (hashes, signatures)."""
    return " ".join("\u200b".join(word[at : at + longest] for at in range(0, len(word), longest)) for word in text.split(" "))


def build(bridge: Bridge) -> Leaves:
    """The surface for the registry."""
    return Leaves(bridge)
