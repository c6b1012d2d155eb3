"""Rows of the alarm lane: packets, alarms, acts, who was told, events, notices, and the outbox to the audit chain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from app.protocol.wire import sha256
from app.server.storage import tables as t
from app.server.storage.people import upsert


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One alarm: its origin, the person and place as the roster said when it was raised, the frozen chain as JSON."""

    site: bytes
    alarm: bytes
    device: bytes
    stream: bytes
    who: str
    team: str
    seat: str
    floor: str
    opened_ms: int
    open: bool
    chain: bytes


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A packet as it came (345 bytes), and whether its key was vouched for."""

    packet: bytes
    verified: bool
    received_ms: int


@dataclass(frozen=True, slots=True)
class ActRow:
    """What somebody did; `seq` is the server's order within the alarm, `person` the hex of a person's id."""

    seq: int
    act: str
    desk: bytes
    person: str
    no: int
    word: str
    ms: int
    evidence: bytes


_ALARM = [t.alarms.c[name] for name in AlarmRow.__slots__]
_ACT = [t.acts.c[name] for name in ActRow.__slots__]


def find_alarm(conn: Connection, alarm: bytes) -> AlarmRow | None:
    """Return the alarm with this id."""
    row = conn.execute(select(*_ALARM).where(t.alarms.c.alarm == alarm)).first()
    return None if row is None else AlarmRow(**row._mapping)


def add_alarm(conn: Connection, row: AlarmRow) -> None:
    """Store a new alarm."""
    conn.execute(insert(t.alarms), {name: getattr(row, name) for name in AlarmRow.__slots__})


def set_open(conn: Connection, row: AlarmRow, is_open: bool) -> None:
    """Mark an alarm as open or done."""
    conn.execute(update(t.alarms).where(*_of(t.alarms.c, row)).values(open=is_open))


def set_chain(conn: Connection, row: AlarmRow, chain: bytes) -> None:
    """Freeze another chain: only for one that reached nobody."""
    conn.execute(update(t.alarms).where(*_of(t.alarms.c, row)).values(chain=chain))


def open_alarms(conn: Connection) -> list[AlarmRow]:
    """Return every alarm that a person still has to do something about."""
    return [AlarmRow(**row._mapping) for row in conn.execute(select(*_ALARM).where(t.alarms.c.open.is_(True)))]


def _of(columns: Any, row: AlarmRow) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (columns.site == row.site, columns.alarm == row.alarm)


def add_move(conn: Connection, row: AlarmRow, no: int, move: MoveRow) -> None:
    """Store a packet; the very same bytes twice are an error of the caller."""
    values = {"packet": move.packet, "verified": move.verified, "received_ms": move.received_ms}
    digest = sha256(move.packet)[:16]
    conn.execute(insert(t.moves), {"site": row.site, "alarm": row.alarm, "no": no, "digest": digest, **values})


def moves_of(conn: Connection, row: AlarmRow) -> list[MoveRow]:
    """Return the packets of an alarm by number."""
    m = t.moves.c
    found = conn.execute(select(m.packet, m.verified, m.received_ms).where(*_of(m, row)).order_by(m.no))
    return [MoveRow(one.packet, one.verified, one.received_ms) for one in found]


def add_act(
    conn: Connection, row: AlarmRow, act: str, *, desk: bytes = b"", person: str = "", no: int = 0, word: str = "",
    ms: int, evidence: bytes = b"",
) -> int:
    """Store an act and return its order number."""
    newest = select(func.coalesce(func.max(t.acts.c.seq), 0)).where(*_of(t.acts.c, row))
    seq = int(conn.execute(newest).scalar_one()) + 1
    values = {"act": act, "desk": desk, "person": person, "no": no, "word": word, "ms": ms, "evidence": evidence}
    conn.execute(insert(t.acts), {"site": row.site, "alarm": row.alarm, "seq": seq, **values})
    return seq


def acts_of(conn: Connection, row: AlarmRow) -> list[ActRow]:
    """Return the acts of an alarm in the server's order."""
    found = conn.execute(select(*_ACT).where(*_of(t.acts.c, row)).order_by(t.acts.c.seq))
    return [ActRow(**one._mapping) for one in found]


def told(conn: Connection, row: AlarmRow) -> dict[bytes, int]:
    """Return the streams that were shown the alarm, with the highest move that each has a receipt for."""
    return {one.recipient: one.no for one in conn.execute(select(t.told.c.recipient, t.told.c.no).where(*_of(t.told.c, row)))}


def tell(conn: Connection, row: AlarmRow, recipients: Iterable[bytes]) -> None:
    """Note that these streams, which were not told before, are shown the alarm."""
    new = [{"site": row.site, "alarm": row.alarm, "recipient": one, "no": 0} for one in recipients]
    if new:
        conn.execute(insert(t.told), new)


def note_painted(conn: Connection, row: AlarmRow, recipient: bytes, no: int) -> None:
    """Note the highest move that a stream has a receipt for."""
    upsert(conn, t.told, {"site": row.site, "alarm": row.alarm, "recipient": recipient, "no": no})


def add_events(conn: Connection, site: bytes, events: Sequence[tuple[bytes, int, bytes]], now_ms: int) -> None:
    """Store live events as (recipient, number, payload)."""
    rows = [{"site": site, "recipient": r, "event_no": no, "bytes": body, "ms": now_ms} for r, no, body in events]
    if rows:
        conn.execute(insert(t.events), rows)


def events_after(conn: Connection, recipient: bytes, after: int, limit: int) -> list[tuple[int, bytes]]:
    """Return a recipient's events above `after`, oldest first."""
    e = t.events.c
    where = (e.recipient == recipient, e.event_no > after)
    return [(row.event_no, row.bytes) for row in conn.execute(select(e.event_no, e.bytes).where(*where).order_by(e.event_no).limit(limit))]


def newest_event(conn: Connection) -> int:
    """Return the highest event number that was ever stored and is still there, 0 for none."""
    return int(conn.execute(select(func.coalesce(func.max(t.events.c.event_no), 0))).scalar_one())


def drop_events(conn: Connection, before_ms: int) -> None:
    """Forget events that nobody will ask for again."""
    conn.execute(delete(t.events).where(t.events.c.ms < before_ms))


def notices_of(conn: Connection, row: AlarmRow) -> list[str]:
    """Return the keys of the notifications that went out."""
    return list(conn.execute(select(t.notices.c.key).where(*_of(t.notices.c, row))).scalars())


def add_notices(conn: Connection, row: AlarmRow, keys: Iterable[str], now_ms: int) -> None:
    """Note notifications that go out with this commit."""
    rows = [{"site": row.site, "alarm": row.alarm, "key": key, "ms": now_ms} for key in keys]
    if rows:
        conn.execute(insert(t.notices), rows)


def put_outbox(conn: Connection, site: bytes, ref: bytes, kind: str, body: bytes, *, ms: int) -> None:
    """Queue an entry for the audit chain, in the transaction of what it is about."""
    conn.execute(insert(t.outbox), {"site": site, "ref": sha256(ref), "kind": kind, "body": body, "ms": ms})


def outbox(conn: Connection, limit: int) -> list[tuple[bytes, bytes, str, bytes, int]]:
    """Return what the audit chain has yet to take, as (site, ref, kind, body, ms), oldest first."""
    o = t.outbox.c
    found = conn.execute(select(o.site, o.ref, o.kind, o.body, o.ms).order_by(o.ms).limit(limit))
    return [(row.site, row.ref, row.kind, row.body, row.ms) for row in found]


def drop_outbox(conn: Connection, refs: Sequence[tuple[bytes, bytes]]) -> None:
    """Remove entries (site, ref) that the chain has taken."""
    for site, ref in refs:
        conn.execute(delete(t.outbox).where(t.outbox.c.site == site, t.outbox.c.ref == ref))


def raise_counter(conn: Connection, name: str, at_least: int = 0) -> int:
    """Add one to a counter (or set it to `at_least`, if that is more) and return it."""
    c = t.counters.c
    held = conn.execute(select(c.value).where(c.site == t.NO_SITE, c.name == name)).scalar()
    value = max((0 if held is None else int(held)) + 1, at_least)
    upsert(conn, t.counters, {"site": t.NO_SITE, "name": name, "value": value})
    return value
