"""The local file: its own key, retention by kind, state over a restart, and damage that costs nothing but itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.moment import NS
from app.journal import cipher
from app.journal.errors import ClosedError, DamagedError, JournalError, WrongKeyError
from app.journal.local import LocalStore
from app.protocol.errors import ProtocolError
from app.protocol.record_kinds import BreakKept, LockConfirmed, LockFailed, Record
from tests.helpers.journal import KEY, START, START_MS

DAY = 24 * 3600 * NS


@pytest.fixture
def local(tmp_path: Path) -> Iterator[LocalStore]:
    store = open_local(tmp_path)
    yield store
    store.close()


def open_local(folder: Path, key: bytes = KEY) -> LocalStore:
    return LocalStore.open(folder / "local.db", key, now=START)


def kept() -> Record:
    return BreakKept(ms=START_MS, kind="eyes", how="taken")


def locked() -> Record:
    return LockConfirmed(ms=START_MS, method="locker")


def test_records_and_state_survive_a_restart(local: LocalStore, tmp_path: Path) -> None:
    local.append([kept(), locked()], START)
    local.put("seat", b"state")
    local.put("seat", b"newer")
    local.put("gone", b"x")
    local.put("gone", None)
    local.close()
    again = open_local(tmp_path)
    assert [row["type"] for row in again.rows()] == ["break.kept", "lock.confirmed"]
    assert (again.get("seat"), again.get("gone")) == (b"newer", None)
    again.close()


def test_rows_can_be_asked_by_kind_and_time(local: LocalStore) -> None:
    local.append([kept()], START)
    local.append([kept(), locked()], START.later(DAY))
    assert len(local.rows("break.kept")) == 2
    assert len(local.rows(since_ms=START_MS + 1)) == 2


def test_each_kind_has_its_own_days(local: LocalStore) -> None:
    local.append([kept(), locked()], START)
    assert local.retire(START.later(27 * DAY)) == 0
    assert local.retire(START.later(28 * DAY)) == 1
    assert local.retire(START.later(179 * DAY)) == 0
    assert local.retire(START.later(180 * DAY)) == 1


def test_a_kind_is_forgotten_when_the_person_wants_it(local: LocalStore) -> None:
    local.append([kept(), kept(), locked()], START)
    assert local.forget("break.kept") == 2
    assert [row["type"] for row in local.rows()] == ["lock.confirmed"]


def test_what_belongs_to_the_journal_is_refused(local: LocalStore) -> None:
    with pytest.raises(ProtocolError):
        local.append([kept(), LockFailed(ms=START_MS, method="locker", error="x")], START)
    assert local.rows() == []


def test_too_much_state_is_one_sentence(local: LocalStore) -> None:
    with pytest.raises(JournalError, match="may have"):
        local.put("seat", bytes(1024 * 1024 + 1))


def test_a_wrong_key_leaves_the_file_alone(local: LocalStore, tmp_path: Path) -> None:
    local.close()
    with pytest.raises(WrongKeyError):
        open_local(tmp_path, bytes(32))
    assert not list(tmp_path.glob("*damaged*"))


@pytest.mark.parametrize("at", [50, 5000])
def test_a_damaged_file_is_moved_aside(local: LocalStore, tmp_path: Path, at: int) -> None:
    local.append([kept()], START)
    local.close()
    path = tmp_path / "local.db"
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    again = open_local(tmp_path)
    assert again.aside is not None
    assert again.aside.exists()
    assert again.rows() == []
    again.append([kept()], START)
    again.close()


@pytest.mark.parametrize("version", [0, 7])
def test_a_file_of_another_make_is_moved_aside(local: LocalStore, tmp_path: Path, version: int) -> None:
    local.close()
    conn = cipher.connect(tmp_path / "local.db", KEY)
    conn.execute(f"PRAGMA user_version = {version}")
    conn.close()
    again = open_local(tmp_path)
    assert again.aside is not None
    again.close()


def test_damage_while_it_is_open_is_told(local: LocalStore, tmp_path: Path) -> None:
    for _ in range(60):
        local.append([kept()] * 20, START)
    local._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    path = tmp_path / "local.db"
    data = bytearray(path.read_bytes())
    for at in range(cipher.PAGE, len(data), cipher.PAGE):
        data[at + 9] ^= 1
    path.write_bytes(data)
    local._conn.execute("PRAGMA shrink_memory")
    with pytest.raises(DamagedError):
        local.rows()


def test_a_broken_statement_is_one_sentence_and_leaves_it_usable(local: LocalStore) -> None:
    local._conn.execute("ALTER TABLE state RENAME TO elsewhere")
    with pytest.raises(JournalError):
        local.put("seat", b"x")
    local._conn.execute("ALTER TABLE elsewhere RENAME TO state")
    local.put("seat", b"x")
    assert local.get("seat") == b"x"


def test_a_closed_file_says_so(local: LocalStore) -> None:
    local.close()
    local.close()
    with pytest.raises(ClosedError):
        local.get("seat")
