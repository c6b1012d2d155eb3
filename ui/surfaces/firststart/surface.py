"""The page of the first start: four plain lines, what leaves this PC, whether this PC is enrolled, one button."""

from PySide6.QtCore import QObject, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from app.agent.commands import ChangeSetting
from app.agent.snapshot import Snapshot
from ui import words
from ui.bridge import Bridge
from ui.theme.icons import paint_icon
from ui.theme.theme import BOLD, NORMAL, theme
from ui.theme.tokens import space
from ui.widgets.buttons import push_button
from ui.widgets.plain import PlainLabel, set_names

WIDTH = 480
LINES = (("lock", "lock"), ("break", "breaks"), ("warning", "help"))


class Mark(QWidget):
    """One line icon of 24 px."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setFixedSize(24, 24)
        theme().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_icon(QPainter(self), self._name, QRectF(0, 0, 24, 24), theme().colour("accent"))


class Page(QWidget):
    """The window; an ordinary one with a title bar, which a person may move and close."""

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.labels: dict[str, PlainLabel] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(space(8), space(8), space(8), space(6))
        column.setSpacing(0)
        self._say(column, "title", 20, BOLD)
        self._say(column, "lead", 14, role="muted", above=1)
        column.addSpacing(space(4))
        for icon, key in LINES:
            row = QHBoxLayout()
            row.setSpacing(space(3))
            row.addWidget(Mark(icon), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(self._label(key, 14), 1)
            column.addLayout(row)
            column.addSpacing(space(3))
        self._say(column, "records_title", 14, BOLD, above=3)
        self._say(column, "records", 14, above=1)
        self._say(column, "stays", 14, role="muted", above=1)
        self._say(column, "enrolled", 12, above=5)
        foot = QHBoxLayout()
        foot.addStretch(1)
        self.ok = push_button("", "primary", 40)
        self.ok.setObjectName("firststart.ok")
        self.ok.setMinimumWidth(120)
        self.ok.clicked.connect(self.close)
        foot.addWidget(self.ok)
        column.addSpacing(space(5))
        column.addLayout(foot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        else:
            super().keyPressEvent(event)

    def _label(self, key: str, size: int, weight: QFont.Weight = NORMAL, role: str = "text") -> PlainLabel:
        self.labels[key] = PlainLabel("", size, role, weight, wrap=True)
        return self.labels[key]

    def _say(
        self, column: QVBoxLayout, key: str, size: int, weight: QFont.Weight = NORMAL, role: str = "text", above: int = 0
    ) -> None:
        column.addSpacing(space(above))
        column.addWidget(self._label(key, size, weight, role))


class FirstStart(QObject):
    """Shows the page once on a new profile, and again when the menu asks for it."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._offered = False
        self.window = Page()
        self.window.ok.clicked.connect(lambda: bridge.post(ChangeSetting("first_start", "seen")))

    @property
    def at_rest(self) -> bool:
        """Whether it is closed."""
        return not self.window.isVisible()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw in the language of now; a new profile sees it once, without taking the focus."""
        for key, label in self.window.labels.items():
            label.setText(self._bridge.t(f"firststart.{key}"))
        lost = words.not_enrolled(snapshot)
        enrolled = self.window.labels["enrolled"]
        enrolled.setText(self._bridge.t("firststart.not_enrolled" if lost else "firststart.enrolled"))
        enrolled.set_role("caution" if lost else "calm")
        self.window.ok.setText(self._bridge.t("firststart.ok"))
        set_names(self.window.ok, self.window.ok.text())
        self.window.setWindowTitle(self._bridge.t("tray.name"))
        self._fit()
        if snapshot.first_start and not self._offered:
            self._offered = True
            self.window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
            self._stand()
            self.window.show()

    def open(self, anchor: QRect) -> None:
        """Show it in the middle of the screen that was clicked; the person opened it, so it takes the focus."""
        self._offered = True
        self.window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, False)
        self._stand(anchor)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        self.window.ok.setFocus()

    def close(self) -> None:
        """Close and free the window."""
        self.window.close()
        self.window.deleteLater()
        self.deleteLater()  # its connections keep it alive for Python until Qt lets go of them

    def _fit(self) -> None:
        inner = self.window.layout()
        assert inner is not None
        for layout in (*self.window.findChildren(QLayout), inner):
            layout.invalidate()
        self.window.setFixedSize(WIDTH, inner.totalHeightForWidth(WIDTH))

    def _stand(self, anchor: QRect | None = None) -> None:
        screen = QGuiApplication.screenAt(anchor.center()) if anchor is not None and anchor.isValid() else None
        free = (screen or QGuiApplication.primaryScreen()).availableGeometry()
        self.window.move(free.center() - self.window.rect().center())


def build(bridge: Bridge) -> FirstStart:
    """The surface for the registry."""
    return FirstStart(bridge)
