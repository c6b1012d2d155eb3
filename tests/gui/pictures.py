"""Takes a picture of every surface in its states, themes and languages from a real X screen.

`python -m tests.gui.pictures --out build/pictures [--only NAME] [--theme T] [--lang L]`; files are named
surface-state-theme-language.png. It brings its own virtual screen; with `--here` it takes the present one, as on Windows.
"""

import argparse
import ctypes
import importlib
import importlib.util
import os
import pkgutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QCursor, QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui.picture_registry import REGISTERED, Entry
from tests.helpers.qt import QUIET
from ui.theme.theme import forget_theme, theme

THEMES, LANGUAGES = ("light", "dark"), ("zh_CN", "zh_TW", "en")
GROUND = {"light": "#aab6bd", "dark": "#101619"}
BELOW = (
    Qt.WindowType.Tool
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnBottomHint
    | Qt.WindowType.WindowTransparentForInput
    | Qt.WindowType.WindowDoesNotAcceptFocus
)
"""Windows has no window type for a desktop's ground, so it is a window that never takes focus or pointer."""
NARROW, TASK_BAR = 24, 22
"""Wine: below this width a window's shape is drawn wrongly; the height of its task bar, which it does not tell."""
SETTLE_MS = 350
"""Longer than the longest motion of a window that comes in."""


def load_states() -> None:
    """Import every tests.gui.*.picture_states."""
    import tests.gui

    for found in pkgutil.iter_modules(tests.gui.__path__):
        name = f"tests.gui.{found.name}.picture_states"
        if found.ispkg and importlib.util.find_spec(name) is not None:
            importlib.import_module(name)


def wait(ms: int) -> None:
    """Let the event loop run."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def ground(colour: str, spared: int = 0) -> QWidget:
    """A quiet ground behind everything that never comes to the front; as large as the screen, but for `spared` px below."""
    below = QWidget(None, BELOW if sys.platform == "win32" else Qt.WindowType.FramelessWindowHint)
    below.setAttribute(Qt.WidgetAttribute.WA_X11NetWmWindowTypeDesktop)
    below.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    below.setGeometry(QGuiApplication.primaryScreen().geometry().adjusted(0, 0, 0, -spared))
    below.setStyleSheet(f"background: {colour};")
    below.show()
    wait(40)
    return below


def on_wine() -> bool:
    """Whether this Windows is Wine."""
    return sys.platform == "win32" and hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")


def mend(picture: QPixmap, corner: QPoint, windows: Sequence[QWidget], colour: str) -> None:
    """Draw again what Wine 10 cannot show: windows with alpha are black there, and a narrow window's shape is drawn wrongly."""
    painter = QPainter(picture)
    for window in windows:
        if window.testAttribute(Qt.WidgetAttribute.WA_TranslucentBackground) or window.width() < NARROW:
            painter.save()
            painter.translate(window.pos() - corner)
            painter.fillRect(window.rect(), QColor(colour))
            if not window.mask().isEmpty():
                painter.setClipRegion(window.mask())
            painter.drawPixmap(0, 0, window.grab())
            painter.restore()
    painter.end()


def take(entry: Entry, state: str, look: str, language: str, out: Path) -> Path:
    """Build one state, grab it from the screen, take it down."""
    theme().choose(look, language, reduce_motion=False)
    below = ground(GROUND.get(look, "#808080"), TASK_BAR if entry.name == "tray" and on_wine() else 0)
    QCursor.setPos(QPoint(4, 4))
    windows = [window for window in entry.build(state) if isinstance(window, QWidget)]
    wait(SETTLE_MS)
    screen = QGuiApplication.primaryScreen()
    area = screen.geometry()
    if not entry.whole_screen:
        box = QRect()
        for window in windows:
            box = box.united(window.frameGeometry())
        margin = entry.margin
        area = box.adjusted(-margin, -margin, margin, margin) & area
    path = out / f"{entry.name}-{state}-{look}-{language}.png"
    picture = screen.grabWindow(0, area.x(), area.y(), area.width(), area.height())
    if on_wine():
        mend(picture, area.topLeft(), windows, GROUND.get(look, "#808080"))
    picture.save(str(path))
    for window in (*windows, below):
        window.close()
        if window.testAttribute(Qt.WidgetAttribute.WA_DeleteOnClose):
            continue
        window.deleteLater()
    wait(20)
    return path


def take_all(options: argparse.Namespace) -> int:
    """All chosen pictures; returns the exit code."""
    load_states()
    chosen = [entry for name, entry in sorted(REGISTERED.items()) if options.only in (None, name)]
    if not chosen:
        sys.stderr.write(f"No surface named {options.only}; there are: {', '.join(sorted(REGISTERED))}\n")
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    app = QApplication(["safeseat-pictures"])
    app.setQuitOnLastWindowClosed(False)
    began, count = time.monotonic(), 0
    for entry in chosen:
        for state in entry.states:
            for look in options.theme or THEMES:
                for language in options.lang or LANGUAGES:
                    take(entry, state, look, language, options.out)
                    count += 1
    sys.stdout.write(f"{count} pictures in {options.out} ({time.monotonic() - began:.0f} s)\n")
    forget_theme()
    app.shutdown()
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="pictures", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/pictures"))
    parser.add_argument("--only", metavar="NAME", help="one surface")
    parser.add_argument("--theme", action="append", choices=("light", "dark", "contrast", "contrast_light"))
    parser.add_argument("--lang", action="append", choices=LANGUAGES)
    parser.add_argument("--scale", type=float, default=1.0, help="for example 1.5")
    parser.add_argument("--here", action="store_true", help="on the screen that DISPLAY names")
    options = parser.parse_args(argv)
    if options.here:
        return take_all(options)
    from app.tools.stage import Setup, Stage  # a virtual screen of Linux' own programs

    size = (round(1600 * options.scale), round(1000 * options.scale))
    with Stage(Setup(*size, scale=options.scale, vault=False, notices=False, locker=False)) as stage:
        os.environ.update(stage.env, **QUIET)
        return take_all(options)


if __name__ == "__main__":
    sys.exit(main())
