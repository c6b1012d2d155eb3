"""What is a phone number: mainland, Taiwan, Hong Kong, Macau, international; and what is a hotline and stays.

Sources: the numbering plans of the mainland (area codes 010, 02x, 0[3-9]xx; mobiles 1[3-9]), Taiwan (02 to 089, mobiles 09),
Hong Kong and Macau (eight digits, no area codes), ITU-T E.164 (at most 15 digits with the country code).
"""

import re
from typing import Final

from app.privacy.masking.digits import SPOKEN_HAN
from app.privacy.masking.values import listed

CANONICAL: Final = frozenset(
    listed(
        "11 3-4-4 3-8 3-3-5 4-3-4 4-4-3 7-4 5-6 3-3-3-2 "  # a mainland mobile
        "2-11 2-3-4-4 2-3-8 4-11 4-3-4-4 "  # with 86 or 0086
        "3-7 3-8 4-7 4-8 3-4-4 3-3-4 4-4-4 4-3-4 "  # mainland landlines
        "2-8 2-4-4 2-7 2-3-4 3-6 3-3-3 4-6 4-3-3 10 4-5 "  # Taiwan
        "3-8 3-4-4 1-3-3-4 3-3-4 1-10 2-3-3-4"  # Hong Kong, Macau, North America
    )
)
_MOBILE: Final = re.compile(r"(?:(?:00)?86)?1[3-9][0-9]{9}")
_LANDLINE: Final = re.compile(r"0(?:10|2[0-9])[0-9]{7,8}|0[3-9][0-9]{2}[0-9]{7,8}")
_TAIWAN: Final = re.compile(r"09[0-9]{8}|0(?:2[0-9]{8}|[3-8][0-9]{7,8})")
_ABROAD: Final = re.compile(
    r"(?:00)?(?:85[23][235-9][0-9]{7}|886(?:0?9[0-9]{8}|0?[2-8][0-9]{7,8})|860?[1-9][0-9]{8,10})"
)
_HOTLINE: Final = re.compile(r"(?:(?:00)?86)?[48]00[0-9]{7}|080[09][0-9]{6}|8(?:00|88|77|66|55|44|33)[0-9]{7}|800[0-9]{6}|1010[0-9]{4}|(?:95|96)[0-9]{3,6}")  # fmt: skip
_AMERICAN: Final = re.compile("1?[2-9][0-9]{2}[2-9][0-9]{6}")
_TRUNK: Final = re.compile("0[1-9][0-9]{8,9}")
_NOT_COUNTED = "(?![0-9A-Za-z]|[.,:-][0-9]|[ ]?[年月日号號线線台室楼樓层層组組人个個次元块塊点點分秒岁歲通单單万萬%])"
_EXTENSION: Final = re.compile(
    rf"(?:[ ,(]{{0,2}}(?:[转轉接](?:分[机機])?|分[机機]|内线|內線)[号號]?(?:是|为|為)?[ :#]{{0,2}}(?:[0-9]{{1,6}}{_NOT_COUNTED}|[{SPOKEN_HAN}]{{3,6}}(?![{SPOKEN_HAN}]))"
    rf"|[ ,(]{{0,2}}(?:(?:extension|extn|ext)[. :#]{{0,2}}|x)[0-9]{{1,6}}(?![0-9A-Za-z])|#[0-9]{{1,6}}(?![0-9A-Za-z]))\)?",
    re.I,
)
_BEHIND_LANDLINE: Final = re.compile(rf"(?:-|[ ]?#[ ]?)[0-9]{{1,5}}{_NOT_COUNTED}")
_YEARS: Final = re.compile("20[0-9]{2}20[0-9]{2}")


def hotline(digits: str, shape: str, *, plus: bool) -> bool:
    """400, 800 and the like: an organisation's number that callers do not pay; nobody's personal number."""
    american = len(digits) == 11 and digits.startswith("18") and (plus or shape == "1-3-3-4")
    return _HOTLINE.fullmatch(digits[1:] if american else digits) is not None


def american(digits: str) -> bool:
    """A North American number, with or without the 1: area and exchange begin with 2 to 9."""
    return _AMERICAN.fullmatch(digits) is not None


def spoken_trunk(digits: str) -> bool:
    """A number with a trunk zero, as Britain, Australia and Taiwan say it; counting up from zero is none."""
    return _TRUNK.fullmatch(digits) is not None and digits != "0123456789"


def with_extension(text: str, end: int, digits: str) -> int:
    """Where a phone number of these digits ends with its extension (转8013, #315, ext. 22; -803 after a landline)."""
    landline = digits[0] == "0" and not digits.startswith(("00", "09"))
    hit = _EXTENSION.match(text, end) or (_BEHIND_LANDLINE.match(text, end) if landline else None)
    if hit is None:
        return end
    return hit.end() - 1 if hit[0].endswith(")") and "(" not in hit[0] else hit.end()


def is_phone(digits: str, shape: str, *, plus: bool, called: bool, bracketed: bool = False) -> bool:
    """Whether 7 or more digits in groups of this `shape` ("3-4-4") are a phone number.

    `plus`: a + before them; `called`: a word such as 电话 before them; `bracketed`: the first group is.
    """
    if hotline(digits, shape, plus=plus) or not digits.isdigit():
        return False
    if plus:
        return len(digits) <= 15 and digits[0] != "0"
    if _MOBILE.fullmatch(digits) or (digits.startswith(("00", "85", "886")) and _ABROAD.fullmatch(digits) and _abroad(digits, shape)):
        return True
    if digits[0] == "0" and digits[1] != "0":
        return _national(digits, shape, called)
    return _local(digits, shape, called, bracketed)


def _abroad(digits: str, shape: str) -> bool:
    return digits.startswith("00") or shape.startswith(("3-", "11"))


def _national(digits: str, shape: str, called: bool) -> bool:
    """With a trunk zero: mainland landlines in one piece need all eleven digits unless the word before tells."""
    if called:
        return len(digits) <= 12
    lengths = shape.split("-")
    if len(lengths) == 1:
        sure = len(digits) >= 11 or digits.startswith("09")
        return sure and bool(_LANDLINE.fullmatch(digits) or _TAIWAN.fullmatch(digits))
    area = digits[: int(lengths[0])]
    if not 2 <= len(area) <= 4:
        return bool(_LANDLINE.fullmatch(digits) or (digits.startswith("09") and _TAIWAN.fullmatch(digits)))
    return bool(_LANDLINE.fullmatch(digits) or _TAIWAN.fullmatch(digits) or (10 <= len(digits) <= 11 and len(lengths) == 3))


def _local(digits: str, shape: str, called: bool, bracketed: bool) -> bool:
    if called:
        return len(digits) <= 15
    if len(digits) == 8 and shape == "4-4":
        return digits[0] in "23569" and not _YEARS.fullmatch(digits)
    if shape == "1-3-3-4":
        return american(digits)
    return shape in ("3-3-4", "3-7") and american(digits) and (shape == "3-3-4" or bracketed)
