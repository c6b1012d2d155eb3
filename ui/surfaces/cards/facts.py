"""What stands beside the steps of a card: numbers to call, places of the site, and whether the card is stale; no Qt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.agent.snapshot import Settings
from app.content.model import Card
from app.content.shapes import PHONES

PUBLIC = {"police": "110", "fire": "119", "ambulance": "120"}
"""Emergency numbers of mainland China (domain facts, emergency cards)."""
OF_SITE = {"guards": "guards_phone", "internal": "internal_phone"}
STALE_AFTER = timedelta(days=92)
"""Cards are renewed each quarter."""


@dataclass(frozen=True, slots=True)
class Line:
    """A number or place: `key` of its label, `value` empty when the site gave none."""

    key: str
    value: str


def site_values(settings: Settings, pack: Mapping[str, str]) -> dict[str, str]:
    """The site's values: of the policy, and over them those of its signed content pack."""
    return {**dict(settings.site), **{key: value for key, value in pack.items() if value}}


def numbers_of(card: Card, site: Mapping[str, str]) -> tuple[Line, ...]:
    """Numbers in the order to call; each once."""
    keys = [OF_SITE.get(key, key) for key in card.numbers] + [key for key in card.site if key in PHONES]
    return tuple(Line(key, PUBLIC.get(key) or site.get(key, "")) for key in dict.fromkeys(keys))


def places_of(card: Card, site: Mapping[str, str]) -> tuple[Line, ...]:
    """Places and people of the site that this card shows."""
    return tuple(Line(key, site.get(key, "")) for key in card.site if key not in PHONES)


def reviewed(card: Card, settings: Settings) -> date | None:
    """When the site last went through the card; None if it never said, or not as a day."""
    try:
        return date.fromisoformat(card.reviewed_on or settings.cards_reviewed_on)
    except ValueError:
        return None


def is_stale(on: date | None, today: date) -> bool:
    """Whether a card was reviewed over three months ago, or nobody knows."""
    return on is None or today - on > STALE_AFTER
