"""Fixtures: one PostgreSQL cluster for all stories, a server on each database, enrolled PCs and desks."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.helpers import postgres
from tests.helpers.server_client import Pc, Where
from tests.helpers.server_thread import ServerThread


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    if not postgres.available():
        pytest.skip("PostgreSQL's server binaries are not installed")
    running = postgres.Cluster()
    yield running
    running.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    url: str = request.getfixturevalue("cluster").database()
    return url


@pytest.fixture
def server(tmp_path: Path, database: str | None) -> Iterator[ServerThread]:
    running = ServerThread(tmp_path, database)
    yield running
    running.stop()


MakePc = Callable[..., Pc]


def where_of(server: ServerThread) -> Where:
    return Where(server.port, server.name, server.keys.fingerprint, server.context())


@pytest.fixture
def make_pc(server: ServerThread) -> Iterator[MakePc]:
    made: list[Pc] = []

    def make(person: str = "王芳", *, role: str = "agent", team: str = "A", seat: str = "A-01", enrolled: bool = True) -> Pc:
        pc = Pc(where_of(server))
        if enrolled:
            pc.enrol(server.code(person, role=role, team=team, seat=seat))
        made.append(pc)
        return pc

    yield make
    for pc in made:
        pc.close()
