"""Who is who, in memory: devices, streams, people and roles, so that an alarm waits for no query of them.

Loaded at the start and after each change; owned by the event loop's thread. A lookup by stream or device needs no site:
ids are random and unique over the whole server.
"""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.server.storage import people as p
from app.server.storage.people import Device, Person, Stream

LEADS = "lead"


@dataclass(frozen=True, slots=True)
class Directory:
    """One consistent picture; replaced as a whole."""

    sites: dict[bytes, tuple[str, str]] = field(default_factory=dict)
    devices: dict[bytes, Device] = field(default_factory=dict)
    streams: dict[bytes, Stream] = field(default_factory=dict)
    people: dict[bytes, Person] = field(default_factory=dict)
    roles: dict[bytes, frozenset[tuple[str, str]]] = field(default_factory=dict)
    desks: dict[tuple[bytes, str, str], frozenset[bytes]] = field(default_factory=dict)
    by_person: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)

    def person_of(self, stream: bytes) -> Person | None:
        """Return the person who works in this stream."""
        known = self.streams.get(stream)
        return None if known is None or known.person is None else self.people.get(known.person)

    def team_of(self, stream: bytes) -> tuple[bytes, str] | None:
        """Return (site, team) of the stream's person."""
        person = self.person_of(stream)
        return None if person is None else (person.site, person.team)

    def desks_of(self, site: bytes, role: str, team: str) -> frozenset[bytes]:
        """Return the streams of those who hold `role` for `team`; team "" is everybody at the site with the role."""
        return self.desks.get((site, role, team), frozenset())

    def holds(self, stream: bytes, role: str, team: str = "") -> bool:
        """Say whether the stream's person holds `role` (for `team`, or for any when "")."""
        person = self.person_of(stream)
        return person is not None and stream in self.desks_of(person.site, role, team)

    def agents_of(self, site: bytes, team: str) -> tuple[bytes, ...]:
        """Return the streams of everybody in the team."""
        return tuple(one for one in self.streams if self.team_of(one) == (site, team))


def load(conn: Connection) -> Directory:
    """Return the present picture of the database."""
    streams = {one.stream: one for one in p.all_streams(conn)}
    roles: dict[bytes, set[tuple[str, str]]] = {}
    desks: dict[tuple[bytes, str, str], set[bytes]] = {}
    by_person: dict[bytes, list[bytes]] = {}
    for stream in streams.values():
        if stream.person is not None:
            by_person.setdefault(stream.person, []).append(stream.stream)
    for site, person, role, team in p.all_roles(conn):
        roles.setdefault(person, set()).add((role, team))
        for one in by_person.get(person, ()):
            desks.setdefault((site, role, team), set()).add(one)
            desks.setdefault((site, role, ""), set()).add(one)
    return Directory(
        sites=p.site_names(conn),
        devices={one.device: one for one in p.all_devices(conn)},
        streams=streams,
        people={one.person: one for one in p.all_people(conn)},
        roles={person: frozenset(held) for person, held in roles.items()},
        desks={key: frozenset(held) for key, held in desks.items()},
        by_person={person: tuple(held) for person, held in by_person.items()},
    )
