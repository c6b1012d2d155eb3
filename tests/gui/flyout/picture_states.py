"""Picture states of the flyout."""

from typing import Any

from PySide6.QtCore import QRect, QTimer
from PySide6.QtWidgets import QWidget

from app.agent.snapshot import BreakView, Sign, TrayState
from app.domain.moment import NS
from tests.gui.picture_registry import register
from tests.helpers.qt import START, bridge_for, snapshot_of
from ui.surfaces.flyout.surface import Flyout
from ui.theme.theme import theme

UNREACHED = {"connected": False, "unreachable_since_ms": START.wall_ms - 120_000, "waiting": 3}
STATES: dict[str, dict[str, Any]] = {
    "well": {},
    "early": {},
    "held": {},
    "nobody": {"help_": {"listeners": 0}, "tray": TrayState.ATTENTION},
    "offline": {"sync": UNREACHED, "tray": TrayState.ATTENTION},
    "offline_no_lan": {"sync": UNREACHED, "help_": {"lan_tested": False, "listeners": 0}, "tray": TrayState.ATTENTION},
    "not_enrolled": {"help_": {"enrolled": False, "listeners": None}, "tray": TrayState.UNPROTECTED},
    "fault": {"faults": ("vault_missing",), "tray": TrayState.ATTENTION},
    "coming": {"help_": {"sign": Sign.COMING, "sentence": 1, "open": True}},
    "call": {"seat": {"on_call": True}},
    "resting": {"seat": {"running": BreakView("rest", START.boot - 200 * NS, START.boot + 400 * NS), "next_fraction": 0.33}},
    "menu": {"settings": {"handle_shown": True}},
    "off_shift": {"seat": {"on_shift": False}, "tray": TrayState.OFF_SHIFT},
}
KEEP: list[object] = []


def build(state: str) -> list[QWidget]:
    """Open the flyout beside a tray icon at the lower right."""
    look, language = theme().palette.name, theme().language
    bridge, source = bridge_for(snapshot_of(look=look, language=language, **STATES[state]))
    flyout = Flyout(bridge)
    KEEP[:] = [bridge, source, flyout]
    flyout.show_snapshot(source.snapshot)
    flyout.open(QRect(1400, 970, 24, 24))
    content = flyout.window.content
    if state == "early":
        content.help.let_go_early.emit()
    if state == "held":
        content.help.gesture.progressed.emit(0.6)
    if state == "menu":
        QTimer.singleShot(150, content.more.click)
    return [flyout.window]


register("flyout", tuple(STATES), build, margin=48)
