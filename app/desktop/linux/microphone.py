"""Which programs record from the microphone now, as PulseAudio or PipeWire tells it; no sound is ever opened."""

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from typing import IO

from app.domain.errors import UnavailableError

SETTLING = 2.0
"""Seconds after the start of `pactl subscribe` in which a change may be missed, so every question is asked."""

FRESH = 60.0
"""Seconds after which the question is asked again without a sign, in case one was lost."""

LIMIT = 1.0
"""Seconds that one question to the sound server may take."""


class PulseMicrophone:
    """Asks `pactl` once, then again only after the sound server announced a change of recording programs.

    One `pactl subscribe` runs along, so that nothing wakes up while nobody records. `in_use_by` from one thread.
    Raises UnavailableError without pactl.
    """

    def __init__(self) -> None:
        if shutil.which("pactl") is None:
            raise UnavailableError("The microphone's use cannot be told: pactl is not installed.")
        self._guard = threading.Lock()
        self._stale = True
        self._settled_at = 0.0
        self._asked_at = 0.0
        self._known: frozenset[str] | None = None
        self._closed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._changed: Callable[[], None] = lambda: None

    def watch(self, changed: Callable[[], None]) -> None:
        """See the port; whoever asks after the first call starts the following, and its end is told as a change."""
        self._changed = changed
        changed()

    def in_use_by(self) -> frozenset[str] | None:
        """Lower-case program names, None if no sound server answers; 10 ms after a change, else at once, 1 s at most."""
        followed = self._follow()
        now = time.monotonic()
        with self._guard:
            if followed and not self._stale and self._settled_at < self._asked_at > now - FRESH:
                return self._known
            self._stale, self._asked_at = False, now
        known = _recording()
        with self._guard:
            self._known = known
            self._stale = self._stale or known is None
        return known

    def close(self) -> None:
        """End the program that runs along, and its reader."""
        with self._guard:
            self._closed = True
            process, thread = self._process, self._thread
        if process is not None and process.poll() is None:
            process.terminate()
        if thread is not None:
            thread.join(2.0)

    def _follow(self) -> bool:
        with self._guard:
            if self._closed:
                return False
            if self._process is not None and self._process.poll() is None:
                return True
            if self._thread is not None:
                self._thread.join(LIMIT)
            self._stale = True
            if _recording() is None:
                return False
            self._process = subprocess.Popen(
                ["pactl", "subscribe"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env=_plain_environment(), bufsize=0,
            )  # fmt: skip
            self._settled_at = time.monotonic() + SETTLING
            assert self._process.stdout is not None
            self._thread = threading.Thread(
                target=self._read, args=(self._process, self._process.stdout), name="microphone", daemon=True
            )
            self._thread.start()
            return True

    def _read(self, process: subprocess.Popen[bytes], lines: IO[bytes]) -> None:
        with lines:
            for line in lines:
                if b"source-output" in line or b"server" in line:
                    with self._guard:
                        self._stale = True
                    self._changed()
        process.wait()
        with self._guard:
            self._stale, closed = True, self._closed
        if not closed:
            self._changed()


def _recording() -> frozenset[str] | None:
    try:
        done = subprocess.run(
            ["pactl", "-f", "json", "list", "source-outputs"], capture_output=True, timeout=LIMIT, check=False,
            stdin=subprocess.DEVNULL, env=_plain_environment(),
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return parse_source_outputs(done.stdout) if done.returncode == 0 else None


def parse_source_outputs(text: bytes) -> frozenset[str] | None:
    """The program names in pactl's JSON, lower-case; entries without a process (the server's own) are left out."""
    try:
        entries = json.loads(text or b"[]")
    except ValueError:
        return None
    names = set()
    for entry in entries if isinstance(entries, list) else []:
        facts = entry.get("properties", {}) if isinstance(entry, dict) else {}
        name = facts.get("application.process.binary") if facts.get("application.process.id") else None
        if isinstance(name, str) and name:
            names.add(name.rsplit("/", 1)[-1].lower())
    return frozenset(names)


def _plain_environment() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C"}
