"""Reads shift files: every check that the shift-file contract names, with the file and the entry in the error."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.domain import inputs
from app.domain.errors import SafeSeatError, UsageError
from app.domain.moment import Moment
from app.domain.rules import Rules
from app.policy.load import rules_from

DAY = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LARGEST_FILE = 4 << 20
"""Bytes of a shift file; a larger one is a mistake and is refused."""

METHOD = "simulated"
"""What the simulated desktop calls its way of locking."""

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)", re.ASCII)
_SPAN = re.compile(r"(\d{2,4}):([0-5]\d):([0-5]\d)", re.ASCII)

Make = Callable[[Moment], inputs.Input]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happens `at` whole seconds after the start: an input, a sleep or a jump of the wall clock (seconds)."""

    at: int
    make: Make | None = None
    sleep: int = 0
    jump: int = 0


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift file that was checked: its start (Unix seconds and offset from UTC), length in seconds, rules and entries."""

    start: int
    offset: int
    length: int
    rules: Rules
    entries: tuple[Entry, ...]


def load_shift(path: Path | str, *, lab: bool = False) -> Shift:
    """Read a shift file; `lab` takes the lab scope's bounds.

    Raises UsageError with one sentence that names the file and, where there is one, the number of the entry (from 1). Blocks on
    the disk.
    """
    file = Path(path)
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UsageError(f"The shift file {file} cannot be read: {error.strerror}.") from error
    if len(data) > LARGEST_FILE:
        raise UsageError(f"The shift file {file} is larger than {LARGEST_FILE} bytes.")
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UsageError(f"The shift file {file} is not UTF-8 text.") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The shift file {file} is not TOML: {error}.") from error
    except (RecursionError, ValueError) as error:  # What tomllib lets through: numbers of thousands of digits.
        raise UsageError(f"The shift file {file} is nested too deep or holds a number that is too long.") from error
    return shift_of(table, name=str(file), lab=lab)


def shift_of(table: Mapping[str, object], *, name: str, lab: bool = False) -> Shift:
    """Check the contents of a shift file, as TOML gives them; `name` stands in the errors (UsageError)."""
    try:
        return _shift(table, lab=lab)
    except SafeSeatError as error:
        raise UsageError(f"{name}{error}" if str(error).startswith(",") else f"{name}: {error}") from error


def _shift(table: Mapping[str, object], *, lab: bool) -> Shift:
    for key in table:
        if key not in ("start", "end", "policy", "at"):
            raise UsageError(f"{key!r} is not known; a shift file has start, end, policy and [[at]] entries.")
    start = table.get("start")
    if not isinstance(start, datetime):
        raise UsageError("start must be a date and time with an offset, such as 2026-11-23T09:00:00+08:00.")
    offset = start.utcoffset()
    if offset is None:
        raise UsageError("start has no offset from UTC; write it such as 2026-11-23T09:00:00+08:00.")
    if start.microsecond:
        raise UsageError("start must be a whole second.")
    clock = start.hour * 3600 + start.minute * 60 + start.second
    if "end" not in table:
        raise UsageError("end is missing.")
    length = _instant(table["end"], clock, "end")
    policy, raw = table.get("policy", {}), table.get("at", [])
    if not isinstance(policy, dict):
        raise UsageError("policy must be a table of policy keys and values.")
    if not isinstance(raw, list):
        raise UsageError("at must be a list of [[at]] entries.")
    entries = _Entries(clock, length)
    for number, entry in enumerate(raw, 1):
        try:
            entries.add(entry)
        except UsageError as error:
            raise UsageError(f", entry {number}: {error}") from error
    seconds = (start - EPOCH) // timedelta(seconds=1)
    whole_offset = offset // timedelta(seconds=1)
    return Shift(seconds, whole_offset, length, rules_from(policy, lab=lab), tuple(entries.done))


def _instant(value: object, clock: int, what: str) -> int:
    """Return seconds after the start: "+HH:MM:SS", or a clock time, which is on the next day if not after the start."""
    if isinstance(value, str):
        if value.startswith("+") and (found := _SPAN.fullmatch(value[1:])):
            return _seconds(found)
        if found := _CLOCK.fullmatch(value):
            after = _seconds(found) - clock
            return after if after > 0 else after + DAY
    raise UsageError(f'{what} must be a clock time such as "09:20:00" or a time after the start such as "+00:20:00".')


def _seconds(found: re.Match[str]) -> int:
    hours, minutes, seconds = (int(part) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


class _Entries:
    """Checks entries one after the other, as far as one depends on those before it: order, sleeps, open calls."""

    def __init__(self, clock: int, length: int) -> None:
        self.done: list[Entry] = []
        self._clock, self._length = clock, length
        self._last = self._asleep_until = 0
        self._open: set[str] = set()

    def add(self, raw: object) -> None:
        """Check one entry and keep it; UsageError says what is wrong with it."""
        if not isinstance(raw, dict):
            raise UsageError("an entry must be a table.")
        if "time" not in raw:
            raise UsageError("time is missing.")
        at = _instant(raw["time"], self._clock, "time")
        if at < self._last:
            raise UsageError(f"{raw['time']} goes back: the entry before it is later.")
        if at > self._length:
            raise UsageError(f"{raw['time']} is after the end.")
        if at < self._asleep_until:
            raise UsageError(f"{raw['time']} falls into a sleep.")
        words = [key for key in raw if key in _WORDS]
        if len(words) != 1:
            unknown = [key for key in raw if key not in _WORDS and key != "time"]
            about = (
                f"{unknown[0]!r} is not known" if unknown and not words else f"it holds {len(words)} things that happen"
            )
            raise UsageError(f"{about}; an entry holds exactly one of {', '.join(_WORDS)}.")
        word = words[0]
        for key in raw:
            if key not in ("time", word) and key not in _BESIDE.get((word, raw[word] if _plain(raw[word]) else ""), ()):
                raise UsageError(f"{key!r} does not belong beside {word} = {raw[word]!r}.")
        self.done.append(self._entry(at, word, raw))
        self._last = at

    def _entry(self, at: int, word: str, raw: Mapping[str, object]) -> Entry:
        value = raw[word]
        if word == "call":
            return Entry(at, self._call(value, raw))
        if word == "suspend":
            found = _SPAN.fullmatch(value) if isinstance(value, str) else None
            if found is None or not _seconds(found):
                raise UsageError('suspend must be how long the PC sleeps, such as "00:45:00", and longer than nothing.')
            self._asleep_until = at + _seconds(found)
            self._open.clear()
            return Entry(at, inputs.Suspended, sleep=_seconds(found))
        if word == "wall":
            found = _SPAN.fullmatch(value[1:]) if isinstance(value, str) and value[:1] in ("+", "-") else None
            if found is None:
                raise UsageError('wall must be a jump of the wall clock such as "+01:00:00" or "-01:00:00".')
            return Entry(at, jump=_seconds(found) * (-1 if str(value)[0] == "-" else 1))
        if word == "answer" and value == "now":
            return Entry(at, _now(raw.get("break", "rest")))
        known = _WORDS[word]
        make = known.get(value) if isinstance(value, str | bool) else None
        if make is None or not any(value is one or (isinstance(value, str) and value == one) for one in known):
            raise UsageError(f"{word} must be one of {', '.join(_shown(one) for one in known)}, not {_shown(value)}.")
        return Entry(at, make)

    def _call(self, value: object, raw: Mapping[str, object]) -> Make:
        call_id, hard = raw.get("id", "call"), raw.get("hard", False)
        if value not in ("start", "end"):
            raise UsageError(f'call must be one of "start", "end", not {_shown(value)}.')
        if not isinstance(call_id, str) or not call_id:
            raise UsageError("id must be text.")
        if not isinstance(hard, bool):
            raise UsageError("hard must be true or false.")
        if value == "start":
            if call_id in self._open:
                raise UsageError(f"the call {call_id!r} was started already.")
            self._open.add(call_id)
            return lambda moment: inputs.CallStarted(moment, call_id)
        if call_id not in self._open:
            raise UsageError(f"the call {call_id!r} is ended but not open.")
        self._open.remove(call_id)
        return lambda moment: inputs.CallEnded(moment, call_id, hard)


def _plain(value: object) -> bool:
    return isinstance(value, str)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # As JSON: a line break in a file's text must not break the sentence.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


def _now(kind: object) -> Make:
    if kind not in tuple(inputs.BreakKind):
        raise UsageError(
            f"break must be one of {', '.join(_shown(one.value) for one in inputs.BreakKind)}, not {_shown(kind)}."
        )
    chosen = inputs.BreakKind(str(kind))
    return lambda moment: inputs.BreakNow(moment, chosen)


def _answer(answer: inputs.Answer) -> Make:
    return lambda moment: inputs.BreakAnswered(moment, answer)


_WORDS: dict[str, dict[str | bool, Make]] = {
    "input": {"active": inputs.InputActive, "idle": inputs.InputIdle},
    "call": {},
    "session": {"lock": inputs.SessionLocked, "unlock": inputs.SessionUnlocked},
    "suspend": {},
    "wall": {},
    "share": {
        True: lambda moment: inputs.ShareChanged(moment, True),
        False: lambda moment: inputs.ShareChanged(moment, False),
    },
    "answer": {**{one.value: _answer(one) for one in inputs.Answer}, "now": _now("rest")},
    "lock_fails": {
        True: lambda moment: inputs.LockAnswersAtOnce(moment, METHOD, True),
        False: lambda moment: inputs.LockAnswersAtOnce(moment, METHOD, False),
    },
    "alarm": {"raise": inputs.AlarmRaised, "take_back": inputs.AlarmTakenBack, "settled": inputs.AlarmSettled},
    "shift": {"start": inputs.ShiftStarted, "end": inputs.ShiftEnded},
}
"""What an entry can hold, with the values that need no further look."""

_BESIDE: dict[tuple[str, object], tuple[str, ...]] = {
    ("call", "start"): ("id",),
    ("call", "end"): ("id", "hard"),
    ("answer", "now"): ("break",),
}
"""Which further keys an entry may have."""
