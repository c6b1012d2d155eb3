"""Picture states of the first start."""

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from tests.gui.picture_registry import register
from tests.helpers.qt import bridge_for, snapshot_of
from ui.surfaces.firststart.surface import FirstStart
from ui.theme.theme import theme

KEEP: list[object] = []


def build(state: str) -> list[QWidget]:
    """Open the page."""
    help_ = {"enrolled": state == "enrolled"}
    bridge, source = bridge_for(snapshot_of(look=theme().palette.name, language=theme().language, help_=help_))
    page = FirstStart(bridge)
    KEEP[:] = [bridge, source, page]
    page.show_snapshot(source.snapshot)
    page.open(QRect())
    return [page.window]


register("firststart", ("enrolled", "not_enrolled"), build)
