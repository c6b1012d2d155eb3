"""Digits in a flat text, written or spoken (三, 幺, 壹, "three", "double five"), grouped, and runs of groups.

A run is what one may read as one number: groups with spaces, dashes, dots, a line break, the border of a field or a word of
hesitation between. What it is, `numbers` decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.privacy.masking.flat import FIELD, HAN

_HAN: Final = {
    sign: str(digit)
    for digit, signs in enumerate(("零〇○", "一幺么壹弌", "二两兩贰貳弐", "三叁參参", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖"))
    for sign in signs
}
SPOKEN_HAN: Final = "".join(_HAN)
TO_DIGITS: Final = {ord(sign): digit for sign, digit in _HAN.items()}
"""For `str.translate`: one Chinese digit, one figure; the length stays."""
_COUNTS: Final = re.compile(r"(?<=[0-9A-Za-z])[一二三四五两兩](?=[直辆輛台架部次个個早起共样樣下边邊出进進整家位人同般旦会會天晚路车車停到来來度年月周週小半])")
_ENGLISH: Final = {word: str(digit) for digit, words in enumerate(("zero oh o nought", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine niner")) for word in words.split()}  # fmt: skip


def figured(text: str) -> str:
    """The text with figures for Chinese digits, as long as before; 一 of 一直 and 两 of 两次 behind a figure stay words."""
    words = {hit.start() for hit in _COUNTS.finditer(text)}
    figures = text.translate(TO_DIGITS)
    return "".join([text[at] if at in words else sign for at, sign in enumerate(figures)]) if words else figures


_TIMES: Final = {"double": 2, "triple": 3, "treble": 3}
ENGLISH_WORDS: Final = (*_ENGLISH, *_TIMES, "hundred")

HESITATION: Final = "嗯|啊|呃|哦|额|那个|然后|再|横杠|杠|空格|uh|um|er|and then|then|dash|hyphen|space"
"""Words between spoken digits, as a pattern."""

_WORDS = "|".join(sorted(_ENGLISH, key=len, reverse=True))
_ATOM: Final = re.compile(
    rf"(?P<figures>[0-9]+)|(?P<han>[{SPOKEN_HAN}]+)|"
    r"(?<![A-Za-z])(?:(?P<times>double|triple|treble)[ -]{1,2})?(?P<english>" + _WORDS + ")(?![A-Za-z])"
    rf"(?P<hundred>[ -]hundred(?=[ ,-]{{1,3}}(?:double |triple )?(?:{_WORDS})(?![A-Za-z])))?|"
    r"(?P<x>[Xx](?![0-9A-Za-z])|叉)",
    re.I,
)
_BETWEEN: Final = re.compile(
    rf"[ \t]{{0,4}}[-.·()/_~]{{0,2}}[ \t]{{0,4}}(?:(?:\r?\n|\r|{FIELD}){{1,2}}[ \t]{{0,8}}[-.·()]?[ \t]{{0,2}})?"
)
_BETWEEN_SPOKEN: Final = re.compile(
    rf"[ \t\r\n,.。、…~{FIELD}-]{{0,4}}(?:(?:{HESITATION})[ ,.。、…~-]{{0,3}}){{0,2}}"
)
_HAN_SIGN: Final = re.compile(f"[{HAN}]")
_COMMA: Final = re.compile("[,、] ?")
_LONGEST_GAP: Final = 28
_NUMBER: Final = 7


@dataclass(frozen=True, slots=True)
class Group:
    """Digits without a gap. `weak`: a comma, slash or underscore joins it to the group before."""

    start: int
    end: int
    digits: str
    spoken: bool
    weak: bool = False


def runs(text: str) -> Iterator[list[Group]]:
    """The runs of a flat text, in order; linear in its length."""
    run: list[Group] = []
    for hit in _ATOM.finditer(text):
        if hit["x"]:
            if run and hit.start() - run[-1].end < _LONGEST_GAP and _BETWEEN.fullmatch(text, run[-1].end, hit.start()):
                run.append(Group(hit.start(), hit.end(), "X", spoken=False))
                yield run
                run = []
            continue
        spoken = hit["figures"] is None
        weak = False
        if run:
            joined, weak = _joined(text[run[-1].end : min(hit.start(), run[-1].end + _LONGEST_GAP)], spoken or run[-1].spoken)
            apart = _is_word(text, hit.start(), hit.end()) if spoken else _is_word(text, run[-1].start, run[-1].end)
            whole = weak and len(run[-1].digits) >= _NUMBER  # 62345678、62345679: two numbers
            if not joined or whole or (apart and spoken != run[-1].spoken) or hit.start() - run[-1].end >= _LONGEST_GAP:
                yield run
                run = []
        run.append(Group(hit.start(), hit.end(), _digits(hit), spoken, weak and bool(run)))
    if run:
        yield run


def _is_word(text: str, start: int, end: int) -> bool:
    """One or two Chinese digits beside other characters are a part of a word: 张三, 一共."""
    if end - start > 2 or text[start] not in SPOKEN_HAN:
        return False
    return any(_HAN_SIGN.match(sign) is not None for sign in (text[max(0, start - 1) : start], text[end : end + 1]))


def _digits(hit: re.Match[str]) -> str:
    if hit["figures"]:
        return hit["figures"]
    if hit["han"]:
        return hit["han"].translate(TO_DIGITS)
    return _ENGLISH[hit["english"].lower()] * _TIMES.get((hit["times"] or "").lower(), 1) + ("00" if hit["hundred"] else "")


def _joined(gap: str, spoken: bool) -> tuple[bool, bool]:
    if _BETWEEN.fullmatch(gap):
        return True, "/" in gap or "_" in gap
    if spoken and _BETWEEN_SPOKEN.fullmatch(gap):
        return True, False
    return bool(_COMMA.fullmatch(gap)), True
