"""Supervision: who is protected right now and who would hear, in memory only (last value, no history).

A seat is suspect after 15 s without a heartbeat, and a second after its stream closed without a goodbye (the second
lets a reconnect pass). Agents are told how many leads listen, desks which seats are not covered; each only on change.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field

from app.protocol import api
from app.protocol.batch import Status
from app.server.alerts.core import Core

_LOG = logging.getLogger("safeseat.supervise")
SUSPECT_S = 15.0
"""Three heartbeats of 5 s missed (design, "Supervision")."""
CLOSED_S = 1.0
TICK_S = 0.5
_PLANNED = frozenset({"signed_off", "asleep", "shutdown", "update", "takeover", "asked"})


@dataclass(slots=True)
class Seen:
    """The last that is known of one stream; instants in monotonic seconds, `since_ms` in Unix ms for people."""

    heard: float
    armed: bool = True
    errors: dict[str, str] = field(default_factory=dict)
    open: bool = False
    closed_at: float | None = None
    goodbye: bool = False
    cause: api.Cause | None = None
    since_ms: int = 0


class Supervisor:
    """Owned by the event loop; `start` and `stop` bracket its task."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._seen: dict[bytes, Seen] = {}
        self._listeners: dict[tuple[bytes, str], int] = {}
        self._cover: dict[bytes, bytes] = {}
        self._tried: dict[bytes, int] = {}
        self._task: asyncio.Task[None] | None = None
        core.hub.watch = self._watch

    async def start(self) -> None:
        """Begin to watch."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End the task."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def heartbeat(self, stream: bytes, status: Status) -> None:
        """Note a signed sign of life."""
        seen = self._seen.get(stream)
        if seen is None:
            seen = self._seen[stream] = Seen(self._core.clock.mono(), open=self._core.hub.readers(stream) > 0)
        seen.heard = self._core.clock.mono()
        seen.armed = status.armed
        seen.errors = dict(status.errors)
        seen.goodbye = False

    def goodbye(self, stream: bytes, cause: str) -> None:
        """Note that the program there ends in order: its silence is no alert."""
        seen = self._seen.get(stream)
        if seen is not None and cause in _PLANNED:
            seen.goodbye = True

    def proved(self, site: bytes, now_ms: int) -> None:
        """Note that an alarm of this site was painted at a desk."""
        self._tried[site] = now_ms

    def _watch(self, recipient: bytes, here: bool) -> None:
        seen = self._seen.get(recipient)
        if seen is not None:
            seen.open = here
            seen.closed_at = None if here else self._core.clock.mono()
        if self._core.people.holds(recipient, "lead"):
            self._count()
        if not here:
            self._cover.pop(recipient, None)

    def listening(self, site: bytes, team: str) -> int:
        """Return how many leads of the team have a live desk; team "" counts every lead of the site."""
        people = self._core.people
        here = (one for one in people.desks_of(site, "lead", team) if self._core.hub.readers(one))
        return len({stream.person for one in here if (stream := people.streams.get(one)) is not None})

    def listeners_of(self, stream: bytes) -> api.Listeners:
        """Return what a PC is told about who would hear it."""
        place = self._core.people.team_of(stream)
        if place is None:
            return api.Listeners(count=0)
        number = self._core.people.sites.get(place[0], ("", ""))[1]
        return api.Listeners(count=self.listening(*place), fallback=number)

    def _count(self) -> None:
        people = self._core.people
        streams = [one for one in self._core.hub.recipients() if people.team_of(one) is not None]
        teams = {place for one in streams if (place := people.team_of(one)) is not None}
        changed = set()
        for place in teams:
            count = self.listening(*place)
            if self._listeners.get(place) != count:
                self._listeners[place] = count
                changed.add(place)
        for one in streams:
            if people.team_of(one) in changed:
                self._core.hub.passing(one, api.encode_event(self.listeners_of(one)))

    def cover_of(self, desk: bytes) -> api.DeskCover:
        """Return what a lead's desk is told about the seats of the lead's teams."""
        people = self._core.people
        person = people.person_of(desk)
        held = people.roles.get(person.person, frozenset()) if person else frozenset()
        teams = {team for role, team in held if role == "lead"}
        covered, trouble, listening = 0, [], 0
        if person is None:
            return api.DeskCover(covered=0, listening=0)
        for team in teams:
            listening += self.listening(person.site, team)
        for stream, seen in self._seen.items():
            place = people.team_of(stream)
            if place is None or place[0] != person.site or place[1] not in teams:
                continue
            if seen.cause is None and not seen.goodbye:
                covered += 1
            elif seen.cause is not None:
                trouble.append(self._trouble(stream, seen.cause, seen.since_ms))
        tried = self._tried.get(person.site, 0)
        return api.DeskCover(covered=covered, listening=listening, tried_ms=tried, trouble=tuple(trouble[:200]))

    def _trouble(self, stream: bytes, cause: api.Cause, since_ms: int) -> api.SeatTrouble:
        people = self._core.people
        known, person = people.streams.get(stream), people.person_of(stream)
        device = people.devices.get(known.device) if known else None
        return api.SeatTrouble(
            seat=device.seat if device else "",
            floor=device.floor if device else "",
            who=person.name if person else "",
            cause=cause,
            since_ms=since_ms,
        )

    def _judge(self, seen: Seen, now: float) -> api.Cause | None:
        if seen.goodbye:
            return None
        if not seen.open and seen.closed_at is not None and now - seen.closed_at >= CLOSED_S:
            return "killed" if seen.closed_at - seen.heard < SUSPECT_S else "network"
        if now - seen.heard >= SUSPECT_S:
            return "network"
        return None if seen.armed else "unarmed"

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            try:
                self.look()
            except Exception:
                _LOG.exception("supervision failed once; it goes on")

    def look(self) -> None:
        """Judge every seat now and tell the desks what changed."""
        now = self._core.clock.mono()
        for seen in self._seen.values():
            cause = self._judge(seen, now)
            if (cause is None) != (seen.cause is None):
                seen.since_ms = self._core.clock.wall_ms()
            # Killed stays killed: the silence that follows is no new cause.
            seen.cause = seen.cause if cause == "network" and seen.cause == "killed" else cause
        for desk in self._core.hub.recipients():
            if self._core.people.holds(desk, "lead"):
                self.tell_desk(desk)

    def tell_desk(self, desk: bytes, *, again: bool = False) -> None:
        """Send a desk its board if that changed, or `again`."""
        body = api.encode_event(self.cover_of(desk))
        if again or self._cover.get(desk) != body:
            self._cover[desk] = body
            self._core.hub.passing(desk, body)
