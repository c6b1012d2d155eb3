"""Picture states of the edge handle."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from app.agent.snapshot import Sign
from tests.gui.picture_registry import register
from tests.helpers.qt import bridge_for, snapshot_of
from ui.surfaces.handle.surface import Handle
from ui.theme.theme import theme

SIGNS = {"kept": Sign.KEPT, "shown": Sign.SHOWN, "coming": Sign.COMING, "nobody": Sign.NOBODY}
KEEP: list[object] = []


def build(state: str) -> list[QWidget]:
    """Stand the handle at the right edge."""
    help_ = {"sign": SIGNS[state], "open": True} if state in SIGNS else {}
    if state == "said":
        help_ = {"sign": Sign.COMING, "sentence": 1, "open": True, "told_boot": 1}
    settings = {"handle_shown": True}
    bridge, source = bridge_for(
        snapshot_of(look=theme().palette.name, language=theme().language, help_={}, settings=settings)
    )
    handle = Handle(bridge)
    KEEP[:] = [bridge, source, handle]
    handle.show_snapshot(source.snapshot)
    if state == "wide":
        QCursor.setPos(handle.mapToGlobal(QPoint(14, 40)))
    if help_:
        told = snapshot_of(look=theme().palette.name, language=theme().language, help_=help_, settings=settings)
        source.push(told)
        bridge.snapshot = told
        handle.show_snapshot(told)
    return [handle]


register("handle", ("rest", "wide", "said", *SIGNS), build, margin=120)
