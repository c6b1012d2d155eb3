"""Pinyin as people type it: whole (maren), begun (mar), initials (mr), mixed (mren); as patterns over MaRen.

A capital marks a syllable's start. Every pattern begins with one literal character, which the regular expression engine
looks for at the speed of a string search.
"""

import re
from collections.abc import Iterator

from app.content.search.sections import Blob


def mixed(letters: str) -> "re.Pattern[str]":
    """Every letter goes on in its syllable or begins the next one; group 1 tells that the phrase ends there."""
    rest = "".join(f"(?:{one}|[a-z]*{one.upper()})" for one in letters[1:])
    return re.compile(f"{letters[0].upper()}{rest}[a-z]*(\n?)")


def whole(letters: str) -> "re.Pattern[str]":
    """Spelled without leaving letters out; the last syllable may be begun only."""
    return re.compile(letters[0].upper() + "".join(f"[{one}{one.upper()}]" for one in letters[1:]))


def initials(letters: str) -> "re.Pattern[str]":
    """One letter for each syllable."""
    return re.compile("[a-z]*".join(letters.upper()))


def places(blob: Blob, pattern: "re.Pattern[str]") -> Iterator[tuple[int, bool, bool]]:
    """Every match as script, whether a phrase begins with it, and whether it ends with it (patterns of `mixed` only)."""
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
