"""A fake source of Snapshots for faces: tests and pictures push what the agent would show and read what was posted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from app.agent.commands import Command
from app.agent.snapshot import HelpFace, SeatFace, Settings, Snapshot, SyncFace
from app.domain.moment import NS, Moment
from ui.bridge import Bridge, language_of
from ui.theme.theme import theme

QUIET = {"QT_LOGGING_RULES": "qt.qpa.theme.gnome=false;qt.qpa.services=false", "QT_QPA_PLATFORMTHEME": "gnome"}
"""Environment of a stage without a desktop portal: Qt would warn that there is none."""

NOON = int(datetime(2026, 11, 20, 10, 44, tzinfo=UTC).timestamp()) * NS
START = Moment(5000 * NS, 5000 * NS, NOON)


def snapshot_of(
    *, language: str = "zh_CN", look: str = "light", seat: dict[str, Any] | None = None, help_: dict[str, Any] | None = None,
    sync: dict[str, Any] | None = None, settings: dict[str, Any] | None = None, **whole: Any,
) -> Snapshot:
    """An ordinary morning (two hours of work, three leads listening) with the given differences."""
    base_seat = SeatFace(worked_seconds=7800, breaks_kept=3, next_kind="eyes", next_in_seconds=700, next_fraction=0.42)
    base_help = HelpFace(enrolled=True, listeners=3, number="8110", lan_tested=True)
    base_sync = SyncFace(configured=True, connected=True, last_synced_ms=START.wall_ms - 130_000)
    base_settings = Settings(language=language, theme=look, handle_shown=False)
    return Snapshot(**{
        "revision": 1, "moment": START, "seat": replace(base_seat, **(seat or {})), "help": replace(base_help, **(help_ or {})),
        "sync": replace(base_sync, **(sync or {})), "settings": replace(base_settings, **(settings or {})), **whole,
    })


class FakeSource:
    """Stands where a RunningAgent would; `posted` holds every command, `now` is the clock that faces read."""

    def __init__(self, snapshot: Snapshot | None = None) -> None:
        self.snapshot = snapshot or snapshot_of()
        self.posted: list[Command] = []
        self.now = START.boot
        self._callbacks: list[Callable[[Snapshot], None]] = []

    def boot(self) -> int:
        """The clock of the Snapshots in nanoseconds."""
        return self.now

    def subscribe(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call `callback` with every pushed Snapshot until the returned function is called."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    def post(self, command: Command) -> None:
        """Keep the command."""
        self.posted.append(command)

    def push(self, snapshot: Snapshot) -> None:
        """Show another Snapshot."""
        self.snapshot = replace(snapshot, revision=self.snapshot.revision + 1)
        for callback in tuple(self._callbacks):
            callback(self.snapshot)


def bridge_for(snapshot: Snapshot) -> tuple[Bridge, FakeSource]:
    """A bridge over a fake source, with the Snapshot's theme and language in force."""
    source = FakeSource(snapshot)
    theme().choose(snapshot.settings.theme, language_of(snapshot), snapshot.settings.reduce_motion)
    return Bridge(source), source


def deliver() -> None:
    """Let everything that is queued happen, deletions as well."""
    for _ in range(3):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def nameless_controls(window: QWidget) -> list[str]:
    """Class names of controls (buttons and whatever takes the focus) that a screen reader could not name."""
    from PySide6.QtCore import Qt

    found = []
    for widget in window.findChildren(QWidget):
        control = isinstance(widget, QAbstractButton) or widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        if control and widget.isVisibleTo(window) and not widget.accessibleName() and not widget.inherits("QScrollBar"):
            found.append(type(widget).__name__)
    return found


def cut_labels(window: QWidget) -> list[str]:
    """Texts of visible labels that do not fit into the place that they were given."""
    cut = []
    for label in window.findChildren(QLabel):
        if not label.isVisibleTo(window) or not label.text():
            continue
        needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
        wide = label.width() if label.wordWrap() else label.sizeHint().width()
        longest = max((label.fontMetrics().horizontalAdvance(word) for word in label.text().split()), default=0)
        too_long = label.wordWrap() and " " in label.text() and longest > label.width()
        if needed > label.height() + 1 or wide > label.width() + 1 or too_long:
            cut.append(label.text())
    return cut
