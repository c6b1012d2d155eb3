"""Proves that a window of ours leaves the keyboard to another program: a second X client that tells what was typed."""

import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.tools.stage import Stage
from tests.helpers.qt import QUIET


class Typist:
    """A running `qt_typist`; `typed` waits until its field holds exactly a text."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._whole = ""
        self._lines: queue.Queue[str] = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.qt_typist"], env={**stage.env, **QUIET}, stdout=subprocess.PIPE, text=True
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_ready(self) -> None:
        """Wait until its field has the keyboard."""
        self._until("ready")

    def type_and_check(self, text: str) -> None:
        """Type with real key events; AssertionError unless every key arrives in the other program."""
        self._whole += text
        self._stage.type_text(text)
        self._until(self._whole)

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(10)
        self._reader.join(5)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _until(self, wanted: str) -> None:
        seen: list[str] = []
        while not seen or seen[-1] != wanted:
            try:
                seen.append(self._lines.get(timeout=10))
            except queue.Empty:
                raise AssertionError(f"the other program saw {seen}, not {wanted!r}") from None

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))


@contextmanager
def typist_on(stage: Stage) -> Iterator[Typist]:
    """A second program with the keyboard focus, for the time of the block."""
    made = Typist(stage)
    try:
        made.wait_ready()
        yield made
    finally:
        made.close()
