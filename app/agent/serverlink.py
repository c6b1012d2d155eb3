"""One server's four ways, each on its own thread and connection: bulk, alarm, live stream, and the desk's answers.

The decisions are those of `app.sync`; here are only threads, waiting and the translation into inputs of the actor.
"""

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from app.agent.deskanswers import DeskAnswers, MakeRequest
from app.agent.events import (
    Acked,
    DeskEvent,
    HistoryFault,
    LinkChanged,
    ListenersChanged,
    MoveStored,
    ServerKnows,
    SignChanged,
)
from app.agent.identity import Identity
from app.domain.moment import NS, Moment
from app.protocol import api
from app.protocol.batch import Status
from app.protocol.errors import ProtocolError
from app.sync.alarms import AlarmLane, AlarmSend
from app.sync.delivery import Delivery, Note, Outbox, Wait
from app.sync.errors import NetworkError
from app.sync.http import Connection
from app.sync.link import Link, Outgoing
from app.sync.stream import Connect, Cursor, Heard, Stream

log = logging.getLogger(__name__)

WARM = 65 * NS
"""The alarm's connection is used this often, so that it stands when it is needed (the server closes after 75 s of silence)."""
WARMING = Outgoing("GET", api.ROUTE_KEYS, (), b"", None, 0)
HUSH = 10 * NS
"""Nothing is sent for so long after a goodbye was taken, as the next word would end it; the server waits 15 s for one."""
ACKED_AGAIN = 45 * NS
"""Heartbeats that move nothing are told to the actor this often: the face counts in minutes."""


@dataclass(slots=True)
class Wiring:
    """What every way of every server shares."""

    identity: Identity
    now: Callable[[], Moment]
    post: Callable[[object], None]
    status: Callable[[], Status]
    connect: Callable[[Link, str], Connection]
    lane: AlarmLane
    lane_lock: threading.Condition
    acknowledged: Callable[[int], int]


@dataclass(slots=True)
class _Way:
    """A thread with its connection and its bell."""

    name: str
    thread: threading.Thread | None = None
    connection: Connection | None = None
    bell: threading.Event = field(default_factory=threading.Event)
    up: bool | None = None

    def start(
        self, connection: Connection, target: "Callable[[_Way], None]", stopping: threading.Event, url: str
    ) -> None:
        """Run `target` again and again on a thread of its own until `stopping`."""
        self.connection = connection
        arguments = (connection, target, stopping, url)
        self.thread = threading.Thread(target=self._guarded, args=arguments, name=f"{self.name}-{url}", daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Ring and close the connection."""
        self.bell.set()
        if self.connection is not None:
            self.connection.close()

    def rest(self, seconds: float | None) -> None:
        """Wait for the bell, up to so many seconds."""
        self.bell.wait(None if seconds is None else max(0.0, seconds))
        self.bell.clear()

    def revive(self) -> None:
        """Begin anew on a new connection, at once."""
        if self.connection is not None:
            self.connection.abort()
        self.bell.set()

    def join(self, timeout: float) -> bool:
        """Wait for the thread; True when it has ended or never was."""
        if self.thread is None:
            return True
        self.thread.join(timeout)
        return not self.thread.is_alive()

    def _guarded(
        self, connection: Connection, target: "Callable[[_Way], None]", stopping: threading.Event, url: str
    ) -> None:
        """A fault in one turn of a way must not end it: it is logged and the way goes on after a breath."""
        try:
            while not stopping.is_set():
                try:
                    target(self)
                except Exception:
                    log.exception("the %s way to %s", self.name, url)
                    stopping.wait(1.0)
        finally:
            connection.close()


class _Threads:
    """The ways of one server as threads that end together."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._ways = {name: _Way(name) for name in ("bulk", "alarm", "stream", "desk")}

    def stop(self) -> None:
        """Ask every way to end; connections are closed under it."""
        self._stopping.set()
        for way in self._ways.values():
            way.stop()

    def join(self, timeout: float) -> bool:
        """Wait for the threads; True when all have ended."""
        ended = [way.join(timeout) for way in self._ways.values()]
        return all(ended)


class ServerLink(_Threads):
    """The ways to one server; `start` as soon as its key set is known, the signed ones once the vault has opened."""

    def __init__(self, url: str, link: Link, wiring: Wiring) -> None:
        self.url = url
        self.link = link
        self._wiring = wiring
        super().__init__()
        self._answers = DeskAnswers(link, wiring.now)
        self._delivery: Delivery | None = None
        self._live: Stream | None = None
        self._listeners: ListenersChanged | None = None
        self._acked = (-1, 0)
        self._anew = False
        self._hushed = (0, 0)

    # --- starting and stopping ------------------------------------------------------------------------------------

    def start_alarm(self) -> None:
        """Start the alarm's way: it needs neither vault nor clock."""
        self._run("alarm", self._alarm)

    def start_signed(self, outbox: Outbox, cursor: Cursor | None = None) -> None:
        """Start delivery and live stream; the journal is open and the device key is there. Once is enough.

        `cursor`: where the stream of the last run stood, when what came since must not be missed.
        """
        if self._delivery is not None:
            return
        me = self._wiring.identity.me()
        self._delivery = Delivery(outbox, self.link, me, random=random.random, status=self._wiring.status)
        self._live = Stream(self.link, me, random=random.random, cursor=cursor)
        self._run("bulk", self._bulk)
        self._run("stream", self._stream)

    @property
    def cursor(self) -> Cursor | None:
        """How far the live stream was heard."""
        return self._live.cursor if self._live is not None else None

    def tell_again(self, *, board: bool) -> None:
        """Tell the actor once more how things are; `board` asks the server for all open alarms anew."""
        for way in self._ways.values():
            way.up = None
        self._acked = (-1, 0)
        if self._listeners is not None:
            self._wiring.post(self._listeners)
        stream = self._ways["stream"].connection
        if board and stream is not None:
            self._anew = True
            stream.abort()

    def wake(self) -> None:
        """Records wait: look now."""
        self._ways["bulk"].bell.set()

    def hush(self, n: int) -> None:
        """Record n is a goodbye: once the server has it, keep still for a while, whatever is appended after it."""
        self._hushed = n, self._wiring.now().boot + HUSH

    def woke(self) -> None:
        """The machine slept: begin anew on every connection, and at once."""
        self._hushed = (0, 0)
        self._poke()
        for way in self._ways.values():
            way.revive()

    def send_desk(self, make: MakeRequest) -> None:
        """Send a desk's answer, again and again until it is answered."""
        self._answers.add(make)
        way = self._ways["desk"]
        if way.thread is None:
            self._run("desk", self._desk)
        way.bell.set()

    def _run(self, name: str, target: "Callable[[_Way], None]") -> None:
        self._ways[name].start(self._wiring.connect(self.link, name), target, self._stopping, self.url)

    def _tell(self, way: _Way, up: bool, reason: str = "") -> None:
        if way.up is not up:
            if up and way.up is False:
                self._back(way)
            way.up = up
            self._wiring.post(LinkChanged(self.url, way.name, up, self._wiring.now().wall_ms, reason))

    def _back(self, found: _Way) -> None:
        """One way reaches the server again: the others need not wait out their pauses."""
        self._poke()
        for way in self._ways.values():
            if way is not found:
                way.bell.set()

    def _poke(self) -> None:
        if self._delivery is not None and self._live is not None:
            self._delivery.poke()
            self._live.poke()

    # --- bulk -----------------------------------------------------------------------------------------------------

    def _bulk(self, way: _Way) -> None:
        assert way.connection is not None
        delivery = self._delivery
        assert delivery is not None
        now = self._wiring.now()
        last, until = self._hushed
        todo = Wait(until) if now.boot < until and delivery.held >= last else delivery.next(now)
        if isinstance(todo, Wait):
            way.rest((todo.until - now.boot) / NS)
            return
        try:
            answer = way.connection.request(todo.request, todo.timeout_s)
        except NetworkError as fault:
            notes = delivery.failed(fault.code, self._wiring.now())
        except BaseException:
            # whatever it was, the request is over: else delivery would wait for its answer for ever
            delivery.failed("fault", self._wiring.now())
            raise
        else:
            notes = delivery.answered(answer, self._wiring.now())
        for note in notes:
            self._note(way, note)

    def _note(self, way: _Way, note: Note) -> None:
        now = self._wiring.now()
        match note.what:
            case "delivered":
                self._delivered(note.n, now)
                self._tell(way, True)
            case "heard":
                self._tell(way, True)
            case "network":
                self._tell(way, False, note.code)
            case "paused":
                self._tell(way, True)
                self._acked = (-1, 0)
                self._wiring.post(ServerKnows(self.url, known=False))
            case "differs" | "rolled_back" | "refused" | "ahead":
                self._wiring.post(HistoryFault("history_" + note.what))
            case _:
                pass

    def _delivered(self, n: int, now: Moment) -> None:
        """An ack; one that moves nothing is not worth waking the actor every five seconds."""
        waiting = self._wiring.acknowledged(n)
        known, told = self._acked
        if n == known and now.boot - told < ACKED_AGAIN:
            return
        self._acked = n, now.boot
        self._wiring.post(Acked(self.url, n, waiting, now.wall_ms))
        self._wiring.post(ServerKnows(self.url, known=True))

    # --- alarm ----------------------------------------------------------------------------------------------------

    def _alarm(self, way: _Way) -> None:
        wiring = self._wiring
        assert way.connection is not None
        with wiring.lane_lock:
            now = wiring.now()
            todo = wiring.lane.next(self.link.server, now)
            if not isinstance(todo, AlarmSend):
                wait = WARM if todo is None else max(0, todo - now.boot)
                called = wiring.lane_lock.wait(min(wait, WARM) / NS)
                if called or self._stopping.is_set() or todo is not None:
                    return
        if not isinstance(todo, AlarmSend):
            self._warm(way)
            return
        try:
            answer = way.connection.request(todo.request, todo.timeout_s)
        except NetworkError as fault:
            with wiring.lane_lock:
                wiring.lane.failed(todo, wiring.now())
            self._tell(way, False, fault.code)
            return
        except BaseException:
            # whatever it was, the attempt is over: else this server would never be tried again
            with wiring.lane_lock:
                wiring.lane.failed(todo, wiring.now())
            raise
        with wiring.lane_lock:
            stored = wiring.lane.answered(todo, answer, wiring.now())
        if stored is not None:
            self._tell(way, True)
            wiring.post(
                MoveStored(stored.alarm, stored.no, self.link.server, stored.listening, stored.unverified, stored.last)
            )

    def _warm(self, way: _Way) -> None:
        """Keep the alarm's connection open, and learn of a newer key set by the same request."""
        assert way.connection is not None
        try:
            answer = way.connection.request(WARMING, 5.0)
            self._tell(way, True)
            if answer.status == 200:
                self.link.take_keys(answer.body, self._wiring.now())
        except NetworkError as fault:
            self._tell(way, False, fault.code)

    # --- live stream ----------------------------------------------------------------------------------------------

    def _stream(self, way: _Way) -> None:
        if self._anew or self._live is None:
            self._anew = False
            self._live = Stream(self.link, self._wiring.identity.me(), random=random.random)
        stream = self._live
        now = self._wiring.now()
        todo = stream.next(now)
        if isinstance(todo, int):
            way.rest((todo - now.boot) / NS)
        else:
            self._connected(way, stream, todo)

    def _connected(self, way: _Way, stream: Stream, todo: Connect) -> None:
        assert way.connection is not None
        try:
            if todo.kind == "poll":
                answer = way.connection.request(todo.request, todo.timeout_s)
                for heard in stream.polled(todo, answer, self._wiring.now()):
                    self._heard(heard)
                self._tell(way, stream.alive)
                return
            with way.connection.stream(todo.request, todo.timeout_s) as live:
                if not stream.opened(live.answer):
                    raise NetworkError(f"http.{live.answer.status}", "the server does not stream")
                for chunk in live:
                    for heard in stream.chunk(chunk, self._wiring.now()):
                        self._heard(heard)
                    if stream.alive:
                        self._tell(way, True)
            stream.lost("closed", self._wiring.now())
            self._tell(way, False, "closed")
        except (NetworkError, ProtocolError) as fault:
            code = fault.code if isinstance(fault, NetworkError) else "events"
            stream.lost(code, self._wiring.now())
            self._tell(way, False, code)

    def _heard(self, heard: Heard) -> None:
        item = _as_input(self.url, heard.event)
        if isinstance(item, ListenersChanged):
            self._listeners = item
        self._wiring.post(item)

    # --- the desk's answers ---------------------------------------------------------------------------------------

    def _desk(self, way: _Way) -> None:
        assert way.connection is not None
        pause = self._answers.send_next(way.connection)
        if pause is None:
            way.rest(None)
        elif pause:
            self._stopping.wait(pause)


def _as_input(server: str, event: api.EventPayload) -> object:
    """A server's event as the actor takes it."""
    match event:
        case api.AlarmSign(alarm=alarm, state=state, sentence=sentence):
            return SignChanged(alarm, state, sentence, server)
        case api.Listeners(count=count, fallback=number):
            return ListenersChanged(count, number, server)
        case _:
            return DeskEvent(server, event)
