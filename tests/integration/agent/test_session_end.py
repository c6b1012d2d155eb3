"""The session ends under the agent: the reason is on record, and the servers know it, before the system goes on."""

import json
import time
from pathlib import Path

import pytest

from app.agent.commands import Quit
from tests.helpers.agent import Pc, enrol, machine, running
from tests.helpers.server_thread import ServerThread


def exits(pc: Pc) -> list[tuple[int, str]]:
    """Number and cause of the planned exits in the journal of an agent that has not closed its files yet."""
    journal = pc.agent._files.journal
    assert journal is not None
    records = [(one.n, json.loads(one.record)) for one in journal.pending(0, 500, 1 << 20)]
    return [(n, one["cause"]) for n, one in records if one["type"] == "exit.planned"]


def causes(pc: Pc) -> list[str]:
    return [cause for _, cause in exits(pc)]


def number_of_exit(pc: Pc) -> int:
    ((n, _),) = exits(pc)
    return n


def wait_for_files(pc: Pc) -> None:
    end = time.monotonic() + 10
    while pc.agent._files.journal is None:
        assert time.monotonic() < end, "the files did not open"
        time.sleep(0.01)  # poll: the opening of the files shows in no Snapshot


@pytest.mark.parametrize("cause", ["signed_off", "shutdown"])
def test_the_system_waits_until_the_end_is_on_record_and_told(tmp_path: Path, server: ServerThread, cause: str) -> None:
    on = machine()
    enrol(server, tmp_path / "p", on, "王芳")
    with running(tmp_path / "p", on) as pc:
        pc.seen.until(lambda shown: shown.sync.last_synced_ms is not None, "the first ack")
        on.end_session(cause)
        assert causes(pc) == [cause]
        assert pc.agent._files._acknowledged >= number_of_exit(pc)
        pc.seen.until(lambda shown: shown.stopping, "the end")


@pytest.mark.parametrize("means", ["shutdown", "signed_off", "asked"])
def test_a_stop_signal_is_recorded_with_what_the_system_says_of_it(tmp_path: Path, means: str) -> None:
    on = machine()
    on.stop_signal_means = means
    with running(tmp_path / "p", on) as pc:
        wait_for_files(pc)
        pc.agent.post(Quit("signal"))
        assert pc.agent.actor.join(5)
        pc.agent._lanes.stop(5)
        assert causes(pc) == [means]


def test_the_installers_wish_is_an_update(tmp_path: Path) -> None:
    with running(tmp_path / "p") as pc:
        wait_for_files(pc)
        pc.agent.post(Quit("update"))
        assert pc.agent.actor.join(5)
        pc.agent._lanes.stop(5)
        assert causes(pc) == ["update"]
