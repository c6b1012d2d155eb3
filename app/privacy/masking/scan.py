"""All rules over one text, in rounds until nothing new is found.

A round looks at the text with everything found so far replaced by one sign, which is what a second masking of the masked text
would look at: when a round finds nothing, masking again would find nothing either, so masking is idempotent by construction.
"""

from collections.abc import Iterable
from typing import Final

from app.privacy.masking.addresses import addresses
from app.privacy.masking.codes import codes
from app.privacy.masking.digits import figured
from app.privacy.masking.flat import KEPT, MARKED, Flat, blanked
from app.privacy.masking.labels import Labels
from app.privacy.masking.mails import mails
from app.privacy.masking.numbers import numbers
from app.privacy.masking.staying import staying
from app.privacy.masking.values import Found

_ROUNDS: Final = 12
"""Two are usual; a bound, so that a hostile text costs a constant number of passes."""


def scan(text: str) -> list[Found]:
    """Findings in the original, rising and apart. Never raises; linear in the length of the text."""
    found: list[Found] = []
    rounds = 0
    new = True
    while new and rounds < _ROUNDS:
        flat = Flat(text, [(one.start, one.end) for one in found])
        more = [Found(one.kind, *flat.original(one.start, one.end), one.last) for one in _round(flat.text)]
        found = sorted([*found, *more], key=lambda one: one.start)
        rounds, new = rounds + 1, bool(more)
    return found


def _round(text: str) -> list[Found]:
    found: list[Found] = []
    found += mails(text)
    text = _without(text, found, MARKED)
    labels = Labels(text)
    found += _apart(codes(figured(text), labels))
    text = _without(text, found, MARKED)
    kept = blanked(text, staying(text), KEPT)
    found += numbers(kept, labels)
    text = _without(text, found, MARKED)
    found += addresses(text)
    return found


def _without(text: str, found: list[Found], sign: str) -> str:
    return blanked(text, sorted((one.start, one.end) for one in found), sign)


def _apart(found: Iterable[Found]) -> list[Found]:
    chosen: list[Found] = []
    taken: set[int] = set()
    for one in found:
        if taken.isdisjoint(range(one.start, one.end)):
            chosen.append(one)
            taken.update(range(one.start, one.end))
    return chosen
