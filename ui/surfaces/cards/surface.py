"""The emergency cards' window: ten tiles or one card; digits open, arrows walk, Esc closes and gives the focus back."""

from datetime import UTC, date, datetime

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from app.agent.commands import StartReport
from app.agent.snapshot import Settings, Snapshot
from app.content.library import Library
from app.content.model import Card
from ui.bridge import Bridge
from ui.surfaces.cards.cardview import CardView, Text
from ui.surfaces.cards.facts import site_values
from ui.surfaces.cards.form import Draft, report_text
from ui.surfaces.cards.grid import DIGITS, Grid
from ui.theme.tokens import CARD_MARGIN
from ui.widgets.returning import Returning

SIZE = QSize(1080, 720)
TILES, CARD = range(2)
REPORT_KIND, REPORTS = "threat", "incidents"
_ARROWS = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Left)
SCROLL = 64


class Window(QWidget):
    """An ordinary window that stays on top; `digit` carries the number of a card, `leaving` asks to close."""

    digit = Signal(int)
    leaving = Signal()
    arrow = Signal(object)
    backed = Signal()

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowStaysOnTopHint)
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, typed = Qt.Key(event.key()), event.text()
        if key == Qt.Key.Key_Escape:
            self.leaving.emit()
        elif isinstance(QApplication.focusWidget(), QLineEdit):
            super().keyPressEvent(event)
        elif typed and typed in DIGITS:
            self.digit.emit(DIGITS.index(typed))
        elif key in _ARROWS:
            self.arrow.emit(key)
        elif key == Qt.Key.Key_Backspace:
            self.backed.emit()
        else:
            super().keyPressEvent(event)


class Cards(QObject):
    """The surface. While a call form holds something it is kept, so that closing costs nothing that was typed."""

    def __init__(self, bridge: Bridge, library: Library | None = None) -> None:
        super().__init__()
        self._bridge = bridge
        self._given = library is not None
        self.library = library or bridge.library()
        self._returning = Returning()
        self._drawn: tuple[str, int, Settings] | None = None
        self.drafts: dict[str, Draft] = {}
        self.window = Window()
        self.window.installEventFilter(self)
        self.grid, self.view = Grid(bridge.t), CardView(bridge.t)
        self._scroll = Text()
        self._scroll.setFrameShape(Text.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setWidget(self.grid)
        self.window.stack.addWidget(self._scroll)
        self.window.stack.addWidget(self.view)
        self.window.digit.connect(self._open_number)
        self.window.leaving.connect(self.leave)
        self.window.arrow.connect(self._walk)
        self.window.backed.connect(self.go_back)
        self.grid.opened.connect(self.open_card)
        self.view.back.connect(self.go_back)
        self.view.to_report.connect(self._to_report)

    @property
    def at_rest(self) -> bool:
        """Whether it is closed and no call form waits."""
        return not self.window.isVisible() and not any(self.drafts.values())

    @property
    def card(self) -> Card | None:
        """The card on screen."""
        return self.view.card if self.window.stack.currentIndex() == CARD else None

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Redraw when the language or the site's values are others; what is open stays open."""
        drawn = (self._bridge.texts.language, snapshot.content.version, snapshot.settings)
        if drawn == self._drawn:
            return
        if self._drawn and self._drawn[:2] != drawn[:2] and not self._given:
            self.library = self._bridge.library()
        self._drawn = drawn
        self.window.setWindowTitle(self._bridge.t("cards.title"))
        self.grid.show_cards(self.library.cards)
        if (card := self.card) is None:
            return
        if any(one.id == card.id for one in self.library.cards):
            self.open_card(card.id)
        else:
            self.go_back()

    def open(self, anchor: QRect) -> None:
        """Show the ten tiles; asked again while it has the focus: close."""
        if self.window.isVisible() and self.window.isActiveWindow():
            self.leave()
            return
        if not self.window.isVisible():
            self._returning.remember()
            self._stand(anchor)
            self.window.stack.setCurrentIndex(TILES)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        if self.card is None:
            self.grid.focus(0)

    def open_card(self, name: str) -> None:
        """Show a card by its id."""
        card = next((one for one in self.library.cards if one.id == name), None)
        if card is None:
            return
        settings = self._bridge.snapshot.settings
        draft = self.drafts.setdefault(card.id, {}) if card.form else {}
        self.view.show_card(card, site_values(settings, self.library.site), settings, self._today(), draft)
        self.window.stack.setCurrentIndex(CARD)
        self.view.area.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_back(self) -> None:
        """Back to the tiles, on the one of the card that was open."""
        card = self.card
        self.window.stack.setCurrentIndex(TILES)
        names = [tile.card.id for tile in self.grid.tiles]
        self.grid.focus(names.index(card.id) if card is not None and card.id in names else 0)

    def leave(self) -> None:
        """Give the focus back to where it was and close."""
        self._returning.give_back()
        self.window.close()

    def close(self) -> None:
        """Close and free the window."""
        self.window.removeEventFilter(self)
        self.window.close()
        self.window.deleteLater()
        self.deleteLater()  # its connections keep it alive for Python until Qt lets go of them

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.window and event.type() == QEvent.Type.Hide:
            self._bridge.rested.emit()
        return False

    def _open_number(self, at: int) -> None:
        if at < len(self.library.cards):
            self.open_card(self.library.cards[at].id)

    def _walk(self, key: Qt.Key) -> None:
        if self.card is None:
            self.grid.walk(key)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            names = [card.id for card in self.library.cards]
            self._open_number((names.index(self.card.id) + (1 if key == Qt.Key.Key_Right else -1)) % len(names))
        else:
            bar = self.view.area.verticalScrollBar()
            bar.setValue(bar.value() + (SCROLL if key == Qt.Key.Key_Down else -SCROLL))

    def _to_report(self) -> None:
        """Give the call form to a report of its own; the report masks it before anything is kept."""
        card = self.card
        if card is None or not self.drafts.get(card.id):
            return
        text = f"{card.title}\n{report_text(card.form, self.drafts[card.id], self._bridge.t('cards.colon'))}"
        self._bridge.post(StartReport(REPORT_KIND, text))
        self.drafts.pop(card.id)
        self.leave()
        self._bridge.open(REPORTS)

    def _today(self) -> date:
        return datetime.fromtimestamp(self._bridge.snapshot.moment.wall_ms / 1000, UTC).astimezone().date()

    def _stand(self, anchor: QRect) -> None:
        screen = (QGuiApplication.screenAt(anchor.center()) if anchor.isValid() else None) or QGuiApplication.primaryScreen()
        free = screen.availableGeometry().adjusted(CARD_MARGIN, 2 * CARD_MARGIN, -CARD_MARGIN, -CARD_MARGIN)
        size = SIZE.boundedTo(free.size())
        self.window.setGeometry(QRect(free.center() - QRect(0, 0, size.width(), size.height()).center(), size))


def build(bridge: Bridge) -> Cards:
    """The surface for the registry."""
    return Cards(bridge)
