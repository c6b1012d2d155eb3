"""The immutable picture of the agent that faces draw; nothing in it is computed by the face.

All instants are boot nanoseconds (`Moment.boot`), so that a face can show a running time without asking again.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from app.agent.pagefaces import NO_PAGES, PagesFace
from app.domain.moment import Moment


class TrayState(StrEnum):
    """The four states of the seat sign (ux, the surfaces)."""

    WELL = "well"
    ATTENTION = "attention"
    OFF_SHIFT = "off_shift"
    UNPROTECTED = "unprotected"


class Sign(StrEnum):
    """The help sign: strokes like 一 二 三 under the seat; it never claims what is not so."""

    NONE = "none"
    KEPT = "kept"
    SHOWN = "shown"
    COMING = "coming"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class OfferView:
    """A break card on screen: `kind` is eyes, rest, talk or calm; lengths in seconds."""

    kind: str
    seconds: int
    until_boot: int
    skips_left: int
    postpones_left: int
    auto_start: bool = False


@dataclass(frozen=True, slots=True)
class BreakView:
    """A break that runs."""

    kind: str
    began_boot: int
    until_boot: int


@dataclass(frozen=True, slots=True)
class SeatFace:
    """Presence, lock, breaks and call as people see them; `card_boot`: when the person asked to step into the card."""

    on_shift: bool = True
    present: bool = True
    locked: bool = False
    on_call: bool = False
    warning_until_boot: int | None = None
    warning_seconds: int = 15
    lock_failed: bool = False
    leaving_until_boot: int | None = None
    offer: OfferView | None = None
    running: BreakView | None = None
    next_kind: str = "eyes"
    next_in_seconds: int | None = None
    next_fraction: float = 0.0
    worked_seconds: int = 0
    breaks_kept: int = 0
    reason_seconds: int = 0
    card_boot: int = 0


@dataclass(frozen=True, slots=True)
class HelpFace:
    """The alarm as its own agent may see it, and who would hear one now; `told_boot`: when the sign was asked to tell."""

    sign: Sign = Sign.NONE
    sentence: int = 0
    open: bool = False
    drill: bool = False
    listeners: int | None = None
    number: str = ""
    enrolled: bool = False
    lan_tested: bool = False
    told_boot: int = 0
    pressed_boot: int = 0
    sign_boot: int = 0


@dataclass(frozen=True, slots=True)
class SyncFace:
    """Honest figures on delivery; `since_*` are wall milliseconds for people."""

    configured: bool = False
    connected: bool = False
    waiting: int = 0
    last_synced_ms: int | None = None
    unreachable_since_ms: int | None = None
    pending_approval: bool = False


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One alarm on a lead's desk; names come from the server's roster, never from the alarm itself."""

    alarm: bytes
    who: str
    team: str
    seat: str
    floor: str
    level: int
    drill: bool
    on_call: bool
    unverified: bool
    raised_boot: int
    state: str
    taken_by: str
    mine: bool
    next_action: str
    others: tuple[str, ...] = ()
    taken_back: bool = False
    waits_for_second: bool = False
    painted_boot: int = 0


@dataclass(frozen=True, slots=True)
class DeskFace:
    """The lead desk; None in the Snapshot for everybody else."""

    rows: tuple[DeskRow, ...] = ()
    seats_covered: int = 0
    leads_online: int = 0
    last_tested_ms: int | None = None
    uncovered: tuple[str, ...] = ()
    sounding: bool = False
    connected: bool = False


@dataclass(frozen=True, slots=True)
class WarnStep:
    """One step of warn, warn, end that was said: at wall `ms`, of which script; `step` counts from 0, `warn` is 1, 2 or 3."""

    ms: int
    script: str
    step: int
    warn: int


@dataclass(frozen=True, slots=True)
class GuideFace:
    """What the person did with the scripts; it stays on this PC and is read by report and diary.

    `used` script -> times, `recent` newest first, `places` script -> step of this conversation, `warned` the steps of this
    conversation, `warns` all that are kept (28 days, oldest first), `marks` "mark this moment" in wall ms (28 days, oldest
    first), `values` variables of scripts by name: in memory only and never told to anything but faces. `scripts_boot` and
    `cards_boot`: when the palette or the cards were asked for by their chord. `place`: where the palette was put.
    """

    used: tuple[tuple[str, int], ...] = ()
    favourites: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    places: tuple[tuple[str, int], ...] = ()
    current: str = ""
    warned: tuple[WarnStep, ...] = ()
    warns: tuple[WarnStep, ...] = ()
    marks: tuple[int, ...] = ()
    values: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    place: tuple[int, int] | None = None
    scripts_boot: int = 0
    cards_boot: int = 0


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A report that is being written, masked; `fields` in the order of `app.agent.reports.FIELDS`.

    `edit` is the number of the face's version that this is; `hidden` counts what was masked by kind; `unfinished`: digits
    that were being typed are hidden in it. `saved_ms` (wall, 0 never) and `saved` tell whether this version is durable,
    `problem` why not or why it is not sent: full, closed, large, other, typing, empty:FIELD, long:FIELD.
    """

    report: bytes
    kind: str = ""
    hazard: bool = False
    level: int = 0
    to: str = "lead"
    occurred_ms: int = 0
    fields: tuple[str, ...] = field(default=(), repr=False)
    steps: tuple[tuple[int, str, str], ...] = ()
    alarm: bytes = b""
    photos: tuple[bytes, ...] = ()
    begun_ms: int = 0
    changed_ms: int = 0
    edit: int = 0
    hidden: tuple[tuple[str, int], ...] = ()
    unfinished: bool = False
    saved_ms: int = 0
    saved: bool = False
    sending: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SentReport:
    """A report that was sent, without its text; `number` begins with LOCAL until the server has given one.

    `state` is sent, received, in_hand, settled or closed; `due_ms` the next deadline of those who handle it, 0 for none.
    """

    report: bytes
    number: str
    kind: str
    hazard: bool
    level: int
    to: str
    sent_ms: int
    state: str = "sent"
    due_ms: int = 0
    closed_ms: int = 0
    notes: int = 0


@dataclass(frozen=True, slots=True)
class ReportsFace:
    """Own reports, newest first. `started`: the draft that was begun elsewhere last.

    `alarm`, `alarm_ms`, `alarm_due_ms`: an own call for help that is settled and has no report yet; never one taken back.
    """

    drafts: tuple[ReportDraft, ...] = ()
    sent: tuple[SentReport, ...] = ()
    started: bytes = b""
    loaded: bool = False
    notes_waiting: int = 0
    alarm: bytes = b""
    alarm_ms: int = 0
    alarm_due_ms: int = 0


@dataclass(frozen=True, slots=True)
class HazardView:
    """One open hazard of the site; nobody is named."""

    number: str
    kind: str
    level: int
    place: str
    state: str
    since_ms: int


@dataclass(frozen=True, slots=True)
class RiskView:
    """One line of the site's risk list: likelihood and impact from 1 (gravest) to 3."""

    what: str
    likelihood: int
    impact: int


@dataclass(frozen=True, slots=True)
class SiteFace:
    """What everybody of the site may see, and one's own suggestion while its code is on screen.

    `asked_ms`: when the lists came last (wall, 0 never); `unreachable`: the last question had no answer. `code`: the
    one-time code of the suggestion written last, until the person put it away; `suggestion` is empty, kept, full, closed or
    other; `reply_state` and `reply`: the answer that was asked for by a code.
    """

    hazards: tuple[HazardView, ...] = ()
    risks: tuple[RiskView, ...] = ()
    asked_ms: int = 0
    unreachable: bool = False
    suggestion: str = ""
    code: bytes = field(default=b"", repr=False)
    reply_state: str = ""
    reply: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ContentFace:
    """The site's signed pack over the shipped content, `version` 0 for none; surfaces read the content anew when it changes.

    `stale`: past its time (`until_ms`), still in force. `refused`: why a newer or the kept one was not taken, one English
    sentence for IT.
    """

    pack: str = ""
    version: int = 0
    until_ms: int = 0
    stale: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings that faces need, already merged from policy and personal choice.

    `site`: numbers and places of emergency cards by field; `cards_reviewed_on`: YYYY-MM-DD, empty if unknown.
    """

    language: str = "zh_CN"
    theme: str = "system"
    reduce_motion: bool = False
    handle_shown: bool = True
    hotkeys: tuple[tuple[str, str], ...] = ()
    may_quit: bool = True
    site: tuple[tuple[str, str], ...] = ()
    cards_reviewed_on: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that a face may show at `moment`; `faults` are text keys of the area `fault` (fault.<key>).

    `stopping`: the agent ends in order (asked by the control port or by Quit) and faces go away. `first_start`:
    this profile is new, so a page tells once what the program does and records.
    """

    revision: int
    moment: Moment
    tray: TrayState = TrayState.WELL
    seat: SeatFace = SeatFace()
    help: HelpFace = HelpFace()
    sync: SyncFace = SyncFace()
    desk: DeskFace | None = None
    guide: GuideFace = GuideFace()
    pages: PagesFace = NO_PAGES
    reports: ReportsFace = ReportsFace()
    site: SiteFace = SiteFace()
    content: ContentFace = ContentFace()
    settings: Settings = Settings()
    faults: tuple[str, ...] = ()
    hotkey_faults: tuple[tuple[str, str], ...] = ()
    read_only: bool = False
    stopping: bool = False
    first_start: bool = False
