"""`safeseat agent --headless`: the agent without a screen, until it is stopped in order."""

import contextlib
import json
import signal
import socket
import sys
from pathlib import Path

from app.agent.process import present
from app.agent.start import AgentOptions, AlreadyRunningError, start_agent

STOP_LIMIT = 5.0
"""Seconds until an end in order is over, whatever still hangs."""


def run_headless(profile: Path | None, desktop: str | None, policy: Path | None, assignments: list[str]) -> int:
    """Run until SIGTERM, SIGINT or a stop over the control port; 0 also when a tray already runs here."""
    # A byte on a socket, written by the signal itself: a lock or a queue can miss one that comes just before it sleeps.
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    # before anything starts, so that a stop that comes early is an orderly one too
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    try:
        agent = start_agent(AgentOptions(profile, desktop, policy, tuple(assignments), headless=True))
    except AlreadyRunningError as told:
        sys.stdout.write(f"{told}\n")
        return 0
    agent.subscribe(lambda snapshot: _ring(writer) if snapshot.stopping else None)
    sys.stdout.write(json.dumps({"ready": True, "profile": str(agent.profile.folder)}) + "\n")
    sys.stdout.flush()
    present(agent)
    reader.recv(1)
    agent.stop(STOP_LIMIT, "signal")
    signal.set_wakeup_fd(-1)
    reader.close()
    writer.close()
    return 0


def _ring(writer: socket.socket) -> None:
    with contextlib.suppress(OSError):
        writer.send(b"!")
