"""The list of calls for help: a model that changes only what changed, and the drawing of a row of 104 px."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.surfaces.lead import words
from ui.surfaces.lead.folding import Entry
from ui.theme.theme import BOLD, MEDIUM, NORMAL, theme
from ui.theme.tokens import RADIUS_SMALL

WIDTH, ROW = 400, 104
EDGE, PAD = 4, 16
SHAPE = 16
LEVEL_ROLE = {1: "danger", 2: "caution", 3: "edge"}
Index = QModelIndex | QPersistentModelIndex


class EntryModel(QAbstractListModel):
    """Entries in the agent's order; `apply` moves from one list to the next by the smallest steps."""

    def __init__(self, text: words.Text, boot: Callable[[], int], parent: QWidget) -> None:
        super().__init__(parent)
        self.text, self.boot = text, boot
        self.entries: list[Entry] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.entries):
            return None
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return words.heading(self.text, entry)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return words.spoken(self.text, entry, self.boot())
        return None

    def apply(self, entries: Sequence[Entry]) -> None:
        """Show `entries`; rows that stay are not touched."""
        keep = {entry.key for entry in entries}
        for at in range(len(self.entries) - 1, -1, -1):
            if self.entries[at].key not in keep:
                self.beginRemoveRows(QModelIndex(), at, at)
                del self.entries[at]
                self.endRemoveRows()
        for at, entry in enumerate(entries):
            self._place(at, entry)

    def row_of(self, key: bytes | None) -> int:
        """Where the entry of `key` stands, -1 for nowhere."""
        return next((at for at, entry in enumerate(self.entries) if entry.key == key), -1)

    def _place(self, at: int, entry: Entry) -> None:
        old = self.row_of(entry.key)
        if old < 0:
            self.beginInsertRows(QModelIndex(), at, at)
            self.entries.insert(at, entry)
            self.endInsertRows()
            return
        if old != at:
            self.beginMoveRows(QModelIndex(), old, old, QModelIndex(), at)
            self.entries.insert(at, self.entries.pop(old))
            self.endMoveRows()
        if self.entries[at] != entry:
            self.entries[at] = entry
            self.dataChanged.emit(self.index(at), self.index(at))


class RowPainter(QStyledItemDelegate):
    """Draws a row: edge and shape by level, place 28, waiting time 20 tabular, name and state 16 (ux measures)."""

    def __init__(self, model: EntryModel) -> None:
        super().__init__(model)
        self._model = model
        self.painted: set[bytes] = set()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(WIDTH, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = self._model.entries[index.row()]
        given: Any = option  # PySide6's types leave out the fields of QStyleOption
        box, state = QRect(given.rect), given.state
        self.painted.update(row.alarm for row in entry.rows)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme().colour("hover"))
            _paint_chevron(painter, QPointF(box.right() - PAD - 3, box.bottom() - 22))
        self._paint_edge(painter, box, entry)
        self._paint_words(painter, box, entry)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme().colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(box).adjusted(6, 2, -2, -2), RADIUS_SMALL, RADIUS_SMALL)
        painter.restore()

    @staticmethod
    def time_box(box: QRect) -> QRect:
        """The part of a row that changes every second."""
        return QRect(box.right() - PAD - 95, box.top() + 10, 96, 36)

    def _paint_edge(self, painter: QPainter, box: QRect, entry: Entry) -> None:
        row = entry.first
        colour = theme().colour(LEVEL_ROLE.get(row.level, "edge"))
        edge = QRectF(box.left(), box.top() + 4, EDGE, box.height() - 8)
        if row.drill:
            for piece in range(6):
                painter.fillRect(QRectF(edge.x(), edge.y() + piece * 16 + 4, EDGE, 8), colour)
        else:
            painter.fillRect(edge, colour)
        paint_shape(painter, QRectF(box.left() + EDGE + PAD, box.top() + 20, SHAPE, SHAPE), row.level, hollow=row.drill)

    def _paint_words(self, painter: QPainter, box: QRect, entry: Entry) -> None:
        t, row = self._model.text, entry.first
        fresh = words.waiting(row)
        left, right = box.left() + EDGE + PAD, box.right() - PAD
        time = self.time_box(box)
        seconds = words.waited(entry.rows[-1], self._model.boot())
        _line(painter, QRect(time), words.clock(seconds), 20, MEDIUM, "text" if fresh else "muted", end=True)
        indent = left + SHAPE + 12
        top = QRect(indent, box.top() + 10, time.left() - 8 - indent, 36)
        _line(painter, top, words.heading(t, entry), 28, BOLD if fresh else NORMAL, "text" if fresh else "muted")
        second = QRect(indent, box.top() + 46, right - indent, 24)
        if row.drill:
            used = _line(painter, second, t("lead.drill"), 16, BOLD, "accent") + 8
            second.setLeft(second.left() + used)
        _line(painter, second, words.second(t, entry), 16, NORMAL, "text")
        third = QRect(indent, box.top() + 70, right - 16 - indent, 24)
        role = "caution" if row.taken_back else "accent" if row.mine else "muted"
        _line(painter, third, words.meta(t, entry), 16, NORMAL, role)


def paint_shape(painter: QPainter, box: QRectF, level: int, *, hollow: bool) -> None:
    """▲ for level 1, ■ for 2, ● for 3: the level is told by form, colour only adds to it; a drill's is hollow."""
    colour = theme().colour(LEVEL_ROLE.get(level, "edge"))
    painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow else colour)
    inner = box.adjusted(1, 1, -1, -1)
    if level == 1:
        top = QPointF(inner.center().x(), inner.top())
        painter.drawPolygon(QPolygonF([top, inner.bottomRight(), inner.bottomLeft()]))
    elif level == 2:
        painter.drawRect(inner)
    else:
        painter.drawEllipse(inner.adjusted(2, 2, -2, -2))


def _paint_chevron(painter: QPainter, tip: QPointF) -> None:
    """Points from the chosen row to its detail: the choice is told by form, the ground only adds to it."""
    painter.setPen(QPen(theme().colour("edge"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawPolyline(QPolygonF([tip + QPointF(-5, -5), tip, tip + QPointF(-5, 5)]))


def _line(
    painter: QPainter, box: QRect, text: str, size: int, weight: QFont.Weight, role: str, *, end: bool = False
) -> int:
    """One line of plain text, cut with an ellipsis; returns its width in px."""
    font = theme().font(size, weight, tabular=end)
    metrics = QFontMetrics(font)
    shown = text if metrics.horizontalAdvance(text) <= box.width() else metrics.elidedText(
        text, Qt.TextElideMode.ElideRight, box.width()
    )
    painter.setFont(font)
    painter.setPen(theme().colour(role))
    side = Qt.AlignmentFlag.AlignRight if end else Qt.AlignmentFlag.AlignLeft
    painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)
                     | int(Qt.TextFlag.TextSingleLine), shown)
    return metrics.horizontalAdvance(shown)


class EntryList(QListView):
    """The list, 400 wide. `chosen` tells which entry is shown in the detail, `entered` that Enter was pressed on it."""

    chosen = Signal(bytes)
    entered = Signal()

    def __init__(self, text: words.Text, boot: Callable[[], int]) -> None:
        super().__init__()
        self.entries = EntryModel(text, boot, self)
        self.rows = RowPainter(self.entries)
        self.setModel(self.entries)
        self.setItemDelegate(self.rows)
        self.setFixedWidth(WIDTH)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.selectionModel().currentChanged.connect(self._current)
        self.activated.connect(self._entered)

    @property
    def current(self) -> Entry | None:
        """The entry whose detail is shown."""
        at = self.currentIndex().row()
        return self.entries.entries[at] if 0 <= at < len(self.entries.entries) else None

    def choose(self, key: bytes) -> None:
        """Show the entry of `key` in the detail."""
        at = self.entries.row_of(key)
        if at >= 0:
            self.setCurrentIndex(self.entries.index(at))

    def settle_layout(self) -> None:
        """Lay the rows out now; Qt would wait for its next turn, and a call for help does not."""
        self.executeDelayedItemsLayout()

    def refresh_times(self) -> None:
        """Repaint only the waiting times that are in view."""
        view = self.viewport().rect()
        for at in range(len(self.entries.entries)):
            box = self.visualRect(self.entries.index(at))
            if box.intersects(view):
                self.viewport().update(self.rows.time_box(box))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def _entered(self) -> None:
        self.entered.emit()

    def _current(self, now: QModelIndex, before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(self.entries.entries[now.row()].key)
