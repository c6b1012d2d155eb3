"""Nothing that was typed stands in any file of a profile; the same check finds it everywhere in plain copies."""

import sqlite3
import zipfile
from pathlib import Path

from app.journal.local import LocalStore
from app.protocol.record_kinds import CallStarted, LockFailed
from app.tools.demo.canaries import scan
from tests.helpers.canary import plant
from tests.helpers.journal import KEY, START, START_MS, open_journal

TYPED = "canary.kanarienvogel"
CHINESE = "金丝雀在唱歌呢"


def profile(folder: Path) -> None:
    """Write the canaries into every place of both files that takes text, and leave the files open as a crash would."""
    journal = open_journal(folder)
    journal.append([LockFailed(ms=START_MS, method=TYPED, error=TYPED)], START)
    journal.close()
    journal = open_journal(folder)
    journal.append([LockFailed(ms=START_MS, method=TYPED, error=TYPED)], START)
    journal.alarms().put(b"a" * 16, 1, TYPED.encode())
    local = LocalStore.open(folder / "local.db", b"L" * 32, now=START)
    local.append([CallStarted(ms=START_MS, id=CHINESE)], START)
    local.put(TYPED, CHINESE.encode())
    for path in folder.glob("*"):
        (folder / f"copy-{path.name}").write_bytes(path.read_bytes())
    journal.close()
    local.close()


def test_nothing_typed_stands_in_any_file_of_the_profile(tmp_path: Path) -> None:
    profile(tmp_path)
    assert len(list(tmp_path.iterdir())) > 5
    assert scan(tmp_path, [TYPED, CHINESE]) == []


def test_the_same_check_finds_them_in_an_unencrypted_copy(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "plain.db") as conn:
        conn.execute("CREATE TABLE record(data)")
        conn.execute("INSERT INTO record VALUES(?)", (f'{{"error":"{TYPED}"}}',))
        conn.execute("INSERT INTO record VALUES(?)", (CHINESE,))
    conn.close()
    found = scan(tmp_path, [TYPED, CHINESE])
    assert {one.canary for one in found} == {TYPED, CHINESE}


def test_it_finds_every_form_in_which_a_string_can_be_left(tmp_path: Path) -> None:
    for canary in (TYPED, CHINESE):
        folder = tmp_path / str(len(canary))
        folder.mkdir()
        count = plant(folder, canary)
        assert len({one.path for one in scan(folder, [canary])}) == count


def test_it_looks_into_archives_and_names(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("log.txt", f"x{TYPED}x" * 50)
    (tmp_path / TYPED).mkdir()
    assert {one.form.split()[0] for one in scan(tmp_path, [TYPED])} == {"zip", "name"}


def test_keys_stand_in_no_file(tmp_path: Path) -> None:
    profile(tmp_path)
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert KEY not in everything
    assert KEY.hex().encode() not in everything
