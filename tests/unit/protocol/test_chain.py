"""The chain: order, salts and numbers all count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protocol.chain import RECORD_MAX, Chain, beat_of, beat_parts, leaf_hash
from app.protocol.errors import ProtocolError, TooLargeError
from tests.unit.protocol import samples as s

ENTRIES = st.lists(st.tuples(st.binary(min_size=16, max_size=16), st.binary(max_size=200)), min_size=1, max_size=12)


def _fold(entries: list[tuple[bytes, bytes]]) -> Chain:
    chain = s.EMPTY
    for salt, record in entries:
        chain = chain.append(salt, record)
    return chain


@given(ENTRIES)
def test_the_chain_counts_every_record(entries: list[tuple[bytes, bytes]]) -> None:
    assert _fold(entries).n == len(entries)


@given(ENTRIES, st.data())
def test_a_changed_record_salt_or_order_changes_the_head(
    entries: list[tuple[bytes, bytes]], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    salt, record = entries[at]
    for changed in ((salt, record + b"!"), (bytes([salt[0] ^ 1]) + salt[1:], record)):
        assert _fold([*entries[:at], changed, *entries[at + 1 :]]) != _fold(entries)
    turned = entries[::-1]
    if turned != entries:
        assert _fold(turned).h != _fold(entries).h


@given(ENTRIES)
def test_a_destroyed_record_leaves_a_leaf_that_keeps_the_chain_whole(entries: list[tuple[bytes, bytes]]) -> None:
    chain = s.EMPTY
    for salt, record in entries:
        chain = chain.advance(leaf_hash(salt, record))
    assert chain == _fold(entries)


def test_a_record_of_64_kib_goes_in_and_a_byte_more_does_not() -> None:
    leaf_hash(s.SALT, bytes(RECORD_MAX))
    with pytest.raises(TooLargeError):
        leaf_hash(s.SALT, bytes(RECORD_MAX + 1))
    with pytest.raises(ProtocolError, match="a salt"):
        leaf_hash(b"", b"")
    with pytest.raises(ProtocolError, match="a leaf"):
        s.EMPTY.advance(b"")


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_a_beat_rises_with_starts_before_counter(starts: int, counter: int) -> None:
    assert beat_parts(beat_of(starts, counter)) == (starts, counter)
    if starts:
        assert beat_of(starts, 0) > beat_of(starts - 1, counter)


def test_a_beat_that_does_not_fit_is_refused() -> None:
    for starts, counter in ((2**32, 0), (0, 2**32), (-1, 0)):
        with pytest.raises(TooLargeError):
            beat_of(starts, counter)
