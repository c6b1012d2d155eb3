"""Lanes: threads that carry effects out, so that a slow disk, vault or network never holds up the actor or each other."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from queue import SimpleQueue

from app.agent.events import Effect, LaneFailed

log = logging.getLogger(__name__)

Carrier = Callable[[Effect], Iterable[object] | None]
"""Carries one kind of effect out (may block) and returns inputs for the actor."""

Job = tuple[Effect, Carrier, Callable[[object], None]]


class Lane:
    """One thread with a queue; effects of one lane keep their order."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=f"lane-{name}", daemon=True)
        self._thread.start()

    def put(self, effect: Effect, carrier: Carrier, answer: Callable[[object], None]) -> None:
        """Queue one effect; its answers go to `answer`, a fault becomes a `LaneFailed` input."""
        self._queue.put((effect, carrier, answer))

    def stop(self) -> None:
        """Let the queued effects finish, then end the thread."""
        self._queue.put(None)

    def join(self, timeout: float) -> bool:
        """Wait for the end; True when the thread has ended."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            job = self._queue.get()
            if job is None:
                return
            effect, carrier, answer = job
            try:
                for item in carrier(effect) or ():
                    answer(item)
            except Exception as fault:
                log.exception("lane %s: %s", self.name, type(effect).__name__)
                answer(LaneFailed(self.name, type(effect).__name__, f"{type(fault).__name__}: {fault}"))


class Lanes:
    """Knows for each kind of effect its lane and its carrier; threads start with the first effect of a lane."""

    def __init__(self, carriers: Mapping[type[Effect], tuple[str, Carrier]]) -> None:
        self._carriers = dict(carriers)
        self._lanes: dict[str, Lane] = {}

    def carry_out(self, effect: Effect, answer: Callable[[object], None]) -> None:
        """Send an effect to its lane; one without carrier is told as a fault and never ends the actor."""
        found = self._carriers.get(type(effect))
        if found is None:
            log.error("nobody carries out %s", type(effect).__name__)
            answer(LaneFailed("none", type(effect).__name__, "no carrier"))
            return
        name, carrier = found
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = Lane(name)
        lane.put(effect, carrier, answer)

    def stop(self, timeout: float) -> list[str]:
        """End all lanes in order; returns the names of lanes that did not end in time."""
        for lane in self._lanes.values():
            lane.stop()
        end = time.monotonic() + timeout
        return [lane.name for lane in self._lanes.values() if not lane.join(max(0.0, end - time.monotonic()))]
