"""The threads that carry delivery out: one loop a lane and server, over a blocking transport. No rule stands here.

A loop ends only by `stop`; whatever goes wrong becomes a note or a retry. `tell` is called on the loop's thread.
"""

from collections.abc import Callable, Mapping
from threading import Condition, Event, Thread
from typing import Final

from app.domain.errors import SafeSeatError
from app.domain.moment import NS, Moment
from app.protocol.errors import ProtocolError
from app.sync.alarms import AlarmLane, AlarmSend, Stored
from app.sync.delivery import Delivery, Note, Send, Wait
from app.sync.errors import NetworkError
from app.sync.stream import Connect, Heard, Stream
from app.sync.transport import Transport

OUTBOX_PAUSE_S: Final = 30.0
LEAVE_AFTER_NS: Final = NS // 2
"""A new alarm move does not queue behind an attempt that has been silent for so long."""
Clock = Callable[[], Moment]


class _Loop:
    """A thread with an alarm clock: waits end early by `wake`, everything ends by `stop`."""

    def __init__(self, name: str, clock: Clock) -> None:
        self._clock = clock
        self._woken = Event()
        self._stopping = False
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; once."""
        self._thread.start()

    def wake(self) -> None:
        """There may be something to do; any thread, never blocks."""
        self._woken.set()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """End what is under way and wait for the thread; False if it did not end in time. Never call from the loop."""
        self._stopping = True
        self._woken.set()
        self._interrupt()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping:
            self._turn()

    def _turn(self) -> None:
        raise NotImplementedError

    def _interrupt(self) -> None:
        raise NotImplementedError

    def _sleep_until(self, boot: int) -> None:
        self._woken.wait(max(0, boot - self._clock().boot) / NS)
        self._woken.clear()


class DeliveryLoop(_Loop):
    """Delivers one journal to one server; `wake` after every append."""

    def __init__(
        self, delivery: Delivery, transport: Transport, clock: Clock, tell: Callable[[Note], None], name: str = "sync"
    ) -> None:
        super().__init__(name, clock)
        self._delivery = delivery
        self._transport = transport
        self._tell = tell
        self._poked = self._resumed = False

    def poke(self) -> None:
        """The network seems to be back; any thread."""
        self._poked = True
        self.wake()

    def resume(self) -> None:
        """A new vouch or enrolment is there; any thread."""
        self._resumed = True
        self.wake()

    def _turn(self) -> None:
        if self._resumed:
            self._resumed = False
            self._delivery.resume()
        if self._poked:
            self._poked = False
            self._delivery.poke()
        try:
            todo = self._delivery.next(self._clock())
            if isinstance(todo, Wait):
                self._sleep_until(todo.until)
                return
            self._exchange(todo)
        except SafeSeatError as error:
            # The journal is closed, damaged or full: the agent opens it anew and then builds a new loop.
            self._tell(Note("outbox", code=type(error).__name__))
            self._sleep_until(self._clock().boot + int(OUTBOX_PAUSE_S * NS))

    def _exchange(self, todo: Send) -> None:
        try:
            answer = self._transport.request(todo.request, todo.timeout_s)
        except NetworkError as error:
            notes = self._delivery.failed(error.code, self._clock())
        else:
            notes = self._delivery.answered(answer, self._clock())
        for note in notes:
            self._tell(note)

    def _interrupt(self) -> None:
        self._transport.close()


class StreamLoop(_Loop):
    """Keeps one server's live stream; `tell` gets verified events, `alive` whether the server is heard."""

    def __init__(
        self,
        stream: Stream,
        transport: Transport,
        clock: Clock,
        tell: Callable[[Heard], None],
        alive: Callable[[bool, str], None],
        name: str = "stream",
    ) -> None:
        super().__init__(name, clock)
        self._stream = stream
        self._transport = transport
        self._tell = tell
        self._say_alive = alive
        self._said: bool | None = None
        self._poked = False

    def poke(self) -> None:
        """The network seems to be back; any thread."""
        self._poked = True
        self.wake()

    def _turn(self) -> None:
        if self._poked:
            self._poked = False
            self._stream.poke()
        todo = self._stream.next(self._clock())
        if not isinstance(todo, Connect):
            self._sleep_until(todo)
            return
        try:
            code = self._poll(todo) if todo.kind == "poll" else self._listen(todo)
        except NetworkError as error:
            code = error.code
        except ProtocolError:
            code = "events"
        if code:
            self._stream.lost(code, self._clock())
        self._report(code)

    def _poll(self, todo: Connect) -> str:
        answer = self._transport.request(todo.request, todo.timeout_s)
        for heard in self._stream.polled(todo, answer, self._clock()):
            self._tell(heard)
        return ""

    def _listen(self, todo: Connect) -> str:
        opened = self._transport.open_stream(todo.request, todo.timeout_s)
        if not self._stream.opened(opened.answer):
            self._transport.abort()
            return f"http.{opened.answer.status}"
        for chunk in opened.chunks():
            for heard in self._stream.chunk(chunk, self._clock()):
                self._tell(heard)
            self._report("")
            if self._stopping:
                break
        return "closed"

    def _report(self, code: str) -> None:
        if self._stream.alive is not self._said:
            self._said = self._stream.alive
            self._say_alive(self._stream.alive, code)

    def _interrupt(self) -> None:
        self._transport.close()


class AlarmLoops:
    """One thread a server, so that a mute one never holds up the others; `submit` sends to all at once."""

    def __init__(
        self, lane: AlarmLane, transports: Mapping[bytes, Transport], clock: Clock, tell: Callable[[Stored], None]
    ) -> None:
        self._lane = lane
        self._transports = dict(transports)
        self._clock = clock
        self._tell = tell
        self._changed = Condition()
        self._stopping = False
        self._since: dict[bytes, int] = {}
        self._threads = [
            Thread(target=self._run, args=(server,), name=f"alarm-{server.hex()[:4]}", daemon=True)
            for server in self._transports
        ]

    def start(self) -> None:
        """Begin; once."""
        for thread in self._threads:
            thread.start()

    def submit(self, packet: bytes, done: frozenset[bytes] = frozenset()) -> None:
        """Send a move of 345 bytes to every server at once; any thread, never blocks on disk or network."""
        with self._changed:
            now = self._clock()
            self._lane.submit(packet, now, done)
            for server, since in self._since.items():
                if now.boot - since > LEAVE_AFTER_NS:
                    self._transports[server].abort()
            self._changed.notify_all()

    @property
    def waiting(self) -> int:
        """How many moves some server has not answered yet."""
        with self._changed:
            return self._lane.waiting

    def stop(self, timeout_s: float = 5.0) -> bool:
        """End what is under way and wait for the threads; False if one did not end in time."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for transport in self._transports.values():
            transport.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout_s)
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self, server: bytes) -> None:
        while True:
            with self._changed:
                todo = None if self._stopping else self._next(server)
            if todo is None:
                return
            self._send(todo)

    def _next(self, server: bytes) -> AlarmSend | None:
        while not self._stopping:
            now = self._clock()
            todo = self._lane.next(server, now)
            if isinstance(todo, AlarmSend):
                self._since[server] = now.boot
                return todo
            self._changed.wait(None if todo is None else max(0, todo - now.boot) / NS)
        return None

    def _send(self, todo: AlarmSend) -> None:
        stored = None
        try:
            answer = self._transports[todo.server].request(todo.request, todo.timeout_s)
        except NetworkError:
            answer = None
        with self._changed:
            self._since.pop(todo.server, None)
            if answer is None:
                self._lane.failed(todo, self._clock())
            else:
                stored = self._lane.answered(todo, answer, self._clock())
        if stored is not None:
            self._tell(stored)
