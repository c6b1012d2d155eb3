"""The chain, acks and what they mean, beats, retention, alarms: the journal when nothing is broken."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from app.domain.moment import NS
from app.journal import check
from app.journal.check import Filter
from app.journal.errors import ClosedError, ForeignJournalError, JournalError, WrongKeyError
from app.journal.journal import Journal
from app.journal.keys import JournalKeys, vault_names
from app.journal.table import Pin, unpack_pin
from app.protocol.chain import Chain, Epoch, start
from app.protocol.errors import ProtocolError
from app.protocol.record_kinds import AlarmRaised, EpochStarted, LockTime, ShiftStarted
from app.protocol.records import decode
from tests.helpers.journal import (
    DEVICE,
    KEY,
    SERVER,
    START,
    START_MS,
    STREAM,
    ack_for,
    filled,
    open_journal,
    record,
)

DAY = 24 * 3600 * NS
SIG = b"s" * 64


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = filled(tmp_path, 20)
    yield journal
    journal.close()


def hash_at(journal: Journal, n: int) -> bytes:
    place = journal.chain_at(n)
    assert place is not None
    return place.h


def test_the_head_is_what_an_outsider_computes_from_salts_and_bytes(journal: Journal) -> None:
    epoch, n, h = journal.head()
    chain = start(Epoch(DEVICE, STREAM, epoch))
    for one in journal.pending(0):
        chain = chain.append(one.salt, one.record)
    assert chain == Chain(n, h)
    assert journal.chain_at(n) == chain
    assert journal.chain_at(n + 1) is None


def test_the_first_record_names_the_epoch_before(journal: Journal) -> None:
    first = decode(journal.pending(0)[0].record)
    assert isinstance(first, EpochStarted)
    assert (first.reason, first.prev_n) == ("first", 0)


def test_records_come_back_after_reopening(journal: Journal, tmp_path: Path) -> None:
    head, stored = journal.head(), journal.pending(0)
    journal.close()
    again = open_journal(tmp_path)
    assert not again.opening.created
    assert (again.head(), again.pending(0)) == (head, stored)
    again.close()


def test_one_append_is_one_range_and_none_is_empty(journal: Journal) -> None:
    written = journal.append([record(1), record(2), record(3)], START)
    assert (written.first, written.last) == (22, 24)
    nothing = journal.append([], START)
    assert nothing.last < nothing.first


def test_salts_are_never_the_same_for_the_same_record(journal: Journal) -> None:
    journal.append([record(1)] * 50, START)
    assert len({one.salt for one in journal.pending(0)}) == 71


def test_a_record_that_may_not_leave_the_pc_is_refused(journal: Journal) -> None:
    before = journal.head()
    with pytest.raises(ProtocolError):
        journal.append([record(1), ShiftStarted(ms=START_MS)], START)
    assert journal.head() == before


def test_late_records_are_marked(journal: Journal) -> None:
    alarm = AlarmRaised(ms=START_MS, alarm=b"a" * 16, level=2, drill=False, on_call=False, late=True)
    journal.append([alarm], START)
    assert journal.rows()[-1]["late"] is True


def test_pending_keeps_both_limits_but_always_gives_one(journal: Journal) -> None:
    assert [one.n for one in journal.pending(5, 3)] == [6, 7, 8]
    assert [one.n for one in journal.pending(5, 500, 1)] == [6]
    two = sum(len(one.record) + 20 for one in journal.pending(5, 2))
    assert len(journal.pending(5, 500, two)) == 2
    assert journal.pending(21) == []


def test_an_ack_of_everything_pins_and_becomes_a_record_once(journal: Journal) -> None:
    noted = journal.note_ack(ack_for(journal), SIG, START)
    assert (noted.verdict, noted.n, noted.grew) == ("taken", 21, True)
    assert journal.pinned(SERVER) == Pin(journal.head()[0], 21, hash_at(journal, 21))
    assert journal.rows()[-1]["type"] == "anchor"
    for minute in range(1, 10):
        assert journal.note_ack(ack_for(journal, beat=minute), SIG, START.later(minute * 60 * NS)).verdict == "taken"
    assert journal.head()[1] == 22
    journal.append([record(1)], START)
    journal.note_ack(ack_for(journal), SIG, START.later(600 * NS))
    assert [row["n"] for row in journal.rows(Filter("anchor"))] == [22, 24]


def test_no_anchor_is_written_for_an_anchor_alone(journal: Journal) -> None:
    journal.note_ack(ack_for(journal), SIG, START)
    for hour in range(1, 6):
        journal.note_ack(ack_for(journal), SIG, START.later(hour * 3600 * NS))
    assert len(journal.rows(Filter("anchor"))) == 1


def test_an_ack_with_another_hash_is_kept_as_evidence_once_and_moves_nothing(journal: Journal) -> None:
    ack = ack_for(journal, 10, h=b"x" * 32)
    for _ in range(3):
        noted = journal.note_ack(ack, SIG, START)
    assert (noted.verdict, noted.ours, noted.theirs) == ("differs", hash_at(journal, 10), b"x" * 32)
    assert journal.pinned(SERVER) is None
    assert [(fact.kind, fact.ack, fact.sig) for fact in journal.facts()] == [("differs", ack.pack(), SIG)]
    journal.note_ack(ack_for(journal, 10, h=b"y" * 32), SIG, START)
    assert len(journal.facts()) == 2


def test_a_server_that_went_back_is_noted_with_both_acks(journal: Journal) -> None:
    newest, older = ack_for(journal), ack_for(journal, 5, generation=2)
    journal.note_ack(newest, SIG, START)
    noted = journal.note_ack(older, b"t" * 64, START)
    assert (noted.verdict, noted.n, noted.before) == ("rolled_back", 5, 21)
    (fact,) = journal.facts()
    assert (fact.own, fact.ack, fact.sig) == (newest.pack() + SIG, older.pack(), b"t" * 64)
    pin = journal.pinned(SERVER)
    assert pin is not None
    assert pin.n == 5
    assert journal.note_ack(ack_for(journal, 9), SIG, START).verdict == "taken"


@pytest.mark.parametrize("more", [{"stream": b"x" * 16}, {"device": b"x" * 16}, {"epoch": b"x" * 16}])
def test_an_ack_for_another_journal_is_unfit(journal: Journal, more: dict[str, Any]) -> None:
    assert journal.note_ack(replace(ack_for(journal), **more), SIG, START).verdict == "unfit"


def test_an_ack_for_more_than_there_is_is_unfit(journal: Journal) -> None:
    assert journal.note_ack(ack_for(journal, 21), SIG, START).verdict == "taken"
    assert journal.note_ack(replace(ack_for(journal), n=500), SIG, START).verdict == "unfit"


def test_heartbeats_do_not_write_to_the_disk(journal: Journal, tmp_path: Path) -> None:
    journal.note_ack(ack_for(journal), SIG, START)
    journal.note_ack(ack_for(journal), SIG, START)
    log = tmp_path / "journal.db-wal"
    before = log.stat().st_mtime_ns, log.stat().st_size, log.read_bytes()
    for beat in range(5, 50):
        journal.note_ack(ack_for(journal, beat=beat, ms=START_MS + beat * 5000), SIG, START)
    assert (log.stat().st_mtime_ns, log.stat().st_size, log.read_bytes()) == before


def test_a_new_generation_or_ten_minutes_renew_the_pin(journal: Journal) -> None:
    def kept() -> int:
        return int(journal._conn.execute("SELECT ms FROM pin").fetchone()[0])

    for ms, generation, expected in (
        (0, 1, 0),
        (599_999, 1, 0),
        (1, 2, 1),
        (600_000, 2, 1),
        (600_001, 2, 600_001),
    ):
        journal.note_ack(ack_for(journal, 21, ms=START_MS + ms, generation=generation), SIG, START)
        assert kept() == START_MS + expected


def test_starts_rise_over_restarts_and_above_what_the_guard_kept(journal: Journal, tmp_path: Path) -> None:
    assert [journal.raise_starts(), journal.raise_starts(), journal.raise_starts(40), journal.raise_starts()] == [
        1,
        2,
        41,
        42,
    ]
    journal.close()
    again = open_journal(tmp_path)
    assert again.raise_starts() == 43
    again.close()


def test_retention_destroys_contents_and_keeps_the_chain(journal: Journal) -> None:
    journal.append([LockTime(ms=START_MS, method="locker")], START)
    head = journal.head()
    assert journal.retire(START.later(29 * DAY)) == 0
    assert journal.retire(START.later(31 * DAY)) == 1
    assert journal.rows()[-1]["record"] is None
    assert journal.retire(START.later(179 * DAY)) == 0
    assert journal.retire(START.later(181 * DAY)) == 21
    assert journal.head() == head
    assert journal.verify().ok
    assert journal.pending(0) == []
    raw = journal._conn.execute("SELECT count(salt), count(data), count(leaf) FROM record").fetchone()
    assert tuple(raw) == (0, 0, 22)


def test_retention_waits_for_every_server(journal: Journal) -> None:
    far = START.later(181 * DAY)
    late = far.wall_ms
    journal.note_ack(ack_for(journal, 10, ms=late), SIG, START)
    assert journal.retire(far, [SERVER, b"other-server-id."]) == 0
    assert journal.retire(far, [SERVER]) == 10


def test_a_wrong_clock_destroys_nothing(journal: Journal) -> None:
    journal.note_ack(ack_for(journal), SIG, START)
    assert journal.retire(START.later(5000 * DAY), [SERVER]) == 0


def test_alarm_moves_wait_over_a_restart(journal: Journal, tmp_path: Path) -> None:
    store = journal.alarms()
    for no in (1, 2, 3):
        store.put(b"a" * 16, no, bytes([no]) * 345)
    store.put(b"a" * 16, 1, b"other" * 69)
    store.done(b"a" * 16, 1, SERVER)
    store.done(b"z" * 16, 9, SERVER)
    store.drop(b"a" * 16, 2)
    journal.close()
    again = open_journal(tmp_path)
    waiting = dict(again.alarms().load())
    assert waiting == {b"\1" * 345: frozenset({SERVER}), b"\3" * 345: frozenset()}
    again.close()


def test_show_filters_by_type_start_and_count(journal: Journal) -> None:
    assert [row["n"] for row in journal.rows(Filter("lock.failed", 5, 2))] == [5, 6]
    assert journal.rows(Filter("epoch"))[0]["record"]["reason"] == "first"


def test_an_export_is_enough_to_compute_the_head_again(journal: Journal) -> None:
    import base64

    header, *lines = check.exported(journal._conn, journal.identity)
    assert header["prev"] is None
    device, stream, epoch = (bytes.fromhex(str(header[name])) for name in ("device", "stream", "epoch"))
    where = Epoch(device, stream, epoch)
    chain = start(where)
    for line in lines:
        chain = chain.append(bytes.fromhex(str(line["salt"])), base64.b64decode(str(line["bytes"])))
        assert line["h"] == chain.h.hex()
    assert (chain.n, chain.h) == journal.head()[1:]


def test_many_threads_append_and_the_chain_holds(journal: Journal) -> None:
    def work(start: int) -> None:
        for number in range(start, start + 20):
            journal.append([record(number)], START)
            journal.pending(number % 20, 5)

    threads = [Thread(target=work, args=(base,)) for base in (100, 200, 300, 400)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert journal.head()[1] == 101
    assert journal.verify().ok


def test_a_wrong_key_leaves_everything_as_it_is(journal: Journal, tmp_path: Path) -> None:
    journal.close()
    before = (tmp_path / "journal.db").read_bytes()
    with pytest.raises(WrongKeyError):
        open_journal(tmp_path, bytes(32))
    assert (tmp_path / "journal.db").read_bytes() == before
    assert not list(tmp_path.glob("*damaged*"))


def test_another_accounts_journal_is_refused_and_left_alone(journal: Journal, tmp_path: Path) -> None:
    journal.close()
    with pytest.raises(ForeignJournalError):
        open_journal(tmp_path, stream=b"other-stream-id.")
    assert not list(tmp_path.glob("*damaged*"))


def test_a_closed_journal_says_so(journal: Journal) -> None:
    journal.close()
    journal.close()
    with pytest.raises(ClosedError):
        journal.append([record(1)], START)


def test_nothing_of_the_records_stands_in_the_file(journal: Journal, tmp_path: Path) -> None:
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"lock.failed" not in everything
    assert b"SQLite format" not in everything


def test_the_file_is_its_owners_alone(journal: Journal, tmp_path: Path) -> None:
    assert (tmp_path / "journal.db").stat().st_mode & 0o077 == 0


def test_keys_are_checked_and_never_shown() -> None:
    keys = JournalKeys(KEY, bytes(32))
    assert KEY.hex() not in repr(keys)
    assert repr(KEY) not in repr(keys)
    with pytest.raises(JournalError):
        JournalKeys(KEY, KEY)
    with pytest.raises(JournalError):
        JournalKeys(KEY, b"short")


def test_vault_names_differ_by_profile_and_tell_no_path() -> None:
    one, two = vault_names(Path("wang/a")), vault_names(Path("wang/b"))
    assert len({*one.values(), *two.values()}) == 8
    assert not any("wang" in name for name in one.values())


def test_a_pin_survives_its_packing() -> None:
    pin = Pin(b"e" * 16, 77, b"h" * 32)
    assert unpack_pin(pin.pack()) == pin
    assert unpack_pin(None) is None
    assert unpack_pin(b"short") is None
