"""Shows every state of the person's own pages on the present screen and prints what is cut, one line each.

Run as a child with QT_SCALE_FACTOR set: the factor holds for a whole process.
"""

import sys

from PySide6.QtWidgets import QApplication

from app.content.texts import LANGUAGES
from tests.gui.checks.picture_states import FACES as CHECKS
from tests.gui.checks.picture_states import build as checks
from tests.gui.day.picture_states import FACES as DAYS
from tests.gui.day.picture_states import build as day
from tests.gui.leaves.picture_states import FACES as LEAVES
from tests.gui.leaves.picture_states import build as leaves
from tests.gui.training.picture_states import FACES as TRAINING
from tests.gui.training.picture_states import build as training
from tests.helpers.qt import cut_labels, deliver
from ui.theme.theme import theme

PAGES = ((checks, CHECKS), (day, DAYS), (leaves, LEAVES), (training, TRAINING))
STATES = sum(len(states) for _, states in PAGES)


def main() -> int:
    """Print faults; the last line is the number of states looked at."""
    app = QApplication(sys.argv[:1])
    looked = 0
    for language in LANGUAGES:
        theme().choose("light", language)
        for build, states in PAGES:
            for state in states:
                for window in build(state):
                    deliver()
                    looked += 1
                    found = cut_labels(window)
                    if not window.screen().geometry().contains(window.geometry()):
                        found.append(f"outside the screen: {window.geometry()}")
                    for fault in found:
                        sys.stdout.write(f"{language} {build.__module__} {state}: {fault}\n")
                    window.close()
                    deliver()
    sys.stdout.write(f"{looked}\n")
    app.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
