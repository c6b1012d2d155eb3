"""Labels and tooltips that show data as plain text: Qt's default format would load a picture named in the text."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QWidget

from ui.theme.theme import NORMAL, theme


class PlainLabel(QLabel):
    """A label whose text is never markup; colour by role, size from the type scale."""

    def __init__(
        self, text: str = "", size: int = 14, role: str = "text", weight: QFont.Weight = NORMAL, *,
        tabular: bool = False, wrap: bool = False, parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._font = (size, weight, tabular)
        self.setWordWrap(wrap)
        self.setProperty("role", role)
        self.setFont(theme().font(*self._font))
        self.setText(text)
        theme().changed.connect(self._refont)

    def set_role(self, role: str) -> None:
        """Another colour from now on."""
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)

    def _refont(self) -> None:
        self.setFont(theme().font(*self._font))


def plain(text: str) -> str:
    """`text` so that Qt shows exactly its characters in a tooltip, whatever markup it contains."""
    return f"<span>{escape(text)}</span>" if "<" in text else text


def set_tip(widget: QWidget, text: str) -> None:
    """An ordinary tooltip with plain text; the only way to set one."""
    widget.setToolTip(plain(text))


def set_names(widget: QWidget, name: str, description: str = "") -> None:
    """What a screen reader says of a control."""
    widget.setAccessibleName(name)
    widget.setAccessibleDescription(description)
