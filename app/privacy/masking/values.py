"""What masking gives back."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What was found; the value is what `safeseat redact --json` prints."""

    ID = "id_number"
    ID_TAIWAN = "id_taiwan"
    ID_HONG_KONG = "id_hong_kong"
    ID_MACAU = "id_macau"
    CARD = "card"
    PHONE = "phone"
    MAIL = "mail"
    ADDRESS = "address"
    PLATE = "plate"
    PASSPORT = "passport"
    TYPING = "typing"
    """Not found by its form: digits that somebody is typing at this moment (drafts only)."""


@dataclass(frozen=True, slots=True)
class Span:
    """One place that was masked: `start` to `end` (exclusive) in the original, in characters, and the mark put there."""

    kind: Kind
    start: int
    end: int
    mark: str


@dataclass(frozen=True, slots=True)
class Masked:
    """The text with marks in place of personal data; spans rise and never overlap."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One finding within a scanned text; `last` are the digits that the mark may show, empty for none."""

    kind: Kind
    start: int
    end: int
    last: str = ""


def listed(text: str) -> tuple[str, ...]:
    """A table of words written with spaces between."""
    return tuple(text.split())
