"""The site's signed content pack: which one holds, since when it is past its time, and why another was refused."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from app.agent.events import DeskEvent, EnrolmentChanged, ReadState, SaveState, StateRead, StateRecalled, VaultOpened
from app.agent.events.packs import FetchPack, LoadPack, PackHolds, PackRefused, PackUnfetched, Remembered
from app.agent.snapshot import ContentFace, Snapshot
from app.domain.moment import NS, Moment
from app.protocol.api import DocChanged

STATE = "content_pack"
SPREAD = 2 * NS
"""PCs of a site fetch a new pack within two seconds rather than all at once."""
AGAIN = 60 * NS
LOOK = 3600 * NS
"""A wall clock may jump, so whether the pack is past its time is looked at once an hour at least."""


@dataclass(slots=True)
class ContentPart:
    """Owns ContentFace and the site's values among the settings; `random` gives 0..1."""

    random: Callable[[], float]
    name: str = field(default="content", init=False)
    _holds: PackHolds = field(default=PackHolds(), init=False)
    _refused: str = field(default="", init=False)
    _remembered: dict[bytes, tuple[int, bytes]] = field(default_factory=dict, init=False)
    _recalled: bool = field(default=False, init=False)
    _wanted: str = field(default="", init=False)
    _fetch_at: int | None = field(default=None, init=False)
    _look_at: int | None = field(default=None, init=False)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: DocChanged, what the lane tells, the state that was kept; outputs: LoadPack, FetchPack, SaveState."""
        out: tuple[object, ...] = ()
        match item:
            case EnrolmentChanged():
                # the links were made anew: another server may be the first one now
                self._wanted, self._fetch_at, out = "", None, (self._load(),)
            case VaultOpened() | StateRecalled() if not self._recalled:
                out = (ReadState(STATE),)
            case StateRead(name, blob) if name == STATE and not self._recalled:
                out = self._recall(blob)
            case DeskEvent(server, DocChanged(kind="content", version=version)):
                self._told(server, version, now)
            case PackHolds():
                out = self._held(item)
            case PackRefused(reason):
                self._refused = reason
            case PackUnfetched(server):
                self._wanted, self._fetch_at = server, now.boot + int(AGAIN * (0.5 + self.random()))
            case _:
                pass
        return (*out, *self._due(now))

    def due(self) -> int | None:
        """When to fetch, and when to look whether the pack is past its time."""
        return min((at for at in (self._fetch_at, self._look_at) if at is not None), default=None)

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Fill in the pack, its values before those of the policy, and what is wrong with it."""
        holds = self._holds
        stale = bool(holds.version) and now.wall_ms >= holds.until_ms
        face = ContentFace(holds.pack, holds.version, holds.until_ms, stale, self._refused)
        # what two persons may have signed is not changed by a setting; the setting fills what the pack leaves open
        site = tuple({**dict(shown.settings.site), **dict(holds.values)}.items())
        settings = replace(shown.settings, site=site, cards_reviewed_on=holds.reviewed_on or shown.settings.cards_reviewed_on)
        told = {name for name, on in (("pack_refused", bool(self._refused)), ("pack_stale", stale)) if on}
        return replace(shown, content=face, settings=settings, faults=tuple(sorted({*shown.faults, *told})))

    def _told(self, server: str, version: int, now: Moment) -> None:
        """A server says which version it has: one that does not hold here is fetched, soon and not all at once."""
        if version == self._holds.version:
            self._refused = ""
        elif self._fetch_at is None or self._wanted != server:
            self._wanted, self._fetch_at = server, now.boot + int(SPREAD * self.random())

    def _held(self, holds: PackHolds) -> tuple[object, ...]:
        self._holds, self._refused = holds, ""
        self._look_at = 0 if holds.version else None
        known = self._remembered.get(holds.site, (0, b""))
        if holds.version <= known[0]:
            return ()
        self._remembered[holds.site] = holds.version, holds.digest
        # before the kept state is known nothing may take its place
        return (self._save(),) if self._recalled else ()

    def _due(self, now: Moment) -> tuple[object, ...]:
        if self._look_at is not None and now.boot >= self._look_at:
            left = (self._holds.until_ms - now.wall_ms) * 1_000_000
            self._look_at = now.boot + (min(LOOK, left) if left > 0 else LOOK)
        if self._fetch_at is None or now.boot < self._fetch_at:
            return ()
        self._fetch_at = None
        return (FetchPack(self._wanted, self._table()),)

    def _load(self) -> LoadPack:
        return LoadPack(self._table())

    def _table(self) -> Remembered:
        return tuple((site, version, digest) for site, (version, digest) in self._remembered.items())

    def _save(self) -> SaveState:
        rows = [(site.hex(), version, digest.hex()) for site, version, digest in self._table()]
        return SaveState(STATE, json.dumps(rows, separators=(",", ":")).encode())

    def _recall(self, blob: bytes) -> tuple[object, ...]:
        """What was ever taken: a kept file that is older than that is put aside by loading it once more."""
        self._recalled = True
        kept = _read(blob)
        since = {site: found for site, found in self._remembered.items() if found[0] > kept.get(site, (0, b""))[0]}
        self._remembered = {**kept, **since}
        return (*((self._save(),) if since else ()), self._load())


def _read(blob: bytes) -> dict[bytes, tuple[int, bytes]]:
    """The kept rows; damaged ones count as nothing."""
    try:
        return {bytes.fromhex(site): (int(version), bytes.fromhex(digest)) for site, version, digest in json.loads(blob or b"[]")}
    except (ValueError, TypeError):
        return {}
