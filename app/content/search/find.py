"""`Search.find`: the scripts for what has been typed so far, best first.

Rank: exact title or word, begins with it, within it, signs, what to say, typos; then the person's own use, favourites and the
pack's order. Each field is one string search (see `sections`), so a keystroke costs the same whatever the order of
phrases; nothing is remembered between keystrokes.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Literal

from app.content.search import near, spelled
from app.content.search.sections import CHANNELS, FIELDS, Blob, Index, blob_of
from app.content.search.words import fold_blob, fold_query, has_han, query

Why = Literal["title", "words", "prefix", "part", "signs", "say", "typo", "near"]
RANKS: tuple[Why, ...] = ("title", "words", "prefix", "part", "signs", "say", "typo", "near")
TITLE, WORDS, PREFIX, PART, SIGNS, SAY, TYPO, NEAR = range(len(RANKS))
FEWEST = 3
"""With fewer scripts than this, typos are forgiven as well."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A script that was found, and by what."""

    script_id: str
    why: Why


class _Found(dict[int, int]):
    """Script number -> its best rank."""

    def add(self, scripts: Iterable[int], rank: int) -> None:
        for script in scripts:
            if rank < self.get(script, len(RANKS)):
                self[script] = rank


class Search:
    """Searches one index; made once per pack (about 60 ms per 10,000 phrases), free of threads and files."""

    def __init__(self, index: Index) -> None:
        entries = index.entries
        self._ids = [entry.id for entry in entries]
        self._orders = [entry.order for entry in entries]
        self._blobs = {
            (channel, part): blob_of(entries, f"{channel}.{part}") for channel in CHANNELS for part in FIELDS
        }
        self._folded = [blob_of(entries, f"pinyin.{part}", fold_blob) for part in ("title", "words")]
        self._english = near.Vocabulary(_words(self._blobs["latin", part] for part in ("title", "words", "signs")))
        self._spelled = near.Vocabulary(_words(self._blobs["pinyin", part] for part in ("title", "words")))

    def find(
        self, text: str, limit: int = 8, used: Mapping[str, int] | None = None, favourites: Set[str] = frozenset()
    ) -> list[Hit]:
        """At most `limit` scripts for `text`, none for an empty one; `used` script id -> times, the person's own."""
        typed = query(text)
        if not typed or limit < 1:
            return []
        found = self._exact(typed)
        parts = typed.split()
        if len(parts) > 1:
            self._together(parts, found)
        if len(found) < FEWEST:
            self._forgiven(typed, parts, found)
        counts = used or {}

        def place(script: int) -> tuple[int, int, bool, int, int]:
            name = self._ids[script]
            return found[script], -counts.get(name, 0), name not in favourites, self._orders[script], script

        return [Hit(self._ids[script], RANKS[found[script]]) for script in sorted(found, key=place)[:limit]]

    def _exact(self, typed: str) -> _Found:
        found = _Found()
        joined = typed.replace(" ", "")
        self._text("han", "", joined, found)
        if not has_han(typed):
            self._text("latin", " ", typed, found)
            if joined.isascii() and joined.isalpha():
                self._pinyin(joined, found)
        return found

    def _text(self, channel: str, start: str, typed: str, found: _Found) -> None:
        for part, exact in (("title", TITLE), ("words", WORDS)):
            blob = self._blobs[channel, part]
            within = blob.scripts_with(start + typed)
            if within:
                found.add(blob.scripts_with(f"\n{start}{typed}\n"), exact)
                found.add(blob.scripts_with(f"\n{start}{typed}"), PREFIX)
                found.add(within, PART)
        found.add(self._blobs[channel, "signs"].scripts_with(start + typed), SIGNS)
        found.add(self._blobs[channel, "say"].scripts_with(start + typed), SAY)

    def _pinyin(self, letters: str, found: _Found) -> None:
        if len(letters) == 1:
            for part in ("title", "words"):
                found.add(self._blobs["pinyin", part].scripts_with("\n" + letters.upper()), PREFIX)
            return
        pattern = spelled.mixed(letters)
        for part, exact in (("title", TITLE), ("words", WORDS)):
            for script, begins, ends in spelled.places(self._blobs["pinyin", part], pattern):
                found.add((script,), (exact if ends else PREFIX) if begins else PART)
        patterns = [spelled.whole(letters)] + ([spelled.initials(letters)] if len(letters) >= near.SHORTEST - 1 else [])
        for part, rank in (("signs", SIGNS), ("say", SAY)):
            for one in patterns:
                found.add(spelled.scripts(self._blobs["pinyin", part], one), rank)

    def _together(self, parts: list[str], found: _Found) -> None:
        """Scripts that hold every part somewhere, ranked by the part that was found worst."""
        each = [self._exact(part) for part in parts]
        for script in set(each[0]).intersection(*each[1:]):
            found.add((script,), max(PART, *(one[script] for one in each)))

    def _forgiven(self, typed: str, parts: list[str], found: _Found) -> None:
        joined = "".join(parts)
        if has_han(typed):
            for part in ("title", "words", "signs"):
                found.add(near.one_wrong(self._blobs["han", part], joined), TYPO)
            if not found:
                self._most(near.pairs(joined), self._han_pair, found)
            return
        if joined.isascii() and joined.isalpha() and len(joined) >= near.SHORTEST - 1:
            pattern = spelled.mixed(fold_query(joined))
            for blob in self._folded:
                found.add((script for script, _, _ in spelled.places(blob, pattern)), TYPO)
            found.add(self._spelled.near(joined), TYPO)
        each = [_Found(self._exact(part)) for part in parts] if len(parts) > 1 else [_Found()]
        for part, one in zip(parts, each):
            one.add(self._english.near(part), TYPO)
        for script in set(each[0]).intersection(*each[1:]):
            found.add((script,), TYPO)
        if not found and len(parts) > 1:
            self._most(parts, lambda part: set(each[parts.index(part)]), found)

    def _han_pair(self, pair: str) -> set[int]:
        return {script for part in ("title", "words", "signs") for script in self._blobs["han", part].scripts_with(pair)}

    def _most(self, parts: list[str], scripts: Callable[[str], set[int]], found: _Found) -> None:
        """Only the scripts that hold most of the parts; a part that half of all scripts hold does not count."""
        counts: dict[int, int] = {}
        for part in parts:
            holders = scripts(part)
            if 2 * len(holders) <= len(self._ids) or len(self._ids) < 2 * FEWEST:
                for script in holders:
                    counts[script] = counts.get(script, 0) + 1
        most = max(counts.values(), default=0)
        found.add((script for script, count in counts.items() if count == most), NEAR)


def _words(blobs: Iterable[Blob]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for blob in blobs:
        for script, start in enumerate(blob.starts):
            for word in blob.text[start : blob.after(script)].lower().split():
                found.setdefault(word, set()).add(script)
    return found
