"""Fixtures: the real server in this process, and profiles on simulated machines."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.server_thread import ServerThread


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerThread]:
    folder = tmp_path / "server"
    folder.mkdir()
    running = ServerThread(folder)
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """Every thread of the agent has ended when its test has."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if thread.name != "test-server":
            thread.join(5)
    left = [one.name for one in set(threading.enumerate()) - before if one.is_alive() and one.name != "test-server"]
    assert left == []
