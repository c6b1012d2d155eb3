"""A running agent for tests: on a simulated desktop, with waits for Snapshots instead of sleeps."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.agent.enrolling import enrol_from_command_line
from app.agent.profile import Profile
from app.agent.snapshot import Snapshot
from app.agent.start import AgentOptions, RunningAgent, start_agent
from app.desktop.simulated import Machine
from app.domain.moment import NS, Moment
from tests.helpers.server_thread import ServerThread

LIMIT = 20.0


def machine() -> Machine:
    """A machine whose clocks run, and whose wall clock is right: a server judges keys by it."""
    started = 3600 * NS
    return Machine(running=True, start=Moment(started, started, time.time_ns()))


class Seen:
    """Collects what is published; `until` waits for a Snapshot that fits."""

    def __init__(self, agent: RunningAgent) -> None:
        self._news = threading.Condition()
        self.all: list[Snapshot] = []
        self._end = agent.subscribe(self._take)

    def _take(self, snapshot: Snapshot) -> None:
        with self._news:
            self.all.append(snapshot)
            self._news.notify_all()

    def until(self, fits: Callable[[Snapshot], object], what: str, limit: float = LIMIT) -> Snapshot:
        """The first Snapshot from now on (the present one included) that fits; AssertionError after `limit` seconds."""
        with self._news:
            assert self._news.wait_for(lambda: bool(fits(self.all[-1])), limit), f"{what} never came: {self.all[-1]}"
            return self.all[-1]

    def close(self) -> None:
        """Stop listening."""
        self._end()


@dataclass(slots=True)
class Pc:
    """One PC: its machine, its profile, and the agent while it runs."""

    machine: Machine
    folder: Path
    agent: RunningAgent
    seen: Seen


@contextmanager
def running(folder: Path, on: Machine | None = None, *faults: str, lead: bool = False, **more: object) -> Iterator[Pc]:
    """An agent on a machine, stopped in order at the end, which must leave nothing behind."""
    on = on or machine()
    options = AgentOptions(profile=folder, lead=lead, headless=True, **more)  # type: ignore[arg-type]  # tests name real options
    agent = start_agent(options, on.desktop(*faults))
    seen = Seen(agent)
    try:
        yield Pc(on, folder, agent, seen)
    finally:
        seen.close()
        assert agent.stop(10), "the agent did not stop in order"


def enrol(server: ServerThread, folder: Path, on: Machine, person: str = "", *, role: str = "agent", seat: str = "A-1") -> None:
    """Enrol the profile with a code for the person, or with one that leaves it pending."""
    code = Profile(folder).folder / "code"
    code.write_text(server.code(person, role=role, seat=seat), encoding="utf-8")
    url = f"{'https' if server.tls else 'http'}://127.0.0.1:{server.port}"
    enrol_from_command_line(folder, url, str(code), str(server.ca) if server.ca else None, on.desktop())
    code.unlink()
