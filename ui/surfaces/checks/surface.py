"""The page of shift checks and its quiet offer (ux, surfaces)."""

from PySide6.QtCore import QObject, QRect, QSize, Qt
from PySide6.QtWidgets import QPushButton

from app.agent.commands import ClosePage, FinishCheck, OpenPage, PutOffCheck
from app.agent.snapshot import Snapshot
from app.content.model import Checklist
from ui.bridge import Bridge
from ui.surfaces.checks.listing import Listing
from ui.surfaces.checks.offer import OfferCard
from ui.surfaces.checks.seats import WeekSeats
from ui.widgets.buttons import push_button
from ui.widgets.page import PageWindow
from ui.widgets.plain import PlainLabel, set_names

SIZE = QSize(720, 680)
FOR_LEADS = "lead-"
SAMPLED = "lead-weekly"
"""The list that stands below the seats of the week."""
REASONS = {"shift-start": "reason_start", "shift-end": "reason_end"}


class Checks(QObject):
    """Builds the lists when it is opened; answers live in the widgets until the list is done."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._language = ""
        self._offered = ("", "")
        self.card: OfferCard | None = None
        self.window: PageWindow | None = None
        self.lists: dict[str, Listing] = {}
        self.seats: WeekSeats | None = None
        self.finish: QPushButton
        self.rest: QPushButton
        self.repair: QPushButton
        self.told: PlainLabel

    @property
    def at_rest(self) -> bool:
        """Whether neither page nor offer is on screen."""
        card = self.card is not None and self.card.isVisible()
        return not card and (self.window is None or not self.window.isVisible())

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Offer what is to be offered; fill in facts."""
        face = snapshot.pages.checks
        window = self.window
        if window is not None and window.isVisible():
            if self._language != self._bridge.texts.language:
                self._again(window)
            for listing in self.lists.values():
                listing.show_facts(dict(face.facts), asking=face.asking)
            if self.seats is not None:
                self.seats.show_sample(face.sample_state, face.sample)
            self._state()
        elif face.offered:
            self._offer(face.offered)
            return
        if self.card is not None:
            self.card.dismiss()

    def open(self, anchor: QRect) -> None:
        """Show the page on the list that is offered, else on the first."""
        offered = self._bridge.snapshot.pages.checks.offered
        if self.card is not None:
            self.card.dismiss()
        if self.window is None or not self.window.isVisible():
            self._build()
        assert self.window is not None
        if offered in self.lists:
            self.window.choose(offered)
        self._bridge.post(OpenPage("checks"))
        self.window.stand(anchor)
        next(tab for tab in self.window.tabs.values() if tab.isChecked()).setFocus(Qt.FocusReason.PopupFocusReason)
        self._state()

    def close(self) -> None:
        """Close and free both."""
        for widget in (self.window, self.card):
            if widget is not None:
                widget.close()
                widget.deleteLater()
        self.window = self.card = None
        self.deleteLater()

    # --- the offer ------------------------------------------------------------------------------------------------

    def _offer(self, name: str) -> None:
        wanted = (name, self._bridge.texts.language)
        if self._offered == wanted and self.card is not None and self.card.isVisible():
            return  # a card that stands there reads no content again
        titles = {one.id: one.title for one in self._bridge.library().checklists}
        if name not in titles:
            return
        self._offered = wanted
        if self.card is None:
            self.card = OfferCard()
            self.card.start.clicked.connect(lambda: self._bridge.open("checks"))
            self.card.later.clicked.connect(lambda: self._bridge.post(PutOffCheck(self._bridge.snapshot.pages.checks.offered)))
        t = self._bridge.t
        self.card.set_words(titles[name], t(f"checks.{REASONS.get(name, 'reason_start')}"), t("checks.start"), t("checks.put_off"))
        self.card.present()

    # --- the page -------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        if self.window is not None:
            self.window.deleteLater()
        self._language = self._bridge.texts.language
        lead = self._bridge.snapshot.desk is not None
        found = [one for one in self._bridge.library().checklists if lead or not one.id.startswith(FOR_LEADS)]
        self.window = PageWindow(SIZE, [one.id for one in found])
        self.lists, self.seats = {}, None
        t = self._bridge.t
        self.window.setWindowTitle(t("checks.title"))
        self.window.heading.setText(t("checks.title"))
        self.window.under.setText(t("checks.leaves"))
        for checklist in found:
            self._add(self.window, checklist)
        self.told = PlainLabel("", 12, "muted", wrap=True)
        self.repair = QPushButton(t("checks.repair"))
        self.repair.setCheckable(True)
        self.repair.setChecked(True)
        self.repair.toggled.connect(self._state)
        self.rest, self.finish = push_button(t("checks.rest_fine")), push_button(t("checks.finish"), "primary")
        self.window.foot.addWidget(self.told, 1)
        for button, name in ((self.repair, "repair"), (self.rest, "rest"), (self.finish, "finish")):
            button.setFixedHeight(36)
            button.setObjectName(f"checks.{name}")
            set_names(button, button.text())
            self.window.foot.addWidget(button)
        self.rest.clicked.connect(self._all_well)
        self.finish.clicked.connect(self._finish)
        for tab in self.window.tabs.values():
            tab.toggled.connect(self._state)
        self.window.closed.connect(self._closed)
        self._state()

    def _add(self, window: PageWindow, checklist: Checklist) -> None:
        tab, sheet = window.tabs[checklist.id], window.sheets[checklist.id]
        tab.set_words(checklist.title)
        sheet.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        face = self._bridge.snapshot.pages.checks
        if checklist.id == SAMPLED:
            self.seats = WeekSeats(self._bridge)
            self.seats.show_sample(face.sample_state, face.sample)
            sheet.column.addWidget(self.seats)
        listing = Listing(checklist, self._bridge, self._state)
        sheet.column.addWidget(listing)
        self.lists[checklist.id] = listing
        listing.show_facts(dict(face.facts), asking=face.asking)

    def _again(self, window: PageWindow) -> None:
        """Another language: the same answers on new words."""
        kept = {name: {row.item.id: row.well for row in listing.rows} for name, listing in self.lists.items()}
        name, place = self._chosen(), window.geometry()
        window.closed.disconnect(self._closed)
        window.close()
        self._build()
        assert self.window is not None
        self.window.setGeometry(place)
        for at, listing in self.lists.items():
            for row in listing.rows:
                if (well := kept.get(at, {}).get(row.item.id)) is not None:
                    row.answer(well)
        if name in self.lists:
            self.window.choose(name)
        self.window.show()

    def _chosen(self) -> str:
        assert self.window is not None
        return next((name for name, tab in self.window.tabs.items() if tab.isChecked()), "")

    def _listing(self) -> Listing | None:
        return self.lists.get(self._chosen()) if self.window is not None else None

    def _state(self, *_told: object) -> None:
        listing = self._listing()
        if listing is None or not hasattr(self, "finish"):
            return
        t, rows = self._bridge.t, listing.asked
        left = sum(row.well is None for row in rows)
        faults = [row for row in rows if row.well is False]
        done = listing.checklist.id in self._bridge.snapshot.pages.checks.done
        key = "left" if left else "faults" if faults else "done" if done else "ready"
        self.told.setText(t(f"checks.{key}", n=left or len(faults)))
        self.told.set_role("caution" if faults and not left else "calm" if key == "done" else "muted")
        self.repair.setVisible(any(row.item.repair for row in faults))
        self.repair.setText(t("checks.repair") + (" ✓" if self.repair.isChecked() else ""))
        self.rest.setEnabled(left > 0)
        self.finish.setEnabled(not left)
        kind = "plain" if left else "primary"
        if self.finish.property("kind") != kind:
            self.finish.setProperty("kind", kind)
            self.finish.style().unpolish(self.finish)
            self.finish.style().polish(self.finish)

    def _all_well(self) -> None:
        listing = self._listing()
        if listing is not None:
            listing.all_well()
            self.finish.setFocus()

    def _finish(self) -> None:
        listing = self._listing()
        if listing is None or any(row.well is None for row in listing.asked):
            return
        wanted = self.repair.isVisible() and self.repair.isChecked()
        items = tuple((row.item.id, bool(row.well)) for row in listing.asked)
        self._bridge.post(FinishCheck(listing.checklist.id, items, wanted))
        if self.window is not None:
            self.window.close()

    def _closed(self) -> None:
        self._bridge.post(ClosePage("checks"))
        self._bridge.rested.emit()


def build(bridge: Bridge) -> Checks:
    """The surface for the registry."""
    return Checks(bridge)
