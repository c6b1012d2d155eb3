"""The record registry: what is not declared cannot be written, what may not leave cannot enter the chain."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocol import record_kinds as k
from app.protocol.chain import RECORD_MAX
from app.protocol.errors import ProtocolError, TooLargeError
from app.protocol.records import KINDS, File, Kind, Retention, UnknownRecord, decode, encode, kind_of, peek
from tests.unit.protocol import samples as s

LEAVES = {
    "lock.failed",
    "lock.daily",
    "lock.time",
    "gap",
    "epoch",
    "policy.changed",
    "exit.planned",
    "enrolled",
    "key.changed",
    "anchor",
    "alarm.raised",
    "alarm.level",
    "alarm.pressed",
    "alarm.taken_back",
    "alarm.settled",
    "incident.reported",
    "report.note",
    "check.done",
    "quiz.done",
}
"""The privacy table's rows "lock", "silent alarm", "incident, hazard", "shift check", "quiz" and "journal's own records"."""


def test_only_what_the_privacy_table_lists_may_leave() -> None:
    assert {name for name, kind in KINDS.items() if kind.leaves} == LEAVES
    assert {name for name, kind in KINDS.items() if kind.file is File.JOURNAL} == LEAVES


@pytest.mark.parametrize("word", ["presence", "call", "break", "session", "shift"])
def test_presence_calls_breaks_and_shifts_stay(word: str) -> None:
    found = [kind for name, kind in KINDS.items() if name.split(".")[0] == word]
    assert found
    assert all(kind.file is File.LOCAL and kind.retention.server_days == 0 for kind in found)


def test_times_of_locks_leave_only_with_the_setting_and_for_30_days() -> None:
    assert KINDS["lock.time"].setting == "privacy.lock_events"
    assert KINDS["lock.time"].retention.server_days == 30
    assert [name for name, kind in KINDS.items() if kind.setting] == ["lock.time"]


@pytest.mark.parametrize("record", s.RECORDS, ids=lambda one: k.name_of(type(one)))
def test_a_record_comes_back_as_it_was(record: k.Record) -> None:
    data = encode(record, kind_of(record).file)
    assert decode(data) == record
    assert peek(data) == (kind_of(record).name, 1)


@pytest.mark.parametrize("record", s.RECORDS, ids=lambda one: k.name_of(type(one)))
def test_a_record_cannot_be_written_into_the_other_file(record: k.Record) -> None:
    other = File.LOCAL if kind_of(record).leaves else File.JOURNAL
    with pytest.raises(ProtocolError, match=f"not to the {other.value} file"):
        encode(record, other)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_and_field_is_declared_in_full(kind: Kind) -> None:
    assert kind.purpose
    assert kind.recipient
    assert all(kind.fields().values()), kind.fields()
    assert kind.fields().keys() >= {"ms", "v"}
    assert kind.struct.__struct_config__.forbid_unknown_fields
    assert kind.leaves == (kind.retention.server_days > 0)
    assert kind.name == k.name_of(kind.struct)


def test_retention_classes_are_those_of_the_privacy_table() -> None:
    assert {one: (one.pc_days, one.server_days) for one in Retention} == {
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


def test_no_record_but_a_report_has_a_field_for_free_text() -> None:
    for kind in KINDS.values():
        if kind.retention is Retention.REPORT:
            continue
        properties = msgspec.json.schema(kind.struct)["$defs"][kind.struct.__name__]["properties"]
        for name, node in properties.items():
            if node.get("type") == "string" and "contentEncoding" not in node and "enum" not in node:
                assert "pattern" in node or "const" in node or name in ("id", "type"), f"{kind.name}.{name}"


def test_a_type_that_is_not_declared_cannot_be_written() -> None:
    class Typed(k.Record, frozen=True, kw_only=True, tag="keys.typed"):
        """Not in the registry."""

        text: str

    class Hidden(k.LockFailed, frozen=True, kw_only=True, tag="lock.failed"):
        """A subclass that would smuggle a field in."""

        text: str

    for record in (Typed(ms=1, text="x"), Hidden(ms=1, method="a", error="b", text="x")):
        for file in File:
            with pytest.raises(ProtocolError, match="not declared"):
                encode(record, file)


@pytest.mark.parametrize(
    "record",
    [
        k.LockFailed(ms=-1, method="logind", error="x"),
        k.LockFailed(ms=s.MS, method="Free text", error="x"),
        k.LockDaily(ms=s.MS, day="yesterday", confirmed=1, failed=0),
        k.AlarmRaised(ms=s.MS, alarm=b"short", level=1, drill=False, on_call=False),
        k.AlarmRaised(ms=s.MS, alarm=s.ALARM, level=4, drill=False, on_call=False),
        k.LockTime(ms=s.MS, method="logind", v=2),  # type: ignore[arg-type]  # the point is a version that is not declared
    ],
)
def test_a_record_out_of_its_bounds_cannot_be_written(record: k.Record) -> None:
    with pytest.raises(ProtocolError, match="breaks its own bounds"):
        encode(record, File.JOURNAL)


def test_a_record_of_more_than_64_kib_is_neither_written_nor_read() -> None:
    keys = tuple(f"{at:04d}".translate(str.maketrans("0123456789", "abcdefghij")) * 15 for at in range(1200))
    with pytest.raises(TooLargeError):
        encode(k.PolicyChanged(ms=s.MS, source="file", version=0, keys=keys), File.JOURNAL)
    with pytest.raises(TooLargeError):
        decode(b" " * (RECORD_MAX + 1))


def test_an_unknown_kind_or_version_is_kept_as_it_is() -> None:
    for data, kind, version in (
        (b'{"type":"moon.phase","v":1,"x":[1,2]}', "moon.phase", 1),
        (b'{"type":"lock.failed","v":2,"new":true}', "lock.failed", 2),
        (b'{"type":"moon.phase"}', "moon.phase", 1),
    ):
        assert decode(data) == UnknownRecord(kind, version, data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b"null",
        b'{"type":""}',
        b'{"type":7}',
        b'{"type":"a\\nb"}',
        b'{"type":"\xc3\xa9"}',
        b'{"type":"gap","v":0}',
        b'{"type":"gap","v":"1"}',
        b'{"type":"gap","v":1}',
        b'{"type":"' + b"a" * 65 + b'"}',
        b'{"type":"lock.warned","ms":1,"v":1,"who":"x"}',
        b'{"ms":1,"type":"lock.warned","v":1,"who":"x"}',
        b'{"type":"lock.warned","ms":1,"v":1}',
        b'{"ms": 1,"type":"lock.warned","v":1}',
        b'{"ms":1,"ms":1,"type":"lock.warned","v":1}',
        b'{"ms":1.0,"type":"lock.warned","v":1}',
        b'{"ms":1,"type":"lock.warned","v":1} ',
        b"[" * 60_000,
    ],
)
def test_garbage_is_no_record(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(data)


def test_a_record_has_one_form_only() -> None:
    assert encode(k.LockWarned(ms=1), File.LOCAL) == b'{"ms":1,"type":"lock.warned","v":1}'


@settings(max_examples=200)
@given(st.binary(max_size=200), st.sampled_from(sorted(KINDS)))
def test_noise_decodes_to_nothing_but_a_protocol_error(noise: bytes, name: str) -> None:
    for data in (noise, b'{"type":"' + name.encode() + b'",' + noise):
        try:
            found = decode(data)
        except ProtocolError:
            continue
        assert isinstance(found, UnknownRecord) or encode(found, kind_of(found).file) == data
