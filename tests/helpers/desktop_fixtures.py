"""Fixtures: the virtual desktop of this test process, and a rig for each desktop adapter."""

import os
from collections.abc import Iterator

import pytest

from app.tools.stage import Setup, Stage, missing
from tests.helpers.desktop import LinuxRig, Rig, SimulatedRig

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture(scope="session")
def desktop_stage() -> Iterator[Stage]:
    """One virtual desktop for all tests of a process; with a real login session when run as root."""
    if absent := missing(login=AS_ROOT):
        pytest.skip("the virtual desktop lacks " + ", ".join(absent))
    with Stage(Setup(login=AS_ROOT)) as stage:
        yield stage


@pytest.fixture
def stage(desktop_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """The virtual desktop, with this process's environment pointing to it; unlocked again afterwards."""
    for name, value in desktop_stage.env.items():
        monkeypatch.setenv(name, value)
    yield desktop_stage
    if desktop_stage.setup.login and desktop_stage.locked():
        desktop_stage.unlock()


@pytest.fixture(params=["simulated", pytest.param("linux", marks=pytest.mark.desktop)])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    """Every desktop adapter that this machine can run, with its hands."""
    rig: Rig = SimulatedRig() if request.param == "simulated" else LinuxRig(request.getfixturevalue("stage"))
    yield rig
    rig.desktop.close()
