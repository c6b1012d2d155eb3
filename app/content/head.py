"""The head of a pack: schema, id, version, what it removes, and a site's own numbers and places; the check of it."""

from collections.abc import Mapping

from app.content.check import ID, is_day, shown
from app.content.shapes import KINDS, PHONES, PLACES

SCHEMA = 1
SITE_VALUE_MAX = 120
"""Characters of a site's own value, such as where the assembly point is."""


def about_faults(about: Mapping[str, object]) -> list[tuple[str, str]]:
    """What is wrong with the head of a pack (`pack.toml`), as key and clause."""
    known = ("schema", "id", "version", "removed", "site", "reviewed_on")
    found = [(shown(key), "is not a known key") for key in about if key not in known]
    if about.get("schema") != SCHEMA:
        found.append(("schema", f"must be {SCHEMA}"))
    name, version = about.get("id"), about.get("version")
    if not isinstance(name, str) or not ID.match(name):
        found.append(("id", "must be an id of small letters, digits and dashes"))
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version < 1 << 53:
        found.append(("version", "must be a whole number from 1"))
    removed = about.get("removed", [])
    if not isinstance(removed, list) or not all(isinstance(one, str) and _is_entry(one) for one in removed):
        found.append(("removed", "must be a list of entries such as “cards/fire”"))
    if "reviewed_on" in about and not is_day(about["reviewed_on"]):
        found.append(("reviewed_on", "must be a day such as 2026-11-01"))
    return found + _site_faults(about.get("site", {}))


def _is_entry(name: str) -> bool:
    kind, _, rest = name.partition("/")
    return kind in KINDS and ID.match(rest) is not None


def _site_faults(site: object) -> list[tuple[str, str]]:
    if not isinstance(site, dict):
        return [("site", "is not a table")]
    found = []
    for key, value in site.items():
        at = f"site.{shown(key)}"
        if key not in PLACES + PHONES:
            found.append((at, f"is not known; known are {', '.join(PLACES + PHONES)}"))
        elif not isinstance(value, str) or not 0 < len(value) <= SITE_VALUE_MAX or not value.isprintable():
            found.append((at, f"must be one plain line of at most {SITE_VALUE_MAX} characters"))
        elif key in PHONES and not set(value) <= set("0123456789+-*# ()"):
            found.append((at, "must be a phone number: digits and + - * # ( )"))
    return found
