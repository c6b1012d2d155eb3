"""`Search.find`: the scripts for what has been typed so far, best first.

Rank: exact title or word, begins with it, within it, signs, what to say, typos; then the person's own use, favourites and the
pack's order. Each field is one string search (see `sections`), so a keystroke costs the same whatever the order of
phrases; nothing is remembered between keystrokes.
"""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Literal

from app.content.search import near, spelled
from app.content.search.sections import CHANNELS, FIELDS, Blob, Index, blob_of
from app.content.search.words import fold_blob, fold_query, has_han, query

Why = Literal["title", "words", "prefix", "part", "signs", "say", "typo", "near"]
RANKS: tuple[Why, ...] = ("title", "words", "prefix", "part", "signs", "say", "typo", "near")
TITLE, WORDS, PREFIX, PART, SIGNS, SAY, TYPO, NEAR = range(len(RANKS))
_LATIN = re.compile("[a-z0-9]+")
MOST_PARTS = 4
"""The longest words of a text; further ones hardly tell more."""
FEWEST = 3
"""With fewer scripts than this, typos are forgiven as well."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A script that was found, and by what."""

    script_id: str
    why: Why


class _Found(dict[int, float]):
    """Script number -> its best rank; what only comes near has its place among the near ones behind the point."""

    def add(self, scripts: Iterable[int], rank: float) -> None:
        for script in scripts:
            if rank < self.get(script, len(RANKS)):
                self[script] = rank


class Search:
    """Searches one index; made once per pack (about 60 ms per 10,000 phrases), free of threads and files."""

    def __init__(self, index: Index) -> None:
        entries = index.entries
        self._sounds = index.sounds
        self._ids = [entry.id for entry in entries]
        self._orders = [entry.order for entry in entries]
        self._blobs = {
            (channel, part): blob_of(entries, f"{channel}.{part}") for channel in CHANNELS for part in FIELDS
        }
        self._folded = [blob_of(entries, f"pinyin.{part}", fold_blob) for part in ("title", "words")]
        han = (self._blobs["han", part].text for part in FIELDS)
        self._latin_in_han = " ".join({run for text in han for run in _LATIN.findall(text)})
        self._syllables = spelled.Syllables(self._blobs["pinyin", part] for part in FIELDS)
        self._folded_syllables = spelled.Syllables(self._folded)
        self._english = near.Vocabulary(_words(self._blobs["latin", part] for part in ("title", "words", "signs")))
        self._spelled = near.Vocabulary(_words(self._blobs["pinyin", part] for part in ("title", "words")))

    def find(
        self, text: str, limit: int = 8, used: Mapping[str, int] | None = None, favourites: Set[str] = frozenset()
    ) -> list[Hit]:
        """At most `limit` scripts for `text`, none for an empty one; `used` script id -> times, the person's own."""
        typed = query(text)
        if not typed or limit < 1:
            return []
        found = self._exact(typed, limit)
        parts = _parts(typed)
        each = [self._exact(part) for part in parts] if len(parts) > 1 else []
        if each:
            # scripts that hold every part somewhere, ranked by the part that was found worst
            for script in set(each[0]).intersection(*each[1:]):
                found.add((script,), max(PART, *(one[script] for one in each)))
        if len(found) < FEWEST:
            self._forgiven(typed.replace(" ", ""), parts, each, found)
        counts = used or {}

        def place(script: int) -> tuple[float, int, bool, int, int]:
            name = self._ids[script]
            return found[script], -counts.get(name, 0), name not in favourites, self._orders[script], script

        return [Hit(self._ids[script], RANKS[int(found[script])]) for script in sorted(found, key=place)[:limit]]

    def _exact(self, typed: str, enough: int = 0) -> _Found:
        """Without typos. With `enough` scripts by title or words, none found by signs or sentences could come before.

        Without `enough` this is one word of several: all scripts, but pinyin of signs and sentences is left out.
        """
        found = _Found()
        joined = typed.replace(" ", "")
        channels = [] if has_han(typed) else [("latin", " " + typed)]
        if not channels or joined in self._latin_in_han:
            channels.append(("han", joined))
        letters = joined if joined.isascii() and joined.isalpha() else ""
        for channel, text in channels:
            self._short(channel, text, found)
        if letters:
            self._short_pinyin(letters, found)
        if len(found) < enough or not enough:
            for part, rank in (("signs", SIGNS), ("say", SAY)):
                for channel, text in channels:
                    found.add(self._blobs[channel, part].scripts_with(text), rank)
                if len(letters) > 1 and enough:
                    self._long_pinyin(letters, part, rank, found)
        return found

    def _short(self, channel: str, text: str, found: _Found) -> None:
        for part, exact in (("title", TITLE), ("words", WORDS)):
            blob = self._blobs[channel, part]
            within = blob.scripts_with(text)
            if within:
                found.add(blob.scripts_with(f"\n{text}\n"), exact)
                found.add(blob.scripts_with(f"\n{text}"), PREFIX)
                found.add(within, PART)

    def _short_pinyin(self, letters: str, found: _Found) -> None:
        if len(letters) == 1:
            for part in ("title", "words"):
                found.add(self._blobs["pinyin", part].scripts_with("\n" + letters.upper()), PREFIX)
        elif self._syllables.possible(letters):
            pattern = spelled.mixed(letters)
            for part, exact in (("title", TITLE), ("words", WORDS)):
                for script, begins, ends in spelled.places(self._blobs["pinyin", part], pattern):
                    found.add((script,), (exact if ends else PREFIX) if begins else PART)

    def _long_pinyin(self, letters: str, part: str, rank: int, found: _Found) -> None:
        blob = self._blobs["pinyin", part]
        for parting in self._syllables.partings(letters):
            found.add(blob.scripts_with(parting), rank)
        if len(letters) >= near.SHORTEST - 1 and self._syllables.initials(letters):
            found.add(spelled.scripts(blob, spelled.initials(letters)), rank)

    def _forgiven(self, joined: str, parts: list[str], each: list[_Found], found: _Found) -> None:
        if has_han(joined):
            self._forgiven_han(joined, found)
            return
        if joined.isascii() and joined.isalpha() and len(joined) >= near.SHORTEST - 1:
            folded = fold_query(joined)
            if self._folded_syllables.possible(folded):
                pattern = spelled.mixed(folded)
                for blob in self._folded:
                    found.add((script for script, _, _ in spelled.places(blob, pattern)), TYPO)
            found.add(self._spelled.near(joined), TYPO)
        each = each or [_Found()]
        for part, one in zip(parts, each, strict=True):
            if len(one) < FEWEST:
                one.add(self._english.near(part), TYPO)
        found.add(set(each[0]).intersection(*each[1:]), TYPO)
        if all(rank >= SAY for rank in found.values()):
            self._near_latin(parts, each, found)

    def _forgiven_han(self, joined: str, found: _Found) -> None:
        for part in ("title", "words", "signs"):
            found.add(near.one_wrong(self._blobs["han", part], joined), TYPO)
        if len(joined) > 1 and (sound := near.said(self._sounds, joined)):
            for part in ("title", "words", "signs"):
                found.add(self._blobs["pinyin", part].scripts_with(sound), TYPO)
        if len(joined) > 1 and all(rank >= TYPO for rank in found.values()):
            self._near_han(joined, found)

    def _near_han(self, joined: str, found: _Found) -> None:
        """By the pairs of characters, and by single ones that few scripts have among their words."""
        pieces: list[tuple[float, Set[int]]] = []
        for pair in near.pairs(joined):
            pieces.append((6.0, self._holders("han", pair)))
            pieces.append((2.0, set(self._blobs["han", "signs"].scripts_with(pair))))
        for one in dict.fromkeys(joined):
            holders = self._holders("han", one)
            if len(holders) <= max(1, len(self._ids) // 6):
                pieces.append((2.0, holders))
        self._add_near(pieces, found)

    def _near_latin(self, parts: list[str], each: list[_Found], found: _Found) -> None:
        """By words, also without their endings; a text of one word may be pinyin of several."""
        pieces: list[tuple[float, Set[int]]] = []
        for part, one in zip(parts, each, strict=True):
            if len(part) < near.SHORTEST - 1:
                continue
            for stem in (part, *near.stems(part)):
                if holders := {script for script, rank in one.items() if rank <= PART} or self._holders("latin", " " + stem):
                    pieces.append((6.0, holders))
                    break
            pieces.append((4.0, {script for script, rank in one.items() if rank <= WORDS}))
            pieces.append((2.0, {script for script, rank in one.items() if rank == SIGNS}))
        if len(parts) == 1 and not found:
            for parting in self._syllables.partings(parts[0])[:1]:
                pieces += [(6.0, self._holders("pinyin", pair)) for pair in spelled.pairs(parting)]
        self._add_near(pieces, found)

    def _holders(self, channel: str, text: str) -> set[int]:
        return {script for part in ("title", "words") for script in self._blobs[channel, part].scripts_with(text)}

    def _add_near(self, pieces: list[tuple[float, Set[int]]], found: _Found) -> None:
        for number, script in enumerate(near.heaviest(pieces, len(self._ids))):
            found.add((script,), NEAR + number / 16)


def _parts(typed: str) -> list[str]:
    """The words of a text; a single letter beside others is one that has just been begun, and tells nothing yet."""
    parts = list(dict.fromkeys(typed.split()))
    return sorted((part for part in parts if len(part) > 1 or has_han(part)), key=len)[-MOST_PARTS:] or parts[:1]


def _words(blobs: Iterable[Blob]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for blob in blobs:
        for script, start in enumerate(blob.starts):
            for word in blob.text[start : blob.after(script)].lower().split():
                found.setdefault(word, set()).add(script)
    return found
