"""Golden wire files: what one release wrote, every later one writes and reads the same."""

from app.protocol import api, lan, records
from app.protocol.batch import decode_batch
from app.protocol.keys import verify
from app.protocol.pin import Step, open_proof
from tests.unit.protocol import golden
from tests.unit.protocol import samples as s


def test_every_encoder_writes_its_golden_file_to_the_byte() -> None:
    for name, data in golden.exact():
        assert golden.load(name) == data, name


def test_there_is_a_golden_file_for_every_record_kind_and_message() -> None:
    assert {type(one) for one in s.RECORDS} == {kind.struct for kind in records.KINDS.values()}
    assert {type(one) for one in (*s.MESSAGES, *s.EVENTS)} == set(api.MESSAGES)


def test_no_golden_file_lies_there_that_no_test_reads() -> None:
    known = {name for name, _ in (*golden.exact(), *golden.readable())}
    found = {path.relative_to(golden.FOLDER).as_posix() for path in golden.FOLDER.rglob("*") if path.is_file()}
    assert found == known


def test_golden_records_decode_to_the_values_they_were_made_of() -> None:
    for record in s.RECORDS:
        kind = records.kind_of(record)
        assert records.decode(golden.load(f"records/{kind.name}.v{kind.version}.json")) == record


def test_golden_messages_and_events_decode_to_the_values_they_were_made_of() -> None:
    for message in s.MESSAGES:
        assert api.decode_message(golden.load(f"messages/{type(message).__name__}.json"), type(message)) == message
    for event in s.EVENTS:
        assert api.decode_event(golden.load(f"events/{type(event).__name__}.json")) == event


def test_golden_batches_of_all_three_packings_open_to_the_same_batch() -> None:
    media = "application/vnd.safeseat.batch"
    packings = ("zstd", "gzip", "json")
    batch, *others = (decode_batch(golden.load(f"wire/batch-{name}.hex"), f"{media}+{name}") for name in packings)
    assert others == [batch, batch]
    assert batch.head == s.HEAD
    assert batch.entries[0].record == s.RECORD
    assert batch.chain_from(s.EMPTY) == s.CHAIN


def test_golden_sealed_and_p256_files_still_open() -> None:
    question = lan.open_question(golden.load("wire/lan-question.hex"), s.LAN_DESK, s.DESK_SECRET)
    assert question == lan.Question(b"\x42" * 16, b"\x41" * 32, s.alarm_bytes())
    step = Step(s.DEVICE, s.STREAM, s.ALARM, 2)
    assert open_proof(golden.load("wire/pin-detail.hex"), s.SEAL_SECRET, step) == b"\x61" * 32
    verify(2, s.P256.pub33, golden.load("wire/p256-signature.hex"), b"SafeSeat")
