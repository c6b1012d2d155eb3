"""Codes of letters and digits: identity numbers of Taiwan, Hong Kong and Macau, passports, vehicle plates.

Looked for in a text where Chinese digits are figures already (京A幺二三四五). What has no check digit of its own needs the word
before it, but for forms that nothing else has.
"""

import re
from collections.abc import Iterator
from typing import Final

from app.privacy.masking import checks
from app.privacy.masking.flat import FIELD
from app.privacy.masking.labels import Label, Labels
from app.privacy.masking.values import Found, Kind

_G = rf"[ \-.·{FIELD}\n]{{0,2}}"
_FREE = r"(?<![A-Za-z0-9_-])"
_END = r"(?![A-Za-z0-9])"


def _spaced(element: str, count: int) -> str:
    return _G.join([element] * count)


_TAIWAN: Final = re.compile(rf"{_FREE}[A-Za-z]{_G}[1289A-Da-d]{_G}{_spaced('[0-9]', 8)}{_END}")
_HONG_KONG: Final = re.compile(
    rf"{_FREE}(?P<letters>[A-Za-z]{{1,2}}){_G}(?P<digits>{_spaced('[0-9]', 6)}) {{0,2}}(?:\( ?(?P<check>[0-9Aa]) ?\)|[-/ ]?(?P<bare>[0-9Aa]){_END})"
)
_MACAU: Final = re.compile(rf"(?<![0-9A-Za-z/_-])[1578](?:/?{_spaced('[0-9]', 6)} ?\([0-9]\)|/[0-9]{{6}}/[0-9]{_END}|{_spaced('[0-9]', 7)}(?P<plain>){_END})")  # fmt: skip
_PASSPORT: Final = re.compile(rf"{_FREE}(?P<sure>[EeGg]{_G}{_spaced('[0-9]', 8)}|[Ee][A-HJ-NP-Za-hj-np-z]{_G}{_spaced('[0-9]', 7)}){_END}")
_PASSPORT_NAMED: Final = re.compile(rf"{_FREE}[A-Za-z]{{0,3}}{_G}[0-9](?:{_G}[0-9]){{5,9}}(?: ?\([0-9A-Z]\))?{_END}")
_PERMIT_OLD: Final = re.compile(rf"{_FREE}[A-Za-z]{{3}}{_G}{_spaced('[0-9]', 12)}{_END}")
_ALNUM = "[A-HJ-NP-Za-hj-np-z0-9]"
_PLATE: Final = re.compile(
    r"[京津沪滬渝冀豫云辽遼黑湘皖鲁魯新苏蘇浙赣贛鄂桂甘晋晉蒙陕陝吉闽閩贵貴粤粵青藏川宁寧琼瓊]"
    rf" ?[A-Za-z] ?[·.\-]? ?(?=(?:[A-Za-z][ -]?){{0,4}}[0-9])(?:{_ALNUM}[ -]?){{4}}(?:{_ALNUM}{{1,2}}|[挂掛学學警港澳领領]){_END}"
    r"|(?<![A-Za-z0-9])WJ ?[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]? ?[0-9A-Z]{5}"
    r"|(?<![0-9A-Za-z])(?:使 ?[0-9]{6}|[0-9]{6} ?使)(?![0-9])",
)
_PLATE_NAMED: Final = re.compile(
    rf"{_FREE}(?=[A-Za-z \-]{{0,6}}[0-9])(?:[A-Za-z]{{1,3}}[ \-]?[0-9]{{1,4}}|[A-Za-z0-9]{{2,4}}-[A-Za-z0-9]{{2,4}}|[0-9]{{3,4}}[ \-]?[A-Za-z]{{2,3}}){_END}"
)


def codes(text: str, labels: Labels) -> Iterator[Found]:
    """Findings in a flat text with figures for Chinese digits; may overlap, the surer kind comes first."""
    for hit in _TAIWAN.finditer(text):
        code = re.sub("[^A-Za-z0-9]", "", hit[0]).upper()
        label = labels.before(hit.start())
        if label is not Label.OTHER and (checks.taiwan(code) or label is Label.ID):
            yield Found(Kind.ID_TAIWAN, hit.start(), hit.end(), code[-4:])
    yield from _hong_kong(text, labels)
    for hit in _MACAU.finditer(text):
        label = labels.before(hit.start())
        if label is Label.MACAU or (hit["plain"] is None and label is not Label.OTHER):
            yield Found(Kind.ID_MACAU, hit.start(), hit.end())
    for hit in _PASSPORT.finditer(text):
        if labels.before(hit.start()) is not Label.OTHER:
            yield Found(Kind.PASSPORT, hit.start(), hit.end())
    for hit in _PERMIT_OLD.finditer(text):
        if labels.before(hit.start()) is Label.ID:
            yield Found(Kind.ID, hit.start(), hit.end(), re.sub("[^0-9]", "", hit[0])[-4:])
    for hit in _PASSPORT_NAMED.finditer(text):
        figure = re.compile("[0-9]").search(text, hit.start())
        assert figure is not None
        for start in (hit.start(), figure.start()):  # "passport no. 3…": the letters before are not its own
            if labels.before(start) is Label.PASSPORT:
                yield Found(Kind.PASSPORT, start, hit.end())
                break
    for hit in _PLATE.finditer(text):
        yield Found(Kind.PLATE, hit.start(), hit.end())
    for hit in _PLATE_NAMED.finditer(text):
        if labels.before(hit.start()) is Label.PLATE:
            yield Found(Kind.PLATE, hit.start(), hit.end())


def _hong_kong(text: str, labels: Labels) -> Iterator[Found]:
    for hit in _HONG_KONG.finditer(text):
        letters, digits = hit["letters"].upper(), re.sub("[^0-9]", "", hit["digits"])
        check = (hit["check"] or hit["bare"]).upper()
        label = labels.before(hit.start())
        right = checks.hong_kong(letters, digits, check)
        if label is not Label.OTHER and (right or hit["check"] or label is Label.ID):
            yield Found(Kind.ID_HONG_KONG, hit.start(), hit.end())
