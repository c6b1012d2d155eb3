"""For every test: full or reduced counts, and nothing left behind."""

import gc
import os
import socket
import sys
import threading
from collections.abc import Iterator

import psutil
import pytest
from hypothesis import HealthCheck, settings

SOAK = bool(os.environ.get("SAFESEAT_SOAK"))
LEAVE = 5.0
"""Seconds that a thread may take to end after its test."""

# no deadline: the machine of a test run is shared, and time is measured by the bench, never asserted
settings.register_profile("ordinary", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("soak" if SOAK else "ordinary")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Soak tests run only in the soak, which asks for them by their mark."""
    if SOAK:
        return
    kept = [item for item in items if item.get_closest_marker("soak") is None]
    config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("soak") is not None])
    items[:] = kept


@pytest.fixture(autouse=True)
def nothing_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A thread or a socket that outlives its test fails it; those of longer-lived fixtures were there before."""
    threads = set(threading.enumerate())
    sockets = _sockets()
    yield
    for thread in set(threading.enumerate()) - threads:
        if not thread.name.startswith(("asyncio_", "ThreadPoolExecutor", "Dummy")) and not _shared(request):
            thread.join(LEAVE)
            assert not thread.is_alive(), f"the thread {thread.name} outlived its test"
    left = _sockets() - sockets
    if not _shared(request):
        assert not left, f"sockets outlived their test: {left}"


def _shared(request: pytest.FixtureRequest) -> bool:
    """Whether this test was the first to start a fixture of the whole session (a screen, a database cluster)."""
    return bool({"stage", "qapp", "cluster", "desktop_stage"} & set(request.fixturenames))


def _sockets() -> set[tuple[int, object]]:
    """Open sockets. On Windows those that Python holds: the system's list takes Wine two seconds on a busy machine."""
    if sys.platform == "win32":
        found = (one for one in gc.get_objects() if isinstance(one, socket.socket) and one.fileno() >= 0)
        return {(one.fileno(), id(one)) for one in found}
    return {(one.fd, one.laddr) for one in psutil.Process().net_connections("inet")}
