"""Both files together: each witnesses the other, beats never go back, old records go in time."""

from pathlib import Path

import pytest

from app.domain.moment import NS
from app.journal.errors import WrongKeyError
from app.journal.keys import JournalKeys
from app.journal.profile import ProfileFiles, open_files
from app.protocol.record_kinds import BreakKept
from tests.helpers.journal import DEVICE, KEY, SERVER, START, START_MS, STREAM, ack_for, record

DAY = 24 * 3600 * NS
KEYS = JournalKeys(KEY, b"L" * 32)


def opened(folder: Path, epoch: int = 1, keys: JournalKeys = KEYS) -> ProfileFiles:
    source = iter(range(epoch, 99))
    return open_files(
        folder, keys, device=DEVICE, stream=STREAM, new_epoch=lambda: b"\xe0" * 15 + bytes([next(source)]), now=START
    )


def acknowledged(files: ProfileFiles, count: int = 10) -> None:
    files.journal.append([record(number) for number in range(count)], START)
    files.journal.note_ack(ack_for(files.journal), b"s" * 64, START)


def test_the_start_counter_rises_even_over_a_journal_that_cannot_be_read(tmp_path: Path) -> None:
    for expected in (1, 2):
        files = opened(tmp_path)
        assert files.starts == expected
        files.close()
    (tmp_path / "journal.db").write_bytes(b"\0" * 8192)
    files = opened(tmp_path, 2)
    assert files.starts == 3
    files.close()


@pytest.mark.parametrize("harm", ["zeroed", "emptied", "removed", "old copy"])
def test_the_local_file_knows_where_the_lost_journal_ended(tmp_path: Path, harm: str) -> None:
    path = tmp_path / "journal.db"
    files = opened(tmp_path)
    files.close()
    old = path.read_bytes()
    files = opened(tmp_path)
    acknowledged(files)
    pin = files.journal.pinned(SERVER)
    files.close()
    if harm == "removed":
        path.unlink()
    else:
        path.write_bytes({"zeroed": b"\0" * 8192, "emptied": b"", "old copy": old}[harm])
    again = opened(tmp_path, 2)
    assert again.journal.opening.prev == pin
    assert again.journal.opening.created
    acknowledged(again, 2)
    again.close()
    third = opened(tmp_path, 3)
    assert not third.journal.opening.created
    third.close()


def test_the_witness_is_not_moved_back_by_a_slower_server(tmp_path: Path) -> None:
    files = opened(tmp_path)
    acknowledged(files)
    before = files.local.get("journal.pin")
    files.journal.note_ack(ack_for(files.journal, 3, server=b"\xa1" * 16), b"s" * 64, START)
    assert files.local.get("journal.pin") == before
    files.close()


def test_old_records_go_with_a_record_of_it(tmp_path: Path) -> None:
    files = opened(tmp_path)
    files.local.append([BreakKept(ms=START_MS, kind="eyes", how="taken")], START)
    files.journal.append([record(1)], START)
    assert files.retire(START.later(DAY), []) == 0
    assert files.retire(START.later(181 * DAY), []) == 3
    runs = [row["record"] for row in files.local.rows("retention.run")]
    assert [(run["rule"], run["count"]) for run in runs] == [("journal.days", 2), ("local.days", 1)]
    files.close()


def test_a_wrong_key_leaves_no_file_open(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with pytest.raises(WrongKeyError):
        opened(tmp_path, keys=JournalKeys(bytes(32), b"L" * 32))
    opened(tmp_path).close()
