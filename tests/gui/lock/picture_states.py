"""Picture states of the lock's card."""

from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.moment import NS
from tests.gui.picture_registry import register
from tests.helpers.qt import START, bridge_for, snapshot_of
from ui.surfaces.lock.surface import LockSurface
from ui.theme.theme import theme

STATES: dict[str, dict[str, Any]] = {
    "warning": {"warning_until_boot": START.boot + 11 * NS},
    "last_seconds": {"warning_until_boot": START.boot + 3 * NS},
    "failed": {"lock_failed": True},
    "leave": {"leaving_until_boot": START.boot + 2 * NS},
}
KEEP: list[object] = []


def build(state: str) -> list[QWidget]:
    """Show the card of a state."""
    bridge, source = bridge_for(snapshot_of(look=theme().palette.name, language=theme().language, seat=STATES[state]))
    surface = LockSurface(bridge)
    KEEP[:] = [bridge, source, surface]
    surface.show_snapshot(source.snapshot)
    surface._ticking.stop()  # a picture is one instant, and the card is taken down from outside
    return [surface.card]


register("lock", tuple(STATES), build)
