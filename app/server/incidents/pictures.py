"""Whether bytes are a photo as a PC may send it: JPEG or PNG, whole, and without data about camera, place or author."""

from app.protocol.reports import PHOTO_MAX

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_TALK = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_JPEG_TALK = frozenset({0xE1, 0xED, 0xFE})
"""APP1 (Exif, XMP), APP13 (IPTC) and comments; JFIF, colour profile and Adobe's colour flag tell nothing of a person."""
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
_SCAN, _END = 0xDA, b"\xff\xd9"


def fault_of(data: bytes) -> str:
    """Return why these bytes are no such photo, as one English sentence; empty if they are."""
    if not 0 < len(data) <= PHOTO_MAX:
        return f"A photo has up to {PHOTO_MAX} bytes."
    if data.startswith(_PNG):
        return _png(data)
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    return "A photo is a JPEG or a PNG."


def _png(data: bytes) -> str:
    at, ended = len(_PNG), False
    while at < len(data) and not ended:
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if at + 12 + size > len(data):
            return "The PNG is cut off."
        if kind in _PNG_TALK:
            return "The photo carries data of its own; it has to be taken off first."
        ended = kind == b"IEND"
        at += 12 + size
    return "" if ended and at == len(data) else "The PNG is cut off, or something follows it."


def _jpeg(data: bytes) -> str:
    if not data.endswith(_END):
        return "The JPEG is cut off, or something follows it."
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _JPEG_TALK:
            return "The photo carries data of its own; it has to be taken off first."
        if marker == _SCAN:
            return ""
        at += 2 if marker in _JPEG_BARE else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return "The JPEG is damaged."
