"""What `safeseat bench open` measures: from asking for a window to its first paint, each time built anew. `python -m ui.opening N`.

Prints one JSON object: window -> milliseconds of each round. A process of its own, because Qt stays out of `app`.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QEventLoop, QObject, QRect, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.agent.bootclock import machine_boot
from app.agent.commands import Command
from app.agent.snapshot import GuideFace, Settings, Snapshot
from app.domain.moment import Moment
from ui.bridge import Bridge
from ui.faces import REGISTRY, Faces

WINDOWS = ("flyout", "scripts", "cards")
LIMIT_MS = 5000


class Still:
    """A source whose Snapshot never changes: a morning with three scripts used before."""

    def __init__(self) -> None:
        now = Moment(machine_boot()(), machine_boot()(), time.time_ns())
        guide = GuideFace(recent=("insults", "angry", "verify-caller"), favourites=("fraud-it",))
        self.snapshot = Snapshot(1, now, settings=Settings(handle_shown=False), guide=guide)

    def subscribe(self, callback: Callable[[Snapshot], None]) -> None:
        """Nothing ever comes."""

    def post(self, command: Command) -> None:
        """Nobody hears."""


class _Painted(QObject):
    """Ends a loop when a new top-level window was painted for the first time."""

    def __init__(self, loop: QEventLoop) -> None:
        super().__init__()
        self._loop = loop

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget) and watched.isWindow():
            # the window's children paint within the same turn: the loop ends after all of them
            QTimer.singleShot(0, self._loop.quit)
        return False


def opened_in(app: QApplication, faces: Faces, name: str) -> float:
    """Milliseconds from asking for a surface to its first paint; then it is closed and dropped."""
    loop = QEventLoop()
    painted = _Painted(loop)
    app.installEventFilter(painted)
    QTimer.singleShot(LIMIT_MS, loop.quit)
    began = time.perf_counter()
    faces.open(name, QRect(600, 400, 24, 24))
    loop.exec()
    took = (time.perf_counter() - began) * 1000
    app.removeEventFilter(painted)
    faces.close()
    for _ in range(5):
        QApplication.processEvents()
    return took


def main(rounds: int) -> int:
    """Open each window so many times."""
    importlib.import_module("app.agent.start")  # as in the tray, where the agent has been loaded before any window
    app = QApplication(["safeseat-opening"])
    app.setQuitOnLastWindowClosed(False)
    bridge = Bridge(Still())
    faces = Faces(bridge, tuple(entry for entry in REGISTRY if entry.name in WINDOWS))
    found = {name: [opened_in(app, faces, name) for _ in range(rounds)] for name in WINDOWS}
    sys.stdout.write(json.dumps(found) + "\n")
    bridge.close()
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
