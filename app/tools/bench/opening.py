"""Flyout, palette and cards: from being asked for to the first paint, each time built anew as after a rest."""

import json
import os
import subprocess
import sys

from app.domain.errors import UnavailableError
from app.tools.bench.figures import spread
from app.tools.stage import Setup, Stage

ROUNDS = 40
SECONDS = 120


def measure(rounds: int = ROUNDS) -> dict[str, object]:
    """Each window so many times, on a screen of its own without an agent; the first round reads everything from the disk."""
    with Stage(Setup(vault=False, notices=False, locker=False)) as stage:
        done = subprocess.run(
            [sys.executable, "-m", "ui.opening", str(rounds)],
            env={**os.environ, **stage.env, "QT_QPA_PLATFORMTHEME": "gnome"}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip
    if done.returncode:
        raise UnavailableError("The windows could not be opened: " + (done.stderr.strip().splitlines() or ["no reason"])[-1])
    found = json.loads(done.stdout.splitlines()[-1])
    return {
        name: {**spread(samples, "ms"), "first": round(samples[0], 1)} for name, samples in found.items()
    }  # fmt: skip
