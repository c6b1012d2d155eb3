"""The actor: one queue, the deadlines of its parts, parts that decide and lanes that carry out.

Nothing on its thread blocks for more than 5 ms (design, section 1): parts only compute, and every effect runs in a lane.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Protocol

from app.agent.events import Effect, PartFailed, Stop
from app.agent.lanes import Lanes
from app.agent.seat_face import looks_the_same
from app.agent.snapshot import Snapshot
from app.domain.moment import NS, Moment

log = logging.getLogger(__name__)

LONGEST_WAIT = 20 * NS
"""Upper bound of one wait: a sleeping machine stops the waiting clock, so deadlines are looked at again at least this often."""
QUIET_AFTER = 10 * NS
"""A part that fails again within this time is built anew without a word, so that it cannot keep the actor busy."""


class Part(Protocol):
    """One slice of the agent: its state, its inputs, its effects, its slice of the Snapshot."""

    name: str

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Take an input and return effects (carried out in lanes) and further inputs (given to every part)."""
        ...

    def due(self) -> int | None:
        """Boot nanoseconds at which the part wants a `Wake`, None for never."""
        ...

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Return `shown` with this part's slice filled in."""
        ...


class Wake:
    """The input that tells parts that a deadline may have come; it carries nothing, `now` says all."""


WAKE = Wake()


class Actor:
    """Runs the parts on one thread; `post` and `subscribe` may be called from any thread."""

    def __init__(
        self, parts: Iterable[Callable[[], Part]], lanes: Lanes, now: Callable[[], Moment], *, read_only: bool = False
    ) -> None:
        self._makers = list(parts)
        self._parts = [make() for make in self._makers]
        self._lanes = lanes
        self._now = now
        self._inbox: deque[object] = deque()
        self._wakeup = threading.Condition()
        self._listeners: list[Callable[[Snapshot], None]] = []
        self._snapshot = Snapshot(revision=0, moment=now(), read_only=read_only)
        self._stopping = False
        self._failed: dict[str, int] = {}
        self._thread = threading.Thread(target=self._run, name="actor", daemon=True)

    @property
    def snapshot(self) -> Snapshot:
        """The newest Snapshot; immutable, any thread."""
        return self._snapshot

    def start(self) -> None:
        """Start the actor's thread."""
        self._thread.start()

    def post(self, item: object) -> None:
        """Queue a command or an input; never blocks."""
        with self._wakeup:
            self._inbox.append(item)
            self._wakeup.notify()

    def subscribe(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call `callback` on the actor's thread with every changed Snapshot; returns a function that ends it."""
        self._listeners.append(callback)
        given = None
        while given is not self._snapshot:
            # a newer one may have been published meanwhile: the last one given must be the newest
            given = self._snapshot
            callback(given)
        return lambda: self._listeners.remove(callback) if callback in self._listeners else None

    def join(self, timeout: float) -> bool:
        """Wait for the end of the actor; True when its thread has ended."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping:
            for item in self._take():
                self._turn(item)
            self._publish()

    def _take(self) -> list[object]:
        with self._wakeup:
            if not self._inbox:
                now = self._now().boot
                wait = min([LONGEST_WAIT, *(max(0, due - now) for due in self._dues())])
                if wait > 0:
                    self._wakeup.wait(wait / NS)
            items = list(self._inbox)
            self._inbox.clear()
        return items or [WAKE]

    def _dues(self) -> list[int]:
        dues = []
        for index, part in enumerate(self._parts):
            try:
                due = part.due()
            except Exception:
                log.exception("part %s cannot tell its deadline", part.name)
                self._inbox.extend(self._rebuild(index))
                continue
            if due is not None:
                dues.append(due)
        return dues

    def _turn(self, first: object) -> None:
        """Give one input to every part, and what they answer with, until nothing further follows."""
        pending: deque[object] = deque([first])
        while pending:
            item = pending.popleft()
            if isinstance(item, Effect):
                self._lanes.carry_out(item, self.post)
            elif isinstance(item, Stop):
                self._stopping = True
            else:
                for index in range(len(self._parts)):
                    pending.extend(self._ask(index, item))

    def _ask(self, index: int, item: object) -> list[object]:
        part = self._parts[index]
        try:
            return list(part.handle(item, self._now()))
        except Exception:
            log.exception("part %s failed on %s", part.name, type(item).__name__)
            return self._rebuild(index)

    def _rebuild(self, index: int) -> list[object]:
        """A fault in one part must never take lock or alarm with it: it starts anew, and the fault is shown."""
        name, now = self._parts[index].name, self._now().boot
        try:
            self._parts[index] = self._makers[index]()
        except Exception:
            log.exception("part %s cannot be built anew and goes on as it is", name)
        known = self._failed.get(name)
        if known is not None and now - known < QUIET_AFTER:
            return []
        self._failed[name] = now
        return [PartFailed(name)]

    def _publish(self) -> None:
        now = self._now()
        shown = Snapshot(
            revision=self._snapshot.revision, moment=self._snapshot.moment, read_only=self._snapshot.read_only
        )
        for index, part in enumerate(self._parts):
            try:
                shown = part.face(shown, now)
            except Exception:
                log.exception("part %s cannot show itself", part.name)
                for told in self._rebuild(index):
                    self.post(told)
        if looks_the_same(self._snapshot, shown, now.boot):
            return
        self._snapshot = replace(shown, revision=shown.revision + 1, moment=now)
        for callback in list(self._listeners):
            try:
                callback(self._snapshot)
            except Exception:
                log.exception("a face could not take the snapshot")
