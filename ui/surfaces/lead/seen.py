"""Tells the agent, once for each alarm, that its row was really painted where a person can see it.

The instant is taken right after the backing store was flushed; a row that is covered, scrolled away, minimised or not
yet exposed is looked at again four times a second, and only while such a row exists.
"""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtWidgets import QWidget

from ui.surfaces.lead.listing import EntryList
from ui.surfaces.lead.uncovered import covered_part

AGAIN_MS = 250
MOSTLY = 0.25
"""A row counts as covered when more than this part of it is hidden."""


class Seen(QObject):
    """Watches the list of one desk; `report(alarm, boot)` is called on the Qt thread."""

    def __init__(
        self, desk: QWidget, listing: EntryList, boot: Callable[[], int], report: Callable[[bytes, int], None]
    ) -> None:
        super().__init__(desk)
        self._desk, self._list, self._boot, self._report = desk, listing, boot, report
        self._reported: set[bytes] = set()
        self._again = QTimer(self, interval=AGAIN_MS)
        self._again.timeout.connect(self._look_again)

    @property
    def waiting(self) -> bool:
        """Whether a row still has to be seen."""
        return self._again.isActive()

    def forget_all_but(self, alarms: Iterable[bytes]) -> None:
        """Alarms that left the board may be forgotten; call it with every Snapshot."""
        alarms = set(alarms)
        self._reported &= alarms
        self._list.rows.painted &= alarms

    def watch_window(self) -> None:
        """Look again when the window becomes exposed; call it once the window has a handle."""
        handle = self._desk.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Expose and self._missing():
            QTimer.singleShot(0, self, self.flushed)
        return False

    def flushed(self) -> None:
        """The backing store was flushed just now: report what is in it and can be seen."""
        boot = self._boot()
        missing = self._missing()
        if missing:
            for alarm in self._visible(missing):
                if alarm in self._list.rows.painted:
                    self._tell(alarm, boot)
            missing = self._missing()
        if not missing:
            self._again.stop()
        elif not self._again.isActive():
            self._again.start()

    def _look_again(self) -> None:
        """Something uncovered a row: paint it afresh, so that the instant belongs to a paint that can be seen."""
        found = self._visible(self._missing())
        if found:
            self._list.viewport().repaint()
            boot = self._boot()
            for alarm in found:
                self._tell(alarm, boot)
        if not self._missing():
            self._again.stop()

    def _tell(self, alarm: bytes, boot: int) -> None:
        if alarm not in self._reported:
            self._reported.add(alarm)
            self._report(alarm, boot)

    def _missing(self) -> set[bytes]:
        return {row.alarm for entry in self._list.entries.entries for row in entry.rows} - self._reported

    def _visible(self, alarms: set[bytes]) -> list[bytes]:
        """Those of `alarms` whose row lies uncovered on an exposed, not minimised window."""
        handle = self._desk.windowHandle()
        if (
            handle is None or not handle.isExposed() or not self._list.isVisible()
            or self._desk.windowState() & Qt.WindowState.WindowMinimized
        ):
            return []
        view, found = self._list.viewport(), []
        corner = view.mapTo(self._desk, QPoint(0, 0))
        for at, entry in enumerate(self._list.entries.entries):
            here = [row.alarm for row in entry.rows if row.alarm in alarms]
            if not here:
                continue
            whole = self._list.visualRect(self._list.entries.index(at))
            box = whole.intersected(view.rect())
            if box.height() < whole.height() * (1 - MOSTLY) or box.isEmpty():
                continue
            if covered_part(handle, QRect(box.topLeft() + corner, box.size())) <= MOSTLY:
                found.extend(here)
        return found
