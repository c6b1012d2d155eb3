"""Another X client with the keyboard focus: a plain text field that prints what was typed, line by line.

Run as `python -m tests.helpers.qt_typist`; prints "ready" when it has the focus, then the whole text after each change.
"""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Show the field until standard input closes."""
    app = QApplication(sys.argv[:1])
    field = QLineEdit()
    field.setWindowTitle("typist")
    field.setAccessibleName("typist")
    field.resize(300, 60)
    field.move(40, 40)
    field.textChanged.connect(say)
    field.show()
    field.activateWindow()
    told = [False]

    def tell() -> None:
        if field.isActiveWindow() and not told[0]:
            told[0] = True
            say("ready")

    app.focusWindowChanged.connect(lambda _window: tell())
    QTimer.singleShot(0, tell)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
