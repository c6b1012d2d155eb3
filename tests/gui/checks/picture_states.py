"""Picture states of the shift checks."""

from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from app.agent.pagefaces import ChecksFace, PagesFace
from app.agent.snapshot import DeskFace
from tests.gui.picture_registry import register
from tests.helpers.qt import bridge_for, snapshot_of
from ui.surfaces.checks.surface import Checks
from ui.theme.theme import theme

KEEP: list[object] = []
FACTS: tuple[tuple[str, bool | None], ...] = (
    ("headset", True), ("microphone", True), ("disk", True), ("updates", False), ("antivirus", None), ("disk_encryption", True),
    ("removable_storage", True), ("network", True), ("lock_test", True),
)  # fmt: skip
SEATS = (("A-03", "3"), ("A-11", "3"), ("B-07", "4"))
FACES: dict[str, ChecksFace] = {
    "offer": ChecksFace(offered="shift-start"),
    "asking": ChecksFace(asking=True),
    "start": ChecksFace(facts=FACTS),
    "faults": ChecksFace(facts=FACTS),
    "last_one": ChecksFace(facts=FACTS, done=("shift-start",)),
    "weekly": ChecksFace(facts=FACTS, sample_state="told", sample=SEATS),
    "weekly_alone": ChecksFace(facts=FACTS, sample_state="unreachable"),
}


def shown(state: str, **more: Any) -> Any:
    """The Snapshot of a state."""
    return snapshot_of(look=theme().palette.name, language=theme().language, pages=PagesFace(checks=FACES[state]), **more)


def build(state: str) -> list[QWidget]:
    """Open the page, or let the offer come."""
    lead = {"desk": DeskFace()} if state.startswith("weekly") else {}
    bridge, source = bridge_for(shown(state, **lead))
    checks = Checks(bridge)
    KEEP[:] = [bridge, source, checks]
    checks.show_snapshot(source.snapshot)
    if state == "offer":
        assert checks.card is not None
        return [checks.card]
    checks.open(QRect())
    assert checks.window is not None
    if state == "faults":
        checks.rest.click()
        checks.window.sheets["shift-start"].verticalScrollBar().setValue(10_000)
    if state.startswith("weekly"):
        checks.window.choose("lead-weekly")
    if state == "last_one":
        checks.window.choose("shift-end")
        checks.lists["shift-end"].last.click()
    return [checks.window]


register("checks", tuple(FACES), build)
