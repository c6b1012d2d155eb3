"""Picture states of the report form."""

from typing import Any

from PySide6.QtCore import QRect, QTimer
from PySide6.QtWidgets import QWidget

from app.agent.reports import FIELDS
from app.agent.snapshot import GuideFace, ReportDraft, ReportsFace, SentReport, WarnStep
from tests.gui.picture_registry import register
from tests.helpers.qt import START, bridge_for, snapshot_of
from ui.surfaces.incidents.surface import Incidents
from ui.theme.theme import theme

NOW = START.wall_ms
HOUR = 3600 * 1000
SAID = {
    "zh_CN": ("3 楼 B 区", "他要求退款，说不给就来公司“找人”。报了身份证 [身份证 …002X]，我没有记下。第二次提醒后他还在骂，我按流程结束了通话。"),
    "zh_TW": ("3 樓 B 區", "他要求退款，說不給就來公司「找人」。報了身分證 [身分證 …002X]，我沒有記下。第二次提醒後他還在罵，我按流程結束了通話。"),
    "en": ("Floor 3, B", "He wanted a refund and said he would come and find us. He read out his ID [ID number …002X]. After the second warning I ended the call."),
}
MARK = {"zh_CN": "[输入中]", "zh_TW": "[輸入中]", "en": "[typing]"}
GUIDE = GuideFace(
    warns=(WarnStep(NOW - 1500_000, "verbal-abuse", 2, 1), WarnStep(NOW - 1380_000, "verbal-abuse", 3, 2), WarnStep(NOW - 1300_000, "verbal-abuse", 4, 3)),
    marks=(NOW - 1600_000,),
)
SENT = (
    SentReport(b"\2" * 16, "LOCAL-20261120-9F3A", "suspicious", False, 3, "lead", NOW - 2 * HOUR),
    SentReport(b"\3" * 16, "SH-20261118-0004", "fire", True, 1, "officer", NOW - 50 * HOUR, "in_hand", NOW + 20 * HOUR, notes=1),
)
ALARM = {"alarm": b"\xab" * 16, "alarm_ms": NOW - 1450_000, "alarm_due_ms": NOW + 23 * HOUR}
KEEP: list[object] = []


def draft(language: str, **more: Any) -> ReportDraft:
    """A draft as it looks after a few minutes of writing."""
    place, text = SAID[language]
    said = {"place": place, "text": text, **more.pop("said", {})}
    given = {
        "kind": "threat", "level": 2, "occurred_ms": NOW - 1500_000, "begun_ms": NOW - 600_000, "edit": 3,
        "steps": ((NOW - 1500_000, "warning.1", "verbal-abuse"), (NOW - 1450_000, "help.called", "")),
        "saved_ms": NOW - 120_000, "saved": True, "hidden": (("id_number", 1),),
    }
    return ReportDraft(b"\1" * 16, fields=tuple(said.get(name, "") for name in FIELDS), **{**given, **more})


def face(state: str, language: str) -> ReportsFace:
    """What the agent would show in a state."""
    states: dict[str, dict[str, Any]] = {
        "empty": {},
        "owed": ALARM,
        "draft": {"drafts": (draft(language),), "sent": SENT, **ALARM},
        "middle": {"drafts": (draft(language),), "sent": SENT},
        "lower": {"drafts": (draft(language),), "sent": SENT, **ALARM},
        "hazard": {"drafts": (draft(language, kind="suspicious", hazard=True, hidden=()),)},
        "full": {"drafts": (draft(language, saved=False, problem="full"),)},
        "missing": {"drafts": (draft(language, level=0, problem="empty:level"),)},
        "unfinished": {"drafts": (draft(language, unfinished=True, said={"text": f"订单 {MARK[language]}"}),)},
        "local": {"sent": SENT},
        "in_hand": {"sent": SENT},
    }
    return ReportsFace(loaded=True, **states[state])


STATES = ("empty", "owed", "draft", "middle", "lower", "hazard", "full", "missing", "unfinished", "local", "in_hand")


def scroll(surface: Incidents, part: float) -> None:
    """Show another part of the form."""
    bar = surface.window.form.verticalScrollBar()
    bar.setValue(round(bar.maximum() * part))


def build(state: str) -> list[QWidget]:
    """Open the form."""
    language = theme().language
    snapshot = snapshot_of(look=theme().palette.name, language=language, guide=GUIDE, reports=face(state, language))
    bridge, source = bridge_for(snapshot)
    surface = Incidents(bridge)
    KEEP[:] = [bridge, source, surface]
    surface.open(QRect())
    surface.show_snapshot(snapshot)
    if state in ("local", "in_hand"):
        surface.show_report(SENT[state == "in_hand"].report)
    if state in ("middle", "lower"):
        QTimer.singleShot(150, surface.window, lambda: scroll(surface, 0.45 if state == "middle" else 1))
    return [surface.window]


register("incidents", STATES, build)
