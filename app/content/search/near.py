"""Typos: words one edit away from what was typed, Chinese with one wrong character, and what is left when all else fails."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import accumulate
from math import log

from app.content.search.sections import Blob

SHORTEST = 4
"""Letters from which one edit is forgiven (issue of the palette: one edit for four letters or more)."""
SHORTEST_HAN = 3
MOST_NEAR = 3
"""Scripts that are shown when nothing really fits."""
MOST_PLACES = 400
"""Places of a half that are looked at; a half that stands everywhere tells nothing."""
_SYLLABLE = re.compile("[A-Z][a-z]*")


class Vocabulary:
    """Words in order, each with the scripts that hold it; finds those that begin one edit away from some letters."""

    def __init__(self, words: Mapping[str, Iterable[int]]) -> None:
        self._words = sorted(word for word in words if len(word) >= SHORTEST - 1)
        self._scripts = [tuple(words[word]) for word in self._words]
        self._starts = array("I", accumulate((len(word) + 1 for word in self._words), initial=0))
        self._text = "\n".join(["", *self._words])

    def near(self, letters: str) -> set[int]:
        """Scripts with such a word: one letter wrong, missing, too many, or two swapped; the word may go on after it."""
        if len(letters) < SHORTEST:
            return set()
        one, two = letters[0], letters[1]
        swapped = (two + one + letters[2:], one + letters[2:3] + two + letters[3:])
        numbers = {number for start in (*swapped, letters[1:], one + letters[2:]) for number in self._beginning(start)}
        numbers.update(number for number in self._beginning(letters[:2]) if one_edit(letters, self._words[number]))
        for head, rest in (("", letters), ("", letters[1:]), (one, letters[1:]), (one, letters[2:])):
            numbers.update(self._after_any(head, rest))
        return {script for number in numbers for script in self._scripts[number]}

    def _beginning(self, start: str) -> range:
        return range(bisect_left(self._words, start), bisect_left(self._words, start + "\uffff"))

    def _after_any(self, head: str, rest: str) -> Iterator[int]:
        """Words that are `head`, any one letter, `rest`, and go on."""
        before = "\n" + head
        for place in _places(self._text, rest, len(self._text)):
            start = place - 1 - len(before)
            if start >= 0 and self._text.startswith(before, start) and self._text[place - 1] != "\n":
                yield bisect_left(self._starts, start)

    def __len__(self) -> int:
        return len(self._words)


def one_edit(typed: str, word: str) -> bool:
    """Whether `word` begins with something at most one edit from `typed`."""
    size = min(len(typed), len(word))
    at = 0
    while at < size and typed[at] == word[at]:
        at += 1
    if at == len(typed):
        return True
    rest = typed[at + 1 :]
    return (
        word.startswith(rest, at + 1)  # another letter
        or word.startswith(rest, at)  # one too many
        or word.startswith(typed[at:], at + 1)  # one missing
        or (bool(rest) and word.startswith(rest[0] + typed[at] + rest[1:], at))  # two swapped
    )


def one_wrong(blob: Blob, typed: str) -> set[int]:
    """Scripts whose section holds the typed characters with one of them another; one half must be right then."""
    if len(typed) < SHORTEST_HAN:
        return set()
    middle = len(typed) // 2
    found: set[int] = set()
    for half, before in ((typed[:middle], 0), (typed[middle:], middle)):
        for place in _places(blob.text, half):
            window = blob.text[max(0, place - before) : place - before + len(typed)]
            if len(window) == len(typed) and "\n" not in window and sum(map(str.__ne__, window, typed)) <= 1:
                found.add(blob.script_at(place))
    return found


def said(sounds: str, typed: str) -> str:
    """How the typed characters are read, as MaRen; empty if one of them is not in the table."""
    found = []
    for one in typed:
        place = sounds.find(one)
        syllable = _SYLLABLE.match(sounds, sounds.rfind("\n", 0, place) + 1) if place >= 0 else None
        if syllable is None:
            return ""
        found.append(syllable.group())
    return "".join(found)


def _places(text: str, part: str, most: int = MOST_PLACES) -> Iterator[int]:
    place = text.find(part)
    for _ in range(most):
        if place < 0:
            return
        yield place
        place = text.find(part, place + 1)


def pairs(typed: str) -> list[str]:
    """Every two characters that stand side by side, each pair once."""
    return list(dict.fromkeys(typed[at : at + 2] for at in range(len(typed) - 1)))


def stems(word: str) -> list[str]:
    """The word without up to three letters of an ending, three letters at least: suicidal -> suicid."""
    return [word[:-end] for end in range(1, 4) if len(word) - end >= SHORTEST - 1]


def heaviest(pieces: Iterable[tuple[float, Set[int]]], scripts: int) -> list[int]:
    """The few scripts that hold most of the pieces, best first; a piece weighs the more, the fewer scripts hold it."""
    weights: dict[int, float] = {}
    for weight, holders in pieces:
        if holders:
            rare = weight * log(1 + scripts / len(holders))
            for script in holders:
                weights[script] = weights.get(script, 0.0) + rare
    least = 0.5 * max(weights.values(), default=0.0)
    best = sorted((script for script, weight in weights.items() if weight >= least), key=lambda one: (-weights[one], one))
    return best[:MOST_NEAR]
