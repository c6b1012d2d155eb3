"""The palette's two lists: what was found (title over one line) and the steps of a page (number, name, time)."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui import words
from ui.surfaces.scripts.pages import Found, Row
from ui.theme.icons import paint_icon
from ui.theme.theme import MEDIUM, NORMAL, theme
from ui.theme.tokens import RADIUS_SMALL, space
from ui.widgets.plain import set_names

Index = QModelIndex | QPersistentModelIndex
LINE = Qt.ItemDataRole.UserRole
TIME, NUMBER = LINE + 1, LINE + 2
STEPS_WIDE, BAR, PAD, SCROLL_BAR = 176, 3, 6, 8
COPIED_MS = 1000
WRAP = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)


class _Rows(QListWidget):
    """A list that arrow keys walk from elsewhere as well; one Tab stop."""

    def __init__(self, delegate: QStyledItemDelegate) -> None:
        super().__init__()
        delegate.setParent(self)
        self.setItemDelegate(delegate)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        theme().changed.connect(self._relaid)

    def walk(self, way: int) -> None:
        """One row down (1) or up (-1); stays at the ends."""
        if self.count():
            self.setCurrentRow(min(max(self.currentRow() + way, 0), self.count() - 1))

    def _relaid(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.viewport().update()


def _ground(painter: QPainter, option: QStyleOptionViewItem, chosen: bool) -> QRect:
    """Paint the row's ground; returns its box."""
    box: QRect = option.rect
    state = option.state
    if chosen or state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("hover"))
        painter.drawRoundedRect(QRectF(box).adjusted(0, 1, 0, -1), RADIUS_SMALL, RADIUS_SMALL)
    return box


def _chosen(option: QStyleOptionViewItem) -> bool:
    return bool(option.state & QStyle.StateFlag.State_Selected)


class _FoundLook(QStyledItemDelegate):
    """Title 16 over one line 14."""

    HEIGHT = 56

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, self.HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = _ground(painter, option, _chosen(option))
        inner = box.adjusted(space(3), 6, -space(3), -6)
        upper, lower = QRect(inner.left(), inner.top(), inner.width(), 24), QRect(inner.left(), inner.top() + 24, inner.width(), 20)
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(theme().font(16, MEDIUM))
        painter.setPen(theme().colour("text"))
        painter.drawText(upper, left, str(index.data()))
        font = theme().font(14)
        painter.setFont(font)
        painter.setPen(theme().colour("muted"))
        line = QFontMetrics(font).elidedText(str(index.data(LINE)), Qt.TextElideMode.ElideRight, lower.width())
        painter.drawText(lower, left, line)
        if _chosen(option):
            _bar(painter, box)
        painter.restore()


class _StepLook(QStyledItemDelegate):
    """Number, name on one line or two, and under it when the step's warning was said."""

    def _boxes(self, index: Index) -> tuple[QRect, int]:
        """Where the name stands below the row's top, and the row's height; the same with and without a scroll bar."""
        left = space(3) if not index.data(NUMBER) else space(7)
        wide = STEPS_WIDE - SCROLL_BAR - left - 2
        high = QFontMetrics(theme().font(14)).boundingRect(QRect(0, 0, wide, 200), WRAP, str(index.data())).height()
        return QRect(left, PAD, wide, max(20, high)), max(20, high) + 2 * PAD + (20 if index.data(TIME) else 0)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, self._boxes(index)[1])

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = _chosen(option)
        box = _ground(painter, option, chosen)
        name, _ = self._boxes(index)
        name.translate(box.topLeft())
        number, copied = index.data(NUMBER), index.data(LINE)
        centre = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        painter.setFont(theme().font(14, NORMAL, tabular=True))
        painter.setPen(theme().colour("accent" if chosen else "muted"))
        if number:
            painter.drawText(QRect(box.left() + 6, name.top(), 22, 20), centre, str(number))
        painter.setFont(theme().font(14))
        painter.setPen(theme().colour("accent" if copied else "text" if number else "muted"))
        painter.drawText(name, WRAP, str(copied or index.data()))
        if index.data(TIME):
            painter.setFont(theme().font(14, NORMAL, tabular=True))
            painter.setPen(theme().colour("calm"))
            below = QRect(name.left(), name.bottom() + 1, name.width(), 20)
            paint_icon(painter, "check", QRectF(below.left() - 2, below.top() + 2, 16, 16), theme().colour("calm"))
            painter.drawText(below.adjusted(18, 0, 0, 0), WRAP, str(index.data(TIME)))
        if chosen:
            _bar(painter, box)
        painter.restore()


def _bar(painter: QPainter, box: QRect) -> None:
    painter.fillRect(QRect(box.left(), box.top() + 1, BAR, box.height() - 2), theme().colour("accent"))


class FoundList(_Rows):
    """Scripts and frameworks to choose from; `keys` in order."""

    def __init__(self) -> None:
        super().__init__(_FoundLook())
        self.keys: list[str] = []

    def show_found(self, found: Sequence[Found], name: str) -> None:
        """Show these lines with the first one chosen."""
        set_names(self, name)
        self.keys = [one.key for one in found]
        self.clear()
        for one in found:
            item = QListWidgetItem(one.title)
            item.setData(LINE, one.line)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, one.line)
            self.addItem(item)
        self.setCurrentRow(0)

    @property
    def chosen(self) -> str:
        """The key of the chosen line, empty if there is none."""
        return self.keys[self.currentRow()] if 0 <= self.currentRow() < len(self.keys) else ""


class StepList(_Rows):
    """The left column of a page, 176 wide, with a bar of 3 px at the chosen step."""

    def __init__(self) -> None:
        super().__init__(_StepLook())
        self.setFixedWidth(STEPS_WIDE)
        self._copied = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._copied.timeout.connect(self._forget_copied)
        self._rows: tuple[Row, ...] = ()

    def show_rows(self, rows: tuple[Row, ...], name: str) -> None:
        """Show these rows; nothing is chosen."""
        set_names(self, name)
        self._rows = rows
        self.blockSignals(True)
        self.clear()
        for row in rows:
            item = QListWidgetItem(row.name)
            item.setData(NUMBER, row.number)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{row.number}. {row.name}" if row.number else row.name)
            self.addItem(item)
        self.blockSignals(False)

    def show_times(self, times: dict[int, int]) -> None:
        """Write under each row when its warning was said."""
        for at in range(self.count()):
            self.item(at).setData(TIME, words.clock(times[at]) if at in times else "")

    def say_copied(self, word: str) -> None:
        """Write `word` into the chosen row for a second."""
        self._forget_copied()
        item = self.currentItem()
        if item is not None:
            item.setData(LINE, word)
            self._copied.start()

    @property
    def copied_rows(self) -> Iterable[int]:
        """Rows that say now that they were copied."""
        return [at for at in range(self.count()) if self.item(at).data(LINE)]

    def _forget_copied(self) -> None:
        for at in range(self.count()):
            if self.item(at).data(LINE):
                self.item(at).setData(LINE, "")
