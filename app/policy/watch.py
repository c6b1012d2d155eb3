"""Tells when policies may have changed, so that they hold at once: the registry on Windows, policy files on Linux."""

import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Protocol

POLL_S: Final = 300.0
"""Everything is looked at this often, whatever was told: a network drive or a service may keep silent."""
SETTLE_S: Final = 1.0
"""Changes come in bundles (group policy removes and writes anew): one second of quiet ends a bundle."""
LONGEST_BUNDLE: Final = 10


class Waiter(Protocol):
    """Waits for a change of what it was made for."""

    def wait(self, timeout: float) -> bool:
        """Whether something changed within `timeout` seconds; False at once after `wake`. One thread."""

    def wake(self) -> None:
        """End a wait, this one and all later ones; any thread."""

    def close(self) -> None: ...


class Poll:
    """Waits for nothing but the time: where no change is told."""

    def __init__(self) -> None:
        self._woken = threading.Event()

    def wait(self, timeout: float) -> bool:
        """False, after the time or at once when woken."""
        self._woken.wait(timeout)
        return False

    def wake(self) -> None:
        """End the wait."""
        self._woken.set()

    def close(self) -> None:
        """Nothing to give back."""


class PolicyWatch:
    """Calls `changed` on a thread of its own after every change and every `POLL_S`, once at the beginning; `close` ends it.

    At rest the thread sleeps in the system: no wake-ups but those of the poll.
    """

    def __init__(self, files: Iterable[Path], changed: Callable[[], None], waiter: Waiter | None = None) -> None:
        self._changed = changed
        self._closing = False
        self._waiter = waiter or waiter_for(tuple(files))
        self._thread = threading.Thread(target=self._run, name="policy-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread; it may be inside `changed` for as long as that takes."""
        self._closing = True
        self._waiter.wake()
        self._thread.join(5.0)
        self._waiter.close()

    def _run(self) -> None:
        # from here on nothing is missed; then what changed between the first reading and this watch
        self._waiter.wait(0.0)
        self._changed()
        while not self._closing:
            told = self._waiter.wait(POLL_S)
            for _ in range(LONGEST_BUNDLE):
                if not told or not self._waiter.wait(SETTLE_S):
                    break
            if not self._closing:
                self._changed()


def waiter_for(files: tuple[Path, ...]) -> Waiter:
    """The best way to wait on this system."""
    try:
        if sys.platform == "win32":
            from app.policy.watch_registry import RegistryWaiter

            return RegistryWaiter()
        if sys.platform == "linux" and files:
            from app.policy.watch_files import FileWaiter

            return FileWaiter(files)
    except OSError:
        pass
    return Poll()
