"""Damage and tampering: told apart from a wrong key, found up to the last pinned head, and never a false alarm."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.journal import cipher
from app.journal.check import Report
from app.journal.errors import DamagedError, JournalError
from app.journal.journal import Journal
from app.journal.table import Pin
from app.protocol.record_kinds import EpochStarted
from app.protocol.records import decode
from tests.helpers.journal import KEY, SERVER, START, ack_for, epochs, filled, open_journal, record

SIG = b"s" * 64


def pinned_copy(folder: Path, count: int = 40) -> tuple[Path, Pin]:
    """Return the closed file of a journal whose every record was acknowledged, and the pin."""
    journal = filled(folder, count)
    journal.note_ack(ack_for(journal), SIG, START)
    pin = journal.pinned(SERVER)
    assert pin is not None
    journal.close()
    return folder / "journal.db", pin


def verified(path: Path, *pins: Pin) -> Report | str:
    """Return the report, or the words of the error if the file cannot even be opened."""
    from app.journal import check

    try:
        conn = cipher.connect(path, KEY)
    except JournalError as error:
        return str(error)
    try:
        return check.verify(conn, path, cipher.salt_of(KEY), pins)
    finally:
        conn.close()


def found(result: Report | str) -> bool:
    return isinstance(result, str) or not result.ok


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Pin]:
    return pinned_copy(tmp_path_factory.mktemp("original"))


def test_an_untouched_file_verifies(original: tuple[Path, Pin], tmp_path: Path) -> None:
    path = Path(shutil.copy(original[0], tmp_path))
    report = verified(path, original[1])
    assert isinstance(report, Report)
    assert (report.ok, report.first_bad, report.pinned, report.n) == (True, None, 41, 42)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_every_flipped_byte_is_found(
    original: tuple[Path, Pin], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = Path(shutil.copy(original[0], tmp_path_factory.mktemp("flip")))
    size = path.stat().st_size
    at = data.draw(st.integers(0, size - 1))
    with path.open("rb+") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ data.draw(st.integers(1, 255))]))
    assert found(verified(path))


def with_key(change: str) -> Callable[[Path], None]:
    """Return a tampering by somebody who has the key: statements on the open file."""

    def act(path: Path) -> None:
        conn = cipher.connect(path, KEY)
        for statement in change.split(";"):
            conn.execute(statement)
        conn.close()

    return act


TAMPERINGS = {
    "deleted": ("DELETE FROM record WHERE n = 17", 17),
    "swapped bytes": (
        "UPDATE record SET data = (SELECT data FROM record WHERE n = 9) WHERE n = 8; "
        "UPDATE record SET salt = (SELECT salt FROM record WHERE n = 9) WHERE n = 8",
        8,
    ),
    "swapped rows": (
        "UPDATE record SET n = -1 WHERE n = 5; UPDATE record SET n = 5 WHERE n = 6; UPDATE record SET n = 6 WHERE n = -1",
        5,
    ),
    "truncated": ("DELETE FROM record WHERE n > 30", 31),
    "emptied": ("DELETE FROM record", 1),
    "contents destroyed early": ("UPDATE record SET salt = NULL, data = NULL WHERE n = 12", 12),
    "bytes changed": ("UPDATE record SET data = data || x'20' WHERE n = 3", 3),
    "salt changed": ("UPDATE record SET salt = zeroblob(16) WHERE n = 41", 41),
    "leaf changed": ("UPDATE record SET leaf = zeroblob(32) WHERE n = 2", 2),
    "hash changed": ("UPDATE record SET h = zeroblob(32) WHERE n = 29", 29),
    "salt shortened": ("UPDATE record SET salt = zeroblob(3) WHERE n = 40", 40),
    "epoch shortened": ("UPDATE meta SET value = zeroblob(3) WHERE key = 'epoch'", 1),
    "epoch changed": ("UPDATE meta SET value = zeroblob(16) WHERE key = 'epoch'", 1),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_with_the_key_is_found_with_its_first_bad_record(
    original: tuple[Path, Pin], tmp_path: Path, name: str
) -> None:
    statements, first_bad = TAMPERINGS[name]
    path = Path(shutil.copy(original[0], tmp_path))
    with_key(statements)(path)
    report = verified(path)
    assert isinstance(report, Report)
    assert not report.ok
    assert report.first_bad == first_bad
    assert report.why


def rewrite(path: Path, number: int) -> None:
    """Change one record and compute the chain anew, as somebody with the key and our program could."""
    from app.journal import table
    from app.protocol.chain import Chain

    conn = cipher.connect(path, KEY)
    before = table.chain_at(conn, table.identity_of(conn), number - 1)
    assert before is not None
    chain: Chain = before
    for n, salt, data in conn.execute("SELECT n, salt, data FROM record WHERE n >= ? ORDER BY n", (number,)).fetchall():
        changed = data.replace(b"test.", b"fake.") if n == number else data
        from app.protocol.chain import leaf_hash

        leaf = leaf_hash(salt, changed)
        chain = chain.advance(leaf)
        conn.execute("UPDATE record SET data = ?, leaf = ?, h = ? WHERE n = ?", (changed, leaf, chain.h, n))
    conn.close()


def test_a_chain_written_anew_is_found_by_the_pin(original: tuple[Path, Pin], tmp_path: Path) -> None:
    path = Path(shutil.copy(original[0], tmp_path))
    rewrite(path, 20)
    report = verified(path)
    assert isinstance(report, Report)
    assert not report.ok
    assert report.first_bad is not None
    assert report.first_bad <= 20


def test_a_chain_written_anew_with_the_pins_removed_is_found_by_the_second_witness(
    original: tuple[Path, Pin], tmp_path: Path
) -> None:
    path = Path(shutil.copy(original[0], tmp_path))
    rewrite(path, 20)
    with_key("DELETE FROM pin")(path)
    unwitnessed = verified(path)
    assert isinstance(unwitnessed, Report)
    assert unwitnessed.ok, "without any pin this is not promised, and must not be claimed"
    assert found(verified(path, original[1]))


def test_an_old_file_put_back_is_found_and_not_continued(tmp_path: Path) -> None:
    path, _ = pinned_copy(tmp_path, 10)
    old = path.read_bytes()
    journal = open_journal(tmp_path)
    journal.append([record(number) for number in range(10)], START)
    journal.note_ack(ack_for(journal), SIG, START)
    pin = journal.pinned(SERVER)
    assert pin is not None
    journal.close()
    path.write_bytes(old)
    assert found(verified(path, pin))
    source = epochs()
    source()
    again = open_journal(tmp_path, expect=pin, new_epoch=source)
    assert again.opening.prev == pin
    assert again.opening.aside is not None
    again.close()


def test_old_pages_put_back_are_found(tmp_path: Path) -> None:
    path, _ = pinned_copy(tmp_path, 300)
    old = path.read_bytes()
    journal = open_journal(tmp_path)
    journal.append([record(number) for number in range(300)], START)
    journal.note_ack(ack_for(journal), SIG, START)
    end = journal.head()[1:]
    journal.close()
    new = path.read_bytes()
    changed = [at for at in range(0, len(old), cipher.PAGE) if old[at : at + cipher.PAGE] != new[at : at + cipher.PAGE]]
    hidden = 0
    for at in changed:
        path.write_bytes(new[:at] + old[at : at + cipher.PAGE] + new[at + cipher.PAGE :])
        report = verified(path)
        # The page of the pins or counters may be old and the records whole all the same; the newer pin is the witness.
        whole = isinstance(report, Report) and (report.n, report.h) == end
        assert found(report) or whole, f"page {at // cipher.PAGE + 1}"
        hidden += found(report)
    assert hidden > 2


# --- opening ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [3, 20, 200, 5000, 9000], ids=["salt", "page 1", "page 1 body", "page 2", "page 3"])
def test_a_damaged_file_is_moved_aside_and_a_new_epoch_names_the_old_end(tmp_path: Path, at: int) -> None:
    path, pin = pinned_copy(tmp_path)
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)
    source = epochs()
    source()
    journal = open_journal(tmp_path, expect=pin, new_epoch=source)
    opening = journal.opening
    assert opening.created
    assert opening.aside is not None
    assert opening.aside.exists()
    assert "damaged" in opening.why or "changed" in opening.why
    assert opening.prev is not None
    assert opening.prev.n >= pin.n
    first = decode(journal.pending(0)[0].record)
    assert isinstance(first, EpochStarted)
    assert (first.reason, first.prev_epoch, first.prev_n) == ("damage", pin.epoch, opening.prev.n)
    assert journal.verify().ok
    journal.close()


def test_what_can_be_read_of_a_damaged_file_is_saved(tmp_path: Path) -> None:
    journal = filled(tmp_path, 400)
    journal.alarms().put(b"a" * 16, 1, b"m" * 345)
    journal.raise_starts(6)
    end = journal.head()
    journal.close()
    path = tmp_path / "journal.db"
    conn = cipher.connect(path, KEY)
    page = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = 'fact'").fetchone()[0]
    conn.close()
    data = bytearray(path.read_bytes())
    data[(page - 1) * cipher.PAGE + 100] ^= 1
    path.write_bytes(data)
    source = epochs()
    source()
    again = open_journal(tmp_path, new_epoch=source)
    assert again.opening.prev == Pin(*end)
    assert again.raise_starts() == 8
    assert [packet for packet, _ in again.alarms().load()] == [b"m" * 345]
    again.close()


@pytest.mark.parametrize(
    "content",
    [b"\0" * 8192, b"SQLite format 3\0" + b"\0" * 4080, b"\0" * 10],
    ids=["zeros", "plain SQLite", "cut off"],
)
def test_what_no_key_can_explain_is_damage(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "journal.db").write_bytes(content)
    journal = open_journal(tmp_path)
    assert journal.opening.aside is not None
    journal.close()


def test_an_emptied_file_is_damage_when_something_is_known_of_it(tmp_path: Path) -> None:
    path, pin = pinned_copy(tmp_path)
    path.write_bytes(b"")
    journal = open_journal(tmp_path, expect=pin, new_epoch=lambda: b"n" * 16)
    assert journal.opening.prev == pin
    journal.close()


def test_a_missing_file_is_noticed_when_something_is_known_of_it(tmp_path: Path) -> None:
    path, pin = pinned_copy(tmp_path)
    path.unlink()
    journal = open_journal(tmp_path, expect=pin, new_epoch=lambda: b"n" * 16)
    assert journal.opening.prev == pin
    journal.close()


def test_a_crash_while_the_file_is_made_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"")
    journal = open_journal(tmp_path)
    assert journal.opening.aside is None
    assert journal.head()[1] == 1
    journal.close()


@pytest.mark.parametrize(
    "change", ["PRAGMA user_version = 9", "PRAGMA user_version = 0", "DELETE FROM meta WHERE key = 'epoch'"]
)
def test_a_file_without_sense_is_moved_aside(tmp_path: Path, change: str) -> None:
    path, _ = pinned_copy(tmp_path)
    with_key(change)(path)
    journal = open_journal(tmp_path, new_epoch=lambda: b"n" * 16)
    assert journal.opening.aside is not None
    journal.close()


def test_damage_while_the_journal_is_open_is_told_as_damage(tmp_path: Path) -> None:
    journal = filled(tmp_path, 400)
    journal._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    path = tmp_path / "journal.db"
    data = bytearray(path.read_bytes())
    for at in range(cipher.PAGE, len(data), cipher.PAGE):
        data[at + 50] ^= 1
    path.write_bytes(data)
    journal._conn.execute("PRAGMA shrink_memory")
    with pytest.raises(DamagedError):
        journal.pending(0)
    assert not journal.verify().ok
    journal.close()


def test_verify_never_raises_on_random_damage(tmp_path: Path) -> None:
    path, pin = pinned_copy(tmp_path)
    good = path.read_bytes()
    chance = random.Random(7)
    for _ in range(40):
        data = bytearray(good)
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(data))
            data[at : at + 60] = chance.randbytes(60)
        path.write_bytes(data)
        assert found(verified(path, pin))


@pytest.mark.parametrize("essential", [True, False])
def test_a_table_that_is_gone_is_one_sentence(tmp_path: Path, essential: bool) -> None:
    journal = filled(tmp_path, 3)
    journal._conn.execute("ALTER TABLE record RENAME TO elsewhere")
    with pytest.raises(JournalError):
        journal.append([record(1, essential=essential)], START)
    journal._conn.execute("ALTER TABLE elsewhere RENAME TO record")
    journal._conn.execute("ALTER TABLE pin RENAME TO elsewhere")
    with pytest.raises(JournalError):
        journal.note_ack(ack_for(journal), SIG, START)
    journal._conn.execute("ALTER TABLE elsewhere RENAME TO pin")
    journal._conn.execute("ALTER TABLE fact RENAME TO elsewhere")
    journal._conn.execute("CREATE TABLE fact(kind, server, ack)")
    with pytest.raises(JournalError):
        journal.note_ack(ack_for(journal, h=b"x" * 32), SIG, START)
    journal.close()


def test_pages_are_not_judged_while_somebody_reads_an_older_state(tmp_path: Path) -> None:
    journal = filled(tmp_path, 3)
    reader = cipher.connect(tmp_path / "journal.db", KEY)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM record").fetchone()
    journal.append([record(1)], START)
    journal._conn.execute("PRAGMA busy_timeout = 0")
    assert not cipher.settled(journal._conn)
    assert journal.verify().ok
    reader.execute("COMMIT")
    reader.close()
    assert cipher.settled(journal._conn)
    journal.close()


def test_a_folder_that_cannot_be_synced_is_left_to_the_system(tmp_path: Path) -> None:
    cipher.sync_folder(tmp_path / "missing")
    assert not (tmp_path / "missing").exists()


def test_a_structure_that_does_not_hold_together_is_found(tmp_path: Path) -> None:
    path, _ = pinned_copy(tmp_path)
    with_key("PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = 2 WHERE name = 'fact'")(path)
    assert found(verified(path))


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises((JournalError, OSError)):
        open_journal(tmp_path / "missing")


def test_a_path_that_is_a_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "journal.db").mkdir()
    with pytest.raises(JournalError, match="cannot be"):
        open_journal(tmp_path)


def test_opening_a_large_journal_is_quick_enough_to_start_with(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    for _ in range(40):
        journal.append([record(number) for number in range(250)], START)
    journal.close()
    again: Journal = open_journal(tmp_path)
    assert again.head()[1] == 10_001
    again.close()
