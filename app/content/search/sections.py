"""The index of a pack: per script one section in each of twelve fields, and the sections joined into long strings.

Searching a long string is one call of `str.find` instead of a loop over phrases, and costs no object per phrase. A section
is its phrases, each between line feeds; Latin phrases begin with a space, so that a space marks every word's start; pinyin
is written MaRen, so that a capital marks every syllable's start.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.content.search.words import plain, plain_han

FIELDS = ("title", "words", "signs", "say")
"""In the order of their rank."""
CHANNELS = ("han", "latin", "pinyin")


@dataclass(frozen=True, slots=True)
class Entry:
    """One script in the index: `sections` "han.title" -> phrases joined by line feeds."""

    id: str
    order: int
    sections: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Index:
    """What `Search` is made of; `with_entries` puts a site's scripts over it.

    `sounds` tells how common characters are read, one line a syllable (Ma骂妈…), so that one written for another of the
    same sound, or a Traditional one for a Simplified one, is found all the same.
    """

    entries: tuple[Entry, ...] = ()
    sounds: str = ""

    def with_entries(self, more: Iterable[Entry], removed: Iterable[str] = ()) -> "Index":
        """The same with other or further scripts; an entry of the same id replaces."""
        kept = {entry.id: entry for entry in self.entries}
        for name in removed:
            kept.pop(name, None)
        kept.update((entry.id, entry) for entry in more)
        return Index(tuple(kept.values()), self.sounds)


def index_of(data: Mapping[str, Mapping[str, Any]], sounds: str = "") -> Index:
    """The index from built data: id -> order and sections."""
    return Index(tuple(Entry(name, one["order"], one["sections"]) for name, one in data.items()), sounds)


def entry_of(name: str, script: Mapping[str, Any], pinyin: Mapping[str, Sequence[str]]) -> Entry:
    """The entry of a checked script in three languages; `pinyin` field -> phrases as MaRen, from the builder."""
    sections: dict[str, str] = {}
    for part in FIELDS:
        texts = {language: phrases(script, part, language) for language in ("zh_CN", "zh_TW", "en")}
        han = dict.fromkeys(plain_han(text) for text in texts["zh_CN"] + texts["zh_TW"])
        latin = dict.fromkeys(" " + plain(text) for text in texts["en"])
        sections[f"han.{part}"] = "\n".join(filter(None, han))
        sections[f"latin.{part}"] = "\n".join(latin)
        sections[f"pinyin.{part}"] = "\n".join(dict.fromkeys(pinyin.get(part, ())))
    return Entry(name, script["order"], {key: text for key, text in sections.items() if text})


def phrases(script: Mapping[str, Any], part: str, language: str) -> list[str]:
    """The phrases of one field in one language."""
    if part == "say":
        return [step["say"][language] for step in script["step"]]
    found = script[part][language]
    return [found] if isinstance(found, str) else list(found)


@dataclass(slots=True)
class Blob:
    """One field of all scripts as one string; `starts` is where each script's section begins."""

    text: str = "\n"
    starts: "array[int]" = field(default_factory=lambda: array("I"))

    def script_at(self, place: int) -> int:
        """The number of the script whose section holds this place."""
        return bisect_right(self.starts, place) - 1

    def after(self, script: int) -> int:
        """Where the next script's section begins, or the string ends."""
        return self.starts[script + 1] if script + 1 < len(self.starts) else len(self.text)

    def scripts_with(self, part: str) -> list[int]:
        """The scripts whose sections hold `part`, each once, by their number."""
        found = []
        find, starts = self.text.find, self.starts
        place, last = find(part), len(starts) - 1
        while place >= 0:
            script = bisect_right(starts, place) - 1
            found.append(script)
            if script == last:
                break
            place = find(part, starts[script + 1])
        return found


def blob_of(entries: Sequence[Entry], key: str, form: Callable[[str], str] = str) -> Blob:
    """One field of all entries in some form; each section starts on a line feed and the last one ends with one."""
    starts, parts, place = array("I"), [], 0
    for entry in entries:
        section = "\n" + form(entry.sections.get(key, ""))
        starts.append(place)
        parts.append(section)
        place += len(section)
    return Blob("".join([*parts, "\n"]), starts)
