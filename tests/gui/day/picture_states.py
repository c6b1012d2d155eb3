"""Picture states of the page on the own day."""

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from app.agent.ownpages import midnight
from app.agent.pagefaces import DayFace, DaySpan, MoodNote, PagesFace
from app.agent.snapshot import GuideFace
from tests.gui.picture_registry import register
from tests.helpers.qt import START, bridge_for, snapshot_of
from ui.surfaces.day.surface import Day
from ui.theme.theme import theme

KEEP: list[object] = []
BEGAN = midnight(START.wall_ms)
MINUTE, HOUR, DAY = 60_000, 3_600_000, 24 * 3_600_000
NOW = BEGAN + 17 * HOUR + 20 * MINUTE


def span(kind: str, hour: float, minutes: float) -> DaySpan:
    """A stretch that begins at an hour of the day."""
    begun = BEGAN + int(hour * HOUR)
    return DaySpan(kind, begun, begun + int(minutes * MINUTE))


SPANS = (
    span("work", 8.9, 184), *(span("call", 9 + n * 0.31, 4 + n % 5 * 3) for n in range(9)), span("eyes", 9.25, 1),
    span("rest", 10.0, 10), span("lock", 12.0, 55), span("work", 13.0, 250), span("hard", 14.4, 26), span("calm", 14.85, 5),
    span("rest", 15.6, 10), span("eyes", 16.3, 1), *(span("call", 15.9 + n * 0.3, 9) for n in range(4)),
)  # fmt: skip
MOODS = (
    *(MoodNote(NOW - (27 - back) * DAY, (5 + back * 7 % 6) % 11) for back in range(0, 25, 2)),
    MoodNote(NOW - DAY, 3, "下午那通电话不容易，阿明帮我接了下一通"),
    MoodNote(NOW - HOUR, 6, "客户的号码 [手机号 …5678] 又打来了"),
)
FULL = DayFace(BEGAN, NOW, True, SPANS, (("eyes", 12), ("rest", 6), ("calm", 1)), (("eyes", 10), ("rest", 5), ("calm", 1)), MOODS)
FACES = {
    "day": FULL,
    "young": DayFace(BEGAN, BEGAN + 9 * HOUR + 12 * MINUTE, True, (span("work", 9.0, 12),)),
    "mood": FULL,
    "mood_new": DayFace(BEGAN, NOW),
    "closed": DayFace(BEGAN, NOW, readable=False),
}
MARKS = (BEGAN + int(10.7 * HOUR), BEGAN + int(14.5 * HOUR))


def build(state: str) -> list[QWidget]:
    """Open the page on one of its tabs."""
    shown = snapshot_of(
        look=theme().palette.name, language=theme().language, pages=PagesFace(day=FACES[state]), guide=GuideFace(marks=MARKS),
    )
    bridge, source = bridge_for(shown)
    page = Day(bridge)
    KEEP[:] = [bridge, source, page]
    page.show_snapshot(source.snapshot)
    page.open(QRect())
    if state.startswith("mood"):
        page.window.choose("mood")
    if state == "mood_new":
        page.mood.figures.button(4).setChecked(True)
        page.mood.line.setText("午饭没吃好")
    return [page.window]


register("day", tuple(FACES), build)
