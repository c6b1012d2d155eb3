"""The alarm lane: every move to every configured server at once, until each has answered with its signature. Sans-IO.

A move is idempotent by (alarm, no), so it is simply sent again. Nothing refuses it and nothing here gives up. Requests
are not signed: the move proves itself, and no clock, beat or key may stand in an alarm's way.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol

from app.domain.moment import NS, Moment
from app.protocol import api
from app.protocol.alarm import MOVE_BYTES, Move, parse_move
from app.protocol.errors import ProtocolError
from app.protocol.httpsig import Answer
from app.sync.link import Link, Outgoing

AFTER_NS: Final = (0, NS // 5, NS // 2, NS, 2 * NS)
"""When a move is sent after it was made: at 0, 0.2, 0.5, 1, 2 s, then every 2 s (design, "Alarm lane")."""
EVERY_NS: Final = 2 * NS
TIMEOUTS_S: Final = (1.0, 1.0, 2.0, 4.0, 8.0)
"""Patience with one attempt: a mute server is left soon for a new connection, a slow one is heard in the end."""


class AlarmStore(Protocol):
    """Where moves wait over a restart: the journal file where there is a vault, else `MemoryAlarmStore`. May block."""

    def put(self, alarm: bytes, no: int, packet: bytes) -> None: ...
    def done(self, alarm: bytes, no: int, server: bytes) -> None: ...
    def drop(self, alarm: bytes, no: int) -> None: ...
    def load(self) -> list[tuple[bytes, frozenset[bytes]]]: ...


class MemoryAlarmStore:
    """The store without a vault: that there was an alarm must not lie on the disk in plain."""

    def __init__(self) -> None:
        self._kept: dict[tuple[bytes, int], tuple[bytes, frozenset[bytes]]] = {}

    def put(self, alarm: bytes, no: int, packet: bytes) -> None:
        """Keep one move until `drop`; the same (alarm, no) again changes nothing."""
        self._kept.setdefault((alarm, no), (packet, frozenset()))

    def done(self, alarm: bytes, no: int, server: bytes) -> None:
        """Note that this server has answered the move."""
        if (alarm, no) in self._kept:
            packet, servers = self._kept[alarm, no]
            self._kept[alarm, no] = (packet, servers | {server})

    def drop(self, alarm: bytes, no: int) -> None:
        """Forget a move."""
        self._kept.pop((alarm, no), None)

    def load(self) -> list[tuple[bytes, frozenset[bytes]]]:
        """Return what still waits: (packet, servers that have answered)."""
        return list(self._kept.values())


@dataclass(frozen=True, slots=True)
class AlarmSend:
    """Carry this out towards `server` and report `answered` or `failed`; give it up after `timeout_s`."""

    server: bytes
    alarm: bytes
    no: int
    request: Outgoing
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Stored:
    """A server has signed that it holds the move durably: the sign may say *kept*.

    `last`: every configured server has now; the store may drop the move. `listening`: lead desks online for the team.
    """

    server: bytes
    alarm: bytes
    no: int
    listening: int
    unverified: bool
    last: bool


@dataclass(slots=True)
class _Waiting:
    move: Move
    packet: bytes
    since: int
    order: int
    drill: bool
    done: set[bytes]
    attempts: dict[bytes, int] = field(default_factory=dict)
    due: dict[bytes, int] = field(default_factory=dict)
    under_way: set[bytes] = field(default_factory=set)


class AlarmLane:
    """Moves that wait and for whom; guarded by the caller's lock or thread. One request a server is under way at a time."""

    def __init__(self, links: Iterable[Link]) -> None:
        self._links = {link.server: link for link in links}
        self._waiting: dict[tuple[bytes, int], _Waiting] = {}
        self._drills: dict[bytes, bool] = {}
        self._made = 0

    @property
    def waiting(self) -> int:
        """How many moves some server has not answered yet."""
        return len(self._waiting)

    def set_links(self, links: Iterable[Link]) -> None:
        """Change the configured servers; moves that wait go to new ones too, removed ones are not waited for."""
        self._links = {link.server: link for link in links}
        for key, one in list(self._waiting.items()):
            for server in self._links.keys() - one.done:
                one.due.setdefault(server, one.since)
            one.due = {server: due for server, due in one.due.items() if server in self._links}
            if self._links and not one.due:
                del self._waiting[key]

    def submit(self, packet: bytes, now: Moment, done: Iterable[bytes] = ()) -> None:
        """Take a move of 345 bytes to send at once; `done` names servers that answered it before a restart.

        The same (alarm, no) again changes nothing. ProtocolError for bytes that are no move.
        """
        move = parse_move(packet[:MOVE_BYTES])
        key = (move.alarm, move.no)
        if key in self._waiting:
            return
        self._made += 1
        drill = self._drills.setdefault(move.alarm, move.drill)
        one = _Waiting(move, packet, now.boot, self._made, drill, set(done))
        one.due = {server: now.boot for server in self._links if server not in one.done}
        if one.due or not self._links:
            self._waiting[key] = one

    def next(self, server: bytes, now: Moment) -> AlarmSend | int | None:
        """Return what to send to this server now, or the boot instant to ask again, or None while nothing waits for it.

        A real alarm goes before a drill, an untried move before a repeated one, an older before a newer.
        """
        mine = [one for one in self._waiting.values() if server in one.due]
        if any(server in one.under_way for one in mine) or not mine:
            return None
        ready = [one for one in mine if one.due[server] <= now.boot]
        if not ready:
            return min(one.due[server] for one in mine)
        one = min(ready, key=lambda each: (each.drill, each.attempts.get(server, 0), each.order))
        tried = one.attempts.get(server, 0)
        one.attempts[server] = tried + 1
        one.under_way.add(server)
        headers = (("content-type", api.MEDIA_ALARM),)
        request = Outgoing("POST", api.ROUTE_ALARM, headers, one.packet, None, 0)
        timeout = TIMEOUTS_S[min(tried, len(TIMEOUTS_S) - 1)]
        return AlarmSend(server, one.move.alarm, one.move.no, request, timeout)

    def failed(self, sent: AlarmSend, now: Moment) -> None:
        """The attempt got no answer that counts; it is made again in its time."""
        one = self._waiting.get((sent.alarm, sent.no))
        if one is None or sent.server not in one.due:
            return
        one.under_way.discard(sent.server)
        tried = one.attempts[sent.server]
        planned = one.since + AFTER_NS[tried] if tried < len(AFTER_NS) else now.boot + EVERY_NS
        one.due[sent.server] = max(planned, now.boot + AFTER_NS[1])

    def answered(self, sent: AlarmSend, answer: Answer, now: Moment) -> Stored | None:
        """Take the answer to an attempt: Stored if the server signed that it holds this move, else as `failed`."""
        link = self._links.get(sent.server)
        said = _believed(link, sent, answer, now) if link else None
        one = self._waiting.get((sent.alarm, sent.no))
        if said is None or one is None or sent.server not in one.due:
            self.failed(sent, now)
            return None
        one.under_way.discard(sent.server)
        one.done.add(sent.server)
        del one.due[sent.server]
        last = not one.due
        if last:
            del self._waiting[sent.alarm, sent.no]
        return Stored(sent.server, sent.alarm, sent.no, said.listening, said.unverified, last)


def _believed(link: Link, sent: AlarmSend, answer: Answer, now: Moment) -> api.AlarmAnswer | None:
    believed = link.believe(sent.request, answer, now)
    if believed is None or believed.status != 200:
        return None
    try:
        said = api.decode_message(believed.body, api.AlarmAnswer)
    except ProtocolError:
        return None
    return said if (said.alarm, said.no, said.stored) == (sent.alarm, sent.no, True) else None
