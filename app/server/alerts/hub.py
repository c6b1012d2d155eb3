"""Live fan-out: signed, numbered events to whoever reads a recipient's stream; no reader can stall another.

Numbers are u64: starts (19 bits) ‖ stored events of this start (20 bits) ‖ passing events since (24 bits). Stored events
(alarms) are numbered in their transaction, passing ones (listeners, cover) when sent; so both rise for every recipient,
over a crash as well. Everything here runs on the event loop's thread except `stored_number`.
"""

import asyncio
import contextlib
import itertools
from collections import deque
from collections.abc import Callable, Iterable

from app.domain.errors import UnavailableError
from app.protocol import sse
from app.protocol.event import make_event
from app.protocol.keys import Signer

PASSING_BITS = 24
STORED_BITS = 20
QUEUE_MAX = 256
"""Frames that a reader may be behind before it is cut off; it comes back and replays."""


class Reader:
    """One open stream; `resumed`: it goes on where it was; `cut`: it has to end (too slow, replaced, or the server stops)."""

    def __init__(self, recipient: bytes, stop: Callable[[], object]) -> None:
        self.recipient = recipient
        self.last = 0
        self.live = False
        self.resumed = False
        self.since = 0
        """The last number that the recipient was sent before this stream: every later one comes into it."""
        self._frames: deque[tuple[int, bytes]] = deque()
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._ready = asyncio.Event()
        self._stop = stop
        self.cut = False

    def offer(self, number: int, frame: bytes) -> None:
        """Queue one frame; a reader that is too far behind is cut off."""
        if self.cut:
            return
        queue = self._frames if self.live else self._waiting
        if not self.live or number > self.last:
            queue.append((number, frame))
            self.last = number if self.live else self.last
        if len(queue) > QUEUE_MAX:
            # It does not read, so it will not hear that it shall end: its task is cancelled.
            self.end()
            self._stop()
        self._ready.set()

    def replay(self, frames: Iterable[tuple[int, bytes]]) -> None:
        """Put the past before what came in meanwhile, without what is in both."""
        for number, frame in frames:
            self._frames.append((number, frame))
            self.last = max(self.last, number)
        self.live = True
        for number, frame in self._waiting:
            self.offer(number, frame)
        self._waiting.clear()
        self._ready.set()

    def end(self) -> None:
        """Let the stream end in order."""
        self.cut = True
        self._ready.set()

    def only_passing(self) -> bool:
        """Whether nothing is queued but what is told to every stream at its opening."""
        return bool(self._frames) and all(number & ((1 << PASSING_BITS) - 1) for number, _ in self._frames)

    async def more(self, seconds: float) -> None:
        """Wait up to `seconds` until something comes beside what is queued already."""
        self._ready.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._ready.wait()

    async def take(self, seconds: float) -> list[bytes]:
        """Return what is queued as encoded messages, waiting up to `seconds`; empty when nothing came."""
        if not self._frames and not self.cut:
            try:
                async with asyncio.timeout(seconds):
                    await self._ready.wait()
            except TimeoutError:
                return []
        self._ready.clear()
        found = [sse.encode(number, frame) for number, frame in self._frames]
        self._frames.clear()
        return found


class Hub:
    """Who reads what, and the numbers; `watch` is told of the first and the last reader of a recipient."""

    def __init__(self, answer: Signer, server: bytes, generation: int, starts: int) -> None:
        if starts >= 1 << (63 - PASSING_BITS - STORED_BITS):
            raise UnavailableError("The server was started too often for its event numbers; raise the generation.")
        self._answer, self._server, self._generation = answer, server, generation
        self._start = starts << (PASSING_BITS + STORED_BITS)
        self._count = itertools.count(1)
        self._reached = self._start
        self._last: dict[bytes, int] = {}
        self._readers: dict[bytes, set[Reader]] = {}
        self.loop = asyncio.get_running_loop()
        self.watch: Callable[[bytes, bool], None] = lambda _recipient, _here: None

    def stored_number(self) -> int:
        """Return the next number for a stored event; called in the order of the commits."""
        return self._start + (next(self._count) << PASSING_BITS)

    def readers(self, recipient: bytes) -> int:
        """Return how many streams of this recipient are open."""
        return len(self._readers.get(recipient, ()))

    def recipients(self) -> frozenset[bytes]:
        """Return everybody with an open stream."""
        return frozenset(self._readers)

    def subscribe(self, recipient: bytes, after: int | None, stop: Callable[[], object]) -> Reader:
        """Open a stream; frames wait in it until `Reader.replay` was called with the past."""
        reader = Reader(recipient, stop)
        if after is not None and after <= self._reached | (1 << PASSING_BITS) - 1:
            reader.last, reader.resumed = after, True
            self._last[recipient] = max(after, self._last.get(recipient, 0))
        reader.since = self._last.get(recipient, 0)
        self._readers.setdefault(recipient, set()).add(reader)
        return reader

    def arrived(self, reader: Reader) -> None:
        """Tell the supervisor of a reader once it was greeted, so that the greeting comes first."""
        if self.readers(reader.recipient) == 1:
            self.watch(reader.recipient, True)

    def leave(self, reader: Reader) -> None:
        """Close a stream."""
        there = self._readers.get(reader.recipient, set())
        there.discard(reader)
        if not there and self._readers.pop(reader.recipient, None) is not None:
            self.watch(reader.recipient, False)

    def deliver(self, recipient: bytes, number: int, payload: bytes) -> None:
        """Send a stored event to whoever reads it now; others replay it."""
        self._reached = max(self._reached, number)
        self._last[recipient] = max(number, self._last.get(recipient, 0))
        self._send(recipient, number, payload)

    def reached(self, recipient: bytes, number: int) -> None:
        """Note that a recipient was replayed events up to `number`."""
        self._last[recipient] = max(number, self._last.get(recipient, 0))

    def passing(self, recipient: bytes, payload: bytes) -> int:
        """Send an event that is not kept: the next one replaces it. Return its number, 0 if it was not sent."""
        if recipient not in self._readers:
            return 0
        held = max(self._last.get(recipient, 0), self._reached)
        number = held + 1
        if number >> PASSING_BITS != held >> PASSING_BITS:
            # Out of numbers until the next stored event: better none than one that makes an alarm look old.
            return 0
        self._last[recipient] = number
        self._send(recipient, number, payload)
        return number

    def frame(self, recipient: bytes, number: int, payload: bytes) -> bytes:
        """Return the signed frame of an event."""
        return make_event(
            self._answer, payload, server=self._server, generation=self._generation, recipient=recipient, event_no=number
        )

    def _send(self, recipient: bytes, number: int, payload: bytes) -> None:
        readers = self._readers.get(recipient)
        if readers:
            frame = self.frame(recipient, number, payload)
            for reader in list(readers):
                reader.offer(number, frame)

    def close(self) -> None:
        """End every stream."""
        for readers in list(self._readers.values()):
            for reader in list(readers):
                reader.end()
