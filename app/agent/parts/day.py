"""The pages on the person's own data: what leaves this PC, and the day with its mood notes; read only while one is open.

Covert means covert (ux): while an alarm is open, and for some hours after it was taken back, its records are not shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from app.agent import commands
from app.agent.events import AlarmNote, Committed, VaultOpened
from app.agent.events.pages import (
    DayRead,
    DropMood,
    ExportOwn,
    FetchReaders,
    KeepMood,
    LeavesRead,
    OwnExported,
    ReadDay,
    ReadersHeard,
    ReadLeaves,
)
from app.agent.pagefaces import DayFace, LeavesFace
from app.agent.snapshot import Snapshot
from app.domain.moment import NS, Moment

AGAIN = 60 * NS
"""An open day is read again this often."""
COVERT = 4 * 3600 * NS
"""So long after a take-back: this PC is never told when a lead has settled it (design, PIN and duress PIN)."""
FORMS = ("json", "csv")


@dataclass(slots=True)
class DayPart:
    """Owns the slices `pages.leaves` and `pages.day`; what is closed is forgotten at once."""

    name: str = field(default="day", init=False)
    _leaves: LeavesFace | None = field(default=None, init=False)
    _day: DayFace | None = field(default=None, init=False)
    _open: set[str] = field(default_factory=set, init=False)
    _exported: str = field(default="", init=False)
    _readers: ReadersHeard | None = field(default=None, init=False)
    _again: int | None = field(default=None, init=False)
    _raised_ms: int = field(default=0, init=False)
    _covert_until: int = field(default=0, init=False)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: pages opened and closed, mood notes, an export asked for, what was read, records written."""
        match item:
            case AlarmNote(what):
                self._alarm(what, now)
            case commands.OpenPage(page):
                return self._opened(page, now)
            case commands.ClosePage(page):
                self._closed(page)
            case VaultOpened():
                return [effect for page in sorted(self._open) for effect in self._read(page, now)]
            case LeavesRead(face) if "leaves" in self._open:
                self._leaves = face
            case ReadersHeard() if "leaves" in self._open:
                self._readers = item
            case DayRead(face) if "day" in self._open:
                self._day = face
            case Committed(kept=True) if "leaves" in self._open:
                return (ReadLeaves(),)
            case commands.NoteMood(strength, line):
                return (KeepMood(now.wall_ms, strength, line),)
            case commands.ForgetMood(ms):
                return (DropMood(ms),)
            case commands.ExportMine(path, form) if form in FORMS:
                self._exported = ""
                return (ExportOwn(path, form),)
            case OwnExported(outcome):
                self._exported = outcome
            case _ if self._again is not None and now.boot >= self._again:
                return self._read("day", now)
            case _:
                pass
        return ()

    def due(self) -> int | None:
        """When an open day is read again."""
        return self._again

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Fill in both pages."""
        leaves = self._leaves and replace(self._leaves, exported=self._exported, **self._heard())
        if leaves and (shown.help.open or now.boot < self._covert_until):
            told = (one for one in leaves.entries if not one.kind.startswith("alarm.") or one.ms < self._raised_ms)
            leaves = replace(leaves, entries=tuple(told))
        return replace(shown, pages=replace(shown.pages, leaves=leaves, day=self._day))

    def _heard(self) -> dict[str, Any]:
        told = self._readers
        return {} if told is None else {"readers": told.readers, "readers_state": "told" if told.ok else "unreachable"}

    def _alarm(self, what: str, now: Moment) -> None:
        if what == "raise":
            self._raised_ms = self._raised_ms or now.wall_ms
        elif what == "take_back":
            self._covert_until = now.boot + COVERT
        else:
            self._raised_ms = self._covert_until = 0

    def _opened(self, page: str, now: Moment) -> tuple[object, ...]:
        if page not in ("leaves", "day"):
            return ()
        self._open.add(page)
        self._exported = ""
        return (*self._read(page, now), *((FetchReaders(),) if page == "leaves" else ()))

    def _closed(self, page: str) -> None:
        self._open.discard(page)
        if page == "leaves":
            self._leaves, self._readers, self._exported = None, None, ""
        if page == "day":
            self._day = self._again = None

    def _read(self, page: str, now: Moment) -> tuple[object, ...]:
        if page == "leaves":
            return (ReadLeaves(),)
        self._again = now.boot + AGAIN
        return (ReadDay(),)
