"""The record types as frozen structs: each field is bounded and says what it is for; a table of data, no behaviour.

`ms` is wall time in Unix milliseconds, for people only; order is the chain's. No free text stands in any of them.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from app.protocol.fields import Code, Count, Hash32, Id16, Level, Ms, Seconds, Sig64

_When = Annotated[Ms, Meta(description="when, by the wall clock")]
_Late = Annotated[bool, Meta(description="recorded after its effect, because help and locking do not wait")]
_Alarm = Annotated[Id16, Meta(description="the alarm")]
_No = Annotated[Annotated[int, Meta(ge=1, le=0xFFFF_FFFF)], Meta(description="number of the move")]
_Method = Annotated[Code, Meta(description="how the session was locked")]
_V = Annotated[Literal[1], Meta(description="version of this record type")]
BreakName = Literal["eyes", "rest", "talk", "calm"]
_Break = Annotated[BreakName, Meta(description="kind of break")]
_Call = Annotated[str, Meta(max_length=64, description="the softphone's name of the call, no number")]


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """Base of every record."""

    ms: _When
    v: _V = 1


def name_of(struct: type[Record]) -> str:
    """Return a record type's name on the wire."""
    return str(struct.__struct_config__.tag)


class LockFailed(Record, frozen=True, kw_only=True, tag="lock.failed"):
    """A lock that the desktop did not carry out: a technical fault, never the person's."""

    method: _Method
    error: Annotated[Code, Meta(description="why it failed, as a word of ours")]


class LockDaily(Record, frozen=True, kw_only=True, tag="lock.daily"):
    """How many locks a day had; no times."""

    day: Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", description="the day, local time")]
    confirmed: Annotated[Count, Meta(description="locks that held")]
    failed: Annotated[Count, Meta(description="locks that failed")]


class LockTime(Record, frozen=True, kw_only=True, tag="lock.time"):
    """The time of one lock; only with the policy key privacy.lock_events, which is off by default."""

    method: _Method


class Gap(Record, frozen=True, kw_only=True, tag="gap"):
    """Records are missing here, and why (full disk, lost key, damage)."""

    reason: Annotated[Code, Meta(description="why, as a word of ours")]
    since_ms: Annotated[Ms, Meta(description="since when")]
    lost: Annotated[Count, Meta(description="how many records, 0 if unknown")]


class EpochStarted(Record, frozen=True, kw_only=True, tag="epoch"):
    """First record of a new chain; names the end of the one before."""

    reason: Annotated[Literal["first", "rekey", "damage", "restore", "vault"], Meta(description="why it began")]
    prev_epoch: Annotated[Id16, Meta(description="the epoch before, zero for none")]
    prev_n: Annotated[Count, Meta(description="its last number")]
    prev_h: Annotated[Hash32, Meta(description="its last hash")]


class PolicyChanged(Record, frozen=True, kw_only=True, tag="policy.changed"):
    """Other rules hold from here on."""

    source: Annotated[Code, Meta(description="where the rules came from")]
    version: Annotated[Count, Meta(description="version of the signed document, 0 for other sources")]
    keys: Annotated[tuple[Code, ...], Meta(max_length=500, description="policy keys that changed")]


class ExitPlanned(Record, frozen=True, kw_only=True, tag="exit.planned"):
    """The program ends in order, so its silence is no alert."""

    cause: Annotated[
        Literal["signed_off", "asleep", "shutdown", "update", "takeover", "asked"], Meta(description="why it ends")
    ]


class Enrolled(Record, frozen=True, kw_only=True, tag="enrolled"):
    """This stream became known to a server."""

    server: Annotated[Id16, Meta(description="the server")]
    site: Annotated[Id16, Meta(description="the site")]
    account: Annotated[Hash32, Meta(description="keyed hash of the OS account")]
    fingerprint: Annotated[
        Annotated[bytes, Meta(min_length=20, max_length=20)], Meta(description="the server root's fingerprint")
    ]


class KeyChanged(Record, frozen=True, kw_only=True, tag="key.changed"):
    """A device key was replaced, or a journal key."""

    what: Annotated[Literal["device", "journal", "local"], Meta(description="which key")]
    fingerprint: Annotated[Hash32, Meta(description="hash of the new public key, zero for secret keys")]


class Anchor(Record, frozen=True, kw_only=True, tag="anchor"):
    """A server's ack inside the chain: an anchor in time, at most every 10 min."""

    ack: Annotated[Annotated[bytes, Meta(min_length=179, max_length=179)], Meta(description="the ack")]
    sig: Annotated[Sig64, Meta(description="the server's signature over it")]


class AlarmRaised(Record, frozen=True, kw_only=True, tag="alarm.raised"):
    """The person asked for help."""

    alarm: _Alarm
    level: Annotated[Level, Meta(description="1 is the gravest")]
    drill: Annotated[bool, Meta(description="a drill")]
    on_call: Annotated[bool, Meta(description="during a call")]
    late: _Late = False


class AlarmLevelRaised(Record, frozen=True, kw_only=True, tag="alarm.level"):
    """The person raised the level of an open alarm."""

    alarm: _Alarm
    no: _No
    level: Annotated[Level, Meta(description="the new level")]
    late: _Late = False


class AlarmPressed(Record, frozen=True, kw_only=True, tag="alarm.pressed"):
    """The person pressed again while an alarm was open."""

    alarm: _Alarm
    no: _No
    late: _Late = False


class AlarmTakenBack(Record, frozen=True, kw_only=True, tag="alarm.taken_back"):
    """The person took the alarm back; which PIN it was, only the server knows."""

    alarm: _Alarm
    no: _No
    late: _Late = False


class AlarmSettled(Record, frozen=True, kw_only=True, tag="alarm.settled"):
    """The server said that the alarm is settled."""

    alarm: _Alarm


class AlarmPending(Record, frozen=True, kw_only=True, tag="alarm.pending"):
    """The 345 bytes that still have to reach somebody: sent again after a crash, forgotten once settled."""

    alarm: _Alarm
    no: _No
    message: Annotated[Annotated[bytes, Meta(min_length=345, max_length=345)], Meta(description="the message")]


class AlarmSignChanged(Record, frozen=True, kw_only=True, tag="alarm.sign"):
    """What the help sign showed, so that its honesty can be checked."""

    alarm: _Alarm
    sign: Annotated[Literal["none", "kept", "delivered", "coming", "nobody"], Meta(description="shape of the sign")]


class LockWarned(Record, frozen=True, kw_only=True, tag="lock.warned"):
    """The lock warning came up."""


class LockWithdrawn(Record, frozen=True, kw_only=True, tag="lock.withdrawn"):
    """The lock warning went away again."""


class LockAsked(Record, frozen=True, kw_only=True, tag="lock.asked"):
    """The desktop was asked to lock."""

    reason: Annotated[Literal["idle", "call_limit", "woke", "person"], Meta(description="why")]


class LockConfirmed(Record, frozen=True, kw_only=True, tag="lock.confirmed"):
    """The desktop is locked."""

    method: _Method


class SessionLocked(Record, frozen=True, kw_only=True, tag="session.locked"):
    """The person locked the session."""


class SessionUnlocked(Record, frozen=True, kw_only=True, tag="session.unlocked"):
    """The person unlocked the session."""


class PresenceChanged(Record, frozen=True, kw_only=True, tag="presence"):
    """Present or away, and since when."""

    present: Annotated[bool, Meta(description="present or away")]
    since_ms: Annotated[Ms, Meta(description="since when; away counts from the last sign")]


class ShiftStarted(Record, frozen=True, kw_only=True, tag="shift.started"):
    """The shift began."""


class ShiftEnded(Record, frozen=True, kw_only=True, tag="shift.ended"):
    """The person ended the shift."""


class ShiftSignedOut(Record, frozen=True, kw_only=True, tag="shift.signed_out"):
    """The shift ended by itself after a long absence."""


class CallStarted(Record, frozen=True, kw_only=True, tag="call.started"):
    """A call began."""

    id: _Call


class CallEnded(Record, frozen=True, kw_only=True, tag="call.ended"):
    """A call ended."""

    id: _Call
    seconds: Annotated[Seconds, Meta(description="how long it was")]
    hard: Annotated[bool, Meta(description="the person called it a hard one")]


class BreakOffered(Record, frozen=True, kw_only=True, tag="break.offered"):
    """A break was offered."""

    kind: _Break = msgspec.field(name="break")
    seconds: Annotated[Seconds, Meta(description="its length")]


class BreakPostponed(Record, frozen=True, kw_only=True, tag="break.postponed"):
    """The person wants it later."""

    kind: _Break = msgspec.field(name="break")


class BreakSkipped(Record, frozen=True, kw_only=True, tag="break.skipped"):
    """The person left it out."""

    kind: _Break = msgspec.field(name="break")


class BreakStarted(Record, frozen=True, kw_only=True, tag="break.started"):
    """A break began."""

    kind: _Break = msgspec.field(name="break")


class BreakCutShort(Record, frozen=True, kw_only=True, tag="break.cut_short"):
    """A break ended early."""

    kind: _Break = msgspec.field(name="break")


class BreakKept(Record, frozen=True, kw_only=True, tag="break.kept"):
    """A break was kept."""

    kind: _Break = msgspec.field(name="break")
    how: Annotated[Literal["taken", "natural"], Meta(description="on offer, or by an absence")]


class ServerDiffers(Record, frozen=True, kw_only=True, tag="server.differs"):
    """A server's ack that does not fit the own chain: evidence, both kept."""

    what: Annotated[Literal["differs", "rolled_back"], Meta(description="another hash, or fewer records than before")]
    ack: Annotated[Annotated[bytes, Meta(min_length=179, max_length=179)], Meta(description="the ack")]
    sig: Annotated[Sig64, Meta(description="the server's signature over it")]
    own_n: Annotated[Count, Meta(description="own number of records then")]
    own_h: Annotated[Hash32, Meta(description="own hash at the ack's number, zero if unknown")]


class RetentionRun(Record, frozen=True, kw_only=True, tag="retention.run"):
    """Old records were destroyed: what, how many, by which rule."""

    rule: Annotated[Code, Meta(description="the rule, as a word of ours")]
    before_ms: Annotated[Ms, Meta(description="everything of the class older than this")]
    count: Annotated[Count, Meta(description="how many records")]
