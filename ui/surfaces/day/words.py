"""Sentences of the day's page; no Qt, no state."""

from datetime import UTC, date, datetime

from app.agent.pagefaces import DayFace, DaySpan
from app.content.texts import Texts
from ui.words import clock, duration

BREAKS = ("eyes", "rest", "talk", "calm")


def day_of(wall_ms: int) -> date:
    """The local day of a wall instant."""
    return datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone().date()


def span_line(span: DaySpan, texts: Texts) -> str:
    """From when to when, what, how long."""
    length = duration(texts, (span.until_ms - span.from_ms) // 1000).strip()
    return texts.t("day.span", begun=clock(span.from_ms), ended=clock(span.until_ms), what=texts.t(f"day.kind_{span.kind}"), length=length)


def sum_line(face: DayFace, marks: int, texts: Texts) -> str:
    """The day in one line of figures."""
    worked = sum(span.until_ms - span.from_ms for span in face.spans if span.kind == "work") // 1000
    calls = sum(span.kind in ("call", "hard") for span in face.spans)
    locks = sum(span.kind == "lock" for span in face.spans)
    line = texts.t("day.sum", worked=duration(texts, worked).strip(), calls=calls, locks=locks)
    return line + (texts.t("day.sum_marks", n=marks) if marks else "")


def break_lines(face: DayFace, texts: Texts) -> tuple[tuple[str, str], ...]:
    """(kind in words, kept and offered in words) for each kind that came up; eye and rest breaks always."""
    kept, offered = dict(face.kept), dict(face.offered)
    return tuple(
        (texts.t(f"day.kind_{kind}"), texts.t("day.kept", kept=kept.get(kind, 0), offered=offered.get(kind, 0)))
        for kind in BREAKS
        if kind in ("eyes", "rest") or kind in kept or kind in offered
    )
