"""What the pages of the person's own ask of the files and of the PC, and what comes back."""

from dataclasses import dataclass, field

from app.agent.events.base import Effect
from app.agent.pagefaces import DayFace, LeavesFace


@dataclass(frozen=True, slots=True)
class ReadLeaves(Effect):
    """Read the newest records that leave this PC."""


@dataclass(frozen=True, slots=True)
class LeavesRead:
    """They are read."""

    face: LeavesFace


@dataclass(frozen=True, slots=True)
class ReadDay(Effect):
    """Read what this PC alone knows of today, and the mood notes."""


@dataclass(frozen=True, slots=True)
class DayRead:
    """It is read."""

    face: DayFace = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeepMood(Effect):
    """Keep a mood note, masked first."""

    ms: int
    strength: int
    line: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DropMood(Effect):
    """Forget the note of this instant, or all (0)."""

    ms: int


@dataclass(frozen=True, slots=True)
class ExportOwn(Effect):
    """Write everything that this PC knows of the person into a file; `form` is json or csv."""

    path: str
    form: str


@dataclass(frozen=True, slots=True)
class OwnExported:
    """How it went: `done`, or a key of area `leaves`."""

    outcome: str


@dataclass(frozen=True, slots=True)
class LookAtPc(Effect):
    """Find out what a checklist asks of this PC."""


@dataclass(frozen=True, slots=True)
class PcSeen:
    """The facts: name and whether it is well, None where the system does not tell."""

    facts: tuple[tuple[str, bool | None], ...]
