"""What a report is made of on the PC: its fields and bounds, the kept state, and the record that leaves. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, get_args

import msgspec

from app.agent.snapshot import ReportDraft, SentReport
from app.protocol.report_kinds import ReportKind, ReportNote, ReportSent, ReportStep, ReportTo
from app.protocol.reports import ReportUpdate

LIMITS: Final = {"place": 80, "scope": 200, "text": 8000, "measures": 2000, "suggested": 1000, "follow_up": 1000, "named": 204}
"""Fields of the form and their longest text in characters (protocol, `incident.reported`)."""
FIELDS: Final = tuple(LIMITS)
NAMED_MAX, NAME_MAX, NOTE_MAX, STEPS_MAX, PHOTOS_MAX = 5, 40, 1000, 40, 4
KINDS: Final[tuple[str, ...]] = get_args(ReportKind)
RECIPIENTS: Final[tuple[str, ...]] = get_args(ReportTo)
DAY_MS: Final = 24 * 3600 * 1000
KEPT_MS: Final = 28 * DAY_MS
"""A draft that nobody touched, and a closed report's line, go after so long (privacy, "stays on the PC")."""
SENT_MAX: Final = 200
OWED_MS: Final = DAY_MS
"""A special report is due so long after a call for help was settled (domain facts, section 4)."""


@dataclass(frozen=True, slots=True)
class OwedReport:
    """An own call for help that is settled and has no report yet."""

    alarm: bytes
    raised_ms: int
    due_ms: int


@dataclass(frozen=True, slots=True)
class WaitingNote:
    """A masked note that the journal does not hold yet."""

    report: bytes
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReportsState:
    """Everything about reports that outlasts a restart; all texts are masked."""

    drafts: tuple[ReportDraft, ...] = ()
    sent: tuple[SentReport, ...] = ()
    notes: tuple[WaitingNote, ...] = ()
    owed: OwedReport | None = None

    def draft(self, report: bytes) -> ReportDraft | None:
        """A draft by its report."""
        return next((one for one in self.drafts if one.report == report), None)

    def put(self, draft: ReportDraft) -> "ReportsState":
        """With this version of a draft."""
        return replace(self, drafts=(draft, *(one for one in self.drafts if one.report != draft.report)))

    def dropped(self, report: bytes) -> "ReportsState":
        """Without a draft."""
        return replace(self, drafts=tuple(one for one in self.drafts if one.report != report))

    def unkept(self, problem: str) -> "ReportsState":
        """No version that is not kept may look as if it were."""
        marked = (one if one.saved else replace(one, problem=problem) for one in self.drafts)
        return replace(self, drafts=tuple(marked))

    def kept(self, now_ms: int) -> "ReportsState":
        """Every draft is durable as it is; why one cannot be sent stays true."""
        done = (
            one if one.saved
            else replace(one, saved=True, saved_ms=now_ms, problem=one.problem if ":" in one.problem else "")
            for one in self.drafts
        )  # fmt: skip
        return replace(self, drafts=tuple(done))

    def was_sent(self, record: ReportSent) -> "ReportsState":
        """The journal holds the record: its draft becomes a line of the list."""
        rest = tuple(one for one in self.sent if one.report != record.report)
        owed = None if self.owed is not None and record.alarm == self.owed.alarm else self.owed
        return replace(self.dropped(record.report), sent=(sent_of(record), *rest), owed=owed)

    def was_noted(self, record: ReportNote) -> "ReportsState":
        """The journal holds the first note."""
        sent = (replace(one, notes=one.notes + 1) if one.report == record.report else one for one in self.sent)
        return replace(self, notes=self.notes[1:], sent=tuple(sent))

    def updated(self, update: ReportUpdate, now_ms: int) -> "ReportsState":
        """The server told number and state of a report."""

        def told(one: SentReport) -> SentReport:
            closed = one.closed_ms or now_ms if update.state == "closed" else 0
            return replace(one, number=update.number, state=update.state, due_ms=update.due_ms, closed_ms=closed)

        return replace(self, sent=tuple(told(one) if one.report == update.report else one for one in self.sent))


def pack_state(state: ReportsState) -> bytes:
    """The state for the local file."""
    return msgspec.json.encode(state)


def unpack_state(blob: bytes) -> ReportsState | None:
    """The state as it was kept; empty for no bytes, None when they cannot be read."""
    if not blob:
        return ReportsState()
    try:
        found = msgspec.json.decode(blob, type=ReportsState)
    except msgspec.MsgspecError:
        return None
    drafts = (replace(one, saved=True, sending=False, problem="") for one in found.drafts if len(one.fields) == len(FIELDS))
    return replace(found, drafts=tuple(drafts))


def pruned(state: ReportsState, now_ms: int) -> ReportsState:
    """The state without what is past its days."""
    oldest = now_ms - KEPT_MS
    return replace(
        state,
        drafts=tuple(one for one in state.drafts if one.changed_ms > oldest),
        sent=tuple(one for one in state.sent if not one.closed_ms or one.closed_ms > oldest)[:SENT_MAX],
        owed=state.owed if state.owed is not None and state.owed.due_ms > oldest else None,
    )


def local_number(report: bytes, ms: int) -> str:
    """The number shown until the server has given one."""
    return f"LOCAL-{datetime.fromtimestamp(ms / 1000).astimezone():%Y%m%d}-{report[:2].hex().upper()}"


def names_of(text: str) -> tuple[str, ...]:
    """Colleagues named in one line, apart from each other by commas or the Chinese 、."""
    for sign in "，、；;\n":
        text = text.replace(sign, ",")
    return tuple(name for name in (one.strip() for one in text.split(",")) if name)


def problem_of(draft: ReportDraft) -> str:
    """Why a draft cannot be sent as it is: empty:FIELD or long:FIELD; empty when it can."""
    if draft.kind not in KINDS:
        return "empty:kind"
    if not 1 <= draft.level <= 3:
        return "empty:level"
    if not draft.fields[FIELDS.index("text")].strip():
        return "empty:text"
    for name, text in zip(FIELDS, draft.fields, strict=True):
        if len(text.strip()) > LIMITS[name]:
            return f"long:{name}"
    names = names_of(draft.fields[FIELDS.index("named")])
    return "long:named" if len(names) > NAMED_MAX or any(len(name) > NAME_MAX for name in names) else ""


def record_of(draft: ReportDraft, ms: int) -> ReportSent:
    """The record of a draft without a problem."""
    said = dict(zip(FIELDS, (text.strip() for text in draft.fields), strict=True))
    return ReportSent(
        ms=ms,
        report=draft.report,
        kind=draft.kind,  # type: ignore[arg-type]  # problem_of has checked it
        hazard=draft.hazard,
        level=draft.level,
        occurred_ms=max(0, min(draft.occurred_ms, ms)),
        text=said["text"], place=said["place"], scope=said["scope"], measures=said["measures"],
        suggested=said["suggested"], follow_up=said["follow_up"],
        alarm=draft.alarm or None,
        photos=draft.photos,
        steps=tuple(ReportStep(ms=at, what=what, script=script) for at, what, script in draft.steps[:STEPS_MAX]),
        to=draft.to if draft.to in RECIPIENTS else "lead",  # type: ignore[arg-type]  # checked here
        named=names_of(said["named"]),
    )  # fmt: skip


def sent_of(record: ReportSent) -> SentReport:
    """The line of a report that was sent, as the person sees it."""
    return SentReport(
        record.report, local_number(record.report, record.ms), record.kind, record.hazard, record.level, record.to, record.ms
    )


def newest_first(drafts: Iterable[ReportDraft]) -> tuple[ReportDraft, ...]:
    """Drafts in the order of the list."""
    return tuple(sorted(drafts, key=lambda one: -one.begun_ms))
