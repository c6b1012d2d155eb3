"""The guide: how the person uses the scripts, which warnings were said when, and the moments that were marked.

Everything here stays on this PC; it is data for report and diary. Nothing of it changes because help was called.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.agent import commands
from app.agent.events import CallChanged, HotkeyPressed, ReadState, SaveState, StateRead, StateRecalled, VaultOpened
from app.agent.snapshot import GuideFace, Snapshot, WarnStep
from app.content.shapes import VARIABLES
from app.domain.moment import NS, Moment

STATE = "guide"
KEPT_MS = 28 * 24 * 3600 * 1000
"""Marks and warnings are kept as long as a diary looks back."""
MARKS_MAX, WARNS_MAX, USED_MAX, LIKED_MAX, RECENT = 50, 200, 500, 60, 3
QUIET = 30 * 60 * NS
"""Without a call a conversation ends when nobody touched the scripts for so long (a counter, a softphone that tells nothing)."""
STAYING = ("company", "agent", "lead", "number")
"""Variables that belong to the agent, not to the customer: they outlast a conversation."""
VALUE_MAX = 40
PLACE_MAX = 100_000
_ID = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(slots=True)
class GuidePart:
    """Owns GuideFace. Counts, favourites, marks and warnings survive a restart; variables and places never do."""

    name: str = field(default="guide", init=False)
    _face: GuideFace = field(default=GuideFace(), init=False)
    _calls: frozenset[str] = field(default=frozenset(), init=False)
    _quiet_at: int | None = field(default=None, init=False)
    _retire_at: int | None = field(default=None, init=False)
    _recalled: bool = field(default=False, init=False)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: commands of the palette, the chords scripts, cards and mark, calls, the state that was kept."""
        self._settle(now)
        saved = self._retired(now)
        match item:
            case HotkeyPressed("scripts", boot):
                self._face = replace(self._face, scripts_boot=boot)
            case HotkeyPressed("cards", boot):
                self._face = replace(self._face, cards_boot=boot)
            case HotkeyPressed("mark") | commands.MarkMoment():
                self._mark(now)
                saved = True
            case VaultOpened() | StateRecalled() if not self._recalled:
                return (ReadState(STATE),)
            case StateRead(name, blob) if name == STATE and not self._recalled:
                self._recalled = True
                saved = self._recall(blob, now)
            case CallChanged(call, on):
                self._call(call, on)
            case commands.FillScript():
                self._fill(item, now)
            case commands.WalkScript(script, step):
                self._walk(script, step, now)
            case _:
                saved = self._kept(item, now) or saved
        # before the kept state is known nothing may take its place
        return (self._save(),) if saved and self._recalled else ()

    def due(self) -> int | None:
        """When a conversation without a call is over, or something is past its days."""
        return min((at for at in (self._quiet_at, self._retire_at) if at is not None), default=None)

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Fill in the guide."""
        return replace(shown, guide=self._face)

    def _kept(self, item: object, now: Moment) -> bool:
        """Commands whose result outlasts a restart; says whether there is something to save."""
        match item:
            case commands.OpenScript(script) if _ID.fullmatch(script):
                self._open(script, now)
            case commands.SayWarning(script, step, warn) if _ID.fullmatch(script) and warn in (1, 2, 3) and step >= 0:
                self._warn(WarnStep(now.wall_ms, script, step, warn), now)
            case commands.UnsayWarning(script) if self._face.warned and self._face.warned[-1].script == script:
                gone = self._face.warned[-1]
                stay = tuple(one for one in self._face.warns if one != gone)
                self._face = replace(self._face, warned=self._face.warned[:-1], warns=stay)
            case commands.LikeScript(script, on) if _ID.fullmatch(script):
                rest = tuple(one for one in self._face.favourites if one != script)
                self._face = replace(self._face, favourites=(*rest, script)[-LIKED_MAX:] if on else rest)
            case commands.PutPalette(x, y) if max(abs(x), abs(y)) <= PLACE_MAX:
                self._face = replace(self._face, place=(x, y))
            case _:
                return False
        return True

    def _open(self, script: str, now: Moment) -> None:
        used = dict(self._face.used)
        used[script] = used.get(script, 0) + 1
        most = sorted(used.items(), key=lambda one: -one[1])[:USED_MAX]
        recent = (script, *(one for one in self._face.recent if one != script))[:RECENT]
        self._face = replace(self._face, used=tuple(most), recent=recent, current=script)
        self._touch(now)

    def _walk(self, script: str, step: int, now: Moment) -> None:
        if _ID.fullmatch(script) and step >= 0:
            places = {**dict(self._face.places), script: step}
            self._face = replace(self._face, places=tuple(places.items())[-USED_MAX:], current=script)
            self._touch(now)

    def _warn(self, said: WarnStep, now: Moment) -> None:
        face = self._face
        self._face = replace(face, warned=(*face.warned, said)[-WARNS_MAX:], warns=(*face.warns, said)[-WARNS_MAX:])
        self._touch(now)
        self._schedule(now)

    def _mark(self, now: Moment) -> None:
        self._face = replace(self._face, marks=(*self._face.marks, now.wall_ms)[-MARKS_MAX:])
        self._schedule(now)

    def _fill(self, given: commands.FillScript, now: Moment) -> None:
        if given.variable in VARIABLES:
            values = {**dict(self._face.values), given.variable: given.value[:VALUE_MAX]}
            self._face = replace(self._face, values=tuple((key, text) for key, text in values.items() if text))
            self._touch(now)

    def _call(self, call: str, on: bool) -> None:
        """A first call begins a conversation: what stood there was another one's; the last one to end ends it."""
        before, self._calls = self._calls, self._calls | {call} if on else self._calls - {call}
        if bool(before) is not bool(self._calls):
            self._forget()
            self._quiet_at = None

    def _touch(self, now: Moment) -> None:
        self._quiet_at = None if self._calls else now.boot + QUIET

    def _settle(self, now: Moment) -> None:
        if self._quiet_at is not None and now.boot >= self._quiet_at:
            self._quiet_at = None
            self._forget()

    def _forget(self) -> None:
        """The conversation is over: nothing of the customer stays, the warnings stay for report and diary."""
        stay = tuple((key, text) for key, text in self._face.values if key in STAYING)
        self._face = replace(self._face, places=(), current="", warned=(), values=stay)

    def _retired(self, now: Moment) -> bool:
        """Drop what is past its days; says whether something went."""
        if self._retire_at is None or now.boot < self._retire_at:
            return False
        self._prune(now)
        return True

    def _prune(self, now: Moment) -> None:
        oldest = now.wall_ms - KEPT_MS
        face = self._face
        self._face = replace(
            face, marks=tuple(ms for ms in face.marks if ms > oldest), warns=tuple(one for one in face.warns if one.ms > oldest)
        )
        self._schedule(now)

    def _schedule(self, now: Moment) -> None:
        first = min((*self._face.marks, *(one.ms for one in self._face.warns)), default=None)
        wait = None if first is None else max(0, first + KEPT_MS - now.wall_ms) * 1_000_000
        # a wall clock that was put back must not keep anything for longer than its days
        self._retire_at = None if wait is None else now.boot + min(wait, KEPT_MS * 1_000_000)

    def _save(self) -> SaveState:
        face = self._face
        table: dict[str, object] = {
            "used": dict(face.used), "liked": face.favourites, "recent": face.recent, "marks": face.marks, "place": face.place,
            "warns": [(one.ms, one.script, one.step, one.warn) for one in face.warns],
        }
        return SaveState(STATE, json.dumps(table, separators=(",", ":")).encode())

    def _recall(self, blob: bytes, now: Moment) -> bool:
        """Take what was kept, before what came since the start; what is damaged counts as nothing. True: save the sum."""
        kept, since = _read(blob), self._face
        fresh = since != replace(GuideFace(), scripts_boot=since.scripts_boot, cards_boot=since.cards_boot)
        used = dict(kept.used)
        for script, times in since.used:
            used[script] = used.get(script, 0) + times
        recent = tuple(dict.fromkeys((*since.recent, *kept.recent)))[:RECENT]
        self._face = replace(
            since, used=tuple(used.items()), recent=recent, place=since.place or kept.place,
            favourites=tuple(dict.fromkeys((*kept.favourites, *since.favourites))),
            marks=tuple(sorted({*kept.marks, *since.marks}))[-MARKS_MAX:],
            warns=tuple(sorted({*kept.warns, *since.warns}, key=lambda one: one.ms))[-WARNS_MAX:],
        )  # fmt: skip
        self._prune(now)
        return fresh


def _read(blob: bytes) -> GuideFace:
    try:
        table = json.loads(blob)
    except ValueError:
        return GuideFace()
    if not isinstance(table, dict):
        return GuideFace()
    place = _taken(table, "place", lambda found: (int(found[0]), int(found[1])))
    return GuideFace(
        used=_taken(table, "used", lambda found: tuple((_name(key), int(times)) for key, times in found.items())) or (),
        favourites=_taken(table, "liked", lambda found: tuple(map(_name, found))) or (),
        recent=_taken(table, "recent", lambda found: tuple(map(_name, found))) or (),
        marks=_taken(table, "marks", lambda found: tuple(map(int, found))) or (),
        warns=_taken(table, "warns", lambda found: tuple(WarnStep(int(ms), _name(one), int(step), int(warn)) for ms, one, step, warn in found)) or (),
        place=place,
    )  # fmt: skip


def _taken(table: Mapping[str, Any], key: str, read: Callable[[Any], Any]) -> Any:
    try:
        return read(table[key])
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return None


def _name(found: object) -> str:
    if not isinstance(found, str) or not _ID.fullmatch(found):
        raise ValueError("not a script's id")
    return found
