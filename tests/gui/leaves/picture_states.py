"""Picture states of the page on what leaves this PC."""

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from app.agent.pagefaces import LeavesFace, OwnEntry, PagesFace, Reader
from tests.gui.picture_registry import register
from tests.helpers.qt import START, bridge_for, snapshot_of
from ui.surfaces.leaves.surface import Leaves
from ui.theme.theme import theme

KEEP: list[object] = []
MS = START.wall_ms
ENTRIES = (
    OwnEntry(41, MS - 60_000, "lock.daily", '{"type": "lock.daily", "ms": 1795000000000, "day": "2026-11-20", "confirmed": 7, "failed": 0}'),
    OwnEntry(40, MS - 3_600_000, "check.done", '{"type": "check.done", "ms": 1794996400000, "checklist": "shift-start", '
             '"items": [{"id": "headset", "well": true}, {"id": "screen", "well": false}], "facts": [], "repair": true}', True),
    OwnEntry(39, MS - 7_200_000, "alarm.raised", '{"type": "alarm.raised", "ms": 1794992800000, "alarm": "q6urq6urq6urq6urq6urqw==", '
             '"level": 2, "drill": true, "on_call": false, "late": false}', True),
    OwnEntry(1, MS - 90_000_000, "epoch", '{"type": "epoch", "ms": 1794910000000, "reason": "first", "prev_h": "' + "A" * 43 + '="}', True),
)  # fmt: skip
READERS = (Reader("2026-11-20", "lead", "SH-20261119-0007"), Reader("2026-11-19", "officer", "SH-20261119-0007"))
FACES = {
    "leaves": LeavesFace(True, ENTRIES),
    "sent": LeavesFace(True, ENTRIES),
    "stays": LeavesFace(True, ENTRIES, "done"),
    "readers": LeavesFace(True, ENTRIES, readers=READERS, readers_state="told"),
    "readers_away": LeavesFace(True, ENTRIES, readers_state="unreachable"),
    "closed": LeavesFace(False, (), "unreadable"),
}


def build(state: str) -> list[QWidget]:
    """Open the page on one of its tabs."""
    shown = snapshot_of(look=theme().palette.name, language=theme().language, pages=PagesFace(leaves=FACES[state]))
    bridge, source = bridge_for(shown)
    page = Leaves(bridge)
    KEEP[:] = [bridge, source, page]
    page.show_snapshot(source.snapshot)
    page.open(QRect())
    page.window.choose({"closed": "sent", "readers_away": "readers"}.get(state, state))
    return [page.window]


register("leaves", tuple(FACES), build)
