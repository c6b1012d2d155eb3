"""The record registry: every record type once, with file, retention, recipient and purpose; nothing else can be written.

A record is one canonical JSON object with `type` and `v`. Kinds that may leave the PC belong to the journal's chain, all
others to the local file; encoding a kind for the wrong file is an error. Unknown kinds are kept as they are and chained.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

import msgspec

from app.protocol import record_kinds as kinds
from app.protocol import report_kinds as reports
from app.protocol.chain import RECORD_MAX
from app.protocol.errors import ProtocolError, TooLargeError
from app.protocol.fields import canonical, description
from app.protocol.record_kinds import Record


class File(Enum):
    """Which of the two files a kind belongs to; only the journal may leave the PC."""

    JOURNAL = "journal"
    LOCAL = "local"


class Retention(Enum):
    """Retention class of a kind; the days stand in the properties (privacy table)."""

    INTEGRITY = "integrity"
    LOCK = "lock"
    LOCK_TIMES = "lock_times"
    ALARM = "alarm"
    REPORT = "report"
    CHECK = "check"
    TRAINING = "training"
    LOCAL_LOCK = "local_lock"
    LOCAL = "local"

    @property
    def pc_days(self) -> int:
        """Days that a record is kept on the PC."""
        return _DAYS[self][0]

    @property
    def server_days(self) -> int:
        """Days that it is kept on the server, 0 for what never gets there; alarms and reports count from closing."""
        return _DAYS[self][1]


_DAYS = {
    Retention.INTEGRITY: (180, 190),
    Retention.LOCK: (180, 190),
    Retention.LOCK_TIMES: (30, 30),
    Retention.ALARM: (180, 730),
    Retention.REPORT: (180, 730),
    Retention.CHECK: (90, 90),
    Retention.TRAINING: (180, 365),
    Retention.LOCAL_LOCK: (180, 0),
    Retention.LOCAL: (28, 0),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One record type: its name on the wire, version, struct, and what the privacy table says of it."""

    name: str
    version: int
    struct: type[Record]
    file: File
    retention: Retention
    purpose: str
    recipient: str
    setting: str = ""
    """The policy key without which records of this kind are not written at all, empty for always."""

    @property
    def leaves(self) -> bool:
        """Whether such records may leave the PC."""
        return self.file is File.JOURNAL

    def fields(self) -> dict[str, str]:
        """Return what each field is for."""
        info = msgspec.inspect.type_info(self.struct)
        assert isinstance(info, msgspec.inspect.StructType)
        return {field.encode_name: description(field) for field in info.fields}


@dataclass(frozen=True, slots=True)
class UnknownRecord:
    """A record of a kind or version from another release: stored and chained, never shown as understood."""

    kind: str
    version: int
    raw: bytes


_INTEGRITY = ("integrity", "IT, auditor")
_HELP = ("help now", "leads of the team, then the chain")
_DUTY = ("safety duty", "handler, lead, officer, head")
_OWN = ("the person's own view; never leaves", "nobody")


def _leaving(struct: type[Record], retention: Retention, why: tuple[str, str], setting: str = "") -> Kind:
    return Kind(kinds.name_of(struct), 1, struct, File.JOURNAL, retention, *why, setting=setting)


def _staying(struct: type[Record], retention: Retention = Retention.LOCAL) -> Kind:
    return Kind(kinds.name_of(struct), 1, struct, File.LOCAL, retention, *_OWN)


_KINDS = (
    _leaving(kinds.LockFailed, Retention.LOCK, ("mend what does not lock", "IT")),
    _leaving(kinds.LockDaily, Retention.LOCK, ("mend what does not lock", "IT")),
    _leaving(kinds.LockTime, Retention.LOCK_TIMES, ("mend what does not lock", "IT"), "privacy.lock_events"),
    _leaving(kinds.Gap, Retention.INTEGRITY, _INTEGRITY),
    _leaving(kinds.EpochStarted, Retention.INTEGRITY, _INTEGRITY),
    _leaving(kinds.PolicyChanged, Retention.INTEGRITY, _INTEGRITY),
    _leaving(kinds.ExitPlanned, Retention.INTEGRITY, _INTEGRITY),
    _leaving(kinds.Enrolled, Retention.INTEGRITY, _INTEGRITY),
    _leaving(kinds.KeyChanged, Retention.INTEGRITY, _INTEGRITY),
    _leaving(kinds.Anchor, Retention.INTEGRITY, _INTEGRITY),
    _leaving(kinds.AlarmRaised, Retention.ALARM, _HELP),
    _leaving(kinds.AlarmLevelRaised, Retention.ALARM, _HELP),
    _leaving(kinds.AlarmPressed, Retention.ALARM, _HELP),
    _leaving(kinds.AlarmTakenBack, Retention.ALARM, _HELP),
    _leaving(kinds.AlarmSettled, Retention.ALARM, _HELP),
    _leaving(reports.ReportSent, Retention.REPORT, _DUTY),
    _leaving(reports.ReportNote, Retention.REPORT, _DUTY),
    _leaving(reports.CheckDone, Retention.CHECK, ("repair", "IT, lead")),
    _leaving(reports.QuizDone, Retention.TRAINING, ("training duty", "lead, officer")),
    _staying(kinds.AlarmPending),
    _staying(kinds.AlarmSignChanged, Retention.LOCAL_LOCK),
    _staying(kinds.LockWarned, Retention.LOCAL_LOCK),
    _staying(kinds.LockWithdrawn, Retention.LOCAL_LOCK),
    _staying(kinds.LockAsked, Retention.LOCAL_LOCK),
    _staying(kinds.LockConfirmed, Retention.LOCAL_LOCK),
    _staying(kinds.SessionLocked, Retention.LOCAL_LOCK),
    _staying(kinds.SessionUnlocked),
    _staying(kinds.PresenceChanged),
    _staying(kinds.ShiftStarted),
    _staying(kinds.ShiftEnded),
    _staying(kinds.ShiftSignedOut),
    _staying(kinds.CallStarted),
    _staying(kinds.CallEnded),
    _staying(kinds.BreakOffered),
    _staying(kinds.BreakPostponed),
    _staying(kinds.BreakSkipped),
    _staying(kinds.BreakStarted),
    _staying(kinds.BreakCutShort),
    _staying(kinds.BreakKept),
    _staying(kinds.ServerDiffers, Retention.LOCAL_LOCK),
    _staying(kinds.RetentionRun, Retention.LOCAL_LOCK),
)

KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _KINDS})
"""Every kind by its name on the wire."""
_BY_STRUCT = {kind.struct: kind for kind in _KINDS}
_DECODERS = {kind.name: msgspec.json.Decoder(kind.struct) for kind in _KINDS}


class _Peek(msgspec.Struct):
    type: str
    v: int = 1


_PEEK = msgspec.json.Decoder(_Peek)


def kind_of(record: Record) -> Kind:
    """Return the registry's entry of a record; ProtocolError for a type that is not declared."""
    kind = _BY_STRUCT.get(type(record))
    if kind is None:
        raise ProtocolError(f"records of type {type(record).__name__} are not declared and cannot be written")
    return kind


def encode(record: Record, file: File) -> bytes:
    """Return a record's bytes for one of the two files.

    ProtocolError if the kind is not declared, belongs to the other file, or a field is out of its bounds; TooLargeError
    over 64 KiB.
    """
    kind = kind_of(record)
    if kind.file is not file:
        raise ProtocolError(f"{kind.name} belongs to the {kind.file.value} file, not to the {file.value} file")
    data = canonical(record)
    if len(data) > RECORD_MAX:
        raise TooLargeError(f"a record may hold {RECORD_MAX} bytes, not {len(data)}")
    try:
        _DECODERS[kind.name].decode(data)
    except msgspec.DecodeError as error:
        raise ProtocolError(f"this {kind.name} record breaks its own bounds: {error}") from None
    return data


def peek(data: bytes) -> tuple[str, int]:
    """Return (kind, version) of a record's bytes without decoding the rest; ProtocolError if it is no record at all."""
    if len(data) > RECORD_MAX:
        raise TooLargeError(f"a record may hold {RECORD_MAX} bytes, not {len(data)}")
    try:
        found = _PEEK.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ProtocolError("this is not a record") from None
    if not 1 <= len(found.type) <= 64 or not found.type.isascii() or not found.type.isprintable() or found.v < 1:
        raise ProtocolError("this is not a record: its type or version is not one")
    return found.type, found.v


def decode(data: bytes) -> Record | UnknownRecord:
    """Return a record's value, or UnknownRecord for a kind or version that this release does not know.

    ProtocolError for garbage: not JSON, an undeclared field, out of bounds, or not in canonical form.
    """
    name, version = peek(data)
    kind = KINDS.get(name)
    if kind is None or kind.version != version:
        return UnknownRecord(name, version, bytes(data))
    try:
        record = _DECODERS[name].decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ProtocolError(f"this {name} record is damaged or has fields that are not declared") from None
    if canonical(record) != data:
        raise ProtocolError(f"this {name} record is not in its one form")
    return record
