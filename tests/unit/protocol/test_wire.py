"""Primitives: integers, fixed lengths and the reader that leaves nothing over."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protocol.errors import ProtocolError
from app.protocol.wire import U32_MAX, U64_MAX, Reader, fixed, tag, u8, u32, u64


def test_tag_is_prefix_label_and_zero() -> None:
    assert tag("head") == b"SafeSeat/1/head\x00"


@given(st.integers(0, 255), st.integers(0, U32_MAX), st.integers(0, U64_MAX))
def test_integers_come_back_as_they_were(one: int, four: int, eight: int) -> None:
    reader = Reader(u8(one) + u32(four) + u64(eight), "test")
    assert (reader.u8(), reader.u32(), reader.u64()) == (one, four, eight)
    reader.end()


@pytest.mark.parametrize("make", [lambda: u8(256), lambda: u32(U32_MAX + 1), lambda: u64(U64_MAX + 1), lambda: u8(-1)])
def test_integers_that_do_not_fit_are_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(ProtocolError, match="does not fit"):
        make()


def test_fixed_names_what_has_the_wrong_length() -> None:
    assert fixed(b"abc", 3, "a thing") == b"abc"
    with pytest.raises(ProtocolError, match="a thing must be 4 bytes, not 3"):
        fixed(b"abc", 4, "a thing")


def test_reader_refuses_short_trailing_and_wrong_bytes() -> None:
    with pytest.raises(ProtocolError, match="test is too short"):
        Reader(b"ab", "test").take(3)
    reader = Reader(b"abcd", "test")
    reader.expect(b"ab")
    with pytest.raises(ProtocolError, match="2 trailing bytes"):
        reader.end()
    assert reader.rest() == b"cd"
    with pytest.raises(ProtocolError, match="not a test"):
        Reader(b"abcd", "test").expect(b"abd")
