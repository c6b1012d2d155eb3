"""The escalation chain of a site, frozen when an alarm is raised, and the text form of a notification's key.

So far one chain for every site: the team's leads, then the heads, then every lead of the site; the policy may name
others later. A target is a person, so that it reaches whatever desk that person sits at when it is due.
"""

from collections.abc import Iterable

import msgspec

from app.domain.escalation import Chain, Key, Step, Target
from app.server.storage.directory import Directory

LEAD_WAIT_S = 30
"""Seconds until an alarm that no lead of the team takes goes to the heads (seconds, not minutes: design, section 4)."""
HEAD_WAIT_S = 30
SITE_WAIT_S = 60
DESK = "desk"


def make_chain(people: Directory, site: bytes, team: str, without: bytes | None) -> Chain:
    """Return the chain for somebody of `team`; without a team every lead is in the first step, without a site of all sites.

    `without` is the person who asks: they are not told of their own alarm.
    """
    sites = [site] if site in people.sites else list(people.sites)
    leads = {one for each in sites for one in _holders(people, each, "lead", team)}
    heads = {one for each in sites for one in _holders(people, each, "head", "")}
    every = {one for each in sites for one in _holders(people, each, "lead", "")}
    steps = ((leads, LEAD_WAIT_S), (heads - leads, HEAD_WAIT_S), (every - leads - heads, SITE_WAIT_S))
    return Chain(tuple(Step(_targets(found - {without}), wait) for found, wait in steps))


def _holders(people: Directory, site: bytes, role: str, team: str) -> set[bytes]:
    return {
        person
        for person, held in people.roles.items()
        if people.people[person].site == site and any(r == role and team in ("", t) for r, t in held)
    }


def _targets(people: Iterable[bytes | None]) -> tuple[Target, ...]:
    return tuple(sorted(Target(DESK, one.hex()) for one in people if one is not None))


def key_text(key: Key) -> str:
    """Return a notification's key as text to store."""
    return msgspec.json.encode(key).decode()


def parse_key(text: str) -> Key:
    """Return the key in a stored text."""
    return msgspec.json.decode(text, type=Key)


def streams_of(people: Directory, target: Target) -> tuple[bytes, ...]:
    """Return the streams at which a target can be shown an alarm."""
    if target.channel != DESK:
        return ()
    return people.by_person.get(bytes.fromhex(target.to), ())
