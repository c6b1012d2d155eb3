"""Builds every picture state of lock, breaks and lead in one language and prints what does not fit; for other scales.

Run as a process of its own, because Qt reads QT_SCALE_FACTOR only once: `python -m tests.gui.lead.cut_check LANGUAGE`.
"""

import sys

from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from tests.gui.breaks import picture_states as breaks
from tests.gui.lead import picture_states as lead
from tests.gui.lock import picture_states as lock
from tests.helpers.qt import cut_labels, deliver
from ui.surfaces.lock.card import LockCard
from ui.theme.theme import forget_theme, theme

HOSTILE = "hostile"
"""Names without an end are shortened with an ellipsis; a story of the desk looks at them."""


def cut_buttons(window: QWidget) -> list[str]:
    """Words of visible buttons that are wider than the button."""
    return [
        button.text() for button in window.findChildren(QPushButton)
        if button.isVisibleTo(window) and button.width() < button.minimumSizeHint().width()
    ]


def problems(window: QWidget) -> list[str]:
    """All words of a window that do not fit."""
    found = [*cut_labels(window), *cut_buttons(window)]
    if isinstance(window, LockCard) and window.line.isVisible() and window.line.sizeHint().width() > window.line.width():
        found.append(window.accessibleName())
    return found


def main(language: str) -> int:
    """Print each problem in a line; exit code 1 if there is one, and the scale on the last line."""
    app = QApplication(["cut-check"])
    theme().choose("light", language)
    bad = 0
    for module in (lock, breaks, lead):
        for state in (name for name in module.STATES if name != HOSTILE):
            for window in module.build(state):
                deliver()
                for text in problems(window):
                    bad += 1
                    sys.stdout.write(f"{module.__name__} {state}: {text}\n")
                window.hide()
                window.deleteLater()
            deliver()
    sys.stdout.write(f"scale {app.devicePixelRatio()}\n")
    forget_theme()
    app.shutdown()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
