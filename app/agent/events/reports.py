"""Reports: drafts that are masked and kept, records that leave on Send, and what comes back about them.

Typed text stands only in `MaskReport` and `MaskNote`, which never leave memory; everything else here is masked already.
"""

from dataclasses import dataclass, field

from app.agent.commands import EditReport, NoteReport
from app.agent.events.base import Effect
from app.agent.snapshot import ReportDraft
from app.protocol.report_kinds import ReportNote, ReportSent


@dataclass(frozen=True, slots=True)
class LoadReports(Effect):
    """Read what the last run left; answered with `ReportsLoaded`."""


@dataclass(frozen=True, slots=True)
class ReportsLoaded:
    """The kept state as bytes (see `app.agent.reports`); `ok` False while there are no files.

    `committed`: reports whose record the journal holds already, whatever the state says.
    """

    ok: bool
    blob: bytes = field(default=b"", repr=False)
    committed: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class MaskReport(Effect):
    """Mask one version of a draft, off the actor's thread; answered with `ReportMasked`."""

    edit: EditReport


@dataclass(frozen=True, slots=True)
class ReportMasked:
    """A version of a draft as it may be stored; `typing`: digits at the cursor are hidden for now."""

    draft: ReportDraft
    typing: bool


@dataclass(frozen=True, slots=True)
class MaskNote(Effect):
    """Mask a note beside a report; answered with `NoteMasked`."""

    note: NoteReport


@dataclass(frozen=True, slots=True)
class NoteMasked:
    """A note as it may be stored and sent."""

    report: bytes
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeepReports(Effect):
    """Keep drafts, notes and the list of sent reports in the local file; answered with `ReportsKept`."""

    blob: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReportsKept:
    """Whether the last version is durable; `reason` is full, closed, large or other."""

    kept: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CommitReport(Effect):
    """Write the record of a report or of a note into the journal, from where it is delivered."""

    record: ReportSent | ReportNote


@dataclass(frozen=True, slots=True)
class ReportCommitted:
    """Whether the record is durable; until then its draft or note stays and is tried again."""

    record: ReportSent | ReportNote
    kept: bool
    reason: str = ""
