"""The immutable picture of the agent that faces draw; nothing in it is computed by the face.

All instants are boot nanoseconds (`Moment.boot`), so that a face can show a running time without asking again.
"""

from dataclasses import dataclass
from enum import StrEnum

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
class Settings:
    """The settings that faces need, already merged from policy and personal choice."""

    language: str = "zh_CN"
    theme: str = "system"
    reduce_motion: bool = False
    handle_shown: bool = True
    hotkeys: tuple[tuple[str, str], ...] = ()
    may_quit: bool = True


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
    settings: Settings = Settings()
    faults: tuple[str, ...] = ()
    hotkey_faults: tuple[tuple[str, str], ...] = ()
    read_only: bool = False
    stopping: bool = False
    first_start: bool = False
