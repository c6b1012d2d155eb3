"""What of an emergency card could send somebody to the wrong number, and when a card is too old to be trusted."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.content.check import is_day
from app.content.library import core
from app.content.shapes import LANGUAGES

STALE_MONTHS = 3
"""Cards are gone through each quarter (domain facts, "Emergency cards")."""
_NUMBER = re.compile(r"\d[\d \-]*\d\d|\d{3}")


@dataclass(frozen=True, slots=True)
class CardNumbers:
    """The keys of the numbers that a card shows, in their order, and the numbers that stand in its texts."""

    keys: tuple[str, ...]
    written: frozenset[str]


def card_numbers(*forms: Mapping[str, Any]) -> CardNumbers:
    """Those of one card, given in one table of all languages or in several of one."""
    texts = (text for form in forms for text in _texts(form))
    written = frozenset(re.sub(r"\D", "", one) for text in texts for one in _NUMBER.findall(text))
    return CardNumbers(tuple(forms[0]["numbers"]), written)


def shipped_cards() -> dict[str, CardNumbers]:
    """Those of every shipped card."""
    forms = [core(language, "cards.json") for language in LANGUAGES]
    return {name: card_numbers(*(form[name] for form in forms)) for name in forms[0]}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key != "reviewed_on":
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def is_stale(reviewed_on: str, today: date) -> bool:
    """Whether a card was last gone through more than three months ago; one without a day (empty) is not called stale."""
    if not is_day(reviewed_on):
        return False
    reviewed = date.fromisoformat(reviewed_on)
    months = (today.year - reviewed.year) * 12 + today.month - reviewed.month
    # a month is over on the same day of the next one, or on its last day if it has no such day
    return months > STALE_MONTHS or (months == STALE_MONTHS and today.day > reviewed.day)
