"""`safeseat agent --headless`: the agent without a screen, until it is stopped in order."""

import json
import signal
import sys
from pathlib import Path
from queue import SimpleQueue

from app.agent.start import AgentOptions, AlreadyRunningError, start_agent

STOP_LIMIT = 5.0
"""Seconds until an end in order is over, whatever still hangs."""


def run_headless(profile: Path | None, desktop: str | None, policy: Path | None, assignments: list[str]) -> int:
    """Run until SIGTERM, SIGINT or a stop over the control port; 0 also when a tray already runs here."""
    # not an Event: its lock may be held by this very thread when the signal comes, and `put` is made for that
    ended: SimpleQueue[None] = SimpleQueue()
    # before anything starts, so that a stop that comes early is an orderly one too
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.put(None))
    try:
        agent = start_agent(AgentOptions(profile, desktop, policy, tuple(assignments), headless=True))
    except AlreadyRunningError as told:
        sys.stdout.write(f"{told}\n")
        return 0
    agent.subscribe(lambda snapshot: ended.put(None) if snapshot.stopping else None)
    sys.stdout.write(json.dumps({"ready": True, "profile": str(agent.profile.folder)}) + "\n")
    sys.stdout.flush()
    ended.get()
    agent.stop(STOP_LIMIT)
    return 0
