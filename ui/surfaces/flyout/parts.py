"""The flyout's content, in the fixed order of the ux measures."""

from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from app.agent.commands import LockNow, RaiseAlarm, ShiftMark, TakeBreak
from app.agent.snapshot import Snapshot
from ui import words
from ui.bridge import Bridge
from ui.faces import REGISTRY
from ui.menu import add_choices
from ui.theme.theme import theme
from ui.theme.tokens import PADDING, space
from ui.widgets.buttons import ActionButton
from ui.widgets.hold import HoldButton
from ui.widgets.plain import PlainLabel, set_names, set_tip
from ui.widgets.ring import Ring
from ui.widgets.seatsign import paint_seat

WIDTH = 360
TILES = (
    ("scripts", "scripts", "scripts"), ("cards", "cards", "cards"), ("break", "break", ""), ("lock", "lock", ""),
    ("report", "report", "incidents"), ("day", "day", "day"),
)
"""The six buttons in their fixed order: name, icon, and the surface that they open."""
EARLY_MS = 3000
"""How long the line below the help button says how to hold it."""


class Badge(QWidget):
    """The seat sign of 24 px with the strokes of the help sign."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(24, 24)
        self._shown = ("well", "none", False)
        theme().changed.connect(self.update)

    def show_sign(self, state: str, strokes: str, dot: bool) -> None:
        """Draw another sign."""
        if (state, strokes, dot) != self._shown:
            self._shown = (state, strokes, dot)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_seat(painter, 24, *self._shown, theme().colour("text"), theme().colour("mark"))


class Content(QWidget):
    """All parts, top to bottom: sign and sentence, ring and line, help and reach, acts, foot."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.setProperty("ground", "none")
        self._bridge = bridge
        self._early = QTimer(self, singleShot=True, interval=EARLY_MS)
        self._early.timeout.connect(lambda: self._show_reach(bridge.snapshot))
        self.menu_open = False
        self._menu: QMenu | None = None
        self.setFixedWidth(WIDTH)
        column = self.inner = QVBoxLayout(self)
        column.setContentsMargins(PADDING, PADDING, PADDING, space(2))
        column.setSpacing(0)
        self._add_day(column)
        self._add_help(column)
        self._add_acts(column)
        self._add_foot(column)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Redraw every part."""
        texts, boot = self._bridge.texts, self._bridge.boot()
        self.badge.show_sign(snapshot.tray.value, snapshot.help.sign.value, bool(snapshot.help.sentence))
        set_names(self.badge, texts.t("tray.name"))
        set_tip(self.badge, words.sentence(snapshot, texts))
        reach, fault = words.reach_line(snapshot, texts), words.first_fault(snapshot, texts)
        self.sentence.setText(fault if fault and fault != reach else words.day_sentence(snapshot, texts))
        self._show_ring(snapshot, boot)
        self.help.set_words(texts.t("flyout.help"), texts.t("flyout.help_how"))
        if not self._early.isActive():
            self._show_reach(snapshot)
        for name, tile in self.tiles.items():
            tile.set_words(texts.t(f"flyout.tile_{name}"))
        self.rest.setEnabled(snapshot.seat.on_shift and snapshot.seat.running is None)
        self.sync.setText(words.sync_line(snapshot, texts, boot))
        set_names(self.more, texts.t("flyout.more"))
        set_tip(self.more, texts.t("flyout.more"))

    def close_menu(self) -> None:
        """Close an open menu: it holds the keyboard, and a locker could not take it."""
        if self._menu is not None:
            self._menu.close()

    def _add_day(self, column: QVBoxLayout) -> None:
        top = QHBoxLayout()
        top.setSpacing(space(3))
        self.badge = Badge(self)
        self.sentence = PlainLabel(size=16, wrap=True)
        top.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.sentence, 1)
        column.addLayout(top)
        column.addSpacing(space(4))
        row = QHBoxLayout()
        row.setSpacing(space(4))
        self.ring = Ring(72, 6, 20)
        self.next = PlainLabel(size=14, wrap=True)
        row.addWidget(self.ring)
        row.addWidget(self.next, 1)
        column.addLayout(row)
        column.addSpacing(space(4))

    def _add_help(self, column: QVBoxLayout) -> None:
        self.help = HoldButton()
        self.help.setObjectName("flyout.help")
        self.help.completed.connect(self._ask_help)
        self.help.let_go_early.connect(self._say_hold)
        self.reach = PlainLabel(size=12, role="muted", wrap=True)
        self.reach.setMinimumHeight(space(5))
        column.addWidget(self.help)
        column.addSpacing(space(2))
        column.addWidget(self.reach)
        column.addSpacing(space(4))

    def _add_acts(self, column: QVBoxLayout) -> None:
        grid = QGridLayout()
        grid.setSpacing(space(2))
        known = {entry.name for entry in REGISTRY}
        self.tiles: dict[str, ActionButton] = {}
        for name, icon, surface in TILES:
            if surface and surface not in known:
                continue
            tile = self.tiles[name] = ActionButton(icon)
            tile.setObjectName(f"flyout.{name}")
            if surface:
                tile.clicked.connect(lambda _=False, surface=surface: self._open(surface))
            grid.addWidget(tile, (len(self.tiles) - 1) // 3, (len(self.tiles) - 1) % 3)
        self.rest, self.lock = self.tiles["break"], self.tiles["lock"]
        self.rest.clicked.connect(lambda: self._act(TakeBreak()))
        self.lock.clicked.connect(lambda: self._act(LockNow(leave=True)))
        column.addLayout(grid)
        column.addSpacing(space(3))

    def _add_foot(self, column: QVBoxLayout) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(space(2))
        self.sync = PlainLabel(size=12, role="muted", wrap=True)
        self.sync.setMinimumHeight(32)
        self.more = QToolButton()
        self.more.setObjectName("flyout.more")
        self.more.setFixedSize(32, 32)
        self.more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.more.setAutoRaise(True)
        self.more.clicked.connect(self._open_menu)
        self._draw_more()
        theme().changed.connect(self._draw_more)
        foot.addWidget(self.sync, 1)
        foot.addWidget(self.more, 0, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(foot)

    def _draw_more(self) -> None:
        self.more.setIcon(theme().icon("more", "muted", 20))
        self.more.setIconSize(QSize(20, 20))

    def _show_ring(self, snapshot: Snapshot, boot: int) -> None:
        resting = words.minutes_of_rest(snapshot, boot)
        minutes = words.minutes_to_break(snapshot, boot) if resting is None else resting
        self.ring.show_progress(snapshot.seat.next_fraction if minutes is not None else 0.0, str(minutes or "–"))
        line = words.next_line(snapshot, self._bridge.texts)
        self.next.setText(line)
        spoken = line if minutes is None or resting is not None else self._bridge.t("flyout.ring_name", minutes=minutes)
        set_names(self.ring, spoken)

    def _show_reach(self, snapshot: Snapshot) -> None:
        self.reach.set_role("caution" if words.reached_by_nobody(snapshot) else "muted")
        self.reach.setText(words.reach_line(snapshot, self._bridge.texts))

    def _ask_help(self) -> None:
        self._bridge.post(RaiseAlarm(pressed_boot=self._bridge.boot()))

    def _say_hold(self) -> None:
        self._early.start()
        self.reach.set_role("muted")
        self.reach.setText(self._bridge.t("flyout.help_early"))

    def _act(self, command: TakeBreak | LockNow) -> None:
        self._bridge.post(command)
        self.window().close()

    def _open(self, surface: str) -> None:
        self.window().close()
        self._bridge.open(surface)

    def _open_menu(self) -> None:
        self._menu = QMenu(self)
        on = self._bridge.snapshot.seat.on_shift
        shift = self._menu.addAction(self._bridge.t("flyout.shift_off" if on else "flyout.shift_on"))
        shift.triggered.connect(lambda: self._bridge.post(ShiftMark(on=not on)))
        self._menu.addSeparator()
        add_choices(self._menu, self._bridge)
        self.menu_open = True
        corner = self.more.mapToGlobal(QPoint(self.more.width(), 0))
        size = self._menu.sizeHint()
        self._menu.aboutToHide.connect(self._menu_closed)
        self._menu.popup(corner - QPoint(size.width(), size.height()))

    def _menu_closed(self) -> None:
        self.menu_open = False
        if self._menu is not None:
            self._menu.deleteLater()
            self._menu = None
