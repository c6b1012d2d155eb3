"""One day as a picture, made from the records that only this PC has; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.agent.pagefaces import DayFace, DaySpan

Row = Mapping[str, Any]
"""A record's fields by name, with `type` and `ms`."""
KINDS = ("eyes", "rest", "talk", "calm")
_LOCKED, _UNLOCKED = ("lock.confirmed", "session.locked"), ("session.unlocked",)
_GONE = ("shift.ended", "shift.signed_out")


def picture(rows: Iterable[Row], began_ms: int, now_ms: int) -> DayFace:
    """The day from `began_ms` to `now_ms`; rows of other times or kinds are left out, whatever their order is kept."""
    day = _Day(began_ms, now_ms)
    for row in rows:
        ms = row.get("ms")
        if isinstance(ms, int) and began_ms <= ms <= now_ms:
            day.take(str(row.get("type")), ms, row)
    return day.face()


@dataclass(slots=True)
class _Day:
    began: int
    now: int
    _last: int = 0
    _open: dict[str, int] = field(default_factory=dict)
    _spans: list[DaySpan] = field(default_factory=list)
    _offered: Counter[str] = field(default_factory=Counter)
    _kept: Counter[str] = field(default_factory=Counter)

    def take(self, kind: str, ms: int, row: Row) -> None:
        """One record of the day."""
        area = kind.partition(".")[0]
        if kind == "presence":
            self._presence(bool(row.get("present")), self._since(row, ms))
        elif kind == "shift.started":
            self._begin("work", ms)
        elif kind in _GONE:
            self._end("work", ms)
        elif kind in _LOCKED:
            self._open.setdefault("lock", ms)
        elif kind in _UNLOCKED:
            self._end("lock", ms)
        elif area == "call":
            self._call(kind, ms, row)
        elif area == "break":
            self._break(kind, ms, str(row.get("break")))
        self._last = ms

    def face(self) -> DayFace:
        """What is open still goes on until now."""
        for kind in tuple(self._open):
            self._end(kind, self.now)
        spans = tuple(sorted(self._spans, key=lambda span: (span.from_ms, span.kind)))
        return DayFace(
            self.began, self.now, True, spans,
            tuple((kind, self._offered[kind]) for kind in KINDS if self._offered[kind]),
            tuple((kind, self._kept[kind]) for kind in KINDS if self._kept[kind]),
        )  # fmt: skip

    def _since(self, row: Row, ms: int) -> int:
        since = row.get("since_ms")
        return min(ms, max(self.began, since)) if isinstance(since, int) else ms

    def _presence(self, present: bool, since: int) -> None:
        if present:
            self._open.setdefault("work", since)
        else:
            self._end("work", since)

    def _call(self, kind: str, ms: int, row: Row) -> None:
        if kind == "call.started":
            self._open.setdefault("call", ms)
            return
        seconds = row.get("seconds")
        begun = self._open.pop("call", ms - 1000 * seconds if isinstance(seconds, int) else ms)
        self._add("hard" if row.get("hard") else "call", begun, ms)

    def _break(self, kind: str, ms: int, name: str) -> None:
        if kind == "break.offered":
            self._offered[name] += 1
        elif kind == "break.started":
            self._open[name] = ms
        elif kind in ("break.kept", "break.cut_short"):
            self._kept[name] += kind == "break.kept"
            self._end(name, ms)

    def _begin(self, kind: str, ms: int) -> None:
        # begun twice: the program was away between, so the first stretch ends with the last that is known of it
        self._end(kind, self._last)
        self._open[kind] = ms

    def _end(self, kind: str, ms: int) -> None:
        begun = self._open.pop(kind, None)
        if begun is not None:
            self._add(kind, begun, ms)

    def _add(self, kind: str, begun: int, ended: int) -> None:
        begun = max(self.began, begun)
        if ended > begun:
            self._spans.append(DaySpan(kind, begun, min(ended, self.now)))
