"""Turns what the seat says happened into records of the registry; alarm records are the alarm part's own."""

from collections.abc import Iterable
from typing import Any

from app.domain.seat.state import Record as Happened
from app.protocol.record_kinds import LockTime, Record
from app.protocol.records import KINDS

OWN_RECORDS = frozenset({"alarm.raised", "alarm.taken_back", "alarm.settled"})
RENAMED = {"break": "kind"}


def as_records(happened: Iterable[Happened], *, keep_lock_times: bool = False) -> tuple[Record, ...]:
    """The records to write, in order; with `keep_lock_times` (policy privacy.lock_events) also the times of locks."""
    made: list[Record] = []
    for one in happened:
        if one.kind in OWN_RECORDS:
            continue
        ms = int(one.wall) // 1_000_000
        extra: dict[str, Any] = {RENAMED.get(name, name): value for name, value in one.extra}
        if one.kind == "lock.failed":
            extra["error"] = "not_confirmed"
        made.append(KINDS[one.kind].struct(ms=ms, **extra))
        if keep_lock_times and one.kind == "lock.confirmed":
            made.append(LockTime(ms=ms, method=str(extra["method"])))
    return tuple(made)
