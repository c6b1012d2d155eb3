"""The content that holds now, in one language: the shipped pack with the site's over it, each kind read when first asked for."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from app.content.errors import ContentError
from app.content.model import Caller, Card, Checklist, Exercise, Framework, Quiz, Script
from app.content.project import MAKERS, projected
from app.content.shapes import KINDS, LANGUAGES
from app.content.shipped import shipped_bytes, shipped_text
from app.content.site import SitePack
from app.protocol.errors import ProtocolError
from app.protocol.fields import decode

if TYPE_CHECKING:
    from app.content.search import Index, Search

BUILT_MAX = 8 << 20
_T = TypeVar("_T")


def core(*parts: str) -> dict[str, dict[str, Any]]:
    """A built file of the shipped pack: id -> table; ContentError if it is damaged."""
    try:
        return decode(shipped_bytes("content", "core", "built", *parts), dict[str, dict[str, Any]], "built content", BUILT_MAX)
    except (ProtocolError, FileNotFoundError):
        raise ContentError(f"The shipped content {'/'.join(parts)} is missing or damaged; install SafeSeat anew.") from None


class Library:
    """Content of one language; made once and shared, every part read on first use and kept. One thread at a time."""

    def __init__(self, language: str, site: SitePack | None = None) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self._site = site
        self._kinds: dict[str, dict[str, Any]] = {}
        self._search: Search | None = None

    def other(self, language: str) -> "Library":
        """The same content in another language; the search index is shared, it knows all of them."""
        made = Library(language, self._site)
        made._search = self._search
        return made

    @cached_property
    def site(self) -> Mapping[str, str]:
        """The site's own values by field (shapes.PLACES and PHONES); those that it never gave are missing."""
        return self._site.site if self._site else {}

    @cached_property
    def scripts(self) -> tuple[Script, ...]:
        """All scripts in order."""
        return tuple(sorted(self._made("scripts", Script).values(), key=lambda one: (one.order, one.id)))

    def script(self, name: str) -> Script | None:
        """The script with this id."""
        return self._made("scripts", Script).get(name)

    @cached_property
    def tiles(self) -> tuple[Script, ...]:
        """The scripts on the palette's six tiles, first tile first; a site's script goes before the shipped one."""
        found: dict[int, Script] = {}
        own = self._site.tables("scripts") if self._site else {}
        for script in sorted(self.scripts, key=lambda one: one.id in own):
            if script.tile:
                found[script.tile] = script
        return tuple(found[tile] for tile in sorted(found))

    @cached_property
    def frameworks(self) -> tuple[Framework, ...]:
        """All frameworks in order."""
        return tuple(sorted(self._made("frameworks", Framework).values(), key=lambda one: (one.order, one.id)))

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        """All emergency cards in order."""
        return tuple(sorted(self._made("cards", Card).values(), key=lambda one: (one.order, one.id)))

    @cached_property
    def exercises(self) -> tuple[Exercise, ...]:
        """All exercises in order."""
        return tuple(sorted(self._made("exercises", Exercise).values(), key=lambda one: (one.order, one.id)))

    @cached_property
    def checklists(self) -> tuple[Checklist, ...]:
        """All checklists in order."""
        return tuple(sorted(self._made("checklists", Checklist).values(), key=lambda one: (one.order, one.id)))

    @cached_property
    def callers(self) -> tuple[Caller, ...]:
        """All practice callers in order."""
        return tuple(sorted(self._made("callers", Caller).values(), key=lambda one: (one.order, one.id)))

    @cached_property
    def quiz(self) -> tuple[Quiz, ...]:
        """All topics of the question bank in order."""
        return tuple(sorted(self._made("quiz", Quiz).values(), key=lambda one: (one.order, one.id)))

    def search(self) -> "Search":
        """The search over all scripts, made on first use."""
        if self._search is None:
            from app.content.search import Search

            self._search = Search(self._index())
        return self._search

    def _index(self) -> "Index":
        from app.content.search.sections import index_of

        index = index_of(core("search.json"), shipped_text("content", "core", "built", "sounds.txt"))
        if self._site is None:
            return index
        return index.with_entries(self._site.search_entries(), self._site.removed_of("scripts"))

    def _made(self, kind: str, _type: type[_T]) -> dict[str, _T]:
        if kind not in self._kinds:
            self._kinds[kind] = {name: MAKERS[kind](name, data) for name, data in self._tables(kind).items()}
        return self._kinds[kind]

    def _tables(self, kind: str) -> dict[str, dict[str, Any]]:
        found = core(self.language, f"{kind}.json")
        if self._site:
            for name in self._site.removed_of(kind):
                found.pop(name, None)
            for name, data in self._site.tables(kind).items():
                found[name] = projected(KINDS[kind], data, self.language)
            if kind == "cards" and self._site.reviewed_on:
                for data in found.values():
                    data.setdefault("reviewed_on", self._site.reviewed_on)
        return found
