"""What of a window's text does not fit; Chinese may break between any two characters, so only Latin words can be too long."""

import re

from PySide6.QtWidgets import QLabel, QPushButton, QWidget

_WORD = re.compile(r"[!-\u024f]+")


def cut(window: QWidget) -> list[str]:
    """Texts of visible labels and push buttons that do not fit into their place."""
    found = []
    for label in window.findChildren(QLabel):
        if not label.isVisibleTo(window) or not label.text():
            continue
        wide = max((label.fontMetrics().horizontalAdvance(word) for word in _WORD.findall(label.text())), default=0)
        hint = label.sizeHint()
        needed = label.heightForWidth(label.width()) if label.wordWrap() else hint.height()
        if needed > label.height() + 1 or wide > label.width() or (not label.wordWrap() and hint.width() > label.width() + 1):
            found.append(label.text())
    buttons = (button for button in window.findChildren(QPushButton) if button.isVisibleTo(window))
    return found + [button.text() for button in buttons if button.width() < button.minimumSizeHint().width()]
