"""The fifth of a team's seats that its leads look at this week (domain facts, section 6): drawn, never chosen.

Drawn by a key that lies outside the database, so nobody can foresee or steer it; nothing of it is stored.
"""

import datetime as dt
import hmac
from collections.abc import Iterable

from app.protocol.reports import SAMPLE_MAX, Sample, SampleSeat
from app.protocol.wire import tag
from app.server.storage.directory import LEADS, Directory
from app.server.storage.keyring import Keyring

WEEKS = 5
"""In so many weeks every seat comes once; the first of them are those whose number since the year 1 divides by it."""


def site_key(keys: Keyring, site: bytes) -> bytes:
    """Return the key of a site's draws."""
    return hmac.digest(keys.master, tag("sample-key") + site, "sha256")


def draw(key: bytes, week: int, devices: Iterable[bytes]) -> list[bytes]:
    """Return the devices of week number `week`, at least one if there are any.

    Five weeks share an order that the key draws, and deal it out in turn: of five or more devices each comes exactly
    once; fewer come more than once. One that is enrolled or leaves in between may shift others.
    """
    turn, place = divmod(week, WEEKS)
    order = sorted(set(devices), key=lambda one: hmac.digest(key, tag("sample") + str(turn).encode() + one, "sha256"))
    return order[place::WEEKS] or order[place % len(order) :][:1] if order else []


def sample_of(people: Directory, keys: Keyring, stream: bytes, day: dt.date) -> Sample | None:
    """Return the seats of the week of `day` for the lead who works in this stream; none for a head, who has a desk but no team.

    None for anybody else.

    Each team is drawn by itself, so that all its leads see the same seats; seats without a label cannot be found and are
    left out.
    """
    person = people.person_of(stream)
    held = people.roles.get(person.person, frozenset()) if person is not None else frozenset()
    mine = {team for role, team in held if role == LEADS}
    if person is None or not (mine or any(role == "head" for role, _ in held)):
        return None
    week, key = (day.toordinal() - 1) // 7, site_key(keys, person.site)
    found = {
        one for team, seats in _seats(people, person.site).items() if team in mine for one in draw(key, week, seats)
    }
    labels = sorted({(people.devices[one].floor[:64], people.devices[one].seat[:64]) for one in found})
    year, number, _ = day.isocalendar()
    seats = tuple(SampleSeat(seat=seat, floor=floor) for floor, seat in labels[:SAMPLE_MAX])
    return Sample(week=f"{year}-W{number:02d}", seats=seats)


def _seats(people: Directory, site: bytes) -> dict[str, set[bytes]]:
    """The site's active PCs that have a seat label, by team; a PC of two teams counts for the first."""
    team_of: dict[bytes, str] = {}
    for stream in people.streams.values():
        device, team = people.devices.get(stream.device), people.team_of(stream.stream)
        if device is not None and device.state == "active" and device.seat and team is not None and team[0] == site:
            team_of[device.device] = min(team[1], team_of.get(device.device, team[1]))
    teams: dict[str, set[bytes]] = {}
    for one, name in team_of.items():
        teams.setdefault(name, set()).add(one)
    return teams
