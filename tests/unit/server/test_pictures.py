"""Photos: JPEG and PNG without data of their own pass, everything else is told in a sentence."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protocol.reports import PHOTO_MAX
from app.server.incidents.pictures import fault_of

HEAD = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def segment(marker: int, data: bytes = b"") -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


PNG = HEAD + chunk(b"IHDR", bytes(13)) + chunk(b"IDAT", b"x") + chunk(b"IEND")
JPEG = b"\xff\xd8" + segment(0xE0, b"JFIF\0") + segment(0xDB, bytes(65)) + segment(0xDA, bytes(10)) + b"\x12\x34\xff\xd9"


def test_a_plain_png_and_a_plain_jpeg_pass() -> None:
    assert fault_of(PNG) == fault_of(JPEG) == ""
    assert fault_of(b"\xff\xd8\xff\x01" + JPEG[2:]) == ""


@pytest.mark.parametrize("kind", [b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"])
def test_a_png_that_tells_of_itself_is_refused(kind: bytes) -> None:
    assert "data of its own" in fault_of(HEAD + chunk(b"IHDR", bytes(13)) + chunk(kind, b"GPS") + chunk(b"IEND"))


@pytest.mark.parametrize("marker", [0xE1, 0xED, 0xFE])
def test_a_jpeg_that_tells_of_itself_is_refused(marker: int) -> None:
    assert "data of its own" in fault_of(b"\xff\xd8" + segment(0xE0) + segment(marker, b"Exif\0\0") + JPEG[2:])


@pytest.mark.parametrize("data", [b"", b"GIF89a", PNG[:-4], PNG + b"x", JPEG[:-1], JPEG + b"more", b"\xff\xd8\xff\xd9", bytes(PHOTO_MAX + 1)])
def test_what_is_no_whole_photo_is_refused_in_a_sentence(data: bytes) -> None:
    assert fault_of(data).endswith(".")


@given(st.binary(max_size=200), st.sampled_from([b"", HEAD, b"\xff\xd8"]))
def test_garbage_never_crashes_the_look_at_it(data: bytes, head: bytes) -> None:
    assert isinstance(fault_of(head + data), str)
