"""Pinyin as people type it: whole (maren), begun (mar), initials (mr), mixed (mren), looked for in MaRen.

A capital marks a syllable's start, so that what is spelled whole is a plain string search once the letters are parted.
"""

import itertools
import re
from collections.abc import Iterable, Iterator

from app.content.search.sections import Blob

MOST_PARTINGS = 6
"""xian is xian or xi'an; more ways than this to part the letters do not come up in practice."""
_SYLLABLE = re.compile("[A-Z][a-z]*")


class Syllables:
    """The syllables of an index, and what of typed letters they can make."""

    def __init__(self, blobs: Iterable[Blob]) -> None:
        self._known = {syllable.lower() for blob in blobs for syllable in set(_SYLLABLE.findall(blob.text))}
        self._begun = {syllable[:end] for syllable in self._known for end in range(1, len(syllable) + 1)}

    def partings(self, letters: str) -> list[str]:
        """The ways to read the letters as whole syllables, the last one perhaps only begun, as MaRen."""
        found: list[str] = []
        self._part(letters, "", found)
        return found

    def _part(self, letters: str, before: str, found: list[str]) -> None:
        if len(found) >= MOST_PARTINGS:
            return
        if letters in self._begun:
            found.append(before + letters.capitalize())
        for end in range(min(6, len(letters) - 1), 0, -1):
            if letters[:end] in self._known:
                self._part(letters[end:], before + letters[:end].capitalize(), found)

    def possible(self, letters: str) -> bool:
        """Whether the letters can be syllables of which each is at least begun."""
        reached = {0}
        for at in range(len(letters)):
            if at in reached:
                reached.update(end for end in range(at + 1, min(at + 6, len(letters)) + 1) if letters[at:end] in self._begun)
        return len(letters) in reached

    def initials(self, letters: str) -> bool:
        """Whether every letter begins some syllable."""
        return all(one in self._begun for one in letters)


def pairs(parting: str) -> list[str]:
    """Every two syllables that stand side by side."""
    each = _SYLLABLE.findall(parting)
    return [one + other for one, other in itertools.pairwise(each)]


def mixed(letters: str) -> "re.Pattern[str]":
    """Every letter goes on in its syllable or begins the next one; group 1 tells that the phrase ends there."""
    rest = "".join(f"(?:{one}|[a-z]*{one.upper()})" for one in letters[1:])
    return re.compile(f"{letters[0].upper()}{rest}[a-z]*(\n?)")


def initials(letters: str) -> "re.Pattern[str]":
    """One letter for each syllable."""
    return re.compile("[a-z]*".join(letters.upper()))


def places(blob: Blob, pattern: "re.Pattern[str]") -> Iterator[tuple[int, bool, bool]]:
    """Every match of a `mixed` pattern: the script, and whether a phrase begins and ends with it."""
    text, starts, last = blob.text, blob.starts, len(blob.starts) - 1
    script, until = -1, 0
    for match in pattern.finditer(text):
        place = match.start()
        if place >= until:
            script = blob.script_at(place)
            until = starts[script + 1] if script < last else len(text)
        yield script, text[place - 1] == "\n", bool(match.group(1))


def scripts(blob: Blob, pattern: "re.Pattern[str]") -> Iterator[int]:
    """The scripts with a match, each once."""
    match = pattern.search(blob.text)
    while match:
        script = blob.script_at(match.start())
        yield script
        match = pattern.search(blob.text, blob.after(script))
