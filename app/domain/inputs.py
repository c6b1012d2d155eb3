"""What can happen to the PC and the person, as the seat is told it: each input is a fact with its `Moment`.

Facts only: nothing here decides. Who counts as the person, and which call is certain or only inferred, is settled before.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.moment import Moment


class BreakKind(StrEnum):
    """The four kinds of break; the order is that of the contract's tables."""

    EYES = "eyes"
    REST = "rest"
    TALK = "talk"
    CALM = "calm"


class Answer(StrEnum):
    """What the person says to the break card or to a running break."""

    START = "start"
    LATER = "later"
    SKIP = "skip"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Given:
    """What every input has: the instant at which it happened."""

    moment: Moment


@dataclass(frozen=True, slots=True)
class Tick(Given):
    """Nothing happened; what is due by itself up to this instant is settled."""


@dataclass(frozen=True, slots=True)
class InputActive(Given):
    """The person types or moves from now on, until something says otherwise (shift files; a real PC uses `InputSeen`)."""


@dataclass(frozen=True, slots=True)
class InputIdle(Given):
    """The last input was now."""


@dataclass(frozen=True, slots=True)
class InputSeen(Given):
    """The OS was asked: the newest real input was at `last_input` (boot nanoseconds, at most the moment's own).

    A reading that brings nothing new changes nothing. Send it before every step that follows a wait, so that what falls due
    is never judged on stale idle time.
    """

    last_input: int


@dataclass(frozen=True, slots=True)
class CallStarted(Given):
    """A call began; a second start of the same id is ignored."""

    call_id: str


@dataclass(frozen=True, slots=True)
class CallEnded(Given):
    """A call ended, `hard` when it was an abusive or threatening one; an unknown id is ignored."""

    call_id: str
    hard: bool = False


@dataclass(frozen=True, slots=True)
class SessionLocked(Given):
    """The session is locked, and not because the seat asked for it; `by_person` makes it input as well."""

    by_person: bool = True


@dataclass(frozen=True, slots=True)
class SessionUnlocked(Given):
    """The person unlocked; `active` says that the input goes on (shift files), a real PC polls instead."""

    active: bool = True


@dataclass(frozen=True, slots=True)
class Suspended(Given):
    """The PC falls asleep now. Without this input a sleep is found by its clock readings."""


@dataclass(frozen=True, slots=True)
class Woke(Given):
    """The PC woke now."""


@dataclass(frozen=True, slots=True)
class ShareChanged(Given):
    """Full screen, do-not-disturb or a known screen share is on or off."""

    on: bool


@dataclass(frozen=True, slots=True)
class BreakAnswered(Given):
    """The person answered what is on the screen; ignored, apart from being input, where it does not fit."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class BreakNow(Given):
    """The person wants a break now."""

    kind: BreakKind = BreakKind.REST


@dataclass(frozen=True, slots=True)
class CardHeld(Given):
    """The pointer or the focus rests on the break card (`on`), which holds its waiting time, or has left it."""

    on: bool


@dataclass(frozen=True, slots=True)
class AlarmRaised(Given):
    """The person raised the alarm."""


@dataclass(frozen=True, slots=True)
class AlarmTakenBack(Given):
    """The person took the alarm back."""


@dataclass(frozen=True, slots=True)
class AlarmSettled(Given):
    """Somebody else settled the alarm."""


@dataclass(frozen=True, slots=True)
class ShiftStarted(Given):
    """The shift begins."""


@dataclass(frozen=True, slots=True)
class ShiftEnded(Given):
    """The shift is over."""


@dataclass(frozen=True, slots=True)
class LockNow(Given):
    """The person asks the program to lock at once."""


@dataclass(frozen=True, slots=True)
class LockConfirmed(Given):
    """The desktop says that the lock which was asked for holds."""

    method: str


@dataclass(frozen=True, slots=True)
class LockFailed(Given):
    """The desktop could not lock, or did not say in time that it holds: a technical fault, never the person's."""

    method: str


@dataclass(frozen=True, slots=True)
class LockAnswersAtOnce(Given):
    """The desktop is one that answers each lock in the same instant: well or (`fails`) not. Only the simulated one is."""

    method: str
    fails: bool


@dataclass(frozen=True, slots=True)
class DayBegan(Given):
    """A new day by the wall clock: what is counted per day starts again; loads and debts go on."""


Input = (
    Tick
    | InputActive
    | InputIdle
    | InputSeen
    | CallStarted
    | CallEnded
    | SessionLocked
    | SessionUnlocked
    | Suspended
    | Woke
    | ShareChanged
    | BreakAnswered
    | BreakNow
    | CardHeld
    | AlarmRaised
    | AlarmTakenBack
    | AlarmSettled
    | ShiftStarted
    | ShiftEnded
    | LockNow
    | LockConfirmed
    | LockFailed
    | LockAnswersAtOnce
    | DayBegan
)
"""Everything that `app.domain.seat.step` takes."""
