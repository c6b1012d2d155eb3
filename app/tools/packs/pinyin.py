"""Readings of Chinese phrases for the index: 骂人 -> MaRen, with the other readings of characters that have several."""

import re
from collections.abc import Mapping
from typing import Any

from pypinyin import Style, lazy_pinyin, pinyin

from app.content.search.sections import FIELDS, phrases
from app.content.search.words import has_han, plain_han

_PIECE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
OTHER_READINGS = 4
"""At most so many further readings of one phrase; the first is the one of the phrase as a whole."""


def readings(phrase: str, others: int = OTHER_READINGS) -> list[str]:
    """The phrase as it may be typed, most usual reading first; nothing if it holds no Han character."""
    text = plain_han(phrase)
    if not has_han(text):
        return []
    usual = lazy_pinyin(text, errors=_letters)
    found = ["".join(map(_cased, usual))]
    if others:
        pieces = _PIECE.findall(text)
        # pieces without a reading, such as digits, would shift the places
        for at, (mine, piece) in enumerate(zip(usual, pieces)) if len(usual) == len(pieces) else ():
            for one in pinyin(piece, style=Style.NORMAL, heteronym=True, errors=_letters)[0]:
                if one != mine and len(found) <= others:
                    found.append("".join(map(_cased, [*usual[:at], one, *usual[at + 1 :]])))
    return list(dict.fromkeys(filter(None, found)))


def script_readings(script: Mapping[str, Any]) -> dict[str, list[str]]:
    """The readings of a script in three languages by field; whole sentences in their usual reading only."""
    found: dict[str, list[str]] = {}
    for part in FIELDS:
        short = part in ("title", "words")
        texts = phrases(script, part, "zh_CN") + (phrases(script, part, "zh_TW") if short else [])
        each = [one for text in dict.fromkeys(texts) for one in readings(text, OTHER_READINGS if short else 0)]
        found[part] = list(dict.fromkeys(each))
    return found


def sounds() -> str:
    """The usual reading of the common characters of both scripts (GB 2312, Big5 level 1), one line a syllable."""
    table: dict[str, list[str]] = {}
    for one in dict.fromkeys(_common("gb2312", 0xB0, 0xF7) + _common("big5", 0xA4, 0xC6)):
        reading = lazy_pinyin(one, errors="ignore")
        if reading and (syllable := _cased(reading[0])):
            table.setdefault(syllable, []).append(one)
    return "".join(f"{syllable}{''.join(table[syllable])}\n" for syllable in sorted(table))


def _common(name: str, first: int, last: int) -> list[str]:
    """The Han characters of a double-byte set in the rows `first` to `last`."""
    found = []
    for high in range(first, last + 1):
        for low in range(0x40, 0xFF):
            one = bytes((high, low)).decode(name, errors="ignore")
            if len(one) == 1 and has_han(one):
                found.append(one)
    return found


def _letters(other: str) -> str:
    """Latin letters within Chinese, as capitals to tell them from syllables; digits are not typed as pinyin."""
    return "".join(one for one in other if one.isascii() and one.isalpha()).upper()


def _cased(syllable: str) -> str:
    if syllable.isupper():
        return syllable
    plain = "".join(one for one in syllable.replace("ü", "v") if one.isascii() and one.isalpha())
    return plain.capitalize()
