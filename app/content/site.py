"""What a site's signed pack puts over the shipped content: own entries, removed ones, and the site's numbers and places."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.content.search.sections import Entry, entry_of


@dataclass(frozen=True, slots=True)
class SitePack:
    """A checked pack. `entries` kind -> id -> table in three languages, `removed` as "cards/fire", `pinyin` from its builder."""

    name: str
    version: int
    entries: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    site: Mapping[str, str] = field(default_factory=dict)
    reviewed_on: str = ""
    pinyin: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)

    def tables(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        """The entries of one kind that replace or add."""
        return self.entries.get(kind, {})

    def removed_of(self, kind: str) -> Iterator[str]:
        """The ids of this kind that it takes away."""
        return (name.partition("/")[2] for name in self.removed if name.startswith(f"{kind}/"))

    def search_entries(self) -> Iterator[Entry]:
        """Its scripts for the search index."""
        for name, script in self.tables("scripts").items():
            yield entry_of(name, script, self.pinyin.get(name, {}))
