"""`safeseat-tray`, `python -m ui`: starts the agent, builds the faces and ends both in order."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.agent.commands import Quit
from app.agent.process import present, take_name
from app.agent.snapshot import Snapshot
from app.domain.errors import SafeSeatError, UnavailableError, UsageError
from ui.bridge import Bridge, Source
from ui.endings import STOP_SECONDS, Signals
from ui.faces import REGISTRY, Entry, Faces
from ui.theme.theme import forget_theme, theme
from ui.whereabouts import Whereabouts
from ui.widgets.seatsign import seat_icon

LIGHT_PLATFORM_THEME = "gnome"
"""Follows the desktop's light or dark through its portal and needs no GTK, which would cost 18 MB (measured)."""


def options_of(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line; wrong use ends with exit code 2."""
    parser = argparse.ArgumentParser(prog="safeseat-tray", description="SafeSeat's tray, handle and windows.")
    parser.add_argument("--profile", type=Path, metavar="DIR", help="where this person's data lie")
    parser.add_argument("--desktop", metavar="NAME", help="adapter of the operating system (for tests: simulated)")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="policy file of this PC")
    parser.add_argument("--set", action="append", default=[], metavar="K=V", help="one setting for this run")
    parser.add_argument("--lead", action="store_true", help="show the lead desk")
    parser.add_argument("--pretend-lock", action="store_true", help="never lock the real screen (demo on one's own desktop)")
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
    present(agent)
    try:
        return run(sys.argv[:1], agent, ready=lambda faces: agent.add_verb("where", Whereabouts(faces).answer))
    finally:
        agent.stop(STOP_SECONDS)


def run(
    argv: Sequence[str], source: Source, registry: tuple[Entry, ...] = REGISTRY,
    ready: Callable[[Faces], None] | None = None,
) -> int:
    """Show the faces of `source` until its Snapshot says `stopping`; `ready` is called in the first turn of the loop."""
    if sys.platform.startswith("linux"):
        os.environ.setdefault("QT_QPA_PLATFORMTHEME", LIGHT_PLATFORM_THEME)
    take_name()
    made = QApplication.instance()
    app = made if isinstance(made, QApplication) else QApplication(list(argv))
    app.setQuitOnLastWindowClosed(False)
    app.setApplicationName("safeseat")
    QGuiApplication.setDesktopFileName("safeseat")
    app.setWindowIcon(seat_icon("well", "none", False, theme().colour("text"), theme().colour("mark")))
    bridge = Bridge(source)
    faces = Faces(bridge, registry)
    bridge.changed.connect(_end_with)
    watch = Signals(bridge)
    if sys.platform != "win32":
        # Windows asks first, and the answer may be no: there the agent hears of the end itself
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
        profile=options.profile, desktop=options.desktop, policy=options.policy, settings=tuple(chosen), lead=options.lead,
        pretend_lock=options.pretend_lock,
    )
