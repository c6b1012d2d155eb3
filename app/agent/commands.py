"""What faces and the control port may ask of the actor: plain frozen values, posted from any thread."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LockNow:
    """Lock at once; `leave` shows the clean-desk reminder for two seconds first."""

    leave: bool = False


@dataclass(frozen=True, slots=True)
class TakeBreak:
    """A break by oneself: kind is eyes, rest, talk or calm."""

    kind: str = "rest"


@dataclass(frozen=True, slots=True)
class AnswerOffer:
    """`answer` is start, later, skip or back; an answer that does not fit what is on screen is ignored."""

    answer: str


@dataclass(frozen=True, slots=True)
class HoldOffer:
    """Hover or focus on a card stops its clock while `on`."""

    on: bool


@dataclass(frozen=True, slots=True)
class RaiseAlarm:
    """The gesture is complete at `pressed_boot`; a second gesture 3 s or more later raises level 1."""

    pressed_boot: int
    drill: bool = False
    level: int = 2


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Take an alarm back with a PIN; nothing on this PC can tell a PIN from a duress PIN."""

    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A softphone's claim: verb is start, hold, end or hard."""

    verb: str
    id: str = "call"
    source: str = "hook"


@dataclass(frozen=True, slots=True)
class Painted:
    """A desk painted an alarm at `boot`, uncovered, on an unlocked screen; makes the signed *delivered*/*seen* receipts."""

    alarm: bytes
    boot: int


@dataclass(frozen=True, slots=True)
class DeskAct:
    """A lead's act on an alarm: take, on_spot, settle, say (with `sentence`), raise_level."""

    alarm: bytes
    act: str
    sentence: int = 0
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class ChangeSetting:
    """A personal choice within the policy's bounds."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class ShiftMark:
    """Start or end of the shift by the person."""

    on: bool


@dataclass(frozen=True, slots=True)
class OpenScript:
    """The person opened a script; counts as a use."""

    script: str


@dataclass(frozen=True, slots=True)
class WalkScript:
    """The person is at this step of a script, counted from 0."""

    script: str
    step: int


@dataclass(frozen=True, slots=True)
class SayWarning:
    """A step of warn, warn, end was said just now: `warn` 1 first, 2 second, 3 the end of the call."""

    script: str
    step: int
    warn: int


@dataclass(frozen=True, slots=True)
class UnsayWarning:
    """The newest warning of this conversation was noted by mistake: it was not said."""

    script: str


@dataclass(frozen=True, slots=True)
class LikeScript:
    """Make a script a favourite, or no longer."""

    script: str
    on: bool


@dataclass(frozen=True, slots=True)
class FillScript:
    """What a variable of scripts says in this conversation; held in memory only, empty forgets it."""

    variable: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PutPalette:
    """The palette was put here (top left, logical px of the desktop)."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class MarkMoment:
    """Keep this moment as a time stamp and nothing else."""


@dataclass(frozen=True, slots=True)
class StartReport:
    """Begin a report of this kind with a text that was typed elsewhere; it is masked before anything of it is stored."""

    kind: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class EditReport:
    """A draft as its form shows it now, whole; begins it when it is new. Nothing of it is stored before it is masked.

    `edit` rises with every version of the form; `active` is the index of the field with the cursor, -1 once it was left.
    """

    report: bytes
    edit: int
    fields: tuple[str, ...] = field(repr=False)
    kind: str = ""
    hazard: bool = False
    level: int = 0
    to: str = "lead"
    occurred_ms: int = 0
    steps: tuple[tuple[int, str, str], ...] = ()
    alarm: bytes = b""
    active: int = -1
    cursor: int = 0


@dataclass(frozen=True, slots=True)
class SendReport:
    """Send a draft as it was edited last; what is missing or too long is told in the draft."""

    report: bytes


@dataclass(frozen=True, slots=True)
class DiscardReport:
    """Throw a draft away."""

    report: bytes


@dataclass(frozen=True, slots=True)
class NoteReport:
    """Put a note beside a report that was sent; the report itself stays as it is."""

    report: bytes
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page of the person's own was opened (leaves, day, checks, training): read what it shows."""

    page: str


@dataclass(frozen=True, slots=True)
class ClosePage:
    """It was closed: forget what it showed."""

    page: str


@dataclass(frozen=True, slots=True)
class NoteMood:
    """Keep how the person feels, 0..10, with one line of text; it never leaves this PC."""

    strength: int
    line: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ForgetMood:
    """Delete the note of this wall instant, or all notes (0)."""

    ms: int = 0


@dataclass(frozen=True, slots=True)
class ExportMine:
    """Write what this PC knows of the person to a file that the person chose; `form` is json or csv."""

    path: str
    form: str


@dataclass(frozen=True, slots=True)
class AddPhoto:
    """Put a photo to a draft: JPEG, at most 512 KiB, scaled and without metadata; the face has made it anew."""

    report: bytes
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class DropPhoto:
    """Take a photo off a draft."""

    report: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class AskHazards:
    """Ask the site for its open hazards and risks."""


@dataclass(frozen=True, slots=True)
class Suggest:
    """An anonymous suggestion; it leaves hours later, unsigned, on a connection of its own."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PutCodeAway:
    """The person has noted the one-time code; nothing keeps it."""


@dataclass(frozen=True, slots=True)
class AskAnswer:
    """Ask for the answer to a suggestion by its one-time code."""

    code: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FinishCheck:
    """A checklist was gone through: each item fine or a fault; `repair` asks for a repair ticket."""

    checklist: str
    items: tuple[tuple[str, bool], ...]
    repair: bool = False


@dataclass(frozen=True, slots=True)
class PutOffCheck:
    """Not now: this list is not offered again today."""

    checklist: str


@dataclass(frozen=True, slots=True)
class FinishQuiz:
    """The quiz of a quarter was gone through; the score never leaves this PC."""

    quarter: str
    right: int
    asked: int


@dataclass(frozen=True, slots=True)
class FinishCaller:
    """A practice caller was gone through; nobody else learns of it."""

    caller: str
    good: int
    turns: int


@dataclass(frozen=True, slots=True)
class ReadNotice:
    """The person has read a notice of the safety officer."""

    notice: bytes


@dataclass(frozen=True, slots=True)
class Quit:
    """Stop in order: record the planned exit, say goodbye to the server, release everything.

    `reason`: quit, asked, takeover, update, signed_off, shutdown, or signal (the system is asked why it came).
    """

    reason: str = "quit"


Command = (
    LockNow | TakeBreak | AnswerOffer | HoldOffer | RaiseAlarm | TakeBack | Call | Painted | DeskAct | ChangeSetting
    | ShiftMark | OpenScript | WalkScript | SayWarning | UnsayWarning | LikeScript | FillScript | PutPalette | MarkMoment | StartReport | EditReport
    | SendReport | DiscardReport | NoteReport | AddPhoto | DropPhoto | AskHazards | Suggest | PutCodeAway
    | AskAnswer | OpenPage | ClosePage | NoteMood | ForgetMood | ExportMine
    | FinishCheck | PutOffCheck | FinishQuiz | FinishCaller | ReadNotice | Quit
)
