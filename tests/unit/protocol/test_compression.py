"""Bounded compression: nothing opens beyond the limits, and damage has a name."""

import gzip

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocol.compression import OPENED_MAX, SENT_MAX, Packing, compress, decompress
from app.protocol.errors import ProtocolError, TooLargeError

ALL = list(Packing)
PACKED = [Packing.ZSTD, Packing.GZIP]


def _zstd(data: bytes, **options: int) -> bytes:
    params = zstandard.ZstdCompressionParameters.from_level(3, **options)
    return zstandard.ZstdCompressor(compression_params=params).compress(data)


@settings(max_examples=60)
@given(st.binary(max_size=5000), st.sampled_from(ALL))
def test_what_was_packed_opens_again(data: bytes, packing: Packing) -> None:
    assert decompress(compress(data, packing), packing) == data


@pytest.mark.parametrize("packing", PACKED)
def test_a_body_may_open_to_eight_mib_and_not_a_byte_more(packing: Packing) -> None:
    assert len(decompress(compress(bytes(OPENED_MAX), packing), packing)) == OPENED_MAX
    with pytest.raises(TooLargeError):
        compress(bytes(OPENED_MAX + 1), packing)


def test_a_bomb_is_refused_before_it_opens() -> None:
    for data in (_zstd(bytes(OPENED_MAX + 1)), _zstd(bytes(200 << 20))):
        assert len(data) < SENT_MAX
        with pytest.raises(TooLargeError):
            decompress(data, Packing.ZSTD)
    with pytest.raises(TooLargeError):
        decompress(gzip.compress(bytes(OPENED_MAX + 1)), Packing.GZIP)


def test_a_frame_that_lies_about_its_size_or_hides_it_is_refused() -> None:
    packer = zstandard.ZstdCompressor().compressobj()
    with pytest.raises(TooLargeError, match="does not say its size"):
        decompress(packer.compress(bytes(1000)) + packer.flush(), Packing.ZSTD)
    honest = zstandard.ZstdCompressor(write_checksum=False).compress(bytes(1000))
    lying = honest.replace((1000 - 256).to_bytes(2, "little"), (900 - 256).to_bytes(2, "little"), 1)
    assert lying != honest
    with pytest.raises(ProtocolError):
        decompress(lying, Packing.ZSTD)


def test_a_window_above_one_mib_is_refused() -> None:
    data = bytes(range(256)) * (12 << 10)
    with pytest.raises(TooLargeError):
        decompress(_zstd(data, window_log=22), Packing.ZSTD)
    assert decompress(_zstd(data, window_log=20), Packing.ZSTD) == data


@pytest.mark.parametrize("packing", ALL)
def test_more_than_one_mib_is_never_sent_nor_taken(packing: Packing) -> None:
    noise = bytes((at * 193 + (at >> 8) * 71 + (at >> 16) * 29) % 251 for at in range(SENT_MAX + 1))
    if packing is Packing.NONE:
        with pytest.raises(TooLargeError):
            compress(noise, packing)
    with pytest.raises(TooLargeError):
        decompress(noise, packing)


@pytest.mark.parametrize("packing", PACKED)
def test_cut_trailing_and_foreign_bytes_are_refused(packing: Packing) -> None:
    data = compress(b"some text " * 50, packing)
    for wrong in (data[:-1], data[: len(data) // 2], data + b"\0", data + data, b"", b"text", data[4:]):
        with pytest.raises(ProtocolError):
            decompress(wrong, packing)


@settings(max_examples=150)
@given(st.binary(max_size=400), st.sampled_from(PACKED), st.booleans())
def test_noise_opens_to_nothing_but_a_protocol_error(noise: bytes, packing: Packing, magic: bool) -> None:
    start = (b"\x28\xb5\x2f\xfd" if packing is Packing.ZSTD else b"\x1f\x8b\x08\0") if magic else b""
    try:
        opened = decompress(start + noise, packing)
    except ProtocolError:
        return
    assert len(opened) <= OPENED_MAX
