"""The palette's window: 640 × 440 at the upper right, at most the upper half of the screen; a search field over three views."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ui.bridge import Bridge
from ui.surfaces.scripts.foot import Foot
from ui.surfaces.scripts.home import Home
from ui.surfaces.scripts.lists import FoundList
from ui.surfaces.scripts.pageview import IconButton, PageView
from ui.theme.icons import paint_icon
from ui.theme.theme import theme
from ui.theme.tokens import CARD_MARGIN, space
from ui.widgets.announce import announce
from ui.widgets.capture import leave_out_of_captures
from ui.widgets.card import paint_ground, round_window
from ui.widgets.plain import PlainLabel, set_names

SIZE = QSize(640, 440)
SEARCH_HIGH = 48
HOME, RESULTS, NOTHING, PAGE = range(4)
_WALK = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_SIDE = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
_PAGE = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def fitted(free: QRect) -> QRect:
    """Where the palette goes on a screen: upper right, never below its middle, whatever the screen's size."""
    margin = CARD_MARGIN if free.height() // 2 >= SIZE.height() + CARD_MARGIN else space(2)
    size = QSize(min(SIZE.width(), free.width() - 2 * margin), min(SIZE.height(), free.height() // 2 - margin))
    return QRect(QPoint(free.right() + 1 - margin - size.width(), free.top() + margin), size)


class Lens(QWidget):
    """The sign of a search field."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(20, 20)
        theme().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_icon(QPainter(self), "search", QRectF(0, 0, 20, 20), theme().colour("muted"))


class Panel(QWidget):
    """The frameless window. Keys of the search field walk the view below it; `leaving` asks to close."""

    leaving = Signal()
    moved = Signal(QPoint)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(
            None, Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        )
        leave_out_of_captures(self)
        self._grip: QPoint | None = None
        self.told = QWidget(self)
        """Says what arrow keys reach while the keyboard stays in the search field; screen readers only, it shows nothing."""
        self.told.setFixedSize(0, 0)
        t = bridge.t
        self._t = t
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 0)
        column.setSpacing(0)
        column.addLayout(self._search_row())
        self.home, self.found, self.page, self.foot = Home(t), FoundList(), PageView(t), Foot(t)
        self.nothing = PlainLabel(size=16, role="muted", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.nothing.setContentsMargins(0, space(12), 0, 0)
        self.stack = QStackedWidget()
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        scroll.setWidget(self.home)
        for view in (scroll, self.found, self.nothing, self.page):
            self.stack.addWidget(view)
        inner = QVBoxLayout()
        inner.setContentsMargins(space(4), space(2), space(4), space(2))
        inner.addWidget(self.stack)
        column.addLayout(inner, 1)
        column.addWidget(self.foot)
        self.found.itemActivated.connect(lambda _item: self.home.opened.emit(self.found.chosen))
        self.found.itemClicked.connect(lambda _item: self.home.opened.emit(self.found.chosen))
        self.found.installEventFilter(self)
        self.page.steps.installEventFilter(self)

    def _search_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(space(4), 0, space(2), 0)
        row.setSpacing(space(2))
        self._lens = Lens()
        self.search = QLineEdit()
        self.search.setObjectName("scripts.search")
        self.search.setFixedHeight(SEARCH_HIGH)
        self.search.setMaxLength(60)
        self.search.setFrame(False)
        self.search.setStyleSheet("QLineEdit, QLineEdit:focus { background: transparent; border: none; padding: 0 4px; }")
        self.search.installEventFilter(self)
        self.close_button = IconButton("close")
        self.close_button.setObjectName("scripts.close")
        self.close_button.clicked.connect(self.leaving)
        row.addWidget(self._lens)
        row.addWidget(self.search, 1)
        row.addWidget(self.close_button)
        self._draw_search()
        theme().changed.connect(self._draw_search)
        return row

    def speak(self) -> None:
        """Everything that is not content, in the language of now."""
        self.setWindowTitle(self._t("tray.name"))
        self.search.setPlaceholderText(self._t("scripts.search"))
        set_names(self.search, self._t("scripts.search_name"), self._t("scripts.search"))
        self.close_button.name(self._t("scripts.close"))
        self.nothing.setText(self._t("scripts.nothing"))

    def stand(self, place: tuple[int, int] | None) -> QPoint:
        """Take the size for the screen and return where the window goes: where the person put it, if that is on a screen."""
        kept = QPoint(*place) if place is not None else None
        screen = (kept and QGuiApplication.screenAt(kept + QPoint(SIZE.width() // 2, SEARCH_HIGH // 2))) or None
        free = (screen or QGuiApplication.primaryScreen()).availableGeometry()
        box = fitted(free)
        self.setFixedSize(box.size())
        if kept is None or screen is None:
            return box.topLeft()
        x = min(max(kept.x(), free.left()), free.right() + 1 - box.width())
        return QPoint(x, min(max(kept.y(), free.top()), free.bottom() + 1 - box.height()))

    def view(self, which: int) -> None:
        """Show one of the views."""
        self.stack.setCurrentIndex(which)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(watched, event)
        return False

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        key, at = Qt.Key(event.key()), self.stack.currentIndex()
        if key in _ENTER and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            self._enter(at)
            return True
        if watched is not self.search:
            return False
        if key in _WALK:
            self._walk(at, _WALK[key])
            return True
        if key in _PAGE and at == PAGE:
            self.page.turn(_PAGE[key])
            return True
        if key in _SIDE and at == HOME and not self.search.text():
            self.home.walk(_SIDE[key])
            announce(self.told, self._reached(at))
            return True
        if key == Qt.Key.Key_Backspace and at == PAGE and not self.search.text():
            self.page.back.emit()
            return True
        return False

    def _walk(self, at: int, way: int) -> None:
        if at == HOME:
            self.home.walk_row(way)
        elif at == RESULTS:
            self.found.walk(way)
        elif at == PAGE:
            self.page.steps.walk(way)
        announce(self.told, self._reached(at))

    def _reached(self, at: int) -> str:
        if at == PAGE and self.page.row is not None:
            return f"{self.page.row.name}: {self.page.right.say.text}" if self.page.row.say else self.page.row.name
        item = self.found.currentItem() if at == RESULTS else None
        return item.text() if item is not None else self.home.chosen_text if at == HOME else ""

    def _enter(self, at: int) -> None:
        if at == PAGE:
            self.page.copy()
            announce(self.told, self._t("scripts.copied"))
        elif chosen := self.found.chosen if at == RESULTS else self.home.chosen if at == HOME else "":
            self.home.opened.emit(chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leaving.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self.move(event.globalPosition().toPoint() - self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        grip, self._grip = self._grip, None
        if grip is not None:
            self.moved.emit(self.pos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_window(self)

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_ground(self)

    def _draw_search(self) -> None:
        self.search.setFont(theme().font(16))
