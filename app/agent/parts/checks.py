"""Shift checks: when one is offered, what the PC found out itself, and the record of one that was gone through.

Offered quietly: never on a call, never while something else is on screen, never on a day on which help was called.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from app.agent import commands
from app.agent.events import AlarmNote, Commit, ReadState, SaveState, StateRead, StateRecalled, VaultOpened
from app.agent.events.pages import FetchSample, LookAtPc, PcSeen, SampleHeard
from app.agent.pagefaces import ChecksFace
from app.agent.snapshot import Snapshot
from app.domain.moment import NS, Moment
from app.protocol.report_kinds import CheckDone, CheckItem

STATE = "checks"
START, END = "shift-start", "shift-end"
FRESH = 15 * 60
"""Seconds of work in which a shift still counts as just begun."""
ENDED = 10 * 60 * NS
"""So long after the person ended the shift its list is offered."""


@dataclass(slots=True)
class ChecksPart:
    """Owns `pages.checks`; `day_of` names the local day of a wall instant."""

    day_of: Callable[[int], str]
    name: str = field(default="checks", init=False)
    _face: ChecksFace = field(default=ChecksFace(), init=False)
    _day: str = field(default="", init=False)
    _put_off: set[str] = field(default_factory=set, init=False)
    _end_until: int | None = field(default=None, init=False)
    _quiet_day: str = field(default="", init=False)
    _shown: str = field(default="", init=False)
    _recalled: bool = field(default=False, init=False)
    _lead: bool = field(default=False, init=False)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: the page opened, facts, a list done or put off, shift marks, the state that was kept."""
        self._new_day(self.day_of(now.wall))
        if self._end_until is not None and now.boot >= self._end_until:
            self._end_until = None
        match item:
            case VaultOpened() | StateRecalled() if not self._recalled:
                return (ReadState(STATE),)
            case StateRead(name, blob) if name == STATE and not self._recalled:
                self._recalled = True
                self._recall(blob)
            case commands.OpenPage("checks"):
                self._face = replace(self._face, asking=True, sample_state="asking" if self._lead else "")
                return (LookAtPc(), *((FetchSample(),) if self._lead else ()))
            case SampleHeard(ok, seats):
                self._face = replace(self._face, sample=seats, sample_state="told" if ok else "unreachable")
            case PcSeen(facts):
                self._face = replace(self._face, asking=False, facts=facts)
            case commands.FinishCheck():
                return self._done(item, now)
            case commands.PutOffCheck(checklist):
                self._put_off.add(checklist)
                return self._save()
            case commands.ShiftMark(on):
                self._end_until = None if on else now.boot + ENDED
            case AlarmNote():
                self._quiet_day = self._day
            case _:
                pass
        return ()

    def due(self) -> int | None:
        """When the list of the end of the shift is no longer offered."""
        return self._end_until

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Fill in the checks; while an alarm is open nothing comes and nothing goes."""
        self._lead = shown.desk is not None
        if not shown.help.open:
            self._shown = self._offer(shown)
        return replace(shown, pages=replace(shown.pages, checks=replace(self._face, offered=self._shown)))

    def _offer(self, shown: Snapshot) -> str:
        seat = shown.seat
        busy = seat.on_call or seat.locked or seat.offer or seat.running or seat.warning_until_boot is not None
        if busy or shown.first_start or not self._recalled or self._quiet_day == self._day:
            return ""
        if seat.on_shift and seat.present and seat.worked_seconds < FRESH and self._open(START):
            return START
        return END if not seat.on_shift and self._end_until is not None and self._open(END) else ""

    def _open(self, checklist: str) -> bool:
        return checklist not in self._face.done and checklist not in self._put_off

    def _new_day(self, day: str) -> None:
        if day != self._day:
            self._day = day
            self._put_off = set()
            self._face = replace(self._face, done=())

    def _recall(self, blob: bytes) -> None:
        try:
            found = json.loads(blob or b"{}")
            if found.get("day") == self._day:
                self._put_off |= set(map(str, found["put_off"]))
                self._face = replace(self._face, done=tuple(sorted({*self._face.done, *map(str, found["done"])})))
        except (ValueError, KeyError, TypeError, AttributeError):
            return  # a damaged note costs an offer too many

    def _done(self, done: commands.FinishCheck, now: Moment) -> tuple[object, ...]:
        facts = tuple(CheckItem(id=name, well=well) for name, well in self._face.facts if well is not None)
        items = tuple(CheckItem(id=name, well=well) for name, well in done.items)
        record = CheckDone(ms=now.wall_ms, checklist=done.checklist, items=items, facts=facts, repair=done.repair)
        self._face = replace(self._face, done=tuple(sorted({*self._face.done, done.checklist})))
        return (Commit((record,)), *self._save())

    def _save(self) -> tuple[object, ...]:
        kept = {"day": self._day, "done": self._face.done, "put_off": sorted(self._put_off)}
        return (SaveState(STATE, json.dumps(kept).encode()),)
