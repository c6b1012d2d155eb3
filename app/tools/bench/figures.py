"""Medians, percentiles, and what the kernel tells of a process."""

import re
from collections.abc import Sequence
from pathlib import Path
from statistics import median


def spread(samples: Sequence[float], unit: str) -> dict[str, object]:
    """Count, p50, p99, smallest and largest of the samples; p99 is the smallest value that 99 % do not exceed."""
    ordered = sorted(samples)
    at = max(0, -(-99 * len(ordered) // 100) - 1)
    return {
        "unit": unit,
        "count": len(ordered),
        "p50": round(median(ordered), 4),
        "p99": round(ordered[at], 4),
        "min": round(ordered[0], 4),
        "max": round(ordered[-1], 4),
    }


def pss_mb(pid: int) -> float:
    """Proportional set size in MB (10^6 bytes / 1.048576, i.e. MiB as the kernel's kB imply)."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    assert found is not None
    return round(int(found.group(1)) / 1024, 2)


def cpu_ticks(pid: int) -> int:
    """User and system time in clock ticks."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def switches(pid: int) -> int:
    """Voluntary context switches of all threads: each is one wake-up."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        text = (task / "status").read_text(encoding="ascii", errors="replace")
        found = re.search(r"^voluntary_ctxt_switches:\s+(\d+)", text, re.MULTILINE)
        total += int(found.group(1)) if found else 0
    return total


def thread_names(pid: int) -> dict[str, int]:
    """Voluntary switches by thread name, to see who wakes up."""
    found: dict[str, int] = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        name = (task / "comm").read_text(encoding="utf-8", errors="replace").strip()
        text = (task / "status").read_text(encoding="ascii", errors="replace")
        count = re.search(r"^voluntary_ctxt_switches:\s+(\d+)", text, re.MULTILINE)
        found[f"{name}-{task.name}"] = int(count.group(1)) if count else 0
    return found
