"""Picture states of the report form."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

from PySide6.QtCore import QRect, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.agent.reports import FIELDS
from app.agent.snapshot import GuideFace, HazardView, ReportDraft, ReportsFace, RiskView, SentReport, SiteFace, WarnStep
from tests.gui.picture_registry import register
from tests.helpers.qt import START, bridge_for, snapshot_of
from ui.surfaces.incidents.photos import made_anew
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
        "known": {"drafts": (draft(language, kind="fire", hazard=True, level=1, hidden=()),)},
        "photos": {"drafts": (draft(language),)},
        "hazards": {"sent": SENT},
        "suggest": {},
        "code": {},
        "hazard": {"drafts": (draft(language, kind="suspicious", hazard=True, hidden=()),)},
        "full": {"drafts": (draft(language, saved=False, problem="full"),)},
        "missing": {"drafts": (draft(language, level=0, problem="empty:level"),)},
        "unfinished": {"drafts": (draft(language, unfinished=True, said={"text": f"订单 {MARK[language]}"}),)},
        "local": {"sent": SENT},
        "in_hand": {"sent": SENT},
    }
    return ReportsFace(loaded=True, **states[state])


RISKS = {"zh_CN": ("客户当面威胁", "夜班独自一人"), "zh_TW": ("客戶當面威脅", "夜班獨自一人"), "en": ("Threats at the counter", "Alone on the night shift")}


def site(state: str, language: str) -> SiteFace:
    """What the site's pages show."""
    place = SAID[language][0]
    first, second = RISKS[language]
    return SiteFace(
        hazards=(
            HazardView("SH-20261119-0002", "fire", 1, place, "in_hand", NOW - 26 * HOUR),
            HazardView("SH-20261117-0009", "device", 3, "", "received", NOW - 70 * HOUR),
        ),
        risks=(RiskView(first, 1, 2), RiskView(second, 3, 1)), asked_ms=NOW - 60_000,
        code=bytes(range(16)) if state == "code" else b"", suggestion="kept" if state == "code" else "",
        reply_state="waiting" if state == "code" else "",
    )  # fmt: skip


STATES = ("known", "photos", "hazards", "suggest", "code", "empty", "owed", "draft", "middle", "lower", "hazard", "full", "missing", "unfinished", "local", "in_hand")


def scroll(surface: Incidents, part: float) -> None:
    """Show another part of the form."""
    bar = surface.window.form.verticalScrollBar()
    bar.setValue(round(bar.maximum() * part))


def photo(surface: Incidents) -> None:
    """A draft with two photos, one of this session and one of an earlier run."""
    image = QImage(1200, 900, QImage.Format.Format_RGB32)
    image.fill(theme().colour("accent"))
    surface.window.form.photos.add(image)
    digest = sha256(made_anew(image)).digest()
    shown = KEEP[1].snapshot  # type: ignore[attr-defined]  # the fake source
    drafts = tuple(replace(one, photos=(digest, b"\7" * 32)) for one in shown.reports.drafts)
    snapshot = replace(shown, reports=replace(shown.reports, drafts=drafts))
    KEEP[1].push(snapshot)  # type: ignore[attr-defined]  # the fake source
    surface._bridge.snapshot = snapshot
    surface.show_snapshot(snapshot)


def build(state: str) -> list[QWidget]:
    """Open the form."""
    language = theme().language
    snapshot = snapshot_of(look=theme().palette.name, language=language, guide=GUIDE, reports=face(state, language), site=site(state, language))
    bridge, source = bridge_for(snapshot)
    surface = Incidents(bridge)
    KEEP[:] = [bridge, source, surface]
    surface.open(QRect())
    surface.show_snapshot(snapshot)
    if state in ("local", "in_hand"):
        surface.show_report(SENT[state == "in_hand"].report)
    if state in ("hazards", "suggest", "code"):
        surface.window.choose("hazards" if state == "hazards" else "suggest")
    if state == "photos":
        photo(surface)
    if state in ("middle", "lower", "photos"):
        QTimer.singleShot(150, surface.window, lambda: scroll(surface, {"middle": 0.45, "photos": 0.75}.get(state, 1)))
    return [surface.window]


register("incidents", STATES, build)
