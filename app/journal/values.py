"""Plain values that go in and out of the journal."""

from dataclasses import dataclass

from app.protocol.record_kinds import Anchor, Record
from app.protocol.records import File, Retention, encode, kind_of

_ESSENTIAL = frozenset({Retention.ALARM, Retention.INTEGRITY})


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers of the records that one append wrote, both ends included; `last` is below `first` when it wrote none."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One record ready to be written: `essential` ones (alarm, audit) may use the reserve of a full disk."""

    data: bytes
    days: int
    essential: bool
    late: bool


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """One record as it travels: number, salt and bytes."""

    n: int
    salt: bytes
    record: bytes


def entry_of(record: Record) -> Entry:
    """Return what the journal writes for a record; ProtocolError for a kind that may not leave this PC."""
    retention = kind_of(record).retention
    late = bool(getattr(record, "late", False))
    essential = retention in _ESSENTIAL and not isinstance(record, Anchor)  # the next ack makes another anchor
    return Entry(encode(record, File.JOURNAL), retention.pc_days, essential, late)
