"""What the form says about drafts, reports and what was hidden; no Qt."""

import base64
import binascii
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from app.agent.reports import LIMITS
from app.agent.snapshot import HazardView, ReportDraft, SentReport, Snapshot
from ui.words import clock

Text = Callable[..., str]
LOOK_BACK_MS = 12 * 3600 * 1000
"""Moments of so long before the report may belong to it."""
CLOSE_MS = 2 * 3600 * 1000
"""Moments of so long before are ticked from the start."""
STEPS_SHOWN = 12
MARKS = {"zh_CN": "[输入中]", "zh_TW": "[輸入中]", "en": "[typing]"}
"""What stands in a draft where digits were being typed (masking, marks), for the sentence that names it."""


SUGGESTION_MAX = 3600
"""Characters of a suggestion: what masking writes instead of numbers may be longer than they were."""
CODE_SIGNS, GROUP = 26, 5
KNOWN_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the course of events that may be sent along."""

    ms: int
    what: str
    script: str
    near: bool


def day(ms: int) -> str:
    """The day as MM-DD."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone().strftime("%m-%d")


def kind(t: Text, name: str) -> str:
    """The kind's word."""
    return t(f"incidents.kind_{name}") if name else t("incidents.untitled")


def hidden(t: Text, counts: Iterable[tuple[str, int]]) -> str:
    """What was hidden, as people count it; kinds that look alike are one."""
    summed: dict[str, int] = {}
    for found, count in counts:
        name = "id_number" if found == "id_taiwan" else found
        summed[name] = summed.get(name, 0) + count
    said = [t(f"incidents.hidden_{name}_one") if n == 1 else t(f"incidents.hidden_{name}", n=n) for name, n in summed.items()]
    return t("incidents.and").join(said)


def problem(t: Text, draft: ReportDraft) -> str:
    """Why it is not kept or not sent, as a sentence with what to do."""
    about, _, field = draft.problem.partition(":")
    if about == "empty":
        return t(f"incidents.empty_{field}")
    if about == "photo":
        return t("incidents.photo_unkept")
    if about == "long":
        return t("incidents.long", field=t(f"incidents.{field}"), limit=LIMITS[field])
    return t(f"incidents.problem_{about}")


def state(t: Text, draft: ReportDraft | None) -> tuple[str, str]:
    """The sentence in the foot and its role."""
    if draft is None:
        return t("incidents.fresh"), "muted"
    if draft.problem:
        return problem(t, draft), "caution"
    if draft.sending:
        return t("incidents.sending"), "muted"
    if not draft.saved_ms:
        return t("incidents.saving"), "muted"
    shown = hidden(t, draft.hidden)
    if shown:
        return t("incidents.saved_hidden", time=clock(draft.saved_ms), hidden=shown), "calm"
    return t("incidents.saved", time=clock(draft.saved_ms)), "calm"


def sent_lines(t: Text, sent: SentReport) -> list[str]:
    """What a report's page says below its number."""
    lines = [t("incidents.number_local" if sent.number.startswith("LOCAL-") else "incidents.number_given")]
    if sent.due_ms and sent.state in ("received", "in_hand"):
        lines.append(t("incidents.due", day=day(sent.due_ms), time=clock(sent.due_ms)))
    return lines


def moments(snapshot: Snapshot, around_ms: int) -> tuple[Moment, ...]:
    """Warnings, marks and the own settled call for help that may belong to a report begun at `around_ms`, oldest first."""
    names = {1: "warning.1", 2: "warning.2", 3: "call.end"}
    found = [(one.ms, names.get(one.warn, "warning.1"), one.script) for one in snapshot.guide.warns]
    found += [(ms, "mark", "") for ms in snapshot.guide.marks]
    if snapshot.reports.alarm:
        found.append((snapshot.reports.alarm_ms, "help.called", ""))
    near = sorted(one for one in found if around_ms - LOOK_BACK_MS <= one[0] <= around_ms + LOOK_BACK_MS)
    return tuple(Moment(*one, near=one[0] >= around_ms - CLOSE_MS) for one in near[-STEPS_SHOWN:])


def step(t: Text, what: str, ms: int) -> str:
    """One line of the course of events."""
    return t(f"incidents.step_{what.replace('.', '_')}", time=clock(ms))


def known(t: Text, hazards: Iterable[HazardView], name: str) -> str:
    """Open hazards of the same kind, so that nobody has to report one twice; empty if there is none."""
    found = [one for one in hazards if one.kind == name][:KNOWN_SHOWN]
    said = [
        t("incidents.known_one", place=one.place or t("incidents.no_place"), kind=kind(t, one.kind), state=t(f"incidents.state_{one.state}"))
        for one in found
    ]
    return t("incidents.known", list="; ".join(said)) if said else ""


def code_text(code: bytes) -> str:
    """A one-time code as people write it down."""
    signs = base64.b32encode(code).decode().rstrip("=")
    return " ".join(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))


def code_of(text: str) -> bytes | None:
    """The code that somebody typed, with whatever between; None if it is none."""
    signs = "".join(sign for sign in text.upper() if sign.isalnum()).replace("0", "O").replace("1", "I").replace("8", "B")
    if len(signs) != CODE_SIGNS:
        return None
    try:
        return base64.b32decode(signs + "=" * (-len(signs) % 8))
    except binascii.Error:
        return None
