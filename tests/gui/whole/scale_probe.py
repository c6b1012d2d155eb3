"""Shows flyout and first start in every state and language on the present screen and prints what is cut, one line each.

Run as a child with QT_SCALE_FACTOR set: the factor holds for a whole process.
"""

import sys
from dataclasses import replace

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QWidget

from app.content.texts import LANGUAGES
from tests.gui.flyout.picture_states import STATES
from tests.helpers.qt import bridge_for, cut_labels, deliver, snapshot_of
from ui.surfaces.firststart.surface import FirstStart
from ui.surfaces.flyout.surface import Flyout
from ui.widgets.buttons import ActionButton


def faults_of(window: QWidget) -> list[str]:
    """Cut texts and tiles of a window, and the window itself if it leaves the screen."""
    found = cut_labels(window)
    found += [tile.text() for tile in window.findChildren(ActionButton) if not tile.words_fit()]
    if not window.screen().geometry().contains(window.geometry()):
        found.append(f"outside the screen: {window.geometry()}")
    return found


def main() -> int:
    """Print faults; the last line is the number of states looked at."""
    app = QApplication(sys.argv[:1])
    looked = 0
    for language in LANGUAGES:
        for changes in (*STATES.values(), {"faults": ("journal_key",)}):
            snapshot = snapshot_of(language=language, **changes)
            bridge, _ = bridge_for(snapshot)
            flyout = Flyout(bridge)
            flyout.show_snapshot(snapshot)
            flyout.open(QRect(600, 300, 24, 24))
            page = FirstStart(bridge)
            page.show_snapshot(replace(snapshot, first_start=False))
            page.open(QRect())
            deliver()
            for surface in (flyout, page):
                looked += 1
                for fault in faults_of(surface.window):
                    sys.stdout.write(f"{language} {type(surface).__name__}: {fault}\n")
                surface.close()
            bridge.close()
            deliver()
    sys.stdout.write(f"{looked}\n")
    app.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
