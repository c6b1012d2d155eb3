"""Codes of letters and digits: identity numbers of Taiwan, Hong Kong and Macau, passports, and (from `plates`) vehicle plates.

Looked for in a text where Chinese digits are figures already (京A幺二三四五). What has no check digit of its own needs the word
before it, but for forms that nothing else has.
"""

import re
from collections.abc import Iterator
from typing import Final

from app.privacy.masking import checks
from app.privacy.masking.flat import FIELD, HAN, MARKED
from app.privacy.masking.labels import Label, Labels
from app.privacy.masking.plates import plates
from app.privacy.masking.values import Found, Kind

_G = rf"[ \-.·{FIELD}\n]{{0,2}}"
_FREE = r"(?<![A-Za-z0-9_-])"
_END = r"(?![A-Za-z0-9])"


def _spaced(element: str, count: int) -> str:
    return _G.join([element] * count)


_GC = rf"[ \-.·,、{FIELD}\n]{{0,2}}"
_TAIWAN: Final = re.compile(rf"{_FREE}[A-Za-z]{_GC}[1289A-Da-d]{_GC}{_GC.join(['[0-9]'] * 8)}{_END}")
_LISTED: Final = re.compile("[,、]")
_HONG_KONG: Final = re.compile(
    rf"{_FREE}(?P<letters>[A-Za-z]{{1,2}}){_G}(?P<digits>{_spaced('[0-9]', 6)}) {{0,2}}(?:\( ?(?P<check>[0-9Aa]) ?\)|[-/ ]?(?P<bare>[0-9Aa]){_END})"
)
_MACAU: Final = re.compile(rf"(?<![0-9A-Za-z/_-])[1578](?:/?{_spaced('[0-9]', 6)} ?\([0-9]\)|/[0-9]{{6}}/[0-9]{_END}|{_spaced('[0-9]', 7)}(?P<plain>){_END})")  # fmt: skip
_PASSPORT: Final = re.compile(rf"{_FREE}(?P<sure>[EeGg]{_G}{_spaced('[0-9]', 8)}|[Ee][A-HJ-NP-Za-hj-np-z]{_G}{_spaced('[0-9]', 7)}){_END}")
_PASSPORT_NAMED: Final = re.compile(rf"{_FREE}[A-Za-z]{{0,3}}{_G}[0-9](?:{_G}[0-9]){{5,9}}(?: ?\([0-9A-Z]\))?{_END}")
_PASSPORT_BEHIND: Final = re.compile(
    rf"{_FREE}(?!(?:KB|SR|HR|CR|CS|SF|TK|WO|PR|RQ|NO|IT|QA)[ -]?[0-9])[A-Za-z]{{1,2}}[ -]?[0-9]{{6,9}}(?=[ ,]{{0,2}}\(?(?:(?:is|on|as) )?(?:(?:an?|his|her|my|their|your) )?(?:[A-Z][A-Za-z]{{1,14}} )?passport(?![A-Za-z]| (?:issue|renewal|upload|scan|policy|problem|question|desk|office|cover|case|request|application|page|copy))|"
    rf"[ ,(]{{0,2}}(?:(?:是|为|為)?[他她我您你]?的?|[{HAN}]{{2,4}}的?)(?:护照|護照)(?!件|换|換|问题|問題|业务|業務|办|辦|更新|咨询|諮詢|申|上传|上傳|扫|掃|复印|影本))"
)
"""Letters of tickets (KB, SR …) and what one does with a passport (renewal, 换发) tell another thing's number."""
_NAMES_NEXT: Final = re.compile(r"[^0-9;。\n]{0,40}?(?:passport|护照|護照)(?:号码?|號碼?| no\.?| number)?(?: is|是|为|為)?[ :#]{0,3}(?:[A-Za-z]{0,3}[0-9]|" + MARKED + ")", re.I)
"""The word belongs to the number behind it, found already or not."""
_PERMIT_OLD: Final = re.compile(rf"{_FREE}[A-Za-z]{{3}}{_G}{_spaced('[0-9]', 12)}{_END}")


def codes(text: str, labels: Labels) -> Iterator[Found]:
    """Findings in a flat text with figures for Chinese digits; may overlap, the surer kind comes first."""
    for hit in _TAIWAN.finditer(text):
        code = re.sub("[^A-Za-z0-9]", "", hit[0]).upper()
        label = labels.before(hit.start())
        proven = checks.taiwan(code) and not _LISTED.search(hit[0])
        if label is Label.ID or (proven and label is not Label.OTHER):
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
    for hit in _PASSPORT_BEHIND.finditer(text):
        if labels.before(hit.start()) is Label.NONE and not _NAMES_NEXT.match(text, hit.end()):
            yield Found(Kind.PASSPORT, hit.start(), hit.end())
    yield from plates(text, labels)


def _hong_kong(text: str, labels: Labels) -> Iterator[Found]:
    for hit in _HONG_KONG.finditer(text):
        letters, digits = hit["letters"].upper(), re.sub("[^0-9]", "", hit["digits"])
        check = (hit["check"] or hit["bare"]).upper()
        label = labels.before(hit.start())
        word = hit["letters"].islower() and text[hit.end("letters")] == " "  # "is 1-766-200"
        right = checks.hong_kong(letters, digits, check) and not word
        if label is not Label.OTHER and (right or hit["check"] or label is Label.ID):
            yield Found(Kind.ID_HONG_KONG, hit.start(), hit.end())
