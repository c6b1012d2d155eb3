"""Bounded compression: a small message may not open into a large one."""

import zlib
from enum import StrEnum

from app.protocol.errors import ProtocolError, TooLargeError

SENT_MAX = 1 << 20
"""1 MiB on the wire (protocol, "HTTP")."""
OPENED_MAX = 8 << 20
"""8 MiB after decompression."""
WINDOW_MAX = 1 << 20
"""zstd window of 1 MiB at most: the memory that one stranger can make us take."""


class Packing(StrEnum):
    """How a body is compressed; the media type says it, Content-Encoding is refused."""

    ZSTD = "zstd"
    GZIP = "gzip"
    NONE = "json"


def compress(data: bytes, packing: Packing) -> bytes:
    """Return the packed body; TooLargeError over 8 MiB before or 1 MiB after."""
    if len(data) > OPENED_MAX:
        raise TooLargeError(f"a body may open to {OPENED_MAX} bytes, not {len(data)}")
    packed = data
    if packing is Packing.ZSTD:
        import zstandard

        params = zstandard.ZstdCompressionParameters.from_level(3, window_log=20)
        packed = zstandard.ZstdCompressor(compression_params=params).compress(data)
    elif packing is Packing.GZIP:
        packer = zlib.compressobj(6, zlib.DEFLATED, 31)
        packed = packer.compress(data) + packer.flush()
    return _sent(packed)


def decompress(data: bytes, packing: Packing) -> bytes:
    """Return the opened body; TooLargeError over the limits, ProtocolError for damage, a cut end or trailing bytes."""
    _sent(data)
    if packing is Packing.ZSTD:
        return _unzstd(data)
    if packing is Packing.GZIP:
        return _gunzip(data)
    return data


def _sent(data: bytes) -> bytes:
    if len(data) > SENT_MAX:
        raise TooLargeError(f"a body may have {SENT_MAX} bytes, not {len(data)}")
    return data


def _unzstd(data: bytes) -> bytes:
    import zstandard

    try:
        header = zstandard.get_frame_parameters(data)
        # The frame must say how much it holds: only then does one bounded buffer do, whoever made it.
        if header.window_size > WINDOW_MAX or header.content_size > OPENED_MAX:
            raise TooLargeError("the zstd body does not say its size, or asks for too much memory")
        opened = zstandard.ZstdDecompressor(max_window_size=WINDOW_MAX).decompress(
            data, max_output_size=OPENED_MAX, allow_extra_data=False
        )
    except zstandard.ZstdError:
        raise ProtocolError("the zstd body is damaged, cut off or has trailing bytes") from None
    return opened


def _gunzip(data: bytes) -> bytes:
    opener = zlib.decompressobj(31)
    try:
        opened = opener.decompress(data, OPENED_MAX + 1)
    except zlib.error:
        raise ProtocolError("the gzip body is damaged") from None
    if len(opened) > OPENED_MAX:
        raise TooLargeError(f"a body may open to {OPENED_MAX} bytes")
    if not opener.eof or opener.unused_data:
        raise ProtocolError("the gzip body is cut off or has trailing bytes")
    return opened
