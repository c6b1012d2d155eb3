"""`safeseat-tray`, `python -m ui`: starts the agent, builds the faces and ends both in order."""

import argparse
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.agent.commands import Quit
from app.agent.snapshot import Snapshot
from app.domain.errors import SafeSeatError, UnavailableError, UsageError
from ui.bridge import Bridge, Source
from ui.faces import REGISTRY, Entry, Faces
from ui.theme.theme import forget_theme, theme
from ui.whereabouts import Whereabouts
from ui.widgets.seatsign import seat_icon

STOP_SECONDS = 5.0
"""The agent's time to record the exit and say goodbye."""


def options_of(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line; wrong use ends with exit code 2."""
    parser = argparse.ArgumentParser(prog="safeseat-tray", description="SafeSeat's tray, handle and windows.")
    parser.add_argument("--profile", type=Path, metavar="DIR", help="where this person's data lie")
    parser.add_argument("--desktop", metavar="NAME", help="adapter of the operating system (for tests: simulated)")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="policy file of this PC")
    parser.add_argument("--set", action="append", default=[], metavar="K=V", help="one setting for this run")
    parser.add_argument("--lead", action="store_true", help="show the lead desk")
    parser.add_argument("--lang", choices=("zh_CN", "zh_TW", "en"), help="language for this run")
    parser.add_argument("--theme", choices=("light", "dark", "contrast"), help="appearance for this run")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Run until the person or the agent quits; exit code 0 well, 2 wrong use, 3 the system lacks something."""
    options = options_of(argv)
    if sys.platform.startswith("linux") and not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))):
        return _say("There is no screen here. Use: safeseat agent --headless", 3)
    try:
        from app.agent.start import start_agent

        agent = start_agent(_agent_options(options))
    except UsageError as error:
        return _say(error, 2)
    except UnavailableError as error:
        return _say(error, 3)
    except SafeSeatError as error:
        return _say(error, 1)
    try:
        return run(sys.argv[:1], agent, ready=lambda faces: agent.add_verb("where", Whereabouts(faces).answer))
    finally:
        agent.stop(STOP_SECONDS)


def run(
    argv: Sequence[str], source: Source, registry: tuple[Entry, ...] = REGISTRY,
    ready: Callable[[Faces], None] | None = None,
) -> int:
    """Show the faces of `source` until its Snapshot says `stopping`; `ready` is called in the first turn of the loop."""
    made = QApplication.instance()
    app = made if isinstance(made, QApplication) else QApplication(list(argv))
    app.setQuitOnLastWindowClosed(False)
    app.setApplicationName("safeseat")
    QGuiApplication.setDesktopFileName("safeseat")
    app.setWindowIcon(seat_icon("well", "none", False, theme().colour("text"), theme().colour("mark")))
    bridge = Bridge(source)
    faces = Faces(bridge, registry)
    bridge.changed.connect(_end_with)
    watch = _Signals(bridge)
    app.commitDataRequest.connect(lambda _session: bridge.post(Quit("signed_off")))
    QTimer.singleShot(0, faces, lambda: faces.show_snapshot(bridge.snapshot))
    if ready is not None:
        QTimer.singleShot(0, faces, lambda: ready(faces))
    try:
        return app.exec()
    finally:
        watch.close()
        bridge.close()
        faces.close()
        forget_theme()


def _end_with(snapshot: Snapshot) -> None:
    if snapshot.stopping:
        QApplication.quit()


def _say(error: object, code: int) -> int:
    sys.stderr.write(f"{error}\n")
    return code


def _agent_options(options: argparse.Namespace) -> Any:
    """The agent's options from the command line; `--lang` and `--theme` are settings of this run."""
    from app.agent.start import AgentOptions

    chosen = [*options.set]
    if options.lang:
        chosen.append(f"language={options.lang}")
    if options.theme:
        chosen.append(f"theme={options.theme}")
    return AgentOptions(
        profile=options.profile, desktop=options.desktop, policy=options.policy, settings=tuple(chosen), lead=options.lead
    )


class _Signals(QObject):
    """Turns SIGTERM and SIGINT into an orderly end, without a timer that wakes the process."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)
        self._reader.setblocking(False)
        self._bridge = bridge
        self._before = [(number, signal.signal(number, self._nothing)) for number in (signal.SIGTERM, signal.SIGINT)]
        self._woken = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._quit)

    def _nothing(self, _number: int, _frame: FrameType | None) -> None:
        """The wake-up byte does the work."""

    def _quit(self) -> None:
        self._reader.recv(64)
        self._bridge.post(Quit("asked"))
        QTimer.singleShot(round(STOP_SECONDS * 1000), self, QApplication.quit)

    def close(self) -> None:
        """Restore what was there before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._woken)
        for number, handler in self._before:
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()
