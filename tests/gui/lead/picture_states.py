"""Picture states of the lead's desk."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.agent.snapshot import DeskFace
from tests.gui.lead.scene import Scene, board, row
from tests.gui.picture_registry import register
from ui.theme.theme import theme

MINE = {"mine": True, "taken_by": "我"}
STATES: dict[str, Callable[[], DeskFace]] = {
    "calm": board,
    "uncovered": lambda: board(uncovered=("A-17 · 王小明", "B-03 · 李丽"), seats_covered=28),
    "offline": lambda: board(connected=False),
    "silent": board,
    "one": lambda: board(row(1, ago=8)),
    "mine": lambda: board(row(2, ago=95, state="taken", next_action="on_spot", others=("张主管",), **MINE)),
    "say": lambda: board(row(2, ago=95, state="taken", next_action="on_spot", **MINE)),
    "raise": lambda: board(row(2, ago=95)),
    "there": lambda: board(row(2, ago=305, state="on_spot", next_action="settle", **MINE)),
    "second": lambda: board(row(2, ago=305, level=1, state="on_spot", next_action="none", waits_for_second=True, **MINE)),
    "taken_back": lambda: board(row(4, ago=140, taken_back=True), row(5, ago=300)),
    "unverified": lambda: board(row(6, ago=20, unverified=True, who="", team="", seat="", floor="")),
    "drill": lambda: board(row(7, ago=15, drill=True)),
    "many": lambda: board(
        row(3, ago=12, level=1), row(1, ago=40), row(2, ago=95, state="taken", next_action="on_spot", **MINE),
        row(5, ago=230, state="on_spot", taken_by="张主管"), row(6, ago=640, unverified=True, seat="", floor="", who=""),
        row(7, ago=15, drill=True, level=1), row(8, ago=33, drill=True), uncovered=("A-17", "B-03"), seats_covered=28,
    ),
    "crowd": lambda: board(row(9, ago=3, level=1), *(row(n, ago=5 + 9 * n) for n in range(1, 9))),
    "hostile": lambda: board(
        row(1, who="<img src='/etc/passwd'> <b>x</b>", team="a\nb", seat="名" * 40),
        row(2, who="שלום \u202eevil", seat="A-<br>12", level=1),
    ),
}
KEEP: list[Scene] = []


def build(state: str) -> list[QWidget]:
    """Open the desk in a state."""
    scene = Scene(theme().language, theme().palette.name)
    KEEP[:] = [scene]
    face = STATES[state]()
    scene.show_face(face)
    desk = scene.desk
    if scene.surface.tone is not None:
        scene.surface.tone.sound(False)
    desk.move(240, 120)
    if state == "silent":
        scene.voice.worked.emit(False)
    if state == "say":
        desk.detail.say.click()
    if state == "raise":
        desk.detail.higher.click()
    return [desk]


register("lead", tuple(STATES), build, margin=8)
