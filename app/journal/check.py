"""Verification of the journal file, and its records as plain values for a person."""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.journal import cipher, pinning, table
from app.journal.table import Identity, Pin
from app.protocol.chain import leaf_hash, next_hash
from app.protocol.errors import ProtocolError

if TYPE_CHECKING:
    from sqlite3 import Connection


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of `verify`: `first_bad` is the first record that does not hold (None if all do), `why` says it.

    `n` and `h` are where the good part of the chain ends; `faults` lists everything found, worst knowledge first.
    """

    ok: bool
    epoch: bytes
    n: int
    h: bytes
    first_bad: int | None
    why: str
    faults: tuple[str, ...]
    pinned: int


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records to show: record type (None: all), from number, at most `limit` (0: all)."""

    kind: str | None = None
    first: int = 1
    limit: int = 0


EVERYTHING: Final = Filter()


@dataclass(frozen=True, slots=True)
class _Walk:
    n: int
    h: bytes
    bad: int | None
    why: str
    hashes: dict[int, bytes]


def verify(conn: "Connection", path: Path, salt: bytes, expect: Sequence[Pin] = ()) -> Report:
    """Check seals, structure, chain and pins; never raises for damage. `salt`: the file's own first bytes; `expect`: pins kept outside."""
    faults = _structure(conn)
    if cipher.settled(conn) and not cipher.salt_intact(path, salt):
        faults.append("the file's first bytes were changed")
    try:
        identity = table.identity_of(conn)
        pins = [*pinning.pins(conn, identity.epoch), *(pin for pin in expect if pin.epoch == identity.epoch)]
        retired = table.number(conn, "retired_ms")
        start = identity.h0
    except (cipher.DatabaseError, ProtocolError, KeyError, TypeError, ValueError):
        return Report(False, b"", 0, b"", 1, "the file's own description cannot be read", tuple(faults), 0)
    walk = _walk(conn, start, retired, {pin.n for pin in pins})
    bad, why = walk.bad, walk.why
    for pin in sorted(pins, key=lambda pin: pin.n):
        if pin.n > walk.n and bad is None:
            bad, why = walk.n + 1, f"records {walk.n + 1} to {pin.n} were acknowledged and are gone"
        elif pin.n <= walk.n and walk.hashes[pin.n] != pin.h and (bad is None or bad > pin.n):
            bad, why = _since(pins, walk, pin), f"the chain was changed at or before record {pin.n}"
    if bad is not None:
        faults.append(f"record {bad}: {why}")
    top = max((pin.n for pin in pins), default=0)
    reason = why if bad is not None else "; ".join(faults)
    return Report(not faults, identity.epoch, walk.n, walk.h, bad, reason, tuple(faults), top)


def _since(pins: Sequence[Pin], walk: _Walk, broken: Pin) -> int:
    # A chain written anew with the right key holds together; the pins that still fit bound where it departs.
    return 1 + max((pin.n for pin in pins if pin.n < broken.n and walk.hashes.get(pin.n) == pin.h), default=0)


def _structure(conn: "Connection") -> list[str]:
    try:
        found = cipher.broken_pages(conn)
        if not found:
            found = [row[0] for row in conn.execute("PRAGMA quick_check(5)") if row[0] != "ok"]
    except cipher.DatabaseError as error:
        found = [str(error)]
    return [str(one) for one in found[:20]]


def _walk(conn: "Connection", start: bytes, retired: int, keep: set[int]) -> _Walk:
    n, h = 0, start
    hashes = {0: h}
    rows = None
    while True:
        try:
            if rows is None:
                rows = conn.execute("SELECT n, salt, data, leaf, h, ms, days FROM record ORDER BY n")
            row = rows.fetchone()
        except cipher.DatabaseError as error:
            return _Walk(n, h, n + 1, f"it cannot be read: {error}", hashes)
        if row is None:
            return _Walk(n, h, None, "", hashes)
        try:
            why = _fault(row, n, h, retired)
        except (ProtocolError, TypeError):
            why = "its form was changed"
        if why:
            return _Walk(n, h, n + 1, why, hashes)
        n, h = row[0], row[4]
        if n in keep:
            hashes[n] = h


def _fault(row: tuple[Any, ...], n: int, h: bytes, retired: int) -> str:
    number, salt, data, leaf, stored, ms, days = row
    if number != n + 1:
        return f"records {n + 1} to {number - 1} are missing"
    if data is None or salt is None:
        if not pinning.destroyed_in_time(ms, days, retired):
            return "its contents were destroyed before their time"
    elif leaf_hash(salt, data) != leaf:
        return "its contents do not fit their leaf"
    if next_hash(h, number, leaf) != stored:
        return "its place in the chain does not fit"
    return ""


def rows(conn: "Connection", like: Filter = EVERYTHING) -> Iterator[dict[str, Any]]:
    """Yield records as {n, time, late, type, record}; a destroyed one has type and record None."""
    shown = 0
    query = conn.execute("SELECT n, ms, late, data FROM record WHERE n >= ? ORDER BY n", (like.first,))
    for n, ms, late, data in query:
        record = None if data is None else readable(data)
        kind = record.get("type") if isinstance(record, dict) else None
        if like.kind is not None and kind != like.kind:
            continue
        yield {"n": n, "time": clock_text(ms), "late": bool(late), "type": kind, "record": record}
        shown += 1
        if shown == like.limit:
            return


def exported(conn: "Connection", identity: Identity) -> Iterator[dict[str, object]]:
    """Yield the whole chain so that an outsider can compute it again: first the epoch, then each record with its salt."""
    prev = identity.prev
    yield {
        "journal": 1,
        "device": identity.device.hex(),
        "stream": identity.stream.hex(),
        "epoch": identity.epoch.hex(),
        "prev": {"epoch": prev.epoch.hex(), "n": prev.n, "h": prev.h.hex()} if prev else None,
    }
    for n, ms, salt, data, leaf, h in conn.execute("SELECT n, ms, salt, data, leaf, h FROM record ORDER BY n"):
        yield {
            "n": n,
            "time": clock_text(ms),
            "salt": salt.hex() if salt is not None else None,
            "bytes": base64.b64encode(data).decode() if data is not None else None,
            "record": readable(data) if data is not None else None,
            "leaf": leaf.hex(),
            "h": h.hex(),
        }


def readable(data: bytes) -> object:
    """Return a record's fields; bytes that are no JSON as {"base64": …}, because unknown kinds are kept too."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return {"base64": base64.b64encode(data).decode()}


def clock_text(ms: int) -> str:
    """Return Unix milliseconds as UTC in ISO 8601, for people."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")
