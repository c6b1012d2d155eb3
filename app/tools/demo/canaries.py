"""Searches every file of a folder for words that were typed, in every encoding that a careless program would use."""

import base64
import contextlib
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path


def encodings(word: str) -> Iterator[bytes]:
    """The byte forms of a word: UTF-8, -16 and -32, hex, base64 at each of its three alignments, reversed."""
    plain = word.encode()
    for codec in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        yield word.encode(codec)
    yield plain
    yield plain[::-1]
    yield plain.hex().encode()
    yield plain.hex().upper().encode()
    for shift in range(3):
        # the characters that depend on neighbours are cut off at both ends
        whole = base64.b64encode(b"\0" * shift + plain).rstrip(b"=")
        yield whole[2 if shift else 0 : -2]


def hits(folder: Path, words: Iterable[str]) -> list[str]:
    """`file: word` for every canary found below `folder`, also inside zlib streams."""
    found = []
    wanted = [(word, form) for word in words for form in encodings(word)]
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = file.read_bytes()
        views = [data, *inflated(data)]
        found += sorted({f"{file.name}: {word}" for word, form in wanted for view in views if form in view})
    return found


def inflated(data: bytes) -> Iterator[bytes]:
    """What zlib streams inside `data` hold; at most a thousand places are tried."""
    at, tried = data.find(b"\x78"), 0
    while at >= 0 and tried < 1000:
        if data[at + 1 : at + 2] in (b"\x01", b"\x5e", b"\x9c", b"\xda"):
            tried += 1
            with contextlib.suppress(zlib.error):
                yield zlib.decompressobj().decompress(data[at:], 1 << 20)
        at = data.find(b"\x78", at + 1)
