"""Check digits and shapes of numbers.

Sources: GB 11643-1999 (identity numbers: ISO 7064 MOD 11-2), GB/T 2260 (first two digits), ISO/IEC 7812 (Luhn), the rules
published by Taiwan's and Hong Kong's registration offices. Tests hold them against python-stdnum where it knows them.
"""

from datetime import date
from typing import Final

from app.privacy.masking.values import listed

_PROVINCES: Final = frozenset(
    listed("11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91 92 93 94 95 96")
)
_TAIWAN: Final = {letter: number for number, letter in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO", start=10)}
_LAST_LIKELY_BIRTH: Final = 2018
"""Without a right check digit a later date is rather an order's than a customer's."""


def identity(digits: str) -> bool:
    """An 18-digit identity number: province, date of birth and check digit are right."""
    return identity_shape(digits) and digits[17] == identity_check(digits)


def identity_shape(digits: str) -> bool:
    """18 digits with a province and a date of birth where they belong; the check digit may be wrong."""
    if len(digits) != 18 or digits[:2] not in _PROVINCES or "X" in digits[:17]:
        return False
    return _day(digits[6:10], digits[10:12], digits[12:14])


def identity_likely(digits: str) -> bool:
    """As `identity_shape`, born early enough to be a customer: what one mistyped digit leaves."""
    return identity_shape(digits) and int(digits[6:10]) <= _LAST_LIKELY_BIRTH


def identity_check(digits: str) -> str:
    """The 18th character for the first 17 digits."""
    return "10X98765432"[sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(digits[:17])) % 11]


def identity_old(digits: str) -> bool:
    """The 15-digit form used until 1999: province and date of birth, no check digit."""
    return len(digits) == 15 and digits.isdigit() and digits[:2] in _PROVINCES and _day("19" + digits[6:8], digits[8:10], digits[10:12])


def _day(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return 1900 <= int(year) <= 2099


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others; no digits: no."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        double = int(digit) * 2 if place % 2 else int(digit)
        total += double - 9 if double > 9 else double
    return bool(digits) and total % 10 == 0


_CARD_PREFIXES: Final = (
    (("62",), range(16, 20)),
    (("4",), (13, 16, 19)),
    (tuple(str(number) for number in range(51, 56)), (16, 19)),
    (tuple(str(number) for number in range(2221, 2721)), (16,)),
    (("34", "37"), (15,)),
    (("30", "36", "38", "39"), (14,)),
    (("35",), (16,)),
    (("6011", "64", "65"), (16, 19)),
    (("60", "9558", "9559", "81", "82"), (16, 17, 18, 19)),
    (("50", "56", "57", "58", "63", "67", "68", "69"), (16, 19)),
)


def card(digits: str) -> bool:
    """A payment card: an issuer's prefix with a length that goes with it, and Luhn."""
    fits = any(len(digits) in lengths and digits.startswith(prefixes) for prefixes, lengths in _CARD_PREFIXES)
    return fits and digits.isdigit() and luhn(digits)


def taiwan(code: str) -> bool:
    """A Taiwan identity number or resident certificate: letter, then 1, 2, 8, 9 or A to D, then eight digits."""
    first = _TAIWAN[code[0]]
    second = str(_TAIWAN[code[1]] % 10) if code[1].isalpha() else code[1]
    numbers = [first // 10, first % 10, *(int(digit) for digit in second + code[2:])]
    return sum(number * weight for number, weight in zip(numbers, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True)) % 10 == 0


def hong_kong(letters: str, digits: str, check: str) -> bool:
    """A Hong Kong identity number: one or two letters, six digits, check digit (0-9 or A)."""
    values = [36, *(ord(letter) - 55 for letter in letters)][-2:] + [int(digit) for digit in digits]
    last = 10 if check == "A" else int(check)
    return (sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True)) + last) % 11 == 0
