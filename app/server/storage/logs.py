"""Journals as they arrived: epochs with their pin, records, signed heads, what was set aside, facts of a broken history.

Rows in and out; what a head means is decided by the caller, inside one transaction. h_n of any n is computed from the
nearest stored head below it and the leaves after it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, insert, select, update

from app.protocol import chain as c
from app.protocol.chain import Chain, first_hash
from app.server.storage import tables as t


@dataclass(frozen=True, slots=True)
class Epoch:
    """One epoch of a stream; (n, h) is the pin, `beat` that of the newest head, `created` its request's time in s."""

    site: bytes
    stream: bytes
    epoch: bytes
    log: int
    device: bytes
    prev_epoch: bytes
    prev_n: int
    prev_h: bytes
    n: int
    h: bytes
    beat: int
    created: int

    @property
    def chain(self) -> Chain:
        """The pin as a chain to append to."""
        return Chain(self.n, self.h)

    @property
    def first(self) -> Chain:
        """The empty chain of this epoch."""
        where = c.Epoch(self.device, self.stream, self.epoch, self.prev_epoch, self.prev_n, self.prev_h)
        return Chain(0, first_hash(where))


@dataclass(frozen=True, slots=True)
class Row:
    """A record to store: its leaf, its kind from the registry ("" if unreadable), and why it was set aside, if so.

    With a `key`, `salt` is empty and `record` holds salt and bytes sealed under it.
    """

    n: int
    salt: bytes
    record: bytes
    leaf: bytes
    kind: str
    aside: str = ""
    key: bytes = b""


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head as the PC signed it: evidence that nobody can make up."""

    n: int
    h: bytes
    beat: int
    ms: int
    head: bytes
    sig: bytes
    vouch: bytes


_COLUMNS = [t.epochs.c[name] for name in Epoch.__slots__]


def find_epoch(conn: Connection, site: bytes, stream: bytes, epoch: bytes) -> Epoch | None:
    """Return this epoch, locked until the end of the transaction."""
    same = (t.epochs.c.site == site, t.epochs.c.stream == stream, t.epochs.c.epoch == epoch)
    row = conn.execute(select(*_COLUMNS).where(*same)).first()
    return None if row is None else Epoch(**row._mapping)


def newest_epoch(conn: Connection, site: bytes, stream: bytes) -> Epoch | None:
    """Return the epoch of the stream that was opened last."""
    same = (t.epochs.c.site == site, t.epochs.c.stream == stream)
    row = conn.execute(select(*_COLUMNS).where(*same).order_by(t.epochs.c.log.desc()).limit(1)).first()
    return None if row is None else Epoch(**row._mapping)


def next_log(conn: Connection, site: bytes) -> int:
    """Return a new log number at this site."""
    return int(conn.execute(select(func.coalesce(func.max(t.epochs.c.log), 0)).where(t.epochs.c.site == site)).scalar_one()) + 1


def open_epoch(conn: Connection, epoch: Epoch, now_ms: int) -> None:
    """Store a new epoch."""
    conn.execute(insert(t.epochs).values(**{name: getattr(epoch, name) for name in Epoch.__slots__}, opened_ms=now_ms))


def move_pin(conn: Connection, epoch: Epoch, at: Chain, beat: int, created: int) -> None:
    """Set the pin of an epoch and the beat of the head that moved it."""
    same = (t.epochs.c.site == epoch.site, t.epochs.c.stream == epoch.stream, t.epochs.c.epoch == epoch.epoch)
    conn.execute(update(t.epochs).where(*same).values(n=at.n, h=at.h, beat=beat, created=created))


def add_rows(conn: Connection, epoch: Epoch, rows: Sequence[Row], now_ms: int) -> None:
    """Store records; those set aside are noted, their bytes and leaf stay in the chain."""
    same = {"site": epoch.site, "log": epoch.log}
    values = [
        {**same, "n": r.n, "kind": r.kind, "salt": r.salt, "bytes": r.record, "leaf": r.leaf, "received_ms": now_ms}
        for r in rows
    ]
    conn.execute(insert(t.records), values)
    aside = [{**same, "n": row.n, "reason": row.aside} for row in rows if row.aside]
    if aside:
        conn.execute(insert(t.set_aside), aside)
    sealed = [{**same, "n": row.n, "key": row.key} for row in rows if row.key]
    if sealed:
        conn.execute(insert(t.sealed), sealed)


def add_head(conn: Connection, epoch: Epoch, head: SignedHead) -> None:
    """Keep a signed head."""
    values = {name: getattr(head, name) for name in SignedHead.__slots__}
    conn.execute(insert(t.pins), {"site": epoch.site, "log": epoch.log, **values})


def leaves(conn: Connection, epoch: Epoch, after: int, upto: int) -> list[bytes]:
    """Return the leaves after+1..upto."""
    r = t.records.c
    where = (r.site == epoch.site, r.log == epoch.log, r.n > after, r.n <= upto)
    return list(conn.execute(select(r.leaf).where(*where).order_by(r.n)).scalars())


def chain_at(conn: Connection, epoch: Epoch, n: int) -> Chain:
    """Return the chain at n <= the pin's n, from the nearest stored head."""
    if n == epoch.n:
        return epoch.chain
    p = t.pins.c
    below = select(p.n, p.h).where(p.site == epoch.site, p.log == epoch.log, p.n <= n).order_by(p.n.desc()).limit(1)
    row = conn.execute(below).first()
    at = epoch.first if row is None else Chain(row.n, row.h)
    for leaf in leaves(conn, epoch, at.n, n):
        at = at.advance(leaf)
    return at


Opener = Callable[[bytes, bytes], bytes | None]
"""Opens what lies sealed under a key; None once the key was destroyed."""


def recompute(conn: Connection, epoch: Epoch, opener: Opener | None = None) -> Chain:
    """Return the head computed from salts and bytes, trusting nothing that was stored beside them.

    A record that was destroyed at the end of its time, or cannot be opened here, counts by its leaf.
    """
    r, s = t.records.c, t.sealed.c
    keys = {row.n: row.key for row in conn.execute(select(s.n, s.key).where(s.site == epoch.site, s.log == epoch.log))}
    at = epoch.first
    found = select(r.n, r.salt, r.bytes, r.leaf).where(r.site == epoch.site, r.log == epoch.log).order_by(r.n)
    for row in conn.execute(found):
        plain: bytes | None = row.salt + row.bytes
        if plain and row.n in keys:
            plain = opener(keys[row.n], row.bytes) if opener else None
        at = at.append(plain[: c.SALT_BYTES], plain[c.SALT_BYTES :]) if plain else at.advance(row.leaf)
    return at


def epochs_of(conn: Connection, device: bytes, stream: bytes) -> list[Epoch]:
    """Return every epoch of a stream in the order in which they were opened."""
    where = (t.epochs.c.device == device, t.epochs.c.stream == stream)
    return [Epoch(**row._mapping) for row in conn.execute(select(*_COLUMNS).where(*where).order_by(t.epochs.c.log))]


@dataclass(frozen=True, slots=True)
class Broken:
    """A fact about a history: `fact` is lost, forked or cloned, for the records from_n..to_n of an epoch."""

    fact: str
    epoch: bytes
    from_n: int
    to_n: int
    evidence: bytes


def add_broken(conn: Connection, site: bytes, stream: bytes, broken: Broken, now_ms: int) -> bool:
    """Note a fact once; False if the very same one is known already."""
    h = t.history.c
    mine = (h.site == site, h.stream == stream)
    same = (h.fact == broken.fact, h.epoch == broken.epoch, h.from_n == broken.from_n, h.to_n == broken.to_n)
    if conn.execute(select(h.no).where(*mine, *same)).first() is not None:
        return False
    no = int(conn.execute(select(func.coalesce(func.max(h.no), 0)).where(*mine)).scalar_one()) + 1
    values = {name: getattr(broken, name) for name in Broken.__slots__}
    conn.execute(insert(t.history).values(site=site, stream=stream, no=no, ms=now_ms, **values))
    return True


def broken_of(conn: Connection, site: bytes, stream: bytes) -> list[Broken]:
    """Return what is known against a stream's history, oldest first."""
    columns = [t.history.c[name] for name in Broken.__slots__]
    where = (t.history.c.site == site, t.history.c.stream == stream)
    return [Broken(**row._mapping) for row in conn.execute(select(*columns).where(*where).order_by(t.history.c.no))]


def kinds_of(conn: Connection, site: bytes) -> dict[str, int]:
    """Return how many records of each kind are stored."""
    r = t.records.c
    return {row[0]: row[1] for row in conn.execute(select(r.kind, func.count()).where(r.site == site).group_by(r.kind))}


def newest_beats(conn: Connection) -> dict[bytes, int]:
    """Return the highest beat stored of every stream."""
    e = t.epochs.c
    return {row[0]: int(row[1]) for row in conn.execute(select(e.stream, func.max(e.beat)).group_by(e.stream))}


def raise_beats(conn: Connection, beats: Mapping[bytes, tuple[bytes, bytes, int]]) -> None:
    """Store the beats of heartbeats that moved no pin: stream -> (site, epoch, beat); a lower one changes nothing."""
    e = t.epochs.c
    rows = [{"s": site, "r": stream, "o": epoch, "b": beat} for stream, (site, epoch, beat) in beats.items()]
    here = (e.site == bindparam("s"), e.stream == bindparam("r"), e.epoch == bindparam("o"), e.beat < bindparam("b"))
    conn.execute(update(t.epochs).where(*here).values(beat=bindparam("b")), rows)
