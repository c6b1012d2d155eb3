"""What the pages of the person's own ask of the files and of the PC, and what comes back."""

from dataclasses import dataclass, field

from app.agent.events.base import Effect
from app.agent.pagefaces import DayFace, LeavesFace, NoticeView, Reader


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


@dataclass(frozen=True, slots=True)
class FetchReaders(Effect):
    """Ask the servers who has read reports of this person."""


@dataclass(frozen=True, slots=True)
class ReadersHeard:
    """What they said; `ok` False when none could be asked."""

    ok: bool
    readers: tuple[Reader, ...] = ()


@dataclass(frozen=True, slots=True)
class FetchSample(Effect):
    """Ask which seats this lead looks at this week."""


@dataclass(frozen=True, slots=True)
class SampleHeard:
    """The seats as (seat, floor); `ok` False when no server gave any."""

    ok: bool
    seats: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FetchNotices(Effect):
    """Ask for the notices that hold now."""


@dataclass(frozen=True, slots=True)
class NoticesHeard:
    """They came, or no server could be asked."""

    ok: bool
    notices: tuple[NoticeView, ...] = ()


@dataclass(frozen=True, slots=True)
class CountNotice(Effect):
    """Tell the servers that one more has read a notice; they keep a count of the team and nothing else."""

    notice: bytes


@dataclass(frozen=True, slots=True)
class NoticeCounted:
    """A server took it; one that did not come through is told again when the page opens the next time."""

    notice: bytes
