"""Picture states of the training page."""

from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from app.agent.pagefaces import PagesFace, TrainingFace
from app.agent.snapshot import Sign
from app.agent.training import seed_of
from tests.gui.picture_registry import register
from tests.helpers.qt import bridge_for, snapshot_of
from ui.surfaces.training.surface import Training
from ui.theme.theme import theme

KEEP: list[object] = []
SEED = seed_of(b"\x07" * 16, "2026Q4", 0)
FRESH = TrainingFace("2026Q4", SEED)
FACES = {
    "quiz": FRESH,
    "question": FRESH,
    "wrong": FRESH,
    "result": TrainingFace("2026Q4", SEED, 9, 10, True),
    "callers": TrainingFace("2026Q4", SEED, callers=(("fake-it", 3, 4),)),
    "caller": FRESH,
    "raise": FRESH,
}


def build(state: str) -> list[QWidget]:
    """Open the page at some place."""
    help_: dict[str, Any] = {"open": True, "drill": True, "sign": Sign.SHOWN} if state == "raise" else {}
    shown = snapshot_of(look=theme().palette.name, language=theme().language, pages=PagesFace(training=FACES[state]), help_=help_)
    bridge, source = bridge_for(shown)
    page = Training(bridge)
    KEEP[:] = [bridge, source, page]
    page.show_snapshot(source.snapshot)
    page.open(QRect())
    if state in ("question", "wrong"):
        page.begin_quiz()
        if state == "wrong" and page.quiz is not None:
            answers = page.quiz._asks[0].answers
            page.quiz.choices[next(at for at, one in enumerate(answers) if not one.right)].click()
    if state in ("callers", "caller", "raise"):
        page.window.choose("callers" if state == "caller" else state)
    if state == "caller":
        next(iter(page.practise.values())).click()
    return [page.window]


register("training", tuple(FACES), build)
