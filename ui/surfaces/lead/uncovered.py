"""How much of a piece of our window other windows cover, asked of the window system itself; unknown counts as seen.

X11: the stacking order through Qt's own connection (about 0.3 ms), so it is true with and without a compositor.
Windows: whose window lies at nine points. Elsewhere (Wayland) nobody may ask; there Qt's exposure has to do.
"""

import ctypes
import sys
from ctypes import POINTER, Structure, byref, c_int, c_int16, c_uint, c_uint8, c_uint16, c_uint32, c_void_p
from functools import cache
from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication, QWindow

VIEWABLE, INPUT_ONLY = 2, 2


def covered_part(window: QWindow, box: QRect) -> float:
    """The part 0..1 of `box` (logical px in `window`) that other windows or the screen's edge hide. Qt thread."""
    if box.isEmpty():
        return 1.0
    if sys.platform == "win32":
        return _covered_windows(window, box)
    name = QGuiApplication.platformName()
    return _covered_x11(window, box) if name == "xcb" else 0.0


class _Cookie(Structure):
    _fields_ = [("sequence", c_uint)]


class _Tree(Structure):
    _fields_ = [("head", c_uint32 * 2), ("root", c_uint32), ("parent", c_uint32), ("count", c_uint16)]


class _Attributes(Structure):
    _fields_ = [
        ("head", c_uint32 * 2), ("visual", c_uint32), ("kind", c_uint16), ("gravity", c_uint8 * 2),
        ("planes", c_uint32 * 2), ("save_under", c_uint8), ("installed", c_uint8), ("map_state", c_uint8),
    ]


class _Geometry(Structure):
    _fields_ = [
        ("head", c_uint32 * 2), ("root", c_uint32), ("x", c_int16), ("y", c_int16), ("width", c_uint16),
        ("height", c_uint16), ("border", c_uint16),
    ]


class _Translated(Structure):
    _fields_ = [("head", c_uint32 * 2), ("child", c_uint32), ("x", c_int16), ("y", c_int16)]


_ANSWERS: dict[str, type[Structure]] = {
    "query_tree": _Tree, "get_window_attributes": _Attributes, "get_geometry": _Geometry,
    "translate_coordinates": _Translated,
}


class _Xcb:
    """The four questions, sent first and answered together: one round trip for any number of windows."""

    def __init__(self) -> None:
        self._lib = ctypes.CDLL("libxcb.so.1")
        self._free = ctypes.CDLL(None).free
        self._free.argtypes = [c_void_p]
        for name, answer in _ANSWERS.items():
            ask = getattr(self._lib, f"xcb_{name}")
            ask.restype = _Cookie
            ask.argtypes = [c_void_p, c_uint32, c_uint32, c_int, c_int][: 5 if name == "translate_coordinates" else 2]
            reply = getattr(self._lib, f"xcb_{name}_reply")
            reply.restype = POINTER(answer)
            reply.argtypes = [c_void_p, _Cookie, c_void_p]
        self._lib.xcb_query_tree_children.restype = POINTER(c_uint32)
        self._lib.xcb_query_tree_children.argtypes = [POINTER(_Tree)]

    def ask(self, connection: int, name: str, *args: int) -> _Cookie:
        cookie: _Cookie = getattr(self._lib, f"xcb_{name}")(connection, *args)
        return cookie

    def reply(self, connection: int, name: str, cookie: _Cookie) -> Any:
        """The answer as a copy, or None if the window is gone."""
        found = getattr(self._lib, f"xcb_{name}_reply")(connection, cookie, None)
        if not found:
            return None
        copy = _ANSWERS[name].from_buffer_copy(found.contents)
        self._free(found)
        return copy

    def tree(self, connection: int, window: int) -> tuple[int, int, list[int]] | None:
        """(root, parent, children from the lowest to the highest) of a window."""
        cookie = self.ask(connection, "query_tree", window)
        found = self._lib.xcb_query_tree_reply(connection, cookie, None)
        if not found:
            return None
        children = self._lib.xcb_query_tree_children(found)
        answer = (found.contents.root, found.contents.parent, children[: found.contents.count])
        self._free(found)
        return answer


@cache
def _xcb() -> _Xcb | None:
    try:
        return _Xcb()
    except (OSError, AttributeError):
        return None


def _covered_x11(window: QWindow, box: QRect) -> float:
    app, xcb = QGuiApplication.instance(), _xcb()
    if not isinstance(app, QGuiApplication) or xcb is None:
        return 0.0
    native: Any = app.nativeInterface()
    connection, own, ratio = int(native.connection()), int(window.winId()), window.devicePixelRatio()
    above = _windows_above(xcb, connection, own)
    if above is None:
        return 1.0
    root, others = above
    asked = xcb.ask(connection, "translate_coordinates", own, root, round(box.x() * ratio), round(box.y() * ratio))
    whole = xcb.ask(connection, "get_geometry", root)
    asks = [(xcb.ask(connection, "get_window_attributes", one), xcb.ask(connection, "get_geometry", one)) for one in others]
    at = xcb.reply(connection, "translate_coordinates", asked)
    screen = xcb.reply(connection, "get_geometry", whole)
    boxes = []
    for attributes_asked, geometry_asked in asks:
        attributes = xcb.reply(connection, "get_window_attributes", attributes_asked)
        geometry = xcb.reply(connection, "get_geometry", geometry_asked)
        if attributes and geometry and attributes.map_state == VIEWABLE and attributes.kind != INPUT_ONLY:
            edge = 2 * geometry.border
            boxes.append(QRect(geometry.x, geometry.y, geometry.width + edge, geometry.height + edge))
    if at is None or screen is None:
        return 1.0
    mine = QRect(at.x, at.y, round(box.width() * ratio), round(box.height() * ratio))
    return hidden_part(mine, QRect(0, 0, screen.width, screen.height), boxes)


def hidden_part(mine: QRect, screen: QRect, above: list[QRect]) -> float:
    """The part of `mine` that lies off `screen` or under one of `above`; overlaps count twice, to be on the safe side."""
    area = mine.width() * mine.height()
    seen = mine.intersected(screen)
    hidden = area - seen.width() * seen.height()
    for other in above:
        shared = seen.intersected(other)
        hidden += 0 if shared.isEmpty() else shared.width() * shared.height()
    return min(1.0, hidden / area)


def _windows_above(xcb: _Xcb, connection: int, own: int) -> tuple[int, list[int]] | None:
    """The root and every top-level window above ours (a window manager puts ours into a frame)."""
    found = xcb.tree(connection, own)
    frame = own
    while found is not None and found[1] not in (0, found[0]):
        frame = found[1]
        found = xcb.tree(connection, frame)
    if found is None:
        return None
    top = xcb.tree(connection, found[0])
    if top is None or frame not in top[2]:
        return None
    return found[0], top[2][top[2].index(frame) + 1 :]


def _covered_windows(window: QWindow, box: QRect) -> float:
    if sys.platform != "win32":
        return 0.0

    class Point(Structure):
        _fields_ = [("x", ctypes.c_long), ("y", ctypes.c_long)]

    user, own, ratio = ctypes.windll.user32, int(window.winId()), window.devicePixelRatio()
    user.WindowFromPoint.argtypes, user.WindowFromPoint.restype = [Point], c_void_p
    user.GetAncestor.argtypes, user.GetAncestor.restype = [c_void_p, c_uint], c_void_p
    user.ClientToScreen.argtypes = [c_void_p, c_void_p]
    hidden = 0
    for part_x in (0.1, 0.5, 0.9):
        for part_y in (0.1, 0.5, 0.9):
            x, y = box.x() + box.width() * part_x, box.y() + box.height() * part_y
            point = Point(round(x * ratio), round(y * ratio))
            user.ClientToScreen(own, byref(point))
            hidden += user.GetAncestor(user.WindowFromPoint(point), 2) != own
    return hidden / 9
