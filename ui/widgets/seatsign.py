"""The seat sign with its four states and the strokes of the help sign, drawn for any size from 16 px (ux measures).

The seat is a chair seen from the side, like the letter h. It never moves: the strokes 一 二 三 ╱ stand between its legs,
each 8 × 2 px and 2 apart, so that nothing but their own pixels changes.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

BAR, THICK, APART = 8, 2, 2
FIELD = 3 * THICK + 2 * APART
"""The field of the strokes is 8 × 10 px."""

STATES = ("well", "attention", "off_shift", "unprotected")
STROKES = {"none": 0, "kept": 1, "shown": 2, "coming": 3, "nobody": 0}
TRAY_SIZES = (16, 20, 22, 24, 32, 48)


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the parts of a seat of one size stand, in whole px."""

    left: int
    right: int
    top: int
    seat: int
    bottom: int
    field: tuple[int, int]


def plan_of(size: int) -> Plan:
    """The parts of a seat of `size` px (16 to 31; larger ones are drawn in half their size at double scale)."""
    pad, roomy = (size - 16) // 8, size > 16
    width = 16 if roomy else 14
    left, bottom = (size - width) // 2, size - pad
    field = (left + (width - BAR) // 2, bottom - FIELD - roomy)
    return Plan(left, left + width - 2, pad, field[1] - 3, bottom, field)


def paint_strokes(painter: QPainter, left: float, top: float, strokes: str, colour: QColor) -> None:
    """Draw a sign in the field of 8 × 10 px at (left, top): bars on whole pixels, ╱ from corner to corner."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, strokes == "nobody")
    count = STROKES[strokes]
    first = top + (FIELD - count * THICK - max(0, count - 1) * APART) // 2
    for number in range(count):
        painter.fillRect(QRectF(left, first + number * (THICK + APART), BAR, THICK), colour)
    if strokes == "nobody":
        painter.setClipRect(QRectF(left, top, BAR, FIELD), Qt.ClipOperation.IntersectClip)
        painter.setPen(QPen(colour, THICK, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QPointF(left + 0.5, top + FIELD - 1), QPointF(left + BAR - 0.5, top + 1))
    painter.restore()


def paint_seat(
    painter: QPainter, size: int, state: str, strokes: str, dot: bool, ink: QColor, caution: QColor
) -> None:
    """Draw the sign into the square (0, 0, size, size) of logical px, `size` >= 16.

    States differ by shape: well is drawn full, off shift thin, unprotected broken and marked, attention full and marked
    beside the back; `dot` is the 2 px of a lead's sentence, at the upper right.
    """
    if size >= 32:
        painter.save()
        painter.scale(2, 2)
        paint_seat(painter, size // 2, state, strokes, dot, ink, caution)
        painter.restore()
        return
    plan = plan_of(size)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen_of(state, ink))
    painter.drawPath(_chair(plan, 0.5 if state == "off_shift" else 1.0))
    if state in ("attention", "unprotected"):
        high = min(5, plan.seat - plan.top - 1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(caution)
        painter.drawRoundedRect(QRectF(plan.left + 4, plan.top, max(4, high), high), high / 2, high / 2)
    painter.restore()
    paint_strokes(painter, *plan.field, strokes, ink)
    if dot:
        painter.fillRect(QRectF(plan.right, plan.top, 2, 2), ink)


def _pen_of(state: str, ink: QColor) -> QPen:
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    pen = QPen(ink, 1.0 if state == "off_shift" else float(THICK), Qt.PenStyle.SolidLine, cap, join)
    if state == "unprotected":
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([1.0, 1.0])
    return pen


def _chair(plan: Plan, half: float) -> QPainterPath:
    """Back, seat and front leg as lines; `half` is half their width, so that their edges meet whole pixels."""
    path, right = QPainterPath(), plan.right + THICK - half
    path.moveTo(plan.left + half, plan.top + half)
    path.lineTo(plan.left + half, plan.bottom - half)
    path.moveTo(plan.left + half, plan.seat + half)
    path.lineTo(right, plan.seat + half)
    path.lineTo(right, plan.bottom - half)
    return path


def seat_pixmap(
    size: int, state: str, strokes: str, dot: bool, ink: QColor, caution: QColor, ratio: float = 1.0,
    tile: QColor | None = None,
) -> QPixmap:
    """The sign as a pixmap of `size` logical px, on a rounded `tile` or on nothing."""
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    if tile is not None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tile)
        painter.drawRoundedRect(QRectF(0, 0, size, size), size / 8, size / 8)
    paint_seat(painter, size, state, strokes, dot, ink, caution)
    painter.end()
    return pixmap


def seat_icon(
    state: str, strokes: str, dot: bool, ink: QColor, caution: QColor, tile: QColor | None = None
) -> QIcon:
    """The tray's icon in every size that trays ask for, each drawn for its own pixels."""
    made = QIcon()
    for size in TRAY_SIZES:
        made.addPixmap(seat_pixmap(size, state, strokes, dot, ink, caution, tile=tile))
    return made
