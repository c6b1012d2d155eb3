"""Runs inside Windows with the shipped runtime and Qt's real `windows` plugin: looks at windows, tray, fonts, theme, clock.

Prints one JSON line for each look: {"look": text, "well": bool, "seen": text}. Started by `wine10.py`.
"""

# ruff: noqa: E402
# what follows the assert exists on Windows only, and mypy skips it elsewhere
from __future__ import annotations

import ctypes
import json
import sys

from PySide6.QtCore import QRect
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon, QWidget

from app.agent.bootclock import machine_boot
from tests.gui import picture_registry, pictures
from tests.helpers.qt import bridge_for, snapshot_of
from ui.surfaces.tray.surface import Tray
from ui.theme.theme import theme
from ui.widgets import capture

assert sys.platform == "win32"

import winreg
from ctypes import wintypes

SURFACES = (
    ("flyout", "well"), ("handle", "rest"), ("handle", "coming"), ("firststart", "not_enrolled"), ("breaks", "rest"),
    ("breaks", "eyes"), ("lock", "warning"), ("lead", "one"),
)  # fmt: skip
NO_BUTTON = {"flyout", "handle", "breaks", "lock"}
"""Surfaces without a button in the task bar and in Alt+Tab."""
GWL_EXSTYLE, WS_EX_TOOLWINDOW = -20, 0x80
UNASKED = {"handle", "breaks", "lock", "lead"}
"""Surfaces that come by themselves and so must leave the keyboard where it was."""
PERSONALIZE = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
EVERY_WINDOW, WM_SETTINGCHANGE = 0xFFFF, 0x001A
TICK_NS = 16_000_000

user32, gdi32, kernel32 = ctypes.WinDLL("user32"), ctypes.WinDLL("gdi32"), ctypes.WinDLL("kernel32")
user32.GetForegroundWindow.restype = ctypes.c_void_p
user32.GetWindowLongW.argtypes = (ctypes.c_void_p, ctypes.c_int)
user32.IsWindowVisible.argtypes = (ctypes.c_void_p,)
user32.GetWindowRgn.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
gdi32.CreateRectRgn.restype = ctypes.c_void_p
gdi32.GetRegionData.argtypes = (ctypes.c_void_p, wintypes.DWORD, ctypes.c_void_p)
kernel32.GetTickCount64.restype = ctypes.c_ulonglong


def look(what: str, well: object, seen: object = "") -> None:
    sys.stdout.write(json.dumps({"look": what, "well": bool(well), "seen": str(seen)}) + "\n")
    sys.stdout.flush()


def main() -> int:
    app = QApplication(["safeseat-probe"])
    app.setQuitOnLastWindowClosed(False)
    screen = app.primaryScreen()
    look("Qt runs its windows plugin", app.platformName() == "windows", app.platformName())
    look(f"screen of {screen.size().width()} × {screen.size().height()} at {app.devicePixelRatio():g}", True)
    tray()
    pictures.load_states()
    typist = typed_into()
    for name, state in SURFACES:
        surface(name, state, typist)
    captures()
    fonts()
    follows_the_system()
    clock()
    return 0


def tray() -> None:
    bridge, source = bridge_for(snapshot_of())
    made = Tray(bridge)
    made.show_snapshot(source.snapshot)
    pictures.wait(500)
    look("the tray takes the icon and its messages",
         QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages() and made.icon.isVisible())  # fmt: skip
    look("a notice goes by the tray icon", made.notices.show("安席", "没锁上，请按 Win+L"))
    made.close()


def typed_into() -> QWidget:
    """A window that has the keyboard, as the softphone would."""
    window = QWidget()
    window.setGeometry(40, 40, 200, 80)
    window.show()
    window.activateWindow()
    pictures.wait(400)
    return window


def surface(name: str, state: str, typist: QWidget) -> None:
    typist.activateWindow()
    pictures.wait(300)
    before = user32.GetForegroundWindow()
    theme().choose("light", "zh_CN", reduce_motion=False)
    windows = [window for window in picture_registry.REGISTERED[name].build(state) if isinstance(window, QWidget)]
    pictures.wait(pictures.SETTLE_MS + 150)
    for window in windows:
        handle = int(window.winId())
        look(f"{name} ({state}) opens", window.isVisible() and user32.IsWindowVisible(handle), window.geometry())
        look(f"{name} ({state}) has the shape that it draws", shape_of(handle) == drawn_shape(window), shape_of(handle))
        if name in NO_BUTTON:
            look(f"{name} ({state}) takes no place in the task bar", user32.GetWindowLongW(handle, GWL_EXSTYLE) & WS_EX_TOOLWINDOW)
        if name in UNASKED:
            look(f"{name} ({state}) leaves the keyboard where it was", user32.GetForegroundWindow() == before)
        seen = window.geometry() & window.screen().geometry().adjusted(0, 0, -2, -2)  # rounding must not lead beyond it
        picture = window.screen().grabWindow(0, *seen.getRect()).toImage()
        colours = {picture.pixel(x, y) for x in range(0, picture.width(), 2) for y in range(0, picture.height(), 2)}
        look(f"{name} ({state}) is on the screen", len(colours) > 1, colours)
        window.close()


def drawn_shape(window: QWidget) -> set[tuple[int, int, int, int]]:
    ratio = window.devicePixelRatio()
    if ratio != 1:
        return shape_of(int(window.winId()))  # rounding to real pixels is Qt's own
    return {edges(rect) for rect in window.mask()}


def edges(rect: QRect) -> tuple[int, int, int, int]:
    return rect.x(), rect.y(), rect.x() + rect.width(), rect.y() + rect.height()


def shape_of(handle: int) -> set[tuple[int, int, int, int]]:
    """The window's region as Windows holds it, as rectangles; empty for a window without one."""
    region = gdi32.CreateRectRgn(0, 0, 0, 0)
    if user32.GetWindowRgn(handle, region) == 0:
        return set()
    size = gdi32.GetRegionData(region, 0, None)
    data = (ctypes.c_int32 * (size // 4))()
    gdi32.GetRegionData(region, size, data)
    gdi32.DeleteObject(ctypes.c_void_p(region))
    found = list(data)[8:]  # RGNDATAHEADER
    return {(found[i], found[i + 1], found[i + 2], found[i + 3]) for i in range(0, len(found), 4)}


def captures() -> None:
    counts = capture.COUNTS
    said = f"asked {counts.asked}, refused {counts.refused} (Wine has no such thing)"
    look(f"flyout, handle and lead desk ask to stay out of captures: {said}", counts.asked >= 3, said)


def fonts() -> None:
    menu = QMenu()
    menu.addAction("安席")
    menu.ensurePolished()
    size = QFontInfo(menu.font()).pixelSize()
    look(f"a menu's text is {size} px", size >= 12, size)
    family = QFontInfo(theme().font(14)).family()
    look(f"Chinese text is drawn in {family}", "CJK" in family or "YaHei" in family, family)


def follows_the_system() -> None:
    theme().choose("system", "zh_CN")
    seen = []
    for light, name in ((0, "dark"), (1, "light")):
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, PERSONALIZE, 0, winreg.KEY_WRITE) as key:
            winreg.SetValueEx(key, "AppsUseLightTheme", 0, winreg.REG_DWORD, light)
        user32.SendMessageTimeoutW(wintypes.HWND(EVERY_WINDOW), WM_SETTINGCHANGE, 0, "ImmersiveColorSet", 2, 1000, None)
        pictures.wait(300)
        seen.append((theme().palette.name, name))
    look("the theme follows the system's dark and light at once", all(now == wanted for now, wanted in seen), seen)


def clock() -> None:
    boot = machine_boot()
    ahead = boot() - int(kernel32.GetTickCount64()) * 1_000_000
    look("running times are drawn by the agent's clock, which is GetTickCount64's, finer", -TICK_NS < ahead < 2 * TICK_NS, ahead)


if __name__ == "__main__":
    sys.exit(main())
