"""Picture states of the emergency cards."""

from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from tests.gui.picture_registry import register
from tests.helpers.qt import bridge_for, snapshot_of
from ui.surfaces.cards.surface import Cards
from ui.theme.theme import theme

SITES = {
    "zh_CN": ("大楼西侧停车场，樱花树下", "东侧楼梯，图贴在茶水间门口", "一楼前台旁", "每层打印机旁", "电梯口和茶水间", "王敏（3 楼）、李强（4 楼）"),
    "zh_TW": ("大樓西側停車場，櫻花樹下", "東側樓梯，圖貼在茶水間門口", "一樓櫃檯旁", "每層印表機旁", "電梯口和茶水間", "王敏（3 樓）、李強（4 樓）"),
    "en": ("West car park, under the trees", "East stairs; plan by the kitchen", "Ground floor, beside reception", "By every printer",
           "Lift lobby and kitchen", "Wang Min (3), Li Qiang (4)"),
}
PLACES = ("assembly_point", "exit_map", "aed", "first_aid_kit", "extinguishers", "wardens")
PHONES = (("guards_phone", "6688"), ("internal_phone", "8110"), ("it_phone", "021-6000 8000"), ("utility_phone", "6600"))
STATES: dict[str, str] = {
    "tiles": "", "fire": "fire", "empty": "fire", "stale": "medical", "bomb": "bomb-threat", "form": "bomb-threat",
}  # fmt: skip
KEEP: list[object] = []


def settings_of(state: str, language: str) -> dict[str, Any]:
    """The site's values for a state."""
    if state == "empty":
        return {}
    day = "2026-03-02" if state == "stale" else "2026-11-02"
    return {"site": (*PHONES, *zip(PLACES, SITES[language], strict=True)), "cards_reviewed_on": day}


def build(state: str) -> list[QWidget]:
    """Open the cards in one state."""
    look, language = theme().palette.name, theme().language
    bridge, source = bridge_for(snapshot_of(look=look, language=language, settings=settings_of(state, language)))
    cards = Cards(bridge)
    KEEP[:] = [bridge, source, cards]
    cards.show_snapshot(source.snapshot)
    cards.open(QRect())
    if STATES[state]:
        cards.open_card(STATES[state])
    if state == "form":
        fill(cards)
        bar = cards.view.area.verticalScrollBar()
        cards.window.grab()
        bar.setValue(bar.maximum())
    return [cards.window]


def fill(cards: Cards) -> None:
    """Write one line and choose in the others."""
    form = cards.view.body.form
    assert form is not None
    for field in form.fields.values():
        if isinstance(field, QLineEdit):
            field.setText("…")
            field.textEdited.emit("…")
        else:
            chosen: QPushButton = field[0]
            chosen.setChecked(True)


register("cards", tuple(STATES), build, margin=24)
