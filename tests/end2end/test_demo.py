"""The demo plays the main job by itself, as `safeseat demo --play` does for a visitor."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.tools.stage import missing

STEPS = (
    "the server listens", "are enrolled by token", "says that one lead would hear", "the lock warning is on screen",
    "holds the screen", "confirmed the lock", "unlocked by typing", "an eyes break is offered", "the eyes break was kept",
    "a call began", "the talk break is offered", "the lead's desk shows", "shown on a person's device",
    "somebody is coming", "已到场 was clicked", "the sign is plain again", "taken back with a PIN", "closed in order",
    "journal verify is clean", "agrees at record", "stand in no file", "does find them without encryption", "all steps came",
)  # fmt: skip


@pytest.mark.desktop
@pytest.mark.slow
@pytest.mark.xdist_group("end2end")
@pytest.mark.timeout(400)
def test_the_demo_plays_every_step_by_itself(tmp_path: Path) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("the real locker runs as a throw-away user, which needs root")
    if absent := missing(login=True):
        pytest.skip("the virtual desktop lacks " + ", ".join(absent))
    pictures = tmp_path / "pictures"
    done = subprocess.run(
        [sys.executable, "-m", "app", "demo", "--play", "--pictures", str(pictures)],
        capture_output=True, timeout=380, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    told = done.stdout.decode()
    assert done.returncode == 0, told + done.stderr.decode(errors="replace")
    at = 0
    for step in STEPS:
        found = told.find(step, at)
        assert found >= 0, f"{step!r} did not come in its turn:\n{told}"
        at = found
    assert len(list(pictures.glob("*-lead.png"))) == len(list(pictures.glob("*-agent.png"))) >= 9
