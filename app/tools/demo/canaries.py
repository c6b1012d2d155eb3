"""Looks for typed strings in every file of a folder, in every form in which a program could have left them there."""

import base64
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from app.domain.errors import UsageError

LARGEST = 64 * 1024 * 1024
OPENED = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """A canary in a file (or in something packed inside it) and how it was written there."""

    path: Path
    canary: str
    form: str


def forms(canary: str) -> dict[str, bytes]:
    """Return the canary's bytes in each encoding; base64 in its three alignments, without the characters at the edges."""
    utf8 = canary.encode()
    found = {
        "utf-8": utf8,
        "utf-16-le": canary.encode("utf-16-le"),
        "utf-16-be": canary.encode("utf-16-be"),
        "utf-32-le": canary.encode("utf-32-le"),
        "utf-32-be": canary.encode("utf-32-be"),
        "gb18030": canary.encode("gb18030"),
        "big5": canary.encode("big5", "ignore"),
        "hex": utf8.hex().encode(),
        "HEX": utf8.hex().upper().encode(),
        "json": json.dumps(canary)[1:-1].encode(),
        "percent": quote(canary).encode(),
        "reversed": utf8[::-1],
    }
    for wide in (False, True):
        raw = canary.encode("utf-16-le") if wide else utf8
        for shift in range(3):
            text = base64.b64encode(bytes(shift) + raw)
            cut = text[(shift * 8 + 5) // 6 : -4]
            found[f"base64 {'utf-16 ' if wide else ''}+{shift}"] = cut
            found[f"base64url {'utf-16 ' if wide else ''}+{shift}"] = cut.translate(bytes.maketrans(b"+/", b"-_"))
    return {name: data for name, data in found.items() if len(data) >= 6}


def scan(folder: Path, canaries: Iterable[str]) -> list[Found]:
    """Return every canary found in the files below `folder`, in their names too."""
    wanted = [(canary, form, data) for canary in canaries for form, data in forms(canary).items()]
    found: list[Found] = []
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder)).encode("utf-8", "surrogateescape")
        parts = [("name", name)]
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            if len(data) > LARGEST:
                raise UsageError(f"{path} is too large to be searched for canaries.")
            parts += [("", data), *unpacked(data)]
        for where, data in parts:
            found += [Found(path, canary, f"{where} {form}".strip()) for canary, form, wish in wanted if wish in data]
    return found


def unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what opens as zlib, raw deflate after a zip header, gzip or zstd anywhere inside."""
    for mark, bits, name in ((b"\x78\x01", 15, "zlib"), (b"\x78\x5e", 15, "zlib"), (b"\x78\x9c", 15, "zlib"),
                             (b"\x78\xda", 15, "zlib"), (b"\x1f\x8b\x08", 31, "gzip")):  # fmt: skip
        for at in _places(data, mark):
            opened = _inflate(data[at:], bits)
            if opened:
                yield name, opened
    for at in _places(data, b"\x28\xb5\x2f\xfd"):
        opened = _unzstd(data[at:])
        if opened:
            yield "zstd", opened
    for at in _places(data, b"PK\x03\x04"):
        skip = (
            30 + int.from_bytes(data[at + 26 : at + 28], "little") + int.from_bytes(data[at + 28 : at + 30], "little")
        )
        opened = _inflate(data[at + skip :], -15)
        if opened:
            yield "zip", opened


def _places(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)


def _inflate(data: bytes, bits: int) -> bytes:
    try:
        return zlib.decompressobj(bits).decompress(data, OPENED)
    except zlib.error:
        return b""


def _unzstd(data: bytes) -> bytes:
    import zstandard

    try:
        return zstandard.ZstdDecompressor().decompressobj().decompress(data)[:OPENED]
    except zstandard.ZstdError:
        return b""
