"""Types of fields that messages and records share: bounded, and each says what it is for (the privacy table reads it).

A bound holds when bytes are decoded; encoders decode their own output once, so that nothing out of bounds is sent.
"""

from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from app.protocol.errors import ProtocolError, TooLargeError

_T = TypeVar("_T")

Id16 = Annotated[bytes, Meta(min_length=16, max_length=16)]
Hash32 = Annotated[bytes, Meta(min_length=32, max_length=32)]
Sig64 = Annotated[bytes, Meta(min_length=64, max_length=64)]
Ms = Annotated[int, Meta(ge=0, le=1 << 53)]
Count = Annotated[int, Meta(ge=0, le=1 << 53)]
Seconds = Annotated[int, Meta(ge=0, le=366 * 86400)]
Code = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_.-]{0,63}\Z")]
"""A word of ours, never free text."""
Name = Annotated[str, Meta(max_length=64)]
Label = Annotated[str, Meta(max_length=64)]
Version = Annotated[str, Meta(max_length=32)]
Level = Annotated[int, Meta(ge=1, le=3)]
Sentence = Annotated[int, Meta(ge=0, le=99)]
"""Number of a ready sentence; 0 is none."""


def description(field: msgspec.inspect.Field) -> str:
    """Return what a field is for: the text of its own `Meta(description=…)`, empty if it has none."""
    kind = field.type
    if isinstance(kind, msgspec.inspect.Metadata):
        return str((kind.extra_json_schema or {}).get("description", ""))
    return ""


def canonical(value: object) -> bytes:
    """Return the one JSON form of a value: keys sorted, no spaces, UTF-8, bytes in base64."""
    return msgspec.json.encode(value, order="sorted")


def decode(data: bytes, kind: type[_T], what: str, limit: int) -> _T:
    """Return `data` decoded strictly as `kind`; TooLargeError over `limit` bytes, ProtocolError naming `what`."""
    return decode_by(msgspec.json.Decoder(kind), data, what, limit)


def decode_by(decoder: "msgspec.json.Decoder[_T]", data: bytes, what: str, limit: int) -> _T:
    """The same with a decoder that is there already, or is for several types."""
    if len(data) > limit:
        raise TooLargeError(f"{what} may have {limit} bytes, not {len(data)}")
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ProtocolError(f"this is not {what}") from None
