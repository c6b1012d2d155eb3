"""Fixtures: one scene for all stories of this folder, because two desktops and three programs take their time to start."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.tools.stage import missing
from tests.end2end.scene import Scene, scene

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    if absent := missing():
        pytest.skip("the virtual desktop lacks " + ", ".join(absent))
    folder: Path = tmp_path_factory.mktemp("end2end")
    folder.chmod(0o755)
    with scene(folder) as made:
        yield made


@pytest.fixture
def play(shared: Scene) -> Iterator[Scene]:
    """The scene with everything running and two eyes on it."""
    if not shared.runs("server"):
        shared.start_server()
    shared.ready()
    shared.watch()
    yield shared
    shared.unwatch()
