"""Picture states of the cards of breaks."""

from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from app.agent.snapshot import BreakView, OfferView
from app.domain.moment import NS
from tests.gui.picture_registry import register
from tests.helpers.qt import START, bridge_for, snapshot_of
from ui.surfaces.breaks.cards import EyesCard, OfferCard
from ui.surfaces.breaks.surface import BreaksSurface
from ui.theme.theme import theme


def _offer(kind: str, seconds: int, until: int, left: int = 2) -> OfferView:
    return OfferView(kind, seconds, START.boot + until * NS, left, left, kind == "eyes")


def _run(kind: str, gone: int, left: int) -> BreakView:
    return BreakView(kind, START.boot - gone * NS, START.boot + left * NS)


STATES: dict[str, dict[str, Any]] = {
    "eyes": {"offer": _offer("eyes", 20, 10)},
    "eyes_held": {"offer": _offer("eyes", 20, 10)},
    "eyes_running": {"running": _run("eyes", 7, 13)},
    "rest": {"offer": _offer("rest", 600, 120, 1), "reason_seconds": 3600},
    "rest_focus": {"offer": _offer("rest", 600, 120, 1), "reason_seconds": 3600},
    "talk": {"offer": _offer("talk", 300, 120), "reason_seconds": 2100},
    "calm": {"offer": _offer("calm", 180, 120, 1)},
    "rest_running": {"running": _run("rest", 220, 380)},
    "talk_running": {"running": _run("talk", 60, 240)},
    "calm_running": {"running": _run("calm", 100, 80)},
    "done": {"running": _run("rest", 600, 0)},
}
KEEP: list[object] = []


def build(state: str) -> list[QWidget]:
    """Show the card of a state; a held one under the pointer, a focused one entered by its hotkey."""
    look, language = theme().palette.name, theme().language
    bridge, source = bridge_for(snapshot_of(look=look, language=language, seat=STATES[state]))
    surface = BreaksSurface(bridge)
    KEEP[:] = [bridge, source, surface]
    surface.show_snapshot(source.snapshot)
    card = surface.on_screen
    if state == "eyes":
        source.now += 3 * NS
    if state == "done":
        surface.show_snapshot(snapshot_of(look=look, language=language))
    if isinstance(card, EyesCard) and state == "eyes_held":
        QCursor.setPos(card.mapToGlobal(QPoint(60, 20)))
        card.open(True)
    if isinstance(card, OfferCard) and state == "rest_focus":
        card.enter()
    surface._ticking.stop()  # a picture is one instant, and the card is taken down from outside
    surface._done.stop()
    return [card] if card is not None else []


register("breaks", tuple(STATES), build)
