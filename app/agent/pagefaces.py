"""What the pages of the person's own show: filled while a page is open, dropped with it; instants are wall milliseconds.

Nothing here is told by `status`: it belongs to the person at this screen (see `tables`).
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """One record as it was sent: `text` its very fields as JSON, `held` whether a server has acknowledged it."""

    number: int
    ms: int
    kind: str
    text: str = field(repr=False)
    held: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody read a report of this person: on which day, in which role, which report; never by name."""

    day: str
    role: str
    number: str


@dataclass(frozen=True, slots=True)
class LeavesFace:
    """The newest records that leave this PC, newest first; `readable` is False while the journal is closed.

    `readers_state`: asking, told or unreachable; only `told` makes `readers` the server's word.
    """

    readable: bool
    entries: tuple[OwnEntry, ...] = ()
    exported: str = ""
    """How the last export went: empty, `done`, or a key of area `leaves` for what went wrong."""
    readers: tuple[Reader, ...] = ()
    readers_state: str = "asking"


@dataclass(frozen=True, slots=True)
class DaySpan:
    """A stretch of the day: kind is work, call, hard, lock, or a break's kind; `until_ms` is never before `from_ms`."""

    kind: str
    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class MoodNote:
    """One entry of the person's own: strength 0..10 and a masked line."""

    ms: int
    strength: int
    line: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class DayFace:
    """One day on a line: spans in order, breaks by kind (offered, kept), and the mood notes, oldest first."""

    began_ms: int
    now_ms: int
    readable: bool = True
    spans: tuple[DaySpan, ...] = ()
    offered: tuple[tuple[str, int], ...] = ()
    kept: tuple[tuple[str, int], ...] = ()
    moods: tuple[MoodNote, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ChecksFace:
    """Shift checks: `offered` the list to offer now (empty: none), `facts` what this PC found (None: it cannot tell).

    `asking` while the PC looks; `done` are the lists that were gone through today.
    """

    offered: str = ""
    asking: bool = False
    facts: tuple[tuple[str, bool | None], ...] = ()
    done: tuple[str, ...] = ()
    sample: tuple[tuple[str, str], ...] = ()
    """A lead's seats of the week as (seat, floor), the server's word if `sample_state` is `told`."""
    sample_state: str = ""
    """asking, told or unreachable; empty for everybody who is no lead."""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice of the safety officer; `read` as this person said, which nobody else learns."""

    id: bytes
    title: str
    text: str
    from_ms: int
    until_ms: int
    read: bool = False


@dataclass(frozen=True, slots=True)
class TrainingFace:
    """The quiz of this quarter: `seed` picks its questions; `right` of `asked` is known to nobody but the person."""

    quarter: str = ""
    seed: str = ""
    right: int | None = None
    asked: int = 0
    passed: bool = False
    callers: tuple[tuple[str, int, int], ...] = ()
    """Practice callers gone through: id, good answers, of how many."""
    notices: tuple[NoticeView, ...] = ()
    notices_state: str = "asking"


@dataclass(frozen=True, slots=True)
class PagesFace:
    """All of them; a page that is closed is None."""

    leaves: LeavesFace | None = None
    day: DayFace | None = None
    checks: ChecksFace = ChecksFace()
    training: TrainingFace = TrainingFace()


NO_PAGES = PagesFace()
"""Nothing is open."""
