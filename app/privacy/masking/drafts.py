"""Digits that are being typed: no stored version of a draft may hold four or more of a number in progress."""

import re
from typing import Final

from app.privacy.masking.digits import ENGLISH_WORDS, HESITATION, runs
from app.privacy.masking.flat import Flat

_ENOUGH: Final = 4
_STEMS = "|".join(sorted({word[:size] for word in ENGLISH_WORDS for size in range(1, len(word) + 1)}, key=len, reverse=True))
_UNFINISHED: Final = re.compile(
    rf"[ \t\r\n,.。、…~()/_·-]{{0,6}}(?:(?:{HESITATION})[ ,.。、…~-]{{0,3}}){{0,2}}(?:(?:{_STEMS})[ -]?){{0,2}}", re.I
)
_FAR: Final = 40


def typing_at(text: str, cursor: int) -> tuple[int, int] | None:
    """The run of four or more digits, written or spoken, that the cursor is in or just behind, in the original's places."""
    flat = Flat(text)
    at = flat.before(cursor)
    chosen = None
    for run in runs(flat.text):
        start, end = run[0].start, run[-1].end
        if start > at:
            break
        if sum(len(group.digits) for group in run) < _ENOUGH:
            continue
        if at <= end or (at - end <= _FAR and _UNFINISHED.fullmatch(flat.text, end, at)):
            chosen = start, end
    return None if chosen is None else flat.original(*chosen)
