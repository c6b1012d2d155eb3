"""`safeseat bench [NAME]`: one JSON object with the machine, the figures and their floors."""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from app import __version__
from app.domain.errors import SafeSeatError
from app.tools.stage import missing


def _alarm(rounds: int | None) -> dict[str, object]:
    from app.tools.bench import alarm

    return alarm.measure(rounds or alarm.ROUNDS)


def _rest(rounds: int | None) -> dict[str, object]:
    from app.tools.bench import rest

    return rest.measure(rounds or rest.SECONDS)


def _simulate(rounds: int | None) -> dict[str, object]:
    from app.tools.bench import shift

    return shift.measure(rounds or shift.ROUNDS)


def _hook(rounds: int | None) -> dict[str, object]:
    from app.tools.bench import hook

    return hook.measure(rounds or hook.ROUNDS)


def _search(rounds: int | None) -> dict[str, object]:
    from app.tools.bench import search

    return search.measure(rounds or search.ROUNDS)


def _mask(rounds: int | None) -> dict[str, object]:
    from app.tools.bench import masking

    return masking.measure(rounds or masking.ROUNDS)


def _open(rounds: int | None) -> dict[str, object]:
    from app.tools.bench import opening

    return opening.measure(rounds or opening.ROUNDS)


BENCHES: dict[str, Callable[[int | None], dict[str, object]]] = {
    "simulate": _simulate,
    "search": _search,
    "mask": _mask,
    "hook": _hook,
    "open": _open,
    "rest": _rest,
    "alarm": _alarm,
}
NEED_A_STAGE = frozenset({"open", "rest", "alarm"})


def main(argv: Sequence[str] | None = None) -> int:
    """Measure all or one; 3 when the machine lacks a program that a measurement needs."""
    parser = argparse.ArgumentParser(prog="safeseat bench", description="Measure what is promised.")
    parser.add_argument("name", nargs="?", choices=sorted(BENCHES), help="one measurement (default: all)")
    parser.add_argument("--rounds", type=int, help="rounds (seconds for rest)")
    parser.add_argument("--out", type=Path, help="write the JSON here as well")
    options = parser.parse_args(argv)
    if options.rounds is not None and options.rounds < 1:
        parser.error("--rounds must be at least 1")
    names = [options.name] if options.name else list(BENCHES)
    lacking = missing() if NEED_A_STAGE & set(names) else []
    if lacking:
        print("bench: the virtual desktop needs " + ", ".join(lacking), file=sys.stderr)
        return 3
    found: dict[str, object] = {"machine": machine(), "version": __version__, "commit": commit()}
    try:
        for name in names:
            print(f"bench: {name} …", file=sys.stderr, flush=True)
            found[name] = BENCHES[name](options.rounds)
    except SafeSeatError as fault:
        print(f"bench: {fault}", file=sys.stderr)
        return 1
    text = json.dumps(found, indent=1, ensure_ascii=False)
    print(text)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(text + "\n", encoding="utf-8")
    return 0


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    cpu = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return {"cpu": cpu, "cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()}


def commit() -> str:
    """The checkout's commit, empty outside one."""
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip()
