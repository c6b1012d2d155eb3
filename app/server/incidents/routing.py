"""Who gets a report and who may read it (privacy, "who sees what"; domain facts, sections 4 and 7).

Whoever is named is neither; the reporter handles nothing of the own; what was not meant for the lead reaches no lead.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from app.server.storage.directory import Directory

NAME_MIN = 2
"""A name of fewer characters is compared as a whole only."""
FALLBACK = ("officer", "staff_rep", "head")
"""Asked in this order if nobody is left of those whom a report is for."""


@dataclass(frozen=True, slots=True)
class Case:
    """What routing needs to know of a report; `person` is the reporter, `barred` whom it names."""

    site: bytes
    team: str
    person: bytes | None
    hazard: bool
    kind: str
    level: int
    handler: str
    barred: frozenset[bytes]


def named(names: Iterable[str], site: bytes, people: Directory) -> frozenset[bytes]:
    """Return the people of the site whom these texts may mean: rather one too many than one too few."""
    wanted = [one for one in map(_plain, names) if one]
    found = set()
    for person in people.people.values():
        name = _plain(person.name)
        if person.site == site and any(_may_mean(one, name) for one in wanted):
            found.add(person.person)
    return frozenset(found)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _may_mean(text: str, name: str) -> bool:
    if not name:
        return False
    return text == name or (min(len(text), len(name)) >= NAME_MIN and (text in name or name in text))


def recipients(case: Case, people: Directory) -> frozenset[bytes]:
    """Return the persons who shall handle it; empty only if the site has nobody who may."""
    found: set[bytes] = set()
    for role, team in _asked(case):
        found |= _holders(people, case.site, role, team)
    left = _allowed(case, people, found)
    for role in FALLBACK:
        if left:
            break
        left = _allowed(case, people, _holders(people, case.site, role, ""))
    return left


def readers(case: Case, people: Directory) -> frozenset[bytes]:
    """Return the persons who may read it: those who handle it, and by their office the officer, the head and the lead."""
    found = set(recipients(case, people))
    offices = {"lead": ("officer", "head"), "officer": ("officer",), "staff_rep": ()}[case.handler]
    for role in offices:
        found |= _holders(people, case.site, role, "")
    if case.handler == "lead":
        found |= _holders(people, case.site, "lead", case.team)
    return _allowed(case, people, found)


def _asked(case: Case) -> list[tuple[str, str]]:
    chosen = (case.handler, case.team if case.handler == "lead" else "")
    asked = [chosen]
    if case.kind == "suspicious":
        # Straight to IT security; somebody else only if the person asked for them.
        asked = [("it", ""), *([] if case.handler == "lead" else [chosen])]
    elif case.kind == "fire" or (case.hazard and case.level == 1):
        asked.append(("officer", ""))
    elif case.hazard and case.level == 3:
        asked.append(("it", ""))
    if case.level == 1 and not case.hazard and case.handler == "lead":
        asked.append(("head", ""))
    return asked


def _holders(people: Directory, site: bytes, role: str, team: str) -> set[bytes]:
    return {
        person
        for person, held in people.roles.items()
        if person in people.people
        and people.people[person].site == site
        and any(one == role and (not team or of == team) for one, of in held)
    }


def _allowed(case: Case, people: Directory, found: Iterable[bytes]) -> frozenset[bytes]:
    left = frozenset(found) - case.barred - {case.person}
    if case.handler == "lead":
        return left
    return left - _holders(people, case.site, "lead", "")
