"""Numbers made of digits alone: identity numbers of the mainland, bank cards, phone numbers.

Three passes over each run, the surest first: what a check digit proves in any spacing, then groups that are a number by
themselves, then groups put together. Bounded: a number has at most 22 digits, so each group is tried with 22 others.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from app.privacy.masking import checks
from app.privacy.masking.digits import Group, runs
from app.privacy.masking.flat import FIELD
from app.privacy.masking.labels import AGAIN, Label, Labels
from app.privacy.masking.phones import CANONICAL, american, hotline, is_phone, spoken_trunk, with_extension
from app.privacy.masking.values import Found, Kind, listed

_SHORTEST: Final = 7
_LONGEST: Final = 22
_MOST_GROUPS: Final = 6
_CARD_SHAPES: Final = frozenset({"4-4-4-4", "4-4-4-4-3", "4-4-4-4-2", "4-4-4-4-1", "6-13", "6-12", "6-10", "8-8", "4-6-5", "4-6-4", "4-4-4-3", "4-4-4-5", "6-4-4-4-1", "4-5-5-5"})  # fmt: skip
_OLD_SHAPES: Final = frozenset({"15", "6-6-3", "6-9", "6-2-2-2-3", "12-3"})
_SHAPES: Final = CANONICAL | _OLD_SHAPES


class _Candidate:
    """Groups `first` to `last` of a run, that may be one number; what is dear to know is worked out when asked for."""

    __slots__ = ("_run", "_scene", "digits", "first", "last")

    def __init__(self, scene: "_Scene", run: Sequence[Group], first: int, last: int, digits: str) -> None:
        self._scene, self._run, self.first, self.last, self.digits = scene, run, first, last, digits

    def shape(self) -> str:
        """The lengths of the groups: 3-4-4."""
        return "-".join([str(len(group.digits)) for group in self._run[self.first : self.last + 1]])

    def alone(self) -> bool:
        """Whether nothing else is in the run."""
        return self.first == 0 and self.last == len(self._run) - 1

    def natural(self, shapes: frozenset[str]) -> bool:
        """Whether one would read it as one number: in one piece, in a usual grouping, or alone in its run."""
        if self.first == self.last or (self.last - self.first < _MOST_GROUPS and self.shape() in shapes):
            return True
        return self.alone() and not any(group.weak for group in self._run[1:])

    def label(self) -> Label:
        """What the text before it says."""
        return self._scene.label(self._run[self.first].start)

    def lettered(self) -> Label:
        """The same of the letter before it: 身分證 A，一二三."""
        start = self._run[self.first].start
        return self._scene.label(_with_letter(self._scene.text, start, 0))

    def plus(self) -> bool:
        """Whether a + stands before it."""
        start = self._run[self.first].start
        return self._scene.text[max(0, start - 2) : start].strip(" (").endswith("+")

    def bracketed(self) -> bool:
        """Whether the first group stands in brackets, as an area code does."""
        group, text = self._run[self.first], self._scene.text
        return text[max(0, group.start - 1) : group.start] == "(" and text[group.end : group.end + 1] == ")"

    def english(self) -> bool:
        """Whether all of it is English words."""
        return all(group.spoken and self._scene.text[group.start].isascii() for group in self._run[self.first : self.last + 1])

    def code(self) -> bool:
        """Whether letters touch it, so that it is part of a code such as INC-20261121 or 3f9a13800138000."""
        text, start, end = self._scene.text, self._run[self.first].start, self._run[self.last].end
        if self._run[self.first].spoken:
            return False
        if text[end : end + 1].isascii() and text[end : end + 1].isalpha() and not _EXTENSION.match(text, end):
            return True
        before = _LETTERS_BEFORE.search(text, max(0, start - 14), start)
        return before is not None and before[1].lower() not in _NOT_CODES


class _Scene:
    """A flat text, its words, and what the word before the latest found number said and where that number ended."""

    __slots__ = ("_labels", "latest", "text")

    def __init__(self, text: str, labels: Labels) -> None:
        self.text = text
        self._labels = labels
        self.latest: tuple[int, Label] | None = None

    def label(self, start: int) -> Label:
        """What the text before says of a number there; a number joined by 或 to the one before has that one's word."""
        if self.latest is not None and AGAIN.fullmatch(self.text, self.latest[0], start):
            return self.latest[1]
        return self._labels.before(start)


def _card_around(number: _Candidate) -> Kind | None:
    """A card of 19 digits of which 18 happen to be an identity number; else its first or last digit would stay."""
    digits = number.digits
    if len(digits) != 19 or not (checks.identity(digits[1:]) or checks.identity(digits[:18])) or number.label() is Label.ID:
        return None
    return _proven_card(number)


def _proven_identity(number: _Candidate) -> Kind | None:
    return Kind.ID if checks.identity(number.digits) else None


def _proven_card(number: _Candidate) -> Kind | None:
    if not checks.card(number.digits) or not number.natural(_CARD_SHAPES):
        return None
    return None if number.code() or number.label() is Label.OTHER else Kind.CARD


def _begun(number: _Candidate) -> Kind | None:
    """An unfinished identity number in groups after its word, before a part of it is read as a mobile number."""
    if not 12 <= len(number.digits) <= 18 or number.first == number.last or number.label() is not Label.ID:
        return None
    return Kind.ID if number.natural(frozenset()) and number.alone() and not number.code() else None


def _formed(number: _Candidate) -> Kind | None:
    """By shape alone; an order's number has a word before it that says so."""
    return _likely(number, heeding=False)


def _likely(number: _Candidate, heeding: bool = True) -> Kind | None:
    """By shape, or by shape and the word before it."""
    if not number.natural(_SHAPES) or number.code():
        return None
    label = number.label()
    if label is Label.OTHER:
        return None
    digits, shape = number.digits, number.shape()
    if checks.identity_likely(digits) or (checks.identity_old(digits) and (shape in _OLD_SHAPES or label is Label.ID)):
        return Kind.ID
    if label is Label.CARD and digits[0] == "0":
        return None
    if heeding and number.alone() and number.english() and _said(digits):
        return Kind.PHONE  # ten words one after the other are no count of anything
    called = heeding and label is Label.PHONE
    return Kind.PHONE if is_phone(digits, shape, plus=number.plus(), called=called, bracketed=number.bracketed()) else None


def _said(digits: str) -> bool:
    return spoken_trunk(digits) or (american(digits) and not hotline(digits, "1-3-3-4", plus=False))


def _named(number: _Candidate) -> Kind | None:
    """Only the word before it tells: a mistyped or unfinished number. Needs the whole run."""
    if not number.alone() or number.code():
        return None
    label, size = number.label(), len(number.digits)
    label = number.lettered() if label is Label.NONE else label
    if label is Label.ID and size <= 18:
        return Kind.ID
    if number.label() is Label.CARD and size >= 8 and not number.digits.endswith("X"):
        return Kind.CARD
    return None


_PASSES: Final[tuple[tuple[Callable[[_Candidate], Kind | None], bool], ...]] = (
    (_card_around, False), (_proven_identity, False), (_proven_card, False), (_begun, False), (_formed, True), (_likely, False), (_named, False),
)  # fmt: skip
"""Each rule, and whether it is asked for single groups only."""


def numbers(text: str, labels: Labels) -> list[Found]:
    """Findings in a flat text whose words are `labels`, rising and apart; linear in its length."""
    found: list[Found] = []
    scene = _Scene(text, labels)
    floor = 0
    for run in runs(text):
        if sum(len(group.digits) for group in run) >= _SHORTEST:
            new = sorted(_in_run(scene, run, floor), key=lambda one: one.start)
            if new:
                scene.latest = new[-1].end, scene.label(new[0].start)
            found += new
        floor = max(run[-1].end, found[-1].end if found else 0)
    return found


def _in_run(scene: _Scene, run: list[Group], floor: int) -> Iterator[Found]:
    free = [group.start >= floor for group in run]  # an extension may reach into the next run
    for rule, single in _PASSES:
        first = 0
        while first < len(run):
            hit = _longest(scene, run, free, first, rule, single) if free[first] else None
            if hit is None:
                first += 1
                continue
            number, kind = hit
            start, end = run[first].start, run[number.last].end
            if kind is Kind.PHONE:
                end = with_extension(scene.text, end, number.digits)
                start = _with_country(scene.text, start, next((run[at].end for at in range(first - 1, -1, -1) if not free[at]), floor))
            elif kind is Kind.ID and rule is _named:
                start = _with_letter(scene.text, start, floor)
            for at in range(number.last, -1, -1):
                if run[at].start < start:
                    break
                free[at] = False
            for at in range(number.last + 1, len(run)):
                if run[at].start >= end:
                    break
                free[at] = False
            yield Found(kind, start, end, number.digits[-4:])
            first = number.last + 1


def _longest(
    scene: _Scene, run: Sequence[Group], free: Sequence[bool], first: int, rule: Callable[[_Candidate], Kind | None], single: bool
) -> tuple[_Candidate, Kind] | None:
    best = None
    digits = ""
    for last in range(first, first + 1 if single else len(run)):
        digits += run[last].digits
        if not free[last] or len(digits) > _LONGEST:
            break
        if len(digits) >= _SHORTEST:
            number = _Candidate(scene, run, first, last, digits)
            kind = rule(number)
            best = (number, kind) if kind is not None else best
    return best


_EXTENSION: Final = re.compile("(?:x|ext)[0-9]{1,5}(?![0-9A-Za-z])")
_LETTERS_BEFORE: Final = re.compile(r"([A-Za-z]{1,12})[-_#]?$")
_NOT_CODES: Final = frozenset(listed("tel phone mobile mob cell fax id card no call m t p hk tw cn macau whatsapp wechat wx vx qq visa mastercard unionpay amex jcb acct account number num is at on to or and"))  # fmt: skip


_COUNTRY: Final = re.compile(r"(?:\(?(?:\+ ?|00)[1-9][0-9]{0,2}\)?|\(86\)|(?<![0-9])86|\(0[0-9]{1,3}\)|\+|\()[- .]{0,2}\(?$")


def _with_country(text: str, start: int, floor: int) -> int:
    """Where the number starts with the country code or bracket before it."""
    before = _COUNTRY.search(text, max(floor, start - 9), start)
    return before.start() if before else start


_LETTER: Final = re.compile(rf"(?<![A-Za-z0-9])(?:[A-Z]|(?!ID|NO|HK|TW|CN)[A-Z]{{2}}|[a-z](?=$))[ ,、.\-·{FIELD}]{{0,2}}(?:(?:數字|数字|後面|后面|然後|然后|再來|接著)是?[ ,:]?)?$")


def _with_letter(text: str, start: int, floor: int) -> int:
    """Where an identity number starts with the letter said before its digits: A 一二三…"""
    before = _LETTER.search(text, max(floor, start - 10), start)
    return before.start() if before else start


