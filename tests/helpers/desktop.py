"""One rig for each desktop adapter: its ports, and hands that do to the machine what a person or a fault would do."""

import queue
import subprocess
import tempfile
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest

from app.desktop.ports import Desktop, Locked, Power, SessionLock
from app.desktop.simulated import Machine
from app.tools.stage import Stage

if TYPE_CHECKING:
    from app.desktop.linux.power import LogindPower
    from tests.helpers.logind import SleepTeller


class Rig(ABC):
    """A desktop under test. Everything that waits has a limit and raises."""

    name: str
    locks: bool = True
    desktop: Desktop

    @abstractmethod
    def open(self) -> Desktop:
        """A further desktop of the same machine, to be closed by the test."""

    @abstractmethod
    def touch(self) -> None:
        """One keystroke of the person."""

    @abstractmethod
    def let_time_pass(self, seconds: float) -> None: ...

    @abstractmethod
    def press(self, chord: str) -> None:
        """Press a chord while another program's window has the focus."""

    @abstractmethod
    def take(self, chord: str) -> AbstractContextManager[None]:
        """Another program holds the chord."""

    @abstractmethod
    def person_locks(self) -> None: ...

    @abstractmethod
    def person_unlocks(self) -> None: ...

    @abstractmethod
    def lock_without_locker(self) -> AbstractContextManager[SessionLock]:
        """A session lock on a desktop where no program answers."""

    @abstractmethod
    def locked_vault(self) -> AbstractContextManager[None]: ...

    @abstractmethod
    def naps(self) -> AbstractContextManager[tuple[Power, Callable[[], None]]]:
        """A power port, and a function that lets its machine fall asleep and wake once, as far as the port can tell."""

    @abstractmethod
    def notices(self) -> AbstractContextManager[Callable[[], str]]:
        """Collects what the notice server is asked to show; the callable waits for the next one, as title and text."""


class SimulatedRig(Rig):
    """The machine in memory."""

    name = "simulated"

    def __init__(self) -> None:
        self.machine = Machine()
        self.desktop = self.machine.desktop()

    def open(self) -> Desktop:
        return self.machine.desktop()

    def touch(self) -> None:
        self.machine.touch()

    def let_time_pass(self, seconds: float) -> None:
        self.machine.advance(seconds)

    def press(self, chord: str) -> None:
        self.machine.press(chord)

    @contextmanager
    def take(self, chord: str) -> Iterator[None]:
        self.machine.take_chord(chord)
        yield

    def person_locks(self) -> None:
        self.machine.set_locked(Locked.YES)

    def person_unlocks(self) -> None:
        self.machine.set_locked(Locked.NO)

    @contextmanager
    def lock_without_locker(self) -> Iterator[SessionLock]:
        self.machine.lock_fails = True
        assert self.desktop.lock is not None
        yield self.desktop.lock
        self.machine.lock_fails = False

    @contextmanager
    def locked_vault(self) -> Iterator[None]:
        self.machine.vault_open = False
        yield
        self.machine.vault_open = True

    @contextmanager
    def naps(self) -> Iterator[tuple[Power, Callable[[], None]]]:
        power = self.machine.desktop().power
        assert power is not None
        yield power, lambda: self.machine.suspend(60)
        power.close()

    @contextmanager
    def notices(self) -> Iterator[Callable[[], str]]:
        yield lambda: "\n".join(self.machine.notices.pop(0))


class LinuxRig(Rig):
    """The real adapters on a virtual screen with real programs around it."""

    name = "linux"

    def __init__(self, stage: Stage) -> None:
        from app.desktop.open import open_desktop

        self.stage = stage
        self.locks = stage.setup.login
        self.desktop = open_desktop()

    def open(self) -> Desktop:
        from app.desktop.open import open_desktop

        return open_desktop()

    def touch(self) -> None:
        self.stage.keys("shift")

    def let_time_pass(self, seconds: float) -> None:
        threading.Event().wait(seconds)

    def press(self, chord: str) -> None:
        with other_window(self.stage):
            self.stage.keys(chord.replace("<", "").replace(">", "").replace("`", "grave"))

    @contextmanager
    def take(self, chord: str) -> Iterator[None]:
        from Xlib import X
        from Xlib.display import Display

        from app.desktop.linux.hotkeys import parse_chord

        parsed = parse_chord(chord)
        display = Display(self.stage.display)
        code = display.keysym_to_keycode(parsed.keysym)
        display.screen().root.grab_key(code, parsed.mask, True, X.GrabModeAsync, X.GrabModeAsync)
        display.sync()
        yield
        display.close()

    def person_locks(self) -> None:
        from app.desktop.linux.bus import Bus
        from app.desktop.linux.logind import own_session

        with Bus("SYSTEM") as bus:
            bus.call(own_session(bus), "Lock")
        self.stage.await_true(self.stage.locked, "the locker")
        self.wait_for_keyboard_grab()

    def wait_for_keyboard_grab(self) -> None:
        """Until the locker really takes the keys: a password typed before would go to the focused window."""
        from app.desktop.linux.grab import keyboard_held

        self.stage.await_true(lambda: bool(keyboard_held()), "the locker's keyboard grab")

    def person_unlocks(self) -> None:
        self.stage.unlock()

    @contextmanager
    def lock_without_locker(self) -> Iterator[SessionLock]:
        from app.desktop.linux.lock import LinuxLock

        self.stage.stop("locker")
        lock = LinuxLock(lockers=())
        yield lock
        lock.close()
        self.stage.start_locker()

    @contextmanager
    def locked_vault(self) -> Iterator[None]:
        self.stage.lock_vault()
        yield
        # A caller made the desktop ask for the password: the person types it, and the vault is open again.
        self.stage.wait_window("Unlock")
        self.stage.type_text(self.stage.vault_password)
        self.stage.keys("Return")

    @contextmanager
    def naps(self) -> Iterator[tuple[Power, Callable[[], None]]]:
        with tempfile.TemporaryDirectory() as folder, sleeping_machine(Path(folder)) as (power, teller):

            def nap() -> None:
                assert power.listening.wait(10)
                teller.tell(True)
                assert teller.delay_is_over()
                teller.tell(False)

            yield power, nap

    @contextmanager
    def notices(self) -> Iterator[Callable[[], str]]:
        with notices_at(self.stage) as next_notice:
            yield next_notice


@contextmanager
def sleeping_machine(folder: Path) -> Iterator[tuple["LogindPower", "SleepTeller"]]:
    """The real adapter on a system bus of its own."""
    from app.desktop.linux.power import LogindPower
    from tests.helpers.logind import SleepTeller

    with SleepTeller(folder) as teller, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBUS_SYSTEM_BUS_ADDRESS", teller.address)
        power = LogindPower()
        try:
            yield power, teller
        finally:
            power.close()


@contextmanager
def notices_at(stage: Stage) -> Iterator[Callable[[], str]]:
    """Collects what the stage's notice server is asked to show; the callable waits for the next, as title and text."""
    command = ["dbus-monitor", "--session", "interface='org.freedesktop.Notifications',member='Notify'"]
    with subprocess.Popen(command, env=stage.env, stdout=subprocess.PIPE, text=True) as monitor:
        try:
            assert monitor.stdout is not None
            lines = Lines(monitor.stdout)
            lines.until("NameAcquired")

            def next_notice() -> str:
                lines.until("member=Notify")
                return "\n".join(_strings(lines.until("int32 8000")))

            yield next_notice
        finally:
            monitor.terminate()
            monitor.wait(5)
            lines.join()


@contextmanager
def other_window(stage: Stage) -> Iterator[None]:
    """Some other program's window, focused."""
    with subprocess.Popen(["xmessage", "-title", "elsewhere", "another program"], env=stage.env) as program:
        try:
            window = str(stage.wait_window("elsewhere"))
            subprocess.run(["xdotool", "windowfocus", "--sync", window], env=stage.env, check=True, timeout=10)
            yield
        finally:
            program.terminate()


class Lines:
    """Reads a program's output on a thread, so that a test can wait for a line with a limit."""

    def __init__(self, stream: IO[str]) -> None:
        self._queue: queue.Queue[str] = queue.Queue()
        self._stream = stream
        self._thread = threading.Thread(target=self._read, name="lines", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        for line in self._stream:
            self._queue.put(line)

    def until(self, sign: str, limit: float = 10.0) -> list[str]:
        """All lines up to the one that contains `sign`."""
        got: list[str] = []
        while True:
            got.append(self._queue.get(timeout=limit).strip())
            if sign in got[-1]:
                return got

    def join(self) -> None:
        self._thread.join(5)


def _strings(lines: list[str]) -> list[str]:
    """Title and text out of dbus-monitor's print of a Notify call: its third and fourth string."""
    texts = [line.removeprefix("string ").strip('"') for line in lines if line.startswith("string ")]
    return texts[2:4]


class Changes:
    """Collects the states that a lock's watch tells; `wait_for` returns once the newest is the wanted one."""

    def __init__(self) -> None:
        self._told = threading.Condition()
        self.states: list[Locked] = []

    def __call__(self, state: Locked) -> None:
        with self._told:
            self.states.append(state)
            self._told.notify_all()

    def wait_for(self, state: Locked, limit: float = 10.0) -> bool:
        with self._told:
            return self._told.wait_for(lambda: bool(self.states) and self.states[-1] is state, limit)


def known_idle(desktop: Desktop, limit: float = 10.0) -> int:
    """The idle time, asked again while a busy machine leaves it unknown."""
    assert desktop.idle is not None
    end = time.monotonic() + limit
    while (idle := desktop.idle.idle_ns()) is None:
        assert time.monotonic() < end, "the idle time stayed unknown"
    return idle
