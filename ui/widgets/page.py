"""An ordinary window for a page that a person opens: title, tabs, sheets that scroll; and a row of the sheet."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QFontMetrics, QGuiApplication, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.theme.theme import BOLD, NORMAL, theme
from ui.theme.tokens import RADIUS_SMALL, space
from ui.widgets.buttons import paint_focus
from ui.widgets.plain import PlainLabel, set_names

EDGE = 6
"""Room for the focus ring round a sheet."""


class TabButton(QAbstractButton):
    """One tab: its word, a bar below the chosen one; height 40."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def set_words(self, text: str) -> None:
        """Another language's word."""
        self.setText(text)
        set_names(self, text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(theme().font(14, BOLD)).horizontalAdvance(self.text()) + space(6), space(10))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self.underMouse() and not self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("hover"))
            painter.drawRoundedRect(box, RADIUS_SMALL, RADIUS_SMALL)
        painter.setFont(theme().font(14, BOLD if self.isChecked() else NORMAL))
        painter.setPen(theme().colour("text" if self.isChecked() else "muted"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("accent"))
            painter.drawRoundedRect(QRectF(space(3), self.height() - 3, self.width() - space(6), 3), 1.5, 1.5)
        if self.hasFocus():
            paint_focus(painter, box, RADIUS_SMALL)


class Sheet(QScrollArea):
    """A column that scrolls; with the keyboard too, so it takes the focus and shows it."""

    def __init__(self, width: int = 0) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setViewportMargins(EDGE, EDGE, EDGE, EDGE)
        self.viewport().setAutoFillBackground(False)
        self._wide = width
        self.column: QVBoxLayout
        self.clear()

    def clear(self) -> None:
        """Take everything off the sheet; it stays where it was scrolled to."""
        inner = QWidget()
        inner.setProperty("ground", "none")
        if self._wide:
            inner.setMaximumWidth(self._wide)
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(space(1), 0, space(2), space(2))
        self.column.setSpacing(0)
        place = self.verticalScrollBar().value()
        self.setWidget(inner)
        self.verticalScrollBar().setValue(place)

    def done(self) -> None:
        """Everything stands: what is left over goes below."""
        self.column.addStretch(1)

    def say(self, text: str, size: int = 14, role: str = "text", *, strong: bool = False, above: int = 0) -> PlainLabel:
        """A wrapped line of plain text, `above` steps below the one before."""
        self.column.addSpacing(space(above))
        label = PlainLabel(text, size, role, BOLD if strong else NORMAL, wrap=True)
        self.column.addWidget(label)
        return label

    def line(self, above: int = 3) -> None:
        """A hairline between two rows."""
        self.column.addSpacing(space(above))
        self.column.addWidget(Hairline())

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.Paint and self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_focus(painter, QRectF(self.rect()), RADIUS_SMALL)
        elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return done


class Hairline(QWidget):
    """1 px of the line colour."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1)
        theme().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme().colour("line"))


class PageWindow(QWidget):
    """The window: a heading, a line below it, tabs if there are any, a stack of sheets, a foot."""

    closed = Signal()

    def __init__(self, size: QSize, tabs: Sequence[str] = ()) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._size = size
        outer = QVBoxLayout(self)
        outer.setContentsMargins(space(6), space(5), space(6), space(4))
        outer.setSpacing(0)
        self.heading = PlainLabel("", 20, "text", BOLD, wrap=True)
        self.under = PlainLabel("", 12, "muted", wrap=True)
        outer.addWidget(self.heading)
        outer.addSpacing(space(1))
        outer.addWidget(self.under)
        outer.addSpacing(space(3))
        self.tabs: dict[str, TabButton] = {}
        self.sheets: dict[str, Sheet] = {}
        self.stack = QStackedWidget()
        self._group = QButtonGroup(self)
        self._add_tabs(outer, tabs)
        outer.addWidget(self.stack, 1)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(space(2))
        outer.addSpacing(space(3))
        outer.addLayout(self.foot)

    def _add_tabs(self, outer: QVBoxLayout, names: Sequence[str]) -> None:
        row = QHBoxLayout()
        row.setSpacing(space(1))
        for name in names:
            tab, sheet = TabButton(), Sheet()
            tab.setObjectName(f"tab.{name}")
            tab.clicked.connect(lambda _=False, name=name: self.choose(name))
            self.tabs[name], self.sheets[name] = tab, sheet
            self._group.addButton(tab)
            row.addWidget(tab)
            self.stack.addWidget(sheet)
        row.addStretch(1)
        if names:
            outer.addLayout(row)
            outer.addWidget(Hairline())
            outer.addSpacing(space(2))
            self.choose(names[0])

    def choose(self, name: str) -> None:
        """Show this tab's sheet."""
        self.tabs[name].setChecked(True)
        self.stack.setCurrentWidget(self.sheets[name])

    def stand(self, anchor: QRect | None = None) -> None:
        """Show it in the middle of the screen that was clicked, no larger than that; it was asked for, so it takes the focus."""
        screen = QGuiApplication.screenAt(anchor.center()) if anchor is not None and anchor.isValid() else None
        free = (screen or QGuiApplication.primaryScreen()).availableGeometry()
        if not self.isVisible():
            self.resize(self._size.boundedTo(free.size() - QSize(space(4), space(12))))
            self.move(free.center() - QPoint(self.width() // 2, self.height() // 2))
        self.show()
        self.raise_()
        self.activateWindow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._on_a_tab():
            self._walk(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def _on_a_tab(self) -> bool:
        return any(tab.hasFocus() for tab in self.tabs.values())

    def _walk(self, step: int) -> None:
        names = list(self.tabs)
        here = next(at for at, name in enumerate(names) if self.tabs[name].isChecked())
        name = names[(here + step) % len(names)]
        self.choose(name)
        self.tabs[name].setFocus(Qt.FocusReason.TabFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()


def row_of(*parts: QWidget | None, spacing: int = 2, wide: QWidget | None = None) -> QWidget:
    """Widgets side by side; None is a stretch, `wide` takes the room that is left."""
    box = QWidget()
    box.setProperty("ground", "none")
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(space(spacing))
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part, int(part is wide))
    return box
