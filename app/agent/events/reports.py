"""Reports: drafts that are masked and kept, records that leave on Send, and what comes back about them.

Typed text stands only in `MaskReport` and `MaskNote`, which never leave memory; everything else here is masked already.
"""

from dataclasses import dataclass, field

from app.agent.commands import EditReport, NoteReport
from app.agent.events.base import Effect
from app.agent.snapshot import HazardView, ReportDraft, RiskView
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
    """Keep drafts, notes and the list of sent reports (or what else `name` says) in the local file; answered with `ReportsKept`."""

    blob: bytes = field(repr=False)
    name: str = "reports"


@dataclass(frozen=True, slots=True)
class ReportsKept:
    """Whether the last version is durable; `reason` is full, closed, large or other."""

    kept: bool
    reason: str = ""
    name: str = "reports"


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


# --- photos -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeepPhoto(Effect):
    """Keep a photo, scaled and without metadata already, in the local file; answered with `PhotoKept`."""

    report: bytes
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PhotoKept:
    """Whether the photo is durable; `digest` is its SHA-256."""

    report: bytes
    digest: bytes
    kept: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DropPhotos(Effect):
    """Forget photos of the local file."""

    digests: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class SendPhoto(Effect):
    """Send a kept photo to every server; answered with `PhotoSent`."""

    digest: bytes


@dataclass(frozen=True, slots=True)
class PhotoSent:
    """`done`: nothing is left to do for it; else it is tried again later."""

    digest: bytes
    done: bool


# --- what is open to everybody of the site, and suggestions -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FetchHazards(Effect):
    """Ask for the open hazards and the risk list of the site; answered with `HazardsHeard`."""


@dataclass(frozen=True, slots=True)
class HazardsHeard:
    """The lists, or `ok` False when no server answered."""

    ok: bool
    hazards: tuple[HazardView, ...] = ()
    risks: tuple[RiskView, ...] = ()


@dataclass(frozen=True, slots=True)
class FetchToken(Effect):
    """Ask for the site's token of the month; every PC does so daily, whether it has a suggestion or not."""


@dataclass(frozen=True, slots=True)
class TokenHeard:
    """The token that proves the site and nobody in it; empty when no server answered."""

    token: bytes = field(default=b"", repr=False)
    month: str = ""


@dataclass(frozen=True, slots=True)
class MaskSuggestion(Effect):
    """Mask a suggestion; answered with `SuggestionMasked`."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SuggestionMasked:
    """A suggestion as it may be kept and sent."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendSuggestion(Effect):
    """Send a suggestion unsigned on a connection of its own; answered with `SuggestionSent`."""

    text: str = field(repr=False)
    receipt: bytes = field(repr=False)
    token: bytes = field(repr=False)
    month: str = ""


@dataclass(frozen=True, slots=True)
class SuggestionSent:
    """What became of it: sent, again (later), token (another one is needed) or refused."""

    receipt: bytes = field(repr=False)
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class FetchAnswer(Effect):
    """Ask for the answer to a suggestion by its one-time code, unsigned; answered with `AnswerHeard`."""

    code: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AnswerHeard:
    """waiting, answered (with the text), unknown, or unreachable."""

    state: str
    text: str = field(default="", repr=False)
