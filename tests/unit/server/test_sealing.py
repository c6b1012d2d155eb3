"""Key files: what lies under them opens with both, file and master key, and never again once the file is destroyed."""

import os
import stat
from pathlib import Path

import pytest

from app.domain.errors import UnavailableError
from app.server.storage.sealing import ORPHAN_MS, KeyFiles


def test_what_is_sealed_opens_again_and_after_destruction_never(tmp_path: Path) -> None:
    files = KeyFiles(tmp_path, b"m" * 32)
    key = files.make()
    sealed = files.seal(key, b"words")
    assert b"words" not in sealed
    assert files.open(key, sealed) == b"words"
    files.destroy(key)
    files.destroy(key)
    assert files.open(key, sealed) is None
    assert not files.has(key)
    with pytest.raises(UnavailableError, match="destroyed"):
        files.seal(key, b"more")


def test_neither_another_master_nor_another_key_nor_a_changed_byte_opens_it(tmp_path: Path) -> None:
    files = KeyFiles(tmp_path, b"m" * 32)
    key, other = files.make(), files.make()
    sealed = files.seal(key, b"words")
    for wrong, name, data in ((KeyFiles(tmp_path, b"n" * 32), key, sealed), (files, other, sealed), (files, key, sealed[:-1]), (files, key, b"")):
        with pytest.raises(UnavailableError, match="does not open"):
            wrong.open(name, data)


def test_a_key_is_its_owners_only_and_made_once(tmp_path: Path) -> None:
    files = KeyFiles(tmp_path, b"m" * 32)
    key = files.make(b"k" * 16, stamp_ms=1_000_000)
    (path,) = tmp_path.rglob("*.key")
    before = path.read_bytes()
    assert files.make(key) == key
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode), path.stat().st_mtime) == (before, 0o600, 1000)


def test_a_damaged_key_is_told_and_not_taken_for_a_destroyed_one(tmp_path: Path) -> None:
    files = KeyFiles(tmp_path, b"m" * 32)
    key = files.make()
    next(tmp_path.rglob("*.key")).write_bytes(b"short")
    with pytest.raises(UnavailableError, match="damaged"):
        files.open(key, bytes(40))


def test_only_old_keys_without_a_row_are_left_over(tmp_path: Path) -> None:
    files = KeyFiles(tmp_path, b"m" * 32)
    known, young, old = files.make(), files.make(), files.make()
    now = ORPHAN_MS * 3
    for path in tmp_path.rglob("*.key"):
        at = now / 1000 if path.stem == young.hex() else 1
        os.utime(path, (at, at))
    assert files.orphans({known}, now) == [old]
