"""The site's signed content pack: loaded, fetched, taken or refused."""

from dataclasses import dataclass

from app.agent.events.base import Effect

Remembered = tuple[tuple[bytes, int, bytes], ...]
"""For each site its highest version ever taken and that version's digest: (site, version, digest)."""


@dataclass(frozen=True, slots=True)
class LoadPack(Effect):
    """Verify the kept pack anew and let it hold; what is older than `remembered` is not taken."""

    remembered: Remembered


@dataclass(frozen=True, slots=True)
class FetchPack(Effect):
    """Fetch the pack that a server has, and take it or say why not."""

    server: str
    remembered: Remembered


@dataclass(frozen=True, slots=True)
class PackHolds:
    """This pack holds from now on; version 0 is none. `values`: the site's own numbers and places by field."""

    site: bytes = b""
    version: int = 0
    digest: bytes = b""
    pack: str = ""
    until_ms: int = 0
    values: tuple[tuple[str, str], ...] = ()
    reviewed_on: str = ""


@dataclass(frozen=True, slots=True)
class PackRefused:
    """A pack was refused whole, `reason` in one English sentence; the last good one stays."""

    reason: str


@dataclass(frozen=True, slots=True)
class PackUnfetched:
    """The server could not be asked, or the pack could not be kept: try again later."""

    server: str
