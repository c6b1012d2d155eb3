"""The cards of breaks: eyes 240 × 56 (taller while its buttons show), the others 320 × 120 (ux measures)."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QBitmap, QCursor, QGuiApplication, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QScreen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.theme.theme import MEDIUM, theme
from ui.theme.tokens import PADDING
from ui.widgets.announce import announce
from ui.widgets.buttons import push_button
from ui.widgets.card import UNFOCUSED, Card, place_in
from ui.widgets.motion import stop_motion
from ui.widgets.plain import PlainLabel, set_names, set_tip
from ui.widgets.ring import Ring

BUTTON = 32
GAP = 8
LEFT_MS = 120
Answer = Callable[[str], None]


class BreakCard(Card):
    """What the cards share: buttons that answer, and a way for the keyboard in and out (`enter`, Esc).

    `held` tells hover or keyboard focus, so that its clock stops (ux measures, cards).
    """

    def __init__(self, width: int, height: int, answer: Answer) -> None:
        super().__init__(width, height)
        self._answer = answer
        self._going = False
        self._buttons: dict[str, QPushButton] = {}

    def button(self, name: str) -> QPushButton:
        """The button that answers `name`."""
        return self._buttons[name]

    def add_button(self, name: str, kind: str, row: QHBoxLayout) -> None:
        """A 12 px button of 32 px height at the end of `row`."""
        button = push_button("", kind, BUTTON, self)
        button.setFont(theme().font(12))
        button.setProperty("dense", True)
        button.clicked.connect(lambda: self._answer(name))
        button.installEventFilter(self)
        button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._buttons[name] = button
        row.addWidget(button)

    def word(self, name: str, text: str, full: str = "", *, shown: bool = True) -> None:
        """The word of a button; `full` is what a screen reader and the tooltip say when it is longer."""
        button = self._buttons[name]
        button.setText(text)
        button.setFont(theme().font(12))
        set_names(button, full or text)
        set_tip(button, full)
        button.setVisible(shown)

    def say(self, sentence: str) -> None:
        """Come in; a screen reader hears the sentence once."""
        fresh = not self.isVisible() or self.accessibleName() != sentence
        self.present()
        if fresh:
            announce(self, sentence)

    def present(self) -> None:
        if self._going:
            self._going = False
            stop_motion(self)
            self.hide()
        self.avoid = text_cursor()
        super().present()

    def dismiss(self) -> None:
        if not self._going:
            self._going = self.isVisible()
            super().dismiss()

    def hideEvent(self, event: QHideEvent) -> None:
        self._going = False
        super().hideEvent(event)

    def enter(self) -> None:
        """The person asked for the card by hotkey: its first button takes the focus now, and only now."""
        self._take_focus(True)
        self.activateWindow()
        first = next((button for button in self._buttons.values() if button.isVisibleTo(self)), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def leave(self) -> None:
        """Give the focus back; the card stays."""
        focused = self.focusWidget()
        if focused is not None:
            focused.clearFocus()
        if self.isVisible() and self.isActiveWindow():
            self.hide()
            self._take_focus(False)
            self.show()
        self._take_focus(False)

    def leaveEvent(self, event: QEvent) -> None:
        """A card that grows under the pointer gets a leave that is none: look again before its clock goes on."""
        QTimer.singleShot(LEFT_MS, self, self._left)

    def _left(self) -> None:
        focused = self.focusWidget()
        inside = self.isVisible() and self.geometry().contains(QCursor.pos())
        if not inside and not (focused is not None and focused.hasFocus()):
            self.held.emit(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.held.emit(event.type() == QEvent.Type.FocusIn or self.underMouse())
        return super().eventFilter(watched, event)

    def _take_focus(self, on: bool) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_X11DoNotAcceptFocus, not on)
        handle = self.windowHandle()
        if handle is not None:
            handle.setFlag(Qt.WindowType.WindowDoesNotAcceptFocus, not on)


class EyesCard(BreakCard):
    """One line and a thin ring that runs out; hover or focus opens the buttons under it."""

    CLOSED, OPEN = 56, 96

    def __init__(self, answer: Answer) -> None:
        super().__init__(240, self.CLOSED, answer)
        self._home = QRect()
        self.words = PlainLabel(size=14)
        self.ring = Ring(24, 2, 12)
        line = QHBoxLayout()
        line.addWidget(self.words, 1)
        line.addWidget(self.ring)
        self._row = QWidget(self)
        buttons = QHBoxLayout(self._row)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(GAP)
        for name, kind in (("start", "primary"), ("later", "plain"), ("skip", "quiet")):
            self.add_button(name, kind, buttons)
        buttons.addStretch(1)
        self._row.hide()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        rows.setSpacing(GAP)
        rows.addLayout(line, 1)
        rows.addWidget(self._row)
        self.held.connect(self.open)

    def open(self, on: bool) -> None:
        """Show the buttons or put them away; the edge that is nearer to the screen's middle moves."""
        height = self.OPEN if on else self.CLOSED
        if height == self.height():
            return
        if on:
            stop_motion(self)
            self.setWindowOpacity(1.0)
        self._row.setVisible(on)
        at_bottom = self._home.bottom() > self.screen().availableGeometry().center().y()
        top = self._home.bottom() + 1 - height if at_bottom else self._home.y()
        self.setMinimumHeight(0)
        self.setMaximumHeight(self.OPEN)
        self.setGeometry(self._home.x(), top, self.width(), height)  # in one step, so that the pointer stays on it
        self.setFixedHeight(height)

    def place_on(self, screen: QScreen) -> None:
        self._home = QRect(place_in(screen.availableGeometry(), self.size(), self.corner, avoid=self.avoid), self.size())
        super().place_on(screen)

    def hideEvent(self, event: QHideEvent) -> None:
        self.open(False)
        super().hideEvent(event)


class OfferCard(BreakCard):
    """Title, reason, and the three answers of rest, talk and calm."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(320, 120, answer)
        self.title = PlainLabel(size=16, weight=MEDIUM, wrap=True)
        self.reason = PlainLabel(size=12, role="muted", wrap=True)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        for name, kind in (("start", "primary"), ("later", "plain"), ("skip", "quiet")):
            self.add_button(name, kind, buttons)
        buttons.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(PADDING, 12, PADDING, 12)
        rows.setSpacing(4)
        rows.addWidget(self.title)
        rows.addWidget(self.reason)
        rows.addSpacing(4)
        rows.addStretch(1)
        rows.addLayout(buttons)

    def fit(self) -> None:
        """Grow so that no word is cut; 320 × 120 holds everything that is shipped."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.setFixedSize(max(320, layout.minimumSize().width()), max(120, layout.totalHeightForWidth(320)))


class RunningCard(BreakCard):
    """A break that runs: a calm word, the time left, the way back; or only the word at its end."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(320, 120, answer)
        self.title = PlainLabel(size=16, weight=MEDIUM, wrap=True)
        self.left = PlainLabel(size=20, weight=MEDIUM, tabular=True)
        self.part = Ring(40, 3, 12, "calm")
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.part)
        line.addWidget(self.title, 1)
        line.addWidget(self.left)
        row = QHBoxLayout()
        row.addStretch(1)
        self.add_button("back", "plain", row)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(PADDING, PADDING, PADDING, 12)
        rows.setSpacing(GAP)
        rows.addLayout(line, 1)
        rows.addLayout(row)

    def running(self, on: bool) -> None:
        """With time and the way back, or only the word in the middle."""
        for part in (self.left, self.part, self.button("back")):
            part.setVisible(on)
        side = Qt.AlignmentFlag.AlignLeft if on else Qt.AlignmentFlag.AlignHCenter
        self.title.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)


class EyesRing(QWidget):
    """The running eyes break: a ring of 120 with the seconds in it; clicks and keys go through to what is below.

    On X11 without the window manager: the frame that most of them put around a window would catch the clicks.
    """

    RING, PAD = 120, 16

    def __init__(self) -> None:
        through = Qt.WindowType.WindowTransparentForInput | Qt.WindowType.X11BypassWindowManagerHint
        super().__init__(None, UNFOCUSED | through)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_X11DoNotAcceptFocus)
        side = self.RING + 2 * self.PAD
        self.setFixedSize(side, side)
        self.ring = Ring(self.RING, 4, 28, "accent", self)
        self.ring.move(self.PAD, self.PAD)
        if QGuiApplication.platformName() == "xcb":
            self.setMask(_disc(side))  # without a compositor alpha would be black; a mask is round enough
        else:
            self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme().colour("surface"))
        painter.setPen(theme().colour("line"))
        painter.drawEllipse(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))


def _disc(side: int) -> QBitmap:
    """A round mask; drawn, because Qt's region of an ellipse has flat sides."""
    mask = QBitmap(side, side)
    mask.fill(Qt.GlobalColor.color0)
    painter = QPainter(mask)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.color1)
    painter.drawEllipse(QRectF(0, 0, side, side))
    painter.end()
    return mask


def text_cursor() -> QRect | None:
    """Where the text cursor is, as far as a program can know without reading others: our own field, else the pointer."""
    if QGuiApplication.focusObject() is not None:
        box = QGuiApplication.inputMethod().cursorRectangle().toRect()
        window = QGuiApplication.focusWindow()
        if window is not None and not box.isEmpty():
            return QRect(window.mapToGlobal(box.topLeft()), box.size())
    return QRect(QCursor.pos() - QPoint(8, 8), QCursor.pos() + QPoint(8, 8))
