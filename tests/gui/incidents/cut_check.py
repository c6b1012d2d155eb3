"""Builds every picture state of the report form in one language and prints what does not fit; for other scales.

Run as a process of its own, because Qt reads QT_SCALE_FACTOR only once: `python -m tests.gui.incidents.cut_check LANGUAGE`.
"""

import sys

from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from tests.gui.incidents.picture_states import STATES, build
from tests.helpers.qt import cut_labels, deliver
from ui.surfaces.incidents.tiles import Tile
from ui.theme.theme import forget_theme, theme


def problems(window: QWidget) -> list[str]:
    """All words of a window that do not fit."""
    tight = [one.text() for one in window.findChildren(QPushButton) if one.width() < one.minimumSizeHint().width()]
    tiles = [one.text() for one in window.findChildren(Tile) if one.isVisibleTo(window) and not one.words_fit()]
    return [*cut_labels(window), *tight, *tiles]


def main(language: str) -> int:
    """Print each problem in a line; exit code 1 if there is one, and the scale on the last line."""
    app = QApplication(["cut-check"])
    theme().choose("light", language)
    bad = 0
    for state in STATES:
        for window in build(state):
            deliver()
            for text in problems(window):
                bad += 1
                sys.stdout.write(f"{state}: {text}\n")
            window.hide()
            window.deleteLater()
        deliver()
    sys.stdout.write(f"scale {app.devicePixelRatio()}\n")
    forget_theme()
    app.shutdown()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
