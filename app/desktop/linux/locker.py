"""The fall-back: one screen locker program, started by us, confirmed by the keyboard grab that it takes."""

import contextlib
import os
import select
import shutil
import sys
import threading
import time
from collections.abc import Callable, Sequence

from app.desktop.linux.grab import keyboard_held

LOCKERS: tuple[tuple[str, ...], ...] = (
    ("i3lock", "-n"),
    ("xscreensaver-command", "-lock"),
    ("xdg-screensaver", "lock"),
)
"""In order of preference; the first that is installed is used. Those but the first only ask another program to lock."""

PROBE = 0.01
"""Seconds between two looks at the keyboard grab while a lock is awaited."""

LOOK = 1.0
"""Seconds between two looks for the end of a lock that another program holds."""


def first_locker(lockers: Sequence[Sequence[str]] = LOCKERS) -> tuple[str, ...] | None:
    """The first command whose program is installed."""
    return next((tuple(command) for command in lockers if shutil.which(command[0])), None)


class FallbackLocker:
    """Starts the locker and watches over the lock until it is lifted; `changed` comes from its own thread."""

    def __init__(self, lockers: Sequence[Sequence[str]], changed: Callable[[], None]) -> None:
        self._lockers = lockers
        self._changed = changed
        self._pid = 0
        self._stop_reader, self._stop_writer = os.pipe()
        self._thread: threading.Thread | None = None
        self.holds = False

    @property
    def name(self) -> str:
        """Name of the program that would be used; empty if none is installed."""
        command = first_locker(self._lockers)
        return "" if command is None else "i3lock" if _stays(command) else command[0]

    def lock(self, held_before: bool | None, limit: float) -> str:
        """Lock and wait until another program holds the keyboard; returns an error, empty when the lock was seen.

        A grab that was held before (an open menu) proves nothing, so then no lock is claimed. Blocking.
        """
        command = first_locker(self._lockers)
        if command is None:
            return "no screen locker is installed"
        end = time.monotonic() + limit
        if not self._running():
            try:
                self._pid = _spawn(command)
            except OSError as error:
                return f"{command[0]} could not be started: {error}"
        while time.monotonic() < end:
            held = keyboard_held()
            if held and not held_before:
                self._follow()
                return ""
            held_before = bool(held)
            if not self._running() and _stays(command):
                return f"{command[0]} ended without locking"
            time.sleep(PROBE)
        if held_before:
            return f"another program holds the keyboard, so {command[0]} could not be seen locking"
        return f"{command[0]} did not take the keyboard"

    def close(self) -> None:
        """Stop watching; a locker that holds the screen goes on."""
        os.write(self._stop_writer, b"x")
        if self._thread is not None:
            self._thread.join(2.0)
        self._running()
        os.close(self._stop_reader)
        os.close(self._stop_writer)

    def _follow(self) -> None:
        self.holds = True
        self._changed()
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._watch, name="locker-watch", daemon=True)
            self._thread.start()

    def _watch(self) -> None:
        stopped = self._await_end_of_child() if self._running() else False
        while not stopped and keyboard_held():
            stopped = bool(select.select([self._stop_reader], [], [], LOOK)[0])
        if not stopped:
            self.holds = False
            self._changed()

    def _await_end_of_child(self) -> bool:
        if sys.platform == "linux":
            try:
                child = os.pidfd_open(self._pid)
            except OSError:
                return False
            try:
                ready, _, _ = select.select([child, self._stop_reader], [], [])
                self._running()
                return self._stop_reader in ready
            finally:
                os.close(child)
        return False

    def _running(self) -> bool:
        if self._pid and sys.platform != "win32":
            with contextlib.suppress(OSError):
                if os.waitpid(self._pid, os.WNOHANG)[0] == 0:
                    return True
            self._pid = 0
        return False


def _stays(command: Sequence[str]) -> bool:
    return "i3lock" in command


def _spawn(command: Sequence[str]) -> int:
    """Start in a session of its own, so that it outlives us: a lock must not fall because the agent ends."""
    if sys.platform == "linux":
        program = shutil.which(command[0]) or command[0]
        null = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
        return os.posix_spawn(program, list(command), os.environ, file_actions=null, setsid=True)
    raise OSError("no screen lockers on this system")
