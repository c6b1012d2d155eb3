"""A full disk: alarm and audit records keep a reserve, the others stop with one `gap` record, and go on when there is room."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.domain.moment import NS
from app.journal import cipher
from app.journal.cipher import PAGE
from app.journal.errors import DiskFullError, JournalError
from app.journal.journal import Journal
from app.journal.local import LocalStore
from app.protocol.record_kinds import Gap, ShiftStarted
from app.protocol.records import decode
from tests.helpers.journal import KEY, START, START_MS, open_journal, record
from tests.helpers.room import full_disk

MINUTE = START.later(61 * NS)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = open_journal(tmp_path, quota=40 * PAGE)
    yield journal
    journal.close()


def refused(write: Callable[[int], object]) -> DiskFullError:
    """Write until there is no room; returns what was raised then."""
    for number in range(10_000):
        try:
            write(number)
        except DiskFullError as error:
            return error
    raise AssertionError("there was always room")


def fill(journal: Journal) -> None:
    """Write ordinary records until they are refused."""
    refused(lambda number: journal.append([record(number)] * 10, START))


def kinds(journal: Journal) -> list[object]:
    return [row["type"] for row in journal.rows()]


def test_ordinary_records_stop_with_one_gap_record(journal: Journal) -> None:
    assert journal.writable
    fill(journal)
    assert not journal.writable
    for _ in range(5):
        with pytest.raises(DiskFullError):
            journal.append([record(1)], START)
    assert kinds(journal).count("gap") == 1
    gap = decode(journal.pending(journal.head()[1] - 1)[0].record)
    assert isinstance(gap, Gap)
    assert gap.reason == "disk.full"
    assert journal.verify().ok


def test_alarm_records_go_on_when_nothing_else_does(journal: Journal) -> None:
    fill(journal)
    before = journal.head()[1]
    for number in range(1, 60):
        journal.append([record(number, essential=True)], START)
    assert journal.head()[1] == before + 59
    assert journal.verify().ok


def test_an_alarm_beside_an_ordinary_record_is_kept_and_named(journal: Journal) -> None:
    fill(journal)
    with pytest.raises(DiskFullError) as error:
        journal.append([record(1), record(2, essential=True), record(3)], START)
    kept = error.value.kept
    assert kept is not None
    assert kept.first == kept.last == journal.head()[1]
    assert journal.rows()[-1]["type"] == "alarm.pressed"


def test_the_gap_record_and_the_first_refused_alarm_are_told_apart(journal: Journal) -> None:
    error = refused(lambda number: journal.append([*[record(number)] * 10, record(2, essential=True)], START))
    kept = error.kept
    assert kept is not None
    assert [row["type"] for row in journal.rows()][-2:] == ["gap", "alarm.pressed"]
    assert kept.first == journal.head()[1]


def test_the_reserve_has_an_end_and_says_so(journal: Journal) -> None:
    fill(journal)
    error = refused(lambda number: journal.append([record(number + 1, essential=True)] * 10, START))
    assert error.kept is None
    assert journal.verify().ok
    with pytest.raises(DiskFullError) as both:
        journal.append([record(1), *[record(2, essential=True)] * 500], START)
    assert both.value.kept is None


def test_a_full_journal_still_acknowledges_and_anchors_nothing(journal: Journal) -> None:
    from tests.helpers.journal import ack_for

    fill(journal)
    assert journal.note_ack(ack_for(journal), b"s" * 64, START).verdict == "taken"
    assert "anchor" not in kinds(journal)


def test_ordinary_records_go_on_when_there_is_room_again(tmp_path: Path) -> None:
    journal = open_journal(tmp_path, quota=40 * PAGE)
    fill(journal)
    journal.close()
    roomy = open_journal(tmp_path, quota=400 * PAGE)
    assert roomy.writable
    roomy.append([record(1)], START)
    assert roomy.verify().ok
    roomy.close()


def test_a_full_quota_is_asked_again_once_a_minute(journal: Journal) -> None:
    fill(journal)
    before = journal.head()[1]
    with pytest.raises(DiskFullError):
        journal.append([record(1)], START.later(59 * NS))
    with pytest.raises(DiskFullError):
        journal.append([record(1)] * 100, START.later(61 * NS))
    assert (journal.writable, journal.head()[1]) == (False, before)
    assert kinds(journal).count("gap") == 1


def test_a_really_full_disk_keeps_the_alarm_and_heals(tmp_path: Path) -> None:
    with full_disk(tmp_path, kib=2048) as disk:
        journal = open_journal(disk.folder, reserve=512 * 1024)
        assert journal.writable
        disk.fill()
        refused(lambda number: journal.append([record(number)] * 20, START))
        assert not (disk.folder / "journal.db.reserve").exists()
        for number in range(1, 30):
            journal.append([record(number, essential=True)], START)
        assert journal.verify().ok
        assert kinds(journal).count("gap") == 1
        disk.empty()
        with pytest.raises(DiskFullError):
            journal.append([record(2)], START)
        journal.append([record(3)], MINUTE)
        assert journal.writable
        assert (disk.folder / "journal.db.reserve").exists()
        journal.close()
        again = open_journal(disk.folder, reserve=512 * 1024)
        assert again.verify().ok
        again.close()


def test_pages_are_not_judged_while_the_log_finds_no_room_in_the_file(tmp_path: Path) -> None:
    with full_disk(tmp_path, kib=1024) as disk:
        journal = open_journal(disk.folder)
        journal._conn.execute("PRAGMA wal_autocheckpoint = 0")
        journal.append([record(number) for number in range(900)], START)
        disk.fill()
        assert not cipher.settled(journal._conn)
        assert journal.verify().ok
        disk.empty()
        assert cipher.settled(journal._conn)
        journal.close()


def test_a_disk_without_room_for_a_journal_is_one_sentence(tmp_path: Path) -> None:
    with full_disk(tmp_path, kib=200) as disk:
        disk.fill()
        with pytest.raises(JournalError):
            open_journal(disk.folder)


def test_whatever_room_there_is_opening_works_or_is_one_sentence(tmp_path: Path) -> None:
    opened = 0
    with full_disk(tmp_path, kib=400) as disk:
        for leave in range(0, 200 * 1024, 12 * 1024):
            disk.fill(leave)
            for open_file in (lambda: open_journal(disk.folder), lambda: open_local(disk.folder)):
                with suppress(JournalError):
                    open_file().close()
                    opened += 1
            for path in disk.folder.iterdir():
                path.unlink()
    assert opened > 4


def open_local(folder: Path) -> LocalStore:
    return LocalStore.open(folder / "local.db", KEY, now=START)


def test_an_ack_that_finds_no_room_is_kept_the_next_time(tmp_path: Path) -> None:
    from tests.helpers.journal import SERVER, ack_for

    with full_disk(tmp_path, kib=800) as disk:
        journal = open_journal(disk.folder)
        disk.fill()
        generation = 1
        while journal.note_ack(ack_for(journal, 0, generation=generation), b"s" * 64, START).verdict == "taken":
            generation += 1
            kept = journal._conn.execute("SELECT max(generation) FROM pin").fetchone()[0] or 0
            if kept < generation - 1:  # the log beside the file had a little room at first
                break
        disk.empty()
        journal.note_ack(ack_for(journal), b"s" * 64, START)
        assert journal.pinned(SERVER) is not None
        journal.close()


def test_a_disk_without_room_for_the_reserve_takes_alarms_only(tmp_path: Path) -> None:
    with full_disk(tmp_path, kib=400) as disk:
        journal = open_journal(disk.folder, reserve=1024 * 1024)
        assert not journal.writable
        journal.append([record(1, essential=True)], START)
        with pytest.raises(DiskFullError):
            journal.append([record(1)], START)
        journal.close()


def test_the_local_file_says_that_the_disk_is_full_and_goes_on_later(tmp_path: Path) -> None:
    with full_disk(tmp_path, kib=400) as disk:
        local = LocalStore.open(disk.folder / "local.db", KEY, now=START)
        disk.fill()
        refused(lambda _number: local.append([ShiftStarted(ms=START_MS)] * 500, START))
        disk.empty()
        local.append([ShiftStarted(ms=START_MS)], START)
        local.close()
