"""Fixtures: the virtual desktop of this test process, and a rig for each desktop adapter."""

import os
import sys
from collections.abc import Iterator

import pytest

from app.tools.stage import Setup, Stage, missing
from tests.helpers.desktop import LinuxRig, Rig, SimulatedRig

AS_ROOT = sys.platform != "win32" and os.geteuid() == 0


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


@pytest.fixture(params=["simulated", "windows" if sys.platform == "win32" else pytest.param("linux", marks=pytest.mark.desktop)])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    """Every desktop adapter that this machine can run, with its hands."""
    rig = _rig(request)
    yield rig
    rig.desktop.close()


def _rig(request: pytest.FixtureRequest) -> Rig:
    if request.param == "simulated":
        return SimulatedRig()
    if sys.platform == "win32":
        from tests.helpers.desktop_windows import WindowsRig

        return WindowsRig()
    return LinuxRig(request.getfixturevalue("stage"))
