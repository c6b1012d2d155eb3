"""Stories in short words: `story("09:02:00 idle", end="09:30:00")` gives the lines that a shift file with them would print."""

from datetime import datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

from app.tools.simulate import simulate
from app.tools.simulate_file import shift_of

START = datetime(2026, 11, 23, 9, 0, 0, tzinfo=timezone(timedelta(hours=8)))


def entry(words: str) -> dict[str, Any]:
    """One entry: a time and what happens, such as `09:10:00 call start b`, `09:20:00 now rest` or `09:30:00 share on`."""
    time, what, *rest = words.split()
    found: dict[str, Any] = {"time": time}
    if what in ("idle", "active"):
        found["input"] = what
    elif what == "call":
        found["call"] = rest[0]
        if len(rest) > 1:
            found["id"] = rest[1]
        if len(rest) > 2:
            found["hard"] = True
    elif what in ("lock", "unlock"):
        found["session"] = what
    elif what in ("suspend", "wall", "shift"):
        found[what] = rest[0]
    elif what in ("share", "lock_fails"):
        found[what] = rest[0] == "on"
    elif what in ("raise", "take_back", "settled"):
        found["alarm"] = what
    else:
        found["answer"] = what
        if rest:
            found["break"] = rest[0]
    return found


def table(*entries: str, end: str, policy: dict[str, int] | None = None) -> dict[str, Any]:
    """The contents of the shift file."""
    return {"start": START, "end": end, "policy": policy or {}, "at": [entry(words) for words in entries]}


def story(*entries: str, end: str, policy: dict[str, int] | None = None, tick: Fraction | None = None) -> list[str]:
    """The lines: time, kind and the extra values in their order."""
    shift = shift_of(table(*entries, end=end, policy=policy), name="story")
    return [_short(record) for record in simulate(shift, tick=tick)]


def _short(record: dict[str, object]) -> str:
    extra = (str(value) for key, value in record.items() if key not in ("time", "elapsed", "kind"))
    return " ".join((str(record["time"]), str(record["kind"]), *extra))
