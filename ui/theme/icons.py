"""Line icons: own SVG files on a 24 grid, read by a small parser and drawn with QPainterPath in any colour.

QtSvg would cost 3 MB of resident memory in the tray (measured); the icons use only `path` (M L H V C Q Z, absolute),
`circle` and `rect`, so 60 lines do.
"""

import re
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from app.content.shipped import shipped_text

GRID = 24.0
STROKE = 1.75
_ELEMENT = re.compile(r"<(path|circle|rect)\b([^>]*)/>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_TOKEN = re.compile(r"[MLHVCQZ]|-?\d*\.?\d+")
_NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "Z": 0}


def path_of(data: str) -> QPainterPath:
    """The outline of an SVG path in absolute M L H V C Q Z commands; ValueError for anything else."""
    path, tokens, at, command = QPainterPath(), _TOKEN.findall(data), 0, ""
    while at < len(tokens):
        if tokens[at] in _NUMBERS:
            command, at = tokens[at], at + 1
        elif command in ("", "Z"):
            raise ValueError(f"not an icon path: {data}")
        count = _NUMBERS[command]
        _add(path, command, [float(token) for token in tokens[at : at + count]])
        at += count
    return path


def _add(path: QPainterPath, command: str, n: list[float]) -> None:
    here = path.currentPosition()
    if command == "M":
        path.moveTo(n[0], n[1])
    elif command == "L":
        path.lineTo(n[0], n[1])
    elif command == "H":
        path.lineTo(n[0], here.y())
    elif command == "V":
        path.lineTo(here.x(), n[0])
    elif command == "C":
        path.cubicTo(QPointF(n[0], n[1]), QPointF(n[2], n[3]), QPointF(n[4], n[5]))
    elif command == "Q":
        path.quadTo(QPointF(n[0], n[1]), QPointF(n[2], n[3]))
    else:
        path.closeSubpath()


@lru_cache(maxsize=64)
def outline(name: str) -> QPainterPath:
    """All lines of the icon `name` on the 24 grid; FileNotFoundError if no such icon is shipped."""
    whole = QPainterPath()
    for kind, rest in _ELEMENT.findall(shipped_text("icons", f"{name}.svg")):
        value = dict(_ATTRIBUTE.findall(rest))
        if kind == "path":
            whole.addPath(path_of(value["d"]))
        elif kind == "circle":
            whole.addEllipse(QPointF(float(value["cx"]), float(value["cy"])), float(value["r"]), float(value["r"]))
        else:
            box = QRectF(*(float(value[key]) for key in ("x", "y", "width", "height")))
            whole.addRoundedRect(box, float(value.get("rx", "0")), float(value.get("rx", "0")))
    return whole


def paint_icon(painter: QPainter, name: str, box: QRectF, colour: QColor, stroke: float = STROKE) -> None:
    """Draw the icon `name` into `box` (square, logical px) in one colour."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / GRID, box.height() / GRID)
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(colour, stroke, Qt.PenStyle.SolidLine, cap, join))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline(name))
    painter.restore()


def icon(name: str, colour: QColor, size: int = 24, ratio: float = 1.0) -> QIcon:
    """The icon as a QIcon of `size` logical px in one colour."""
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_icon(painter, name, QRectF(0, 0, size, size), colour)
    painter.end()
    return QIcon(pixmap)
