"""Builds every picture state of palette, cards and flyout in one language and prints what does not fit; for other scales.

Run as a process of its own, because Qt reads QT_SCALE_FACTOR only once: `python -m tests.gui.scripts.cut_check LANGUAGE`.
"""

import sys

from PySide6.QtWidgets import QApplication

from tests.gui.cards import picture_states as cards
from tests.gui.flyout import picture_states as flyout
from tests.gui.scripts import picture_states as scripts
from tests.gui.scripts.looking import cut
from tests.helpers.qt import deliver
from ui.theme.theme import forget_theme, theme
from ui.widgets.buttons import ActionButton


def main(language: str) -> int:
    """Print each problem in a line; exit code 1 if there is one, and the scale on the last line."""
    app = QApplication(["cut-check"])
    theme().choose("light", language)
    screen = app.primaryScreen().availableGeometry()
    bad = 0
    for module in (scripts, cards, flyout):
        for state in module.STATES:
            for window in module.build(state):
                deliver()
                found = cut(window) + [tile.text() for tile in window.findChildren(ActionButton) if not tile.words_fit()]
                if not screen.contains(window.geometry()):
                    found.append(f"{window.geometry()} is not on {screen}")
                for text in found:
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
