"""Text as the rules see it: full width made half, invisible characters gone, marks one sign, with the way back.

Rules may only look at `Flat.text`. A text and its masked form have the same flat text, so what a second masking would see is
exactly what the next round of the first one sees (see `scan`).
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

from app.privacy.masking.marks import MARK

MARKED: Final = "\ue000"
"""Stands for a mark; private use, so that no rule's character class holds it."""
KEPT: Final = "\ue001"
"""Stands for a character of something that stays (a date, an amount) while numbers are looked for."""
FIELD: Final = "\ue002"
"""Stands between two form fields."""
HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff"

_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20, 0xA0: 0x20, 0x2007: 0x20, 0x2009: 0x20, 0x202F: 0x20, 0x0085: 0x0A, 0x2028: 0x0A, 0x2029: 0x0A, 0x0B: 0x0A, 0x0C: 0x0A,
    0x2010: 0x2D, 0x2011: 0x2D, 0x2012: 0x2D, 0x2013: 0x2D, 0x2014: 0x2D, 0x2015: 0x2D, 0x2212: 0x2D, 0x2500: 0x2D, 0xFE63: 0x2D,
    0x2022: 0xB7, 0x30FB: 0xB7, 0xFF65: 0xB7, 0x2027: 0xB7, 0x2219: 0xB7, 0x22C5: 0xB7,
    0xD7: 0x58, 0x2169: 0x58, 0x2179: 0x78,
}  # fmt: skip
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)


class Flat:
    """A flat text over an original; `taken` are places of the original already masked. Immutable; linear in length."""

    __slots__ = ("_at", "text")

    def __init__(self, original: str, taken: Sequence[tuple[int, int]] = ()) -> None:
        wide = original.translate(_WIDTH)
        if not taken and "[" not in wide and not _INVISIBLE.search(wide):
            self.text: str = wide
            self._at: list[int] | None = None
            return
        pieces: list[str] = []
        at: list[int] = []
        position = 0
        for start, end in [*taken, (len(wide), len(wide))]:
            for hole in _INVISIBLE.finditer(wide, position, start):
                pieces.append(wide[position : hole.start()])
                at.extend(range(position, hole.start()))
                position = hole.end()
            pieces.append(wide[position:start])
            at.extend(range(position, start))
            if end > start:
                pieces.append(MARKED)
                at.append(start)
            position = end
        self.text, self._at = _without_marks("".join(pieces), at)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the flat text that is not empty stands in the original."""
        if self._at is None:
            return start, end
        return self._at[start], self._at[end - 1] + 1

    def before(self, position: int) -> int:
        """How many flat characters stand before a position of the original."""
        return position if self._at is None else bisect_left(self._at, position)


def _without_marks(text: str, at: list[int]) -> tuple[str, list[int]]:
    pieces: list[str] = []
    kept: list[int] = []
    position = 0
    for mark in MARK.finditer(text):
        pieces += [text[position : mark.start()], MARKED]
        kept += [*at[position : mark.start()], at[mark.start()]]
        position = mark.end()
    return "".join([*pieces, text[position:]]), kept + at[position:]


def blanked(text: str, places: Iterable[tuple[int, int]], sign: str) -> str:
    """The text with each character of the places (rising, apart) replaced by `sign`; as long as before."""
    pieces: list[str] = []
    position = 0
    for start, end in places:
        pieces += [text[position:start], sign * (end - start)]
        position = end
    return "".join([*pieces, text[position:]])
