"""A journal to try things on: fixed ids, a counter for epochs, records by number."""

from pathlib import Path
from typing import Any

from app.domain.moment import NS, Moment
from app.journal.journal import Journal
from app.protocol.pins import Ack
from app.protocol.record_kinds import AlarmPressed, LockFailed, Record

KEY = bytes(range(32))
DEVICE, STREAM, SERVER = b"\xd0" * 16, b"\x50" * 16, b"\xa0" * 16
START_MS = 1_795_478_400_000
START = Moment(10 * NS, 10 * NS, START_MS * 1_000_000)


def epochs() -> Any:
    """Return a source of epoch ids e0…01, e0…02, …"""
    made = iter(range(1, 1000))
    return lambda: b"\xe0" * 15 + bytes([next(made)])


def open_journal(folder: Path, key: bytes = KEY, **more: Any) -> Journal:
    """Open folder/journal.db with the fixed ids; a small reserve keeps the tests quick."""
    given = {"device": DEVICE, "stream": STREAM, "new_epoch": epochs(), "now": START, "reserve": 64 * 1024}
    return Journal.open(folder / "journal.db", key, **{**given, **more})


def record(number: int, *, essential: bool = False) -> Record:
    """Return a record that can be told from others: a failed lock, or an alarm move as an essential one."""
    if essential:
        return AlarmPressed(ms=START_MS, alarm=b"\xaa" * 16, no=number)
    return LockFailed(ms=START_MS, method="locker", error=f"test.{number}")


def filled(folder: Path, count: int = 20, **more: Any) -> Journal:
    """Return a journal with `count` records, each its own commit."""
    journal = open_journal(folder, **more)
    for number in range(1, count + 1):
        journal.append([record(number)], START.later(number * NS))
    return journal


def ack_for(journal: Journal, n: int | None = None, **more: Any) -> Ack:
    """Return the ack that an honest server would give for the first `n` records (all of them)."""
    epoch, end, _ = journal.head()
    place = journal.chain_at(end if n is None else n)
    assert place is not None
    given = {
        "server": SERVER,
        "generation": 1,
        "device": DEVICE,
        "stream": STREAM,
        "epoch": epoch,
        "n": place.n,
        "h": place.h,
        "beat": 1,
        "ms": START_MS,
        "audit_n": 0,
        "audit_h": bytes(32),
    }
    return Ack(**{**given, **more})
