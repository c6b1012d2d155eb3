"""Numbers made of digits alone: identity numbers of the mainland, bank cards, phone numbers.

Three passes over each run, the surest first: what a check digit proves in any spacing, then groups that are a number by
themselves, then groups put together. Bounded: a number has at most 22 digits, so each group is tried with 22 others.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.privacy.masking import checks
from app.privacy.masking.digits import Group, runs
from app.privacy.masking.labels import Label, label_before
from app.privacy.masking.phones import CANONICAL, is_phone
from app.privacy.masking.values import Found, Kind, listed

_LONGEST: Final = 22
_CARD_SHAPES: Final = frozenset({"4-4-4-4", "4-4-4-4-3", "4-4-4-4-2", "4-4-4-4-1", "6-13", "6-12", "6-10", "8-8", "4-6-5", "4-6-4", "4-4-4-3", "4-4-4-5", "6-4-4-4-1", "4-5-5-5"})  # fmt: skip
_OLD_SHAPES: Final = frozenset({"15", "6-6-3", "6-9", "6-2-2-2-3", "12-3"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """Groups that may be one number. `alone`: nothing else is in the run; `plus`: a + stands before; `code`: letters touch it."""

    digits: str
    shape: str
    alone: bool
    weak: bool
    spoken: bool
    plus: bool
    code: bool
    label: Label

    def natural(self, shapes: frozenset[str]) -> bool:
        """Whether one would read it as one number: by itself in one piece, in a usual grouping, or alone in its run."""
        return "-" not in self.shape or self.shape in shapes or (self.alone and not self.weak)


def _proven_identity(number: Candidate) -> Kind | None:
    return Kind.ID if checks.identity(number.digits) else None


def _proven_card(number: Candidate) -> Kind | None:
    if number.code or number.label is Label.OTHER or not number.natural(_CARD_SHAPES):
        return None
    return Kind.CARD if checks.card(number.digits) else None


def _likely(number: Candidate) -> Kind | None:
    """By shape or by the word before it."""
    digits, label = number.digits, number.label
    if number.code or label is Label.OTHER:
        return None
    if checks.identity_likely(digits) and (number.natural(frozenset()) or label is Label.ID):
        return Kind.ID
    if checks.identity_old(digits) and (number.shape in _OLD_SHAPES or label is Label.ID):
        return Kind.ID
    if is_phone(digits, number.shape, plus=number.plus, called=label is Label.PHONE, natural=number.natural(CANONICAL)):
        return Kind.PHONE
    return None


def _named(number: Candidate) -> Kind | None:
    """Only the word before it tells: a mistyped or unfinished number. Needs the whole run."""
    if not number.alone or number.code:
        return None
    size = len(number.digits)
    if number.label is Label.ID and 7 <= size <= 18:
        return Kind.ID
    if number.label is Label.CARD and 8 <= size <= 22 and not number.digits.endswith("X"):
        return Kind.CARD
    return None



def numbers(text: str) -> list[Found]:
    """Findings in a flat text, rising and apart; linear in its length."""
    found: list[Found] = []
    for run in runs(text):
        if sum(len(group.digits) for group in run) >= 7:
            found += sorted(_in_run(text, run), key=lambda one: one.start)
    return found


def _in_run(text: str, run: list[Group]) -> Iterator[Found]:
    free = [True] * len(run)
    labels: dict[int, Label] = {}
    for rule, single in ((_proven_identity, False), (_proven_card, False), (_likely, True), (_likely, False), (_named, False)):
        first = 0
        while first < len(run):
            hit = _longest(text, run, free, labels, first, rule, single) if free[first] else None
            if hit is None:
                first += 1
                continue
            last, kind, digits = hit
            free[first : last + 1] = [False] * (last + 1 - first)
            start = run[first].start
            yield Found(kind, _with_country(text, start) if kind is Kind.PHONE else start, run[last].end, digits[-4:])
            first = last + 1


def _longest(
    text: str, run: Sequence[Group], free: Sequence[bool], labels: dict[int, Label], first: int,
    rule: Callable[[Candidate], Kind | None], single: bool,
) -> tuple[int, Kind, str] | None:  # fmt: skip
    best = None
    digits = ""
    for last in range(first, len(run)):
        digits += run[last].digits
        if not free[last] or len(digits) > _LONGEST or (single and last > first):
            break
        if len(digits) < 7:
            continue
        if first not in labels:
            labels[first] = label_before(text, run[first].start)
        kind = rule(_candidate(text, run, first, last, digits, labels[first]))
        if kind is not None:
            best = last, kind, digits
    return best


def _candidate(text: str, run: Sequence[Group], first: int, last: int, digits: str, label: Label) -> Candidate:
    groups = run[first : last + 1]
    start, end = groups[0].start, groups[-1].end
    return Candidate(
        digits,
        "-".join(str(len(group.digits)) for group in groups),
        first == 0 and last == len(run) - 1,
        any(group.weak for group in groups[1:]),
        all(group.spoken for group in groups),
        text[max(0, start - 1) : start] == "+" or text[max(0, start - 2) : start] in ("+(", "(+", "+ "),
        _is_code(text, groups[0], end),
        label,
    )


_LETTERS_BEFORE: Final = re.compile(r"([A-Za-z]{1,12})[-_#]?$")
_NOT_CODES: Final = frozenset(listed("tel phone mobile mob cell fax id card no call m t p hk tw cn macau whatsapp wechat wx vx qq acct account number num is at on to or and"))  # fmt: skip


def _is_code(text: str, group: Group, end: int) -> bool:
    """Whether letters touch the number, so that it is part of a code such as INC-20261121 or 3f9a13800138000."""
    if text[end : end + 1].isascii() and text[end : end + 1].isalpha() and not group.spoken:
        return True
    before = _LETTERS_BEFORE.search(text, max(0, group.start - 14), group.start)
    return before is not None and not group.spoken and before[1].lower() not in _NOT_CODES


_COUNTRY: Final = re.compile(r"(?:\(?(?:\+ ?|00)[1-9][0-9]{0,2}\)?|\(86\)|(?<![0-9])86|\(0[0-9]{1,3}\)|\+|\()[- .]{0,2}\(?$")


def _with_country(text: str, start: int) -> int:
    """Where the number starts with the country code or bracket before it."""
    before = _COUNTRY.search(text, max(0, start - 9), start)
    return before.start() if before else start


