"""The machine sleeps: the server is told before, and at the waking the seat is judged and the links begin anew."""

import time
from pathlib import Path

from app.desktop.ports import Locked
from app.server.alerts.supervise import Supervisor
from tests.helpers.agent import enrol, machine, running
from tests.helpers.server_thread import ServerThread


def test_the_server_knows_of_the_sleep_before_it_begins_and_is_reached_again_after_it(
    server: ServerThread, tmp_path: Path
) -> None:
    here = machine()
    enrol(server, tmp_path / "agent", here, "林小雨")
    with running(tmp_path / "agent", here) as pc:
        pc.seen.until(lambda shown: shown.sync.connected and not shown.sync.waiting, "the server to be reached")
        told: list[list[bool]] = []
        here.sleep_listeners.append(lambda asleep: told.append(goodbyes(server)) if asleep else None)
        here.suspend(3600)
        assert told == [[True]]
        pc.seen.until(lambda shown: shown.seat.locked, "the lock at the waking", 5.0)
        assert here.locked() is Locked.YES
        end = time.monotonic() + 10
        while goodbyes(server) != [False] and time.monotonic() < end:
            time.sleep(0.01)  # poll: the server tells nobody of a heartbeat
        assert goodbyes(server) == [False]


def goodbyes(server: ServerThread) -> list[bool]:
    """Of each PC, whether the supervision takes its silence as planned."""
    watch = getattr(server.core.hub.watch, "__self__", None)
    assert isinstance(watch, Supervisor)
    return [seen.goodbye for seen in watch._seen.values()]


def test_a_sleep_without_a_server_does_not_hold_the_machine_up(tmp_path: Path) -> None:
    here = machine()
    with running(tmp_path / "agent", here) as pc:
        before = here.now().awake
        here.suspend(3600)
        pc.seen.until(lambda shown: shown.seat.locked, "the lock at the waking", 5.0)
        assert here.now().awake >= before
