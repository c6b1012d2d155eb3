"""What the actor itself gives and takes: start, end, a part or lane that failed, choices kept."""

from dataclasses import dataclass

from app.agent.events.base import Effect


@dataclass(frozen=True, slots=True)
class Stop:
    """Ends the actor's loop after this turn."""


@dataclass(frozen=True, slots=True)
class Started:
    """The first input of all: parts ask for what they need."""


@dataclass(frozen=True, slots=True)
class StopWatching(Effect):
    """Release hotkeys and senses before the program ends."""


@dataclass(frozen=True, slots=True)
class KeepChoice(Effect):
    """Keep a personal choice over a restart."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class PartFailed:
    """A part raised and was built anew; faces show `fault.part_failed`."""

    part: str


@dataclass(frozen=True, slots=True)
class TellAgain(Effect):
    """A part was built anew: whoever knows the world tells it once more (lock, files, links)."""

    part: str


@dataclass(frozen=True, slots=True)
class StateRecalled:
    """What the files know, told to a part that was built anew: the open alarm as last saved, faults of the files."""

    alarm_state: bytes
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LaneFailed:
    """A carrier raised; the effect was not carried out."""

    lane: str
    effect: str
    reason: str
