"""The server's keys: made once, for the owner only, renewed by the root, refused when something is missing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import UnavailableError
from app.protocol.keyset import open_keyset
from app.server.storage.keyring import KEYSET_DAYS, open_keyring, open_text, seal_text

NOW = 1_795_478_400_000
DAY = 24 * 3600 * 1000


def test_a_second_start_finds_the_same_keys(tmp_path: Path) -> None:
    first, second = open_keyring(tmp_path, NOW), open_keyring(tmp_path, NOW + DAY)
    assert (first.server, first.fingerprint, first.pepper) == (second.server, second.fingerprint, second.pepper)
    assert first.keyset_bytes == second.keyset_bytes
    assert open_keyset(first.keyset_bytes, first.fingerprint, NOW).server == first.server


def test_it_works_without_the_root_key_until_the_key_set_ends(tmp_path: Path) -> None:
    first = open_keyring(tmp_path, NOW)
    assert first.root_present
    root = (tmp_path / "root.key").read_bytes()
    (tmp_path / "root.key").unlink()
    assert not open_keyring(tmp_path, NOW + 300 * DAY).root_present
    with pytest.raises(UnavailableError, match="bring the root key"):
        open_keyring(tmp_path, NOW + (KEYSET_DAYS + 1) * DAY)
    (tmp_path / "root.key").write_bytes(root)
    renewed = open_keyring(tmp_path, NOW + (KEYSET_DAYS + 1) * DAY)
    assert (renewed.server, renewed.fingerprint, renewed.keyset.generation) == (first.server, first.fingerprint, 2)


def test_a_damaged_or_foreign_key_is_refused_in_one_sentence(tmp_path: Path) -> None:
    open_keyring(tmp_path, NOW)
    kept = (tmp_path / "answer.key").read_bytes()
    (tmp_path / "answer.key").write_bytes(b"short")
    with pytest.raises(UnavailableError, match=r"answer\.key is damaged"):
        open_keyring(tmp_path, NOW)
    (tmp_path / "answer.key").write_bytes(kept[::-1])
    with pytest.raises(UnavailableError, match="not in the key set"):
        open_keyring(tmp_path, NOW)


def test_a_lost_key_set_is_not_replaced_silently(tmp_path: Path) -> None:
    open_keyring(tmp_path, NOW)
    (tmp_path / "keyset.bin").unlink()
    (tmp_path / "root.key").rename(tmp_path / "elsewhere")
    found = open_keyring(tmp_path, NOW)
    assert found.root_present, "a folder without root and key set is a first start"


@given(st.text(max_size=500), st.binary(min_size=16, max_size=16))
def test_a_sealed_text_opens_only_for_what_it_is_about(text: str, about: bytes) -> None:
    sealed = seal_text(b"m" * 32, about, text)
    assert open_text(b"m" * 32, about, sealed) == text
    if text:
        with pytest.raises(UnavailableError):
            open_text(b"m" * 32, about[::-1] + b"x", sealed)
