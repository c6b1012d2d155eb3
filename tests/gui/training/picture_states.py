"""Picture states of the training page."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from app.agent.pagefaces import NoticeView, PagesFace, TrainingFace
from app.agent.snapshot import Sign
from app.agent.training import seed_of
from tests.gui.picture_registry import register
from tests.helpers.qt import START, bridge_for, snapshot_of
from ui.surfaces.training.surface import Training
from ui.theme.theme import theme

KEEP: list[object] = []
SEED = seed_of(b"\x07" * 16, "2026Q4", 0)
FRESH = TrainingFace("2026Q4", SEED)
NOTICES = (
    NoticeView(b"\x01" * 16, "消防演练改到周三", "周三下午三点演练，听到广播请按应急卡撤离，集合点在北门。", START.wall_ms, START.wall_ms + 5 * 86_400_000),
    NoticeView(b"\x02" * 16, "新的诈骗话术", "最近有人冒充信息部索要验证码，请一律挂断后按名录回拨。", START.wall_ms, START.wall_ms + 86_400_000, True),
)
FACES = {
    "quiz": FRESH,
    "question": FRESH,
    "wrong": FRESH,
    "result": TrainingFace("2026Q4", SEED, 9, 10, True),
    "callers": TrainingFace("2026Q4", SEED, callers=(("fake-it", 3, 4),)),
    "caller": FRESH,
    "raise": FRESH,
    "notices": replace(FRESH, notices=NOTICES, notices_state="told"),
    "notices_away": replace(FRESH, notices_state="unreachable"),
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
    if state in ("callers", "caller", "raise", "notices", "notices_away"):
        page.window.choose({"caller": "callers", "notices_away": "notices"}.get(state, state))
    if state == "caller":
        next(iter(page.practise.values())).click()
    return [page.window]


register("training", tuple(FACES), build)
