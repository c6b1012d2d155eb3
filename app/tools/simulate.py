"""`safeseat simulate`: plays a shift file through the seat and prints what the program does."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from fractions import Fraction
from io import TextIOWrapper
from typing import NoReturn

from app.domain.errors import SafeSeatError, UsageError
from app.domain.inputs import BreakKind, Input, LockAnswersAtOnce, Tick, Woke
from app.domain.moment import NS, Moment
from app.domain.seat import Record, SeatState, begin, play, seconds_of
from app.domain.seat.state import Time
from app.tools.simulate_file import DAY, METHOD, Entry, Shift, load_shift
from app.tools.simulate_text import line

__all__ = ["Shift", "load_shift", "main", "simulate"]

SMALLEST_TICK = Fraction(1, 1000)
"""Seconds; a smaller tick only takes longer, the output is the same at every one."""

LARGEST_TICK = 10**9
"""Seconds; longer than any shift file."""


def simulate(shift: Shift, *, tick: Fraction | None = None, sums: bool = False) -> list[dict[str, object]]:
    """Return what the program does in a shift, one object for each record, in order; `sums` adds a last one.

    Pure. `tick` (seconds) has the seat asked every so often as well, which changes nothing. Format: the shift-file contract.
    """
    done = play(begin(Moment(0, 0, shift.start * NS), shift.rules, active=True), _instants(shift, tick), shift.rules)
    lines: list[dict[str, object]] = [
        {**_stamp(shift, record.at, record.wall), "kind": record.kind, **dict(record.extra)} for record in done.records
    ]
    if sums:
        lines.append(_sums(shift, done.records, done.state))
    return lines


def _instants(shift: Shift, tick: Fraction | None) -> Iterator[tuple[Input, ...]]:
    """Yield the inputs instant by instant: the desktop's ways first, entries, wakings, ticks, and the end."""
    clock = _Clock(shift.start * NS)
    waiting: list[Input] = [LockAnswersAtOnce(clock.moment(0), METHOD, False)]
    now, ticks = 0, 0
    for entry in (*shift.entries, Entry(shift.length)):
        at = entry.at * NS
        while clock.wakes is not None and clock.wakes <= at:
            if clock.wakes > now:
                yield tuple(waiting)
                now, waiting = clock.wakes, []
            waiting.append(Woke(clock.woken()))
        if at > now:
            yield tuple(waiting)
            waiting = []
            if tick is not None:
                ticks = max(ticks, int(Fraction(now, NS) / tick))
                while (ticked := -int(-ticks * tick * NS // 1)) < at:
                    if ticked > now and clock.wakes is None:
                        yield (Tick(clock.moment(ticked)),)
                    ticks += 1
            now = at
        if clock.wakes is not None:
            break
        clock.jumped += entry.jump * NS
        moment = clock.moment(at)
        waiting.append(Tick(moment) if entry.make is None else entry.make(moment))
        if entry.sleep:
            clock.fall_asleep(at, entry.sleep * NS)
    if waiting:
        yield tuple(waiting)


class _Clock:
    """The three clocks of the simulated PC."""

    def __init__(self, start: int) -> None:
        self.jumped = 0
        self.wakes: int | None = None
        self._start = start
        self._slept = self._sleep = 0

    def moment(self, boot: int) -> Moment:
        """Return the readings at `boot`."""
        return Moment(boot, boot - self._slept, self._start + boot + self.jumped)

    def fall_asleep(self, boot: int, length: int) -> None:
        """Sleep from `boot` on for so long."""
        self.wakes, self._sleep = boot + length, length

    def woken(self) -> Moment:
        """Wake at the time set and return that moment."""
        boot = self.wakes or 0
        self.wakes = None
        self._slept += self._sleep
        return self.moment(boot)


def _stamp(shift: Shift, at: Time, wall: Time) -> dict[str, object]:
    """Return `time` (wall clock, seconds cut) and `elapsed` (rounded half up to a tenth of a second)."""
    clock = int(wall // NS + shift.offset) % DAY
    tenths = int((at * 20 + NS) // (2 * NS))
    return {"time": f"{clock // 3600:02}:{clock // 60 % 60:02}:{clock % 60:02}", "elapsed": tenths / 10}


def _sums(shift: Shift, records: Sequence[Record], state: SeatState) -> dict[str, object]:
    """Return the last line: interruptions, breaks kept, longest stretch without rest, locks, loads and debts left (seconds)."""
    kinds = [record.kind for record in records]
    kept = {kind.value: {"taken": 0, "natural": 0} for kind in BreakKind}
    for record in records:
        if record.kind == "break.kept":
            extra = dict(record.extra)
            kept[str(extra["break"])][str(extra["how"])] += 1
    tally = state.tally
    longest = max(tally.longest, tally.worked.read(state.now) - tally.rest_base)
    end = shift.length * NS
    left = {kind: _tenths(value) for kind, value in seconds_of(state, shift.rules, end).items()}
    return {
        **_stamp(shift, end, end + state.wall_offset),
        "kind": "sums",
        "interruptions": kinds.count("break.offered") + kinds.count("lock.warned"),
        "kept": kept,
        "longest_without_rest": _tenths(Fraction(longest) / NS),
        "locks": kinds.count("lock.confirmed") + kinds.count("session.locked"),
        "loads": {"eyes": left[BreakKind.EYES], "rest": left[BreakKind.REST]},
        "debts": {"talk": left[BreakKind.TALK], "calm": left[BreakKind.CALM]},
    }


def _tenths(seconds: Fraction) -> float:
    return int((seconds * 10 + Fraction(1, 2)) // 1) / 10


class _Parser(argparse.ArgumentParser):
    """Tells wrong use in one sentence instead of the usage text."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"safeseat simulate: {message}.")


def _tick(text: str) -> Fraction:
    try:
        # The float is looked at first: 1e999999999 as a fraction would only keep the machine busy.
        tick = Fraction(text) if "/" in text or SMALLEST_TICK <= float(text) <= LARGEST_TICK else Fraction(0)
    except (ValueError, ZeroDivisionError):
        tick = Fraction(0)
    if not SMALLEST_TICK <= tick <= LARGEST_TICK:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of seconds from {float(SMALLEST_TICK)} to {LARGEST_TICK}"
        )
    return tick


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = _Parser(
        prog="safeseat simulate", description="Show what the program does in a shift that a file describes."
    )
    parser.add_argument("shift", metavar="SHIFT.toml", help="the shift file")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.add_argument("--sums", action="store_true", help="add a last line with the sums")
    parser.add_argument(
        "--tick", type=_tick, metavar="S", help="ask the seat every S seconds as well (changes nothing)"
    )
    parser.add_argument(
        "--lab", action="store_true", help="take the lab scope's bounds: times may be sixty times shorter"
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str]) -> int:
    """Run the command; return 0, 2 for wrong use and bad files, 3 for an output that is full, with one sentence on stderr."""
    try:
        given = _arguments(argv)
        shift = load_shift(given.shift, lab=given.lab)
    except SafeSeatError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        _print(simulate(shift, tick=given.tick, sums=given.sums), as_json=given.json)
    except BrokenPipeError:
        raise  # Whoever reads has enough: the command line's own matter.
    except OSError as error:
        print(f"The output cannot be written: {error.strerror}.", file=sys.stderr)
        return 3
    return 0


def _print(lines: Sequence[dict[str, object]], *, as_json: bool) -> None:
    if isinstance(sys.stdout, TextIOWrapper):  # A call's id may hold what the console's encoding does not know.
        sys.stdout.reconfigure(errors="backslashreplace")
    for one in lines:
        print(json.dumps(one) if as_json else line(one))
    sys.stdout.flush()
