"""The window of reports and what it does: saves at every pause, shows what was masked, sends, lists."""

import secrets

from PySide6.QtCore import QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.agent.commands import (
    AddPhoto,
    AskAnswer,
    AskHazards,
    DiscardReport,
    DropPhoto,
    EditReport,
    NoteReport,
    PutCodeAway,
    SendReport,
    Suggest,
)
from app.agent.snapshot import ReportDraft, Snapshot
from ui.bridge import Bridge
from ui.surfaces.incidents import words
from ui.surfaces.incidents.form import Form
from ui.surfaces.incidents.listing import Listing
from ui.surfaces.incidents.pages import SuggestPage, show_hazards
from ui.surfaces.incidents.sent import SentPage
from ui.theme.tokens import space
from ui.widgets.buttons import push_button
from ui.widgets.page import PageWindow
from ui.widgets.plain import PlainLabel, set_names

SIZE = QSize(936, 720)
TABS = ("mine", "hazards", "suggest")
PAUSE_MS, LONGEST_MS = 200, 2000
"""Saved so long after the last key, and so often while somebody types without a pause."""
SURE_MS = 4000


class Window(PageWindow):
    """List at the left, form or report at the right, state line and buttons below; `turned` carries the tab chosen."""

    turned = Signal(str)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(SIZE, TABS)
        self.setMinimumSize(640, 440)
        self.listing, self.form, self.sent = Listing(bridge.t), Form(bridge.t), SentPage(bridge.t)
        self.right = QStackedWidget()
        self.right.addWidget(self.form)
        self.right.addWidget(self.sent)
        body = QWidget()
        body.setProperty("ground", "none")
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(4))
        row.addWidget(self.listing)
        row.addWidget(self.right, 1)
        mine = self.sheets["mine"]
        mine.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        mine.setViewportMargins(0, 0, 0, 0)
        mine.column.setContentsMargins(0, 0, 0, 0)
        mine.column.addWidget(body, 1)
        post = bridge.post
        self.suggest = SuggestPage(
            self.sheets["suggest"], bridge.t, lambda text: post(Suggest(text)), lambda: post(PutCodeAway()),
            lambda code: post(AskAnswer(code)),
        )  # fmt: skip
        self.state = PlainLabel("", 12, "muted", wrap=True)
        self.discard = push_button("", "quiet", 40)
        self.discard.setObjectName("incidents.discard")
        self.send = push_button("", "primary", 40)
        self.send.setObjectName("incidents.send")
        self.send.setMinimumWidth(120)
        self.foot.addWidget(self.state, 1)
        self.foot.addWidget(self.discard)
        self.foot.addWidget(self.send)

    @property
    def tab(self) -> str:
        """The tab that is shown."""
        return next(name for name, tab in self.tabs.items() if tab.isChecked())

    def choose(self, name: str) -> None:
        """Show this tab and tell it."""
        super().choose(name)
        self.turned.emit(name)


class Incidents(QObject):
    """Holds the draft that is shown; everything typed goes to the agent and comes back masked."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.window = Window(bridge)
        self.current, self._edit, self._alarm = secrets.token_bytes(16), 0, b""
        self._sent: EditReport | None = None
        self._unsaved, self._asked = False, False
        self._drawn: object = None
        self._failed = "part_failed" in bridge.snapshot.faults
        self._started = bridge.snapshot.reports.started
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._longest = QTimer(self, singleShot=True, interval=LONGEST_MS)
        self._sure = QTimer(self, singleShot=True, interval=SURE_MS)
        for timer in (self._pause, self._longest):
            timer.timeout.connect(self.save)
        self._sure.timeout.connect(self._speak)
        window = self.window
        window.form.changed.connect(self._changed)
        window.form.left.connect(self._left)
        window.listing.asked.connect(self.show_report)
        window.listing.fresh.connect(self.begin)
        window.sent.noted.connect(lambda text: bridge.post(NoteReport(self.current, text)))
        window.send.clicked.connect(self._send)
        window.discard.clicked.connect(self._discard)
        window.closed.connect(self._closed)
        window.turned.connect(self._turned)
        window.form.photos.added.connect(self._photo)
        window.form.photos.dropped.connect(lambda digest: bridge.post(DropPhoto(self.current, digest)))

    @property
    def at_rest(self) -> bool:
        """Whether it is closed and nothing typed would go with it; a draft is with the agent."""
        window = self.window
        return not (window.isVisible() or window.suggest.field.written or window.sent.field.written)

    def open(self, anchor: QRect) -> None:
        """Show the newest draft, or an empty form; the person asked for it, so it takes the focus."""
        if not self.window.isVisible():
            drafts = self._bridge.snapshot.reports.drafts
            if drafts:
                self.show_report(drafts[0].report)
            else:
                self.begin(bool(self._bridge.snapshot.reports.alarm))
        self.window.stand(anchor)
        first = next(iter(self.window.form.kinds.tiles.values()))
        (self.window.form.fields["text"] if self._draft() is not None else first).setFocus()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw: the list, what was masked, how the draft is kept, the number once it was sent."""
        face = snapshot.reports
        if face.started != self._started and any(one.report == face.started for one in face.drafts):
            self._started = face.started
            if self.window.isVisible():
                self.show_report(face.started)
        failed, self._failed = "part_failed" in snapshot.faults and not self._failed, "part_failed" in snapshot.faults
        if failed and self._sent is not None:  # the part was built anew and may not have kept the last word
            self._changed()
        draft = self._draft()
        if draft is not None and self._sent is not None and draft.edit == self._sent.edit and self._sent.report == draft.report:
            self.window.form.show_masked(draft, self._sent)
        self._speak()

    def close(self) -> None:
        """Save and free the window."""
        self.window.close()
        for timer in (self._pause, self._longest, self._sure):
            timer.stop()
        self.window.deleteLater()
        self.deleteLater()  # its connections keep it alive for Python until Qt lets go of them

    # --- which one is shown ---------------------------------------------------------------------------------------

    def begin(self, for_alarm: bool) -> None:
        """An empty form; nothing is stored before something is written."""
        self.save(left=True)
        face = self._bridge.snapshot.reports
        self._turn_to(secrets.token_bytes(16), face.alarm if for_alarm else b"")
        shown = self._bridge.snapshot.moment
        now = shown.wall_ms + max(0, self._bridge.boot() - shown.boot) // 1_000_000
        around = face.alarm_ms if for_alarm and face.alarm else now
        self.window.form.show_draft(None, around)
        self.window.form.offer(words.moments(self._bridge.snapshot, around), None)
        self._speak()

    def show_report(self, report: bytes) -> None:
        """A draft or a report that was sent, by its id."""
        self.save(left=True)
        self._turn_to(report, self._bridge.snapshot.reports.alarm)
        draft = self._draft()
        if draft is not None:
            self._edit, self._alarm = draft.edit, draft.alarm or self._alarm
            around = draft.occurred_ms or draft.begun_ms
            self.window.form.show_draft(draft, around)
            self.window.form.offer(self._offered(draft, around), draft.steps)
        self.window.choose("mine")
        self._speak()

    def _offered(self, draft: ReportDraft, around: int) -> tuple[words.Moment, ...]:
        """What may belong to a draft, and what was ticked in it, even where that is not known elsewhere any more."""
        found = {(one.ms, one.what, one.script): one for one in words.moments(self._bridge.snapshot, around)}
        kept = {step: words.Moment(*step, near=True) for step in draft.steps}
        return tuple(sorted({**found, **kept}.values(), key=lambda one: (one.ms, one.what)))

    def _turn_to(self, report: bytes, alarm: bytes) -> None:
        self.current, self._edit, self._alarm, self._sent = report, 0, alarm, None
        self._sure.stop()

    def _draft(self) -> ReportDraft | None:
        return next((one for one in self._bridge.snapshot.reports.drafts if one.report == self.current), None)

    # --- saving ---------------------------------------------------------------------------------------------------

    def _changed(self) -> None:
        self._unsaved = True
        if self.window.form.sorts.chosen == "hazard" and not self._asked:
            self._asked = True
            self._bridge.post(AskHazards())
        self.window.form.show_known(self._bridge.snapshot.site.hazards)
        self._pause.start()
        if not self._longest.isActive():
            self._longest.start()

    def _photo(self, data: bytes) -> None:
        """A photo makes a draft even where nothing is written yet."""
        self._unsaved = True
        self.save()
        self._bridge.post(AddPhoto(self.current, data))

    def _turned(self, name: str) -> None:
        self._asked = self._asked or name == "hazards"
        if name == "hazards":
            self._bridge.post(AskHazards())
        self._speak()

    def _left(self) -> None:
        """A field was left: its numbers are judged and shown masked."""
        if self._unsaved or (self._sent is not None and self._sent.active >= 0):
            self.save(left=True)

    def save(self, *, left: bool = False) -> None:
        """Give the agent the form as it is now, if something changed since."""
        self._pause.stop()
        self._longest.stop()
        typing = self._sent is not None and self._sent.active >= 0
        if not self._unsaved and not (left and typing):
            return
        self._unsaved = False
        self._edit += 1
        self._sent = self.window.form.value(self.current, self._edit, self._alarm, left=left)
        self._bridge.post(self._sent)

    def _closed(self) -> None:
        self.save(left=True)
        self._bridge.rested.emit()

    # --- buttons --------------------------------------------------------------------------------------------------

    def _send(self) -> None:
        self._unsaved = True
        self.save(left=True)
        self._bridge.post(SendReport(self.current))
        self._speak()

    def _discard(self) -> None:
        if not self._sure.isActive():
            self._sure.start()
        else:
            gone, self._unsaved, self._sent = self.current, False, None
            self._bridge.post(DiscardReport(gone))
            self.begin(False)
        self._speak()

    def _speak(self) -> None:
        """Every word and what can be pressed, by the Snapshot of now."""
        t, face, window = self._bridge.t, self._bridge.snapshot.reports, self.window
        sent = next((one for one in face.sent if one.report == self.current), None)
        draft = self._draft()
        window.setWindowTitle(t("incidents.title"))
        window.heading.setText(t("incidents.title"))
        window.under.setText(t("incidents.under"))
        set_names(window.listing, t("incidents.list"))
        set_names(window.form, t("incidents.sheet"))
        for name, tab in window.tabs.items():
            tab.set_words(t(f"incidents.tab_{name}"))
            set_names(window.sheets[name], tab.text())
        window.listing.show_reports(face, self.current, self._bridge.texts.language)
        window.right.setCurrentWidget(window.form if sent is None else window.sent)
        if sent is not None:
            window.sent.show_report(sent, face)
        else:
            window.form.speak()
            window.form.lock(draft is not None and draft.sending)
            window.form.photos.show_digests(draft.photos if draft is not None else ())
        self._speak_site()
        self._speak_foot(draft, shown=sent is None and window.tab == "mine")

    def _speak_site(self) -> None:
        """The other two tabs; a list that did not change is left where it was scrolled to."""
        site, window = self._bridge.snapshot.site, self.window
        drawn = (site.hazards, site.risks, site.asked_ms, site.unreachable, self._bridge.texts.language)
        if drawn != self._drawn:
            self._drawn = drawn
            show_hazards(window.sheets["hazards"], self._bridge.t, site)
        window.form.show_known(site.hazards)
        window.suggest.show_face(site)

    def _speak_foot(self, draft: ReportDraft | None, *, shown: bool) -> None:
        t, window = self._bridge.t, self.window
        line, role = words.state(t, draft)
        if draft is not None and draft.unfinished and (self._sent is None or self._sent.active < 0):
            line, role = t("incidents.unfinished", mark=words.MARKS[self._bridge.texts.language]), "caution"
        window.state.setText(line)
        window.state.set_role(role)
        for button, key in ((window.send, "send"), (window.discard, "discard_sure" if self._sure.isActive() else "discard")):
            button.setText(t(f"incidents.{key}"))
            set_names(button, button.text())
        window.send.setEnabled(draft is None or not draft.sending)
        window.discard.setVisible(shown and draft is not None)
        window.send.setVisible(shown)
        window.state.setVisible(shown)


def build(bridge: Bridge) -> Incidents:
    """The surface for the registry."""
    return Incidents(bridge)
