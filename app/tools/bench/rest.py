"""The tray at rest, beside a bare Qt tray in the same run: memory, CPU, wake-ups; and the time from start to tray."""

import subprocess
import sys
import time

from app.domain.errors import SafeSeatError
from app.tools.bench.figures import cpu_ticks, pss_mb, spread, switches, thread_names
from app.tools.bench.scene import Benchmark, benchmark
from app.tools.demo.play import environment

SECONDS = 60
SETTLE = 15
STARTS = 5
TICKS = 100
"""Clock ticks a second in /proc/PID/stat: Linux's user interface fixes it at 100."""


def measure(seconds: int = SECONDS) -> dict[str, object]:
    """An enrolled, connected tray that nobody touches, and the bare one, watched at the same time for `seconds`."""
    with benchmark() as bench:
        bare = subprocess.Popen(
            [sys.executable, "-m", "ui.bare_tray"], env=environment(bench.desk), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            assert bare.stdout is not None
            bare.stdout.readline()
            pids = {"tray": bench.cast.pid("agent"), "bare_qt_tray": bare.pid}
            time.sleep(SETTLE)
            found = watch(pids, seconds)
        finally:
            bare.terminate()
            bare.wait(10)
            if bare.stdout is not None:
                bare.stdout.close()
        starts = []
        for _ in range(STARTS):
            bench.cast.stop("agent")
            began = time.monotonic()
            bench.cast.start_tray("agent", bench.agent, environment(bench.desk), lab=False)
            bench.cast.until(lambda: icon_there(bench), "the tray icon", 30.0)
            starts.append(time.monotonic() - began)
    found["start_to_tray_icon"] = spread(starts, "s")
    return found


def icon_there(bench: Benchmark) -> bool:
    """Whether the tray host shows the icon: it has a place on the screen."""
    try:
        bench.cast.where(bench.agent, "tray")
    except SafeSeatError:
        return False
    return True


def watch(pids: dict[str, int], seconds: int) -> dict[str, object]:
    """PSS, CPU share and wake-ups of each process over `seconds`."""
    ticks = TICKS
    before = {name: (cpu_ticks(pid), switches(pid), thread_names(pid)) for name, pid in pids.items()}
    began = time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - began
    found: dict[str, object] = {}
    for name, pid in pids.items():
        cpu, woken, threads = before[name]
        now = thread_names(pid)
        found[name] = {
            "pss_mb": pss_mb(pid),
            "cpu_percent_of_a_core": round((cpu_ticks(pid) - cpu) / ticks / took * 100, 4),
            "wakeups_per_s": round((switches(pid) - woken) / took, 3),
            "by_thread": {
                key: value - threads.get(key, 0) for key, value in now.items() if value > threads.get(key, 0)
            },
        }
    return found
