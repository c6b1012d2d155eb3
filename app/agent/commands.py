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
class Quit:
    """Stop in order: record the planned exit, say goodbye to the server, release everything.

    `reason`: quit, asked, takeover, update, signed_off, shutdown, or signal (the system is asked why it came).
    """

    reason: str = "quit"


Command = (
    LockNow | TakeBreak | AnswerOffer | HoldOffer | RaiseAlarm | TakeBack | Call | Painted | DeskAct | ChangeSetting
    | ShiftMark | Quit
)
