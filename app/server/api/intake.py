"""What a batch means for a log (protocol, "Journal"): append, resend, or evidence of a broken history.

The head stands after the batch's records, so they begin at head.n - count + 1. Runs inside one transaction; the caller
has verified head and V. A history that does not fit is noted with its range and answered with 409, never lost.
"""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from app.protocol import chain as c
from app.protocol import records
from app.protocol.batch import Batch, Entry
from app.protocol.chain import Chain, leaf_hash
from app.protocol.errors import ProtocolError
from app.protocol.pins import Head
from app.protocol.record_kinds import EpochStarted, ExitPlanned
from app.protocol.wire import ZERO16, ZERO32
from app.server.incidents import taking
from app.server.incidents.taking import House, Origin
from app.server.storage import logs
from app.server.storage.engine import hold
from app.server.storage.logs import Broken, Epoch, Row, SignedHead


@dataclass(frozen=True, slots=True)
class Taken:
    """Records up to `at` are in this transaction; `pin` is where the log stands; `goodbye` names a planned exit.

    `reported` says that a report was among them.
    """

    at: Chain
    pin: Epoch
    goodbye: str = ""
    broken: tuple[Broken, ...] = ()
    reported: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """The batch does not fit: send again from n + 1; without n there is nothing to send, only evidence to keep."""

    code: str
    text: str
    n: int | None
    broken: tuple[Broken, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """A verified batch: of which site, its head, the request's own time in s, and what takes reports out of it."""

    site: bytes
    batch: Batch
    head: Head
    created: int
    now_ms: int
    house: House

    @property
    def first(self) -> int:
        """The number before the batch's first record."""
        return self.head.n - len(self.batch.entries)


def take(conn: Connection, arrival: Arrival) -> Taken | Held:
    """Store what is new in the batch and move the pin, or say why not."""
    head = arrival.head
    hold(conn, head.stream)
    epoch = logs.find_epoch(conn, arrival.site, head.stream, head.epoch)
    if epoch is None:
        return _begin(conn, arrival)
    if not arrival.batch.entries:
        return _heartbeat(conn, arrival, epoch)
    if arrival.first > epoch.n:
        return Held("gap", "Records are missing before these.", epoch.n)
    return _append(conn, arrival, epoch, ())


def clone(conn: Connection, arrival: Arrival) -> Held:
    """Note that two copies of this journal seem to run: a lower beat in a newer request."""
    head = arrival.head
    hold(conn, head.stream)
    newest = logs.newest_epoch(conn, arrival.site, head.stream)
    n = newest.n if newest is not None else 0
    broken = Broken("cloned", head.epoch, min(head.n, n) + 1, max(head.n, n), _evidence(arrival))
    return _held(conn, arrival, broken, "This profile seems to run twice.", None)


def _evidence(arrival: Arrival) -> bytes:
    return arrival.batch.head_bytes + arrival.batch.sig + arrival.batch.vouch_bytes


def _held(conn: Connection, arrival: Arrival, broken: Broken, text: str, n: int | None) -> Held:
    new = logs.add_broken(conn, arrival.site, arrival.head.stream, broken, arrival.now_ms)
    return Held(f"history.{broken.fact}", text, n, (broken,) if new else ())


def _heartbeat(conn: Connection, arrival: Arrival, epoch: Epoch) -> Taken | Held:
    head = arrival.head
    if head.n > epoch.n:
        # It has more than it has sent; what is here is pinned already.
        return Taken(epoch.chain, epoch)
    if logs.chain_at(conn, epoch, head.n).h != head.h:
        return _fork(conn, arrival, epoch)
    if head.n < epoch.n:
        broken = Broken("lost", epoch.epoch, head.n + 1, epoch.n, _evidence(arrival))
        return _held(conn, arrival, broken, "The PC has fewer records than it had sent.", epoch.n)
    logs.move_pin(conn, epoch, epoch.chain, max(head.beat, epoch.beat), arrival.created)
    return Taken(epoch.chain, epoch)


def _fork(conn: Connection, arrival: Arrival, epoch: Epoch) -> Held:
    first = min(arrival.head.n, epoch.n)
    broken = Broken("forked", epoch.epoch, min(arrival.first + 1, first), max(arrival.head.n, first), _evidence(arrival))
    return _held(conn, arrival, broken, "Other records are held under these numbers.", None)


def _append(conn: Connection, arrival: Arrival, epoch: Epoch, broken: tuple[Broken, ...]) -> Taken | Held:
    head, entries = arrival.head, arrival.batch.entries
    at = logs.chain_at(conn, epoch, arrival.first)
    fresh: list[Row] = []
    goodbye = ""
    for entry in entries:
        leaf = leaf_hash(entry.salt, entry.record)
        at = at.advance(leaf)
        if at.n == epoch.n and at.h != epoch.h:
            return _fork(conn, arrival, epoch)
        if at.n > epoch.n:
            row, exit_cause = _row(at.n, entry, leaf)
            goodbye = exit_cause
            fresh.append(row)
    if at.h != head.h or (at.n < epoch.n and logs.chain_at(conn, epoch, at.n).h != at.h):
        return _fork(conn, arrival, epoch)
    pin = epoch
    if fresh:
        fresh = [_sealed(conn, arrival, row) for row in fresh]
        logs.add_rows(conn, epoch, fresh, arrival.now_ms)
        signed = (arrival.batch.head_bytes, arrival.batch.sig, arrival.batch.vouch_bytes)
        logs.add_head(conn, epoch, SignedHead(at.n, at.h, head.beat, head.ms, *signed))
        logs.move_pin(conn, epoch, at, max(head.beat, epoch.beat), arrival.created)
        pin = replace(epoch, n=at.n, h=at.h, beat=max(head.beat, epoch.beat), created=arrival.created)
    return Taken(at, pin, goodbye, broken, any(row.key for row in fresh))


def _row(n: int, entry: Entry, leaf: bytes) -> tuple[Row, str]:
    """The record as a row; what cannot be read is set aside, chained all the same, and blocks nothing."""
    try:
        found = records.decode(entry.record)
    except ProtocolError:
        return Row(n, entry.salt, entry.record, leaf, "", "unreadable"), ""
    if isinstance(found, records.UnknownRecord):
        return Row(n, entry.salt, entry.record, leaf, found.kind, "unknown_kind"), ""
    kind = records.kind_of(found)
    goodbye = found.cause if isinstance(found, ExitPlanned) else ""
    return Row(n, entry.salt, entry.record, leaf, kind.name, "" if kind.leaves else "not_to_leave"), goodbye


def _sealed(conn: Connection, arrival: Arrival, row: Row) -> Row:
    """What people wrote is taken, and salt and bytes lie sealed from the first moment."""
    if not taking.is_sealed(row.record):
        return row
    key = taking.take(conn, arrival.house, Origin(arrival.site, arrival.head.stream, arrival.now_ms), row.record)
    return replace(row, salt=b"", record=arrival.house.keys.files.seal(key, row.salt + row.record), key=key)


def _begin(conn: Connection, arrival: Arrival) -> Taken | Held:
    """Open an epoch: its first record names the end of the one before, which must be our pin."""
    head = arrival.head
    newest = logs.newest_epoch(conn, arrival.site, head.stream)
    if not arrival.batch.entries or arrival.first != 0:
        if head.n == 0 and newest is None and head.h == c.start(c.Epoch(head.device, head.stream, head.epoch)).h:
            return Taken(Chain(0, head.h), _new_epoch(conn, arrival, ZERO16, 0, ZERO32))
        return Held("gap", "This journal is not known yet; send it from its first record.", 0)
    hold(conn, arrival.site)
    prev = _named_before(arrival.batch.entries[0])
    epoch = _new_epoch(conn, arrival, *prev)
    walked = arrival.batch.chain_from(epoch.first)
    if walked.h != head.h:
        return Held("bad_chain", "The head does not fit the records.", 0)
    logs.open_epoch(conn, epoch, arrival.now_ms)
    broken = _misfit(conn, arrival, newest, epoch)
    if broken is not None and not logs.add_broken(conn, arrival.site, head.stream, broken, arrival.now_ms):
        broken = None
    return _append(conn, arrival, epoch, (broken,) if broken is not None else ())


def _named_before(entry: Entry) -> tuple[bytes, int, bytes]:
    try:
        found = records.decode(entry.record)
    except ProtocolError:
        found = None
    if isinstance(found, EpochStarted):
        return found.prev_epoch, found.prev_n, found.prev_h
    return ZERO16, 0, ZERO32


def _new_epoch(conn: Connection, arrival: Arrival, prev_epoch: bytes, prev_n: int, prev_h: bytes) -> Epoch:
    head = arrival.head
    first = c.start(c.Epoch(head.device, head.stream, head.epoch, prev_epoch, prev_n, prev_h))
    return Epoch(
        site=arrival.site,
        stream=head.stream,
        epoch=head.epoch,
        log=logs.next_log(conn, arrival.site),
        device=head.device,
        prev_epoch=prev_epoch,
        prev_n=prev_n,
        prev_h=prev_h,
        n=0,
        h=first.h,
        beat=0,
        created=arrival.created,
    )


def _misfit(conn: Connection, arrival: Arrival, newest: Epoch | None, epoch: Epoch) -> Broken | None:
    """What the link to the epoch before says, if it is not our pin."""
    evidence = _evidence(arrival)
    if newest is None:
        if epoch.prev_n:
            return Broken("lost", epoch.prev_epoch, 1, epoch.prev_n, evidence)
        return None
    if (epoch.prev_epoch, epoch.prev_n, epoch.prev_h) == (newest.epoch, newest.n, newest.h):
        return None
    if epoch.prev_epoch == ZERO16:
        return Broken("lost", newest.epoch, 1, newest.n, evidence)
    if epoch.prev_epoch != newest.epoch:
        return Broken("cloned", newest.epoch, 1, newest.n, evidence)
    if epoch.prev_n > newest.n:
        return Broken("lost", newest.epoch, newest.n + 1, epoch.prev_n, evidence)
    if logs.chain_at(conn, newest, epoch.prev_n).h != epoch.prev_h:
        return Broken("forked", newest.epoch, epoch.prev_n, newest.n, evidence)
    return Broken("lost", newest.epoch, epoch.prev_n + 1, newest.n, evidence)
