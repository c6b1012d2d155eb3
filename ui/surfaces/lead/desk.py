"""The desk's window, 1120 × 720: the list on the left, one call for help on the right, or the calm page."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.agent.commands import Command, Painted
from app.agent.snapshot import DeskFace, DeskRow
from ui.surfaces.lead import words
from ui.surfaces.lead.calm import CalmPage
from ui.surfaces.lead.detail import Detail
from ui.surfaces.lead.folding import Entry, fold
from ui.surfaces.lead.listing import WIDTH, EntryList
from ui.surfaces.lead.seen import Seen
from ui.theme.theme import theme
from ui.widgets.capture import leave_out_of_captures
from ui.widgets.plain import PlainLabel
from ui.widgets.ticking import Ticking

SIZE, LEAST = (1120, 720), (900, 600)
FRAME = QSize(16, 40)
"""What a window manager puts around a window, at the least that is safe to leave for it."""
RESTORED_MS = 600


def first_size(free: QSize) -> QSize:
    """The desk's size on a screen with this room: a small one, or a large one at 125 or 150 %, gets a smaller desk."""
    return QSize(*SIZE).boundedTo(free - FRAME).expandedTo(QSize(*LEAST))


class Desk(QWidget):
    """Draws a DeskFace. It comes up for a new call for help without taking the focus, and closing only hides it."""

    def __init__(self, text: words.Text, boot: Callable[[], int], post: Callable[[Command], None]) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._text, self._boot = text, boot
        leave_out_of_captures(self)
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.resize(first_size(QGuiApplication.primaryScreen().availableGeometry().size()))
        self.setMinimumSize(*LEAST)
        self._face: DeskFace | None = None
        self._apart: frozenset[bytes] = frozenset()
        self._known: frozenset[bytes] = frozenset()
        self._no_sound = self._applying = False
        self.list = EntryList(text, boot)
        self.detail = Detail(text, boot, post, self._unfold)
        self.calm = CalmPage(text)
        self.count = PlainLabel(size=16, role="muted")
        self.trouble = PlainLabel(size=16, role="caution", wrap=True)
        self._lay_out()
        self.list.chosen.connect(self._choose)
        self.list.entered.connect(lambda: self.detail.act.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.seen = Seen(self, self.list, boot, lambda alarm, at: post(Painted(alarm, at)))
        self._ticking = Ticking(boot, self)
        self._ticking.ticked.connect(self._tick)
        self._warm()

    def show_face(self, face: DeskFace, no_sound: bool) -> None:
        """Draw the board; a new row is painted within this call when the window is on screen."""
        fresh = frozenset(row.alarm for row in face.rows if words.waiting(row)) - self._known
        self._known = frozenset(row.alarm for row in face.rows)
        old, self._face, self._no_sound = self._face, face, no_sound
        self._apart &= self._known
        self.seen.forget_all_but(self._known)
        if old is None or old.rows != face.rows:
            self._show_rows(fold(face.rows, self._apart))
        if fresh:
            self._paint_now()
        self._show_rest(face)
        if fresh:
            self.come_up()

    def come_up(self) -> None:
        """Be on top without taking the keyboard from anybody."""
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        if self.isMinimized():
            # some window managers give the keyboard to whatever is restored: for a moment it does not want it
            self._want_focus(False)
            QTimer.singleShot(RESTORED_MS, self, lambda: self._want_focus(True))
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()

    def _want_focus(self, on: bool) -> None:
        handle = self.windowHandle()
        if handle is not None:
            handle.setFlag(Qt.WindowType.WindowDoesNotAcceptFocus, not on)

    def open(self) -> None:
        """The person asked for it: it may have the focus."""
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, False)
        self._want_focus(True)
        self.showNormal() if self.isMinimized() else self.show()
        self.raise_()
        self.activateWindow()

    def retext(self) -> None:
        """Another language or theme: say everything again."""
        self.list.setAccessibleName(self._text("lead.list_name"))
        if self._face is not None:
            self._show_rows(fold(self._face.rows, self._apart))
            self._show_rest(self._face)
        self.list.viewport().update()

    # parts

    def _lay_out(self) -> None:
        self.work = QWidget()
        left = QVBoxLayout()
        left.setSpacing(0)
        self.count.setContentsMargins(20, 20, 16, 12)
        self.trouble.setContentsMargins(20, 8, 16, 16)
        for part in (self.count, self.list, self.trouble):
            left.addWidget(part)
        self.trouble.setFixedWidth(WIDTH)
        both = QHBoxLayout(self.work)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(0)
        both.addLayout(left)
        both.addWidget(self.detail, 1)
        self.pages = QStackedLayout(self)
        self.pages.addWidget(self.calm)
        self.pages.addWidget(self.work)
        self.list.setAccessibleName(self._text("lead.list_name"))

    def _warm(self) -> None:
        """Draw a made-up row once, unseen: styles, fonts and glyphs cost 0.1 s that the first call for help must not wait."""
        figures = "0123456789 A-Z 楼▲"
        sample = DeskRow(b"", figures, figures, figures, "", 2, False, True, True, 0, "raised", "", False, "take")
        self.list.entries.apply([Entry(b"", (sample,))])
        self.list.choose(b"")
        self.work.resize(*SIZE)
        self.work.grab()
        self.list.entries.apply([])
        self.list.rows.painted.clear()
        self.detail.entry = None

    def _show_rows(self, entries: tuple[Entry, ...]) -> None:
        self._applying = True
        self._apply_rows(entries)
        self._applying = False

    def _apply_rows(self, entries: tuple[Entry, ...]) -> None:
        chosen = self.list.current
        top = self.list.entries.entries[0].key if self.list.entries.entries else b""
        self.list.entries.apply(entries)
        if not entries:
            self.pages.setCurrentWidget(self.calm)
            self._ticking.stop()
            return
        self.pages.setCurrentWidget(self.work)
        if entries[0].key != top:
            self.list.scrollToTop()
        stays = next((one for one in entries if chosen is not None and one.key == chosen.key), None)
        stays = stays or next((one for one in entries if chosen is not None and chosen.first in one.rows), entries[0])
        self.list.choose(stays.key)
        self.detail.show_entry(stays, self._boot())
        self._ticking.run(entries[0].first.raised_boot)

    def _paint_now(self) -> None:
        """Do not wait for Qt's next turn: lay out, paint, flush, take the time."""
        if self.isVisible() and self.pages.currentWidget() is self.work:
            self.list.settle_layout()
            self.list.viewport().repaint()
        self.seen.flushed()

    def _show_rest(self, face: DeskFace) -> None:
        title = words.title(self._text, face)
        if self.windowTitle() != title:
            self.setWindowTitle(title)
            self.setWindowIconText(title)
        if not face.rows:
            self.calm.show_desk(face, self._no_sound)
            return
        self.count.setText(words.counts(self._text, face))
        lines = [] if face.connected else [self._text("lead.calm_offline")]
        if face.uncovered:
            lines.append(self._text("lead.uncovered_short", n=len(face.uncovered)))
        if self._no_sound:
            lines.append(self._text("lead.no_sound"))
        self.trouble.setText("\n".join(lines))
        self.trouble.setVisible(bool(lines))

    def _choose(self, key: bytes) -> None:
        entry = self.list.current
        if entry is not None:
            self.detail.show_entry(entry, self._boot(), chosen=not self._applying)

    def _unfold(self, entry: Entry) -> None:
        self._apart |= {row.alarm for row in entry.rows}
        self.retext()

    def _tick(self) -> None:
        if self.isVisible() and not self.isMinimized():
            self.list.refresh_times()
            self.detail.show_time(self._boot())

    # Qt

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.UpdateRequest:
            self.seen.flushed()
        return done

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.seen.watch_window()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("surface"))
        if self.pages.currentWidget() is self.work:
            painter.fillRect(WIDTH, 0, 1, self.height(), theme().colour("line"))
