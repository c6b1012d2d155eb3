"""Fields that tell when they were edited, where the cursor is, and when they were left for another field."""

from PySide6.QtCore import QDateTime, Qt, QTime, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from ui.theme.theme import theme

_STAYS = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason)
"""Looking something up in another window does not leave the field: a number may be half typed."""


def place_of(text: str, units: int) -> int:
    """Qt counts UTF-16 units, Python characters: the place in `text` of Qt's position."""
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore"))


class Writing(QPlainTextEdit):
    """Several lines; Tab goes to the next field."""

    edited = Signal()
    left = Signal()

    def __init__(self, height: int) -> None:
        super().__init__()
        self.setFixedHeight(height)
        self.setTabChangesFocus(True)
        self.setFont(theme().font(14))
        self.textChanged.connect(self.edited)

    @property
    def written(self) -> str:
        """The text."""
        return self.toPlainText()

    @property
    def place(self) -> int:
        """Where the cursor is, in characters."""
        return place_of(self.toPlainText(), self.textCursor().position())

    def put(self, text: str) -> None:
        """Show another text without telling; what could be undone is forgotten, as it may hold what was masked."""
        if text != self.toPlainText():
            self.blockSignals(True)
            self.setPlainText(text)
            self.blockSignals(False)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _STAYS:
            self.left.emit()


class Line(QLineEdit):
    """One line."""

    edited = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(36)
        self.setFont(theme().font(14))
        self.textEdited.connect(self.edited)

    @property
    def written(self) -> str:
        """The text."""
        return self.text()

    @property
    def place(self) -> int:
        """Where the cursor is, in characters."""
        return place_of(self.text(), self.cursorPosition())

    def put(self, text: str) -> None:
        """Show another text without telling."""
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _STAYS:
            self.left.emit()


class When(Line):
    """An instant as YYYY-MM-DD HH:MM; a bare HH:MM keeps the day, what is no instant gives way to the last one."""

    FORMAT = "yyyy-MM-dd HH:mm"

    def __init__(self) -> None:
        super().__init__()
        self._at = QDateTime.currentDateTime()
        self.editingFinished.connect(self._settle)

    @property
    def ms(self) -> int:
        """Wall milliseconds of what is written, of the last instant while it is none."""
        return self._read().toMSecsSinceEpoch()

    def show_ms(self, ms: int) -> None:
        """Show an instant without telling."""
        self._at = QDateTime.fromMSecsSinceEpoch(ms)
        self.put(self._at.toString(self.FORMAT))

    def _read(self) -> QDateTime:
        said = self.text().strip()
        whole = QDateTime.fromString(said, self.FORMAT)
        if whole.isValid():
            return whole
        time = QTime.fromString(said, "H:mm")
        return QDateTime(self._at.date(), time) if time.isValid() else self._at

    def _settle(self) -> None:
        self.show_ms(self.ms)
