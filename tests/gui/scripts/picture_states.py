"""Picture states of the script palette."""

from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from app.agent.snapshot import GuideFace, WarnStep
from tests.gui.picture_registry import register
from tests.helpers.qt import START, bridge_for, snapshot_of
from ui.surfaces.scripts.surface import Palette
from ui.theme.theme import theme

MINUTE = 60_000
WARNED = (WarnStep(START.wall_ms - 4 * MINUTE, "insults", 2, 1), WarnStep(START.wall_ms - MINUTE, "insults", 3, 2))
USED = GuideFace(recent=("refund-refused", "angry", "verify-caller"), favourites=("customer-defrauded", "insults"))
STATES: dict[str, Any] = {
    "home_new": GuideFace(),
    "home": USED,
    "results": USED,
    "nothing": USED,
    "page": GuideFace(current="insults", favourites=("insults",)),
    "variables": GuideFace(current="callback-promise", places=(("callback-promise", 3),), values=(("number", "010-8800 8110"),)),
    "warned": GuideFace(current="insults", places=(("insults", 3),), warned=WARNED),
    "about": GuideFace(current="self-harm", places=(("self-harm", 99),)),
    "copied": GuideFace(current="fraud-it"),
}
TYPED = {"results": "ma", "nothing": "zzzqqq"}
KEEP: list[object] = []


def build(state: str) -> list[QWidget]:
    """Open the palette in one state."""
    look, language = theme().palette.name, theme().language
    bridge, source = bridge_for(snapshot_of(look=look, language=language, guide=STATES[state]))
    palette = Palette(bridge)
    KEEP[:] = [bridge, source, palette]
    palette.show_snapshot(source.snapshot)
    palette.open(QRect())
    if state in TYPED:
        palette.window.search.setText(TYPED[state])
    if state == "copied":
        palette.window.page.copy()
        palette.window.page.steps._copied.stop()
    return [palette.window]


register("scripts", tuple(STATES), build, margin=24)
