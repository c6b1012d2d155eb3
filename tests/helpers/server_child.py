"""The server as IT starts it: `safeseat server` in a child process, awaited by its one JSON line."""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def safeseat(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a verb of the command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments], cwd=ROOT, input=stdin, capture_output=True, text=True, timeout=60, check=False,
        encoding="utf-8",
    )


class ServerChild:
    """Starts in the constructor and waits for the ready line."""

    def __init__(self, folder: Path, *arguments: str, port: int = 0) -> None:
        command = [sys.executable, "-m", "app", "server", "--data", str(folder), "--host", "127.0.0.1", "--port", str(port), *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, env={**os.environ})
        self.ready: dict[str, object] = json.loads(self._line(20))
        self.port = int(str(self.ready["port"]))

    def _line(self, seconds: float) -> bytes:
        assert self.process.stdout is not None
        until = time.monotonic() + seconds
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.process.stdout, selectors.EVENT_READ)
            if not waiting.select(until - time.monotonic()):
                self.kill()
                raise AssertionError("the server did not say that it is ready")
        return self.process.stdout.readline()

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> float:
        """Stop it in order and return how long that took in seconds."""
        began = time.monotonic()
        self._end(signal.SIGTERM)
        return time.monotonic() - began

    def _end(self, number: int) -> None:
        self.process.send_signal(number)
        self.process.wait(15)
        if self.process.stdout is not None:
            self.process.stdout.close()
