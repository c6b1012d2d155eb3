"""Makes valid numbers and writes them as people do."""

from datetime import date

from hypothesis import strategies as st
from stdnum import luhn

HAN = "零一二三四五六七八九"
PHONE_HAN = "零幺二三四五六七八九"
FORMAL = "零壹贰叁肆伍陆柒捌玖"
ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""As GB 11643 prints them; the rule computes powers of two instead."""


def with_check(first: str) -> str:
    """An identity number from its first 17 digits."""
    return first + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True)) % 11]


@st.composite
def identities(draw: st.DrawFn) -> str:
    area = draw(st.sampled_from(("110101", "310115", "440305", "510104", "650102", "810000", "330106")))
    day = draw(st.dates(min_value=date(1930, 1, 1), max_value=date(2015, 12, 31)))
    return with_check(f"{area}{day:%Y%m%d}{draw(st.integers(1, 999)):03}")


@st.composite
def cards(draw: st.DrawFn) -> str:
    prefix, size = draw(st.sampled_from((("622202", 19), ("621700", 19), ("622588", 16), ("4", 16), ("53", 16), ("37", 15))))
    body = prefix + "".join(draw(st.lists(st.sampled_from("0123456789"), min_size=size - 1 - len(prefix), max_size=size - 1 - len(prefix))))
    return body + luhn.calc_check_digit(body)


mobiles = st.builds(lambda second, rest: f"1{second}{rest:09}", st.integers(3, 9), st.integers(0, 999_999_999))


@st.composite
def written(draw: st.DrawFn, number: str) -> str:
    """The number in one of the ways people write: width, alphabet, gaps."""
    way = draw(st.sampled_from(("plain", "wide", "han", "phone", "formal", "english", "mixed")))
    if way == "english":
        return " ".join(ENGLISH[int(digit)] if digit.isdigit() else "X" for digit in number)
    tables = {"han": HAN, "phone": PHONE_HAN, "formal": FORMAL, "wide": "０１２３４５６７８９"}
    signs = [tables[way][int(digit)] if digit.isdigit() and way in tables else digit for digit in number]
    if way == "mixed":
        signs = [draw(st.sampled_from((digit, "０１２３４５６７８９"[int(digit)]))) if digit.isdigit() else digit for digit in number]
    gap = draw(st.sampled_from(("", " ", "-", "·", "\u3000", "\u200b", "\n", " - ", "—")))
    places = draw(st.sets(st.integers(1, len(signs) - 1), max_size=6)) if gap else set()
    return "".join((gap if place in places else "") + sign for place, sign in enumerate(signs))
