"""A softphone's hook: a whole `safeseat call start` against a running agent, beside a bare interpreter start."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from app.tools.bench.figures import spread
from app.tools.demo.cast import read_line

ROUNDS = 20


def measure(rounds: int = ROUNDS) -> dict[str, object]:
    """Whole-process wall time in ms, the two in turn."""
    with tempfile.TemporaryDirectory(prefix="safeseat-hook-") as name:
        profile = str(Path(name) / "profile")
        words = [sys.executable, "-m", "app"]
        agent = subprocess.Popen(
            [*words, "agent", "--headless", "--desktop", "simulated", "--profile", profile],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            read_line(agent, 20.0)
            hooks, bare = [], []
            for number in range(rounds):
                what = "end" if number % 2 else "start"
                hooks.append(wall([*words, "call", what, "--id", "bench", "--profile", profile]))
                bare.append(wall([sys.executable, "-c", "pass"]))
        finally:
            agent.terminate()
            agent.wait(15)
            if agent.stdout is not None:
                agent.stdout.close()
    return {"call_hook": spread(hooks, "ms"), "floor_bare_python": spread(bare, "ms")}


def wall(command: list[str]) -> float:
    """Milliseconds of one run; it must succeed."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=30)
    return (time.perf_counter() - began) * 1000
