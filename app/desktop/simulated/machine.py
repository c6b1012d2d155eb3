"""The scripted machine: what happens to it on one side, the ports of `app.desktop.ports` on the other."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from app.desktop.ports import Desktop, HotkeyFault, Installed, Locked, LockResult
from app.domain.errors import UnavailableError
from app.domain.moment import NS, Moment

START = Moment(3600 * NS, 3600 * NS, 1_795_000_000 * NS)
"""Readings of a machine that was switched on an hour ago, on a day in November 2026."""

FACTS = (
    "headset", "microphone", "disk", "updates", "antivirus", "disk_encryption", "removable_storage", "network",
)
FAULTS = ("vault_missing", "lock_missing", "idle_missing", "hotkey_missing", "notices_missing")


class Machine:
    """The script handle; any thread. Callbacks come on the thread that does the deed.

    Time stands still until `advance` or `suspend`, or runs with the real one when `running`. Input counts as of now
    until told otherwise: `idle` says that the person stopped just now, `typing` that input goes on.
    """

    def __init__(self, *, running: bool = False, start: Moment = START) -> None:
        self._guard = threading.RLock()
        self._now = start
        self._running_since = time.monotonic_ns() if running else None
        self._last_input = start.boot
        self._typing = False
        self._locked = Locked.NO
        self._listeners: list[Callable[[Locked], None]] = []
        self._bound: dict[str, Callable[[], None]] = {}
        self._taken: set[str] = set()
        self.lock_fails = False
        self.idle_unknown = False
        self.vault_open = True
        self.secrets: dict[str, bytes] = {}
        self.notices_refused = False
        self.notices: list[tuple[str, str]] = []
        self.recording: frozenset[str] | None = frozenset()
        self.on_recording: list[Callable[[], None]] = []
        self.starts_with_session = False
        self.sleeps_silently = False
        self.sleep_listeners: list[Callable[[bool], None]] = []
        self.proxies: tuple[str, ...] = ()
        self.server_key = self.site = ""
        self.code_file: Path | None = None
        self.stop_signal_means = "asked"
        self.facts: dict[str, bool | None] = dict.fromkeys(FACTS, True)
        self._ends: Callable[[str], None] | None = None

    def desktop(self, *faults: str) -> Desktop:
        """The ports of this machine; each fault of `FAULTS` takes that part away."""
        return Desktop(
            "simulated", SimulatedClock(self),
            None if "idle_missing" in faults else SimulatedIdle(self),
            None if "lock_missing" in faults else SimulatedLock(self),
            None if "hotkey_missing" in faults else SimulatedHotkeys(self),
            None if "vault_missing" in faults else SimulatedVault(self),
            None if "notices_missing" in faults else SimulatedNotices(self),
            SimulatedMicrophone(self), SimulatedAutostart(self), tuple(faults), SimulatedPower(self), SimulatedProxies(self),
            installed=Installed(self.server_key, self.site, SimulatedCode(self.code_file) if self.code_file else None),
            ending=SimulatedEnding(self), facts=SimulatedFacts(self),
        )  # fmt: skip

    # Time

    def now(self) -> Moment:
        """The clocks now."""
        with self._guard:
            if self._running_since is not None:
                reading = time.monotonic_ns()
                self._now = self._now.later(reading - self._running_since)
                self._running_since = reading
            return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass, awake."""
        with self._guard:
            self._now = self.now().later(round(seconds * NS))

    def suspend(self, seconds: float) -> None:
        """Sleep: the awake clock stands still, input ends; the power port tells it, unless `sleeps_silently`."""
        if not self.sleeps_silently:
            self._tell_sleep(True)
        with self._guard:
            self.idle()
            self._now = self.now().later(round(seconds * NS), asleep=True)
        if not self.sleeps_silently:
            self._tell_sleep(False)

    def _tell_sleep(self, asleep: bool) -> None:
        for listener in tuple(self.sleep_listeners):
            listener(asleep)

    def jump_wall(self, seconds: float) -> None:
        """Somebody sets the wall clock; nothing else moves."""
        with self._guard:
            now = self.now()
            self._now = Moment(now.boot, now.awake, now.wall + round(seconds * NS))

    # The person

    def record(self, *programs: str) -> None:
        """These programs record from the microphone now, and no others."""
        self.recording = frozenset(programs)
        for changed in tuple(self.on_recording):
            changed()

    def touch(self) -> None:
        """One keystroke, now."""
        with self._guard:
            self._last_input = self.now().boot

    def typing(self) -> None:
        """Input goes on from now."""
        with self._guard:
            self.touch()
            self._typing = True

    def idle(self) -> None:
        """The last input was now."""
        with self._guard:
            self.touch()
            self._typing = False

    def idle_ns(self) -> int:
        """Nanoseconds since the last input."""
        with self._guard:
            return 0 if self._typing else self.now().boot - self._last_input

    def press(self, chord: str) -> None:
        """Press a chord as it was bound; another one does nothing."""
        with self._guard:
            self.touch()
            pressed = self._bound.get(chord)
        if pressed is not None:
            pressed()

    def take_chord(self, chord: str) -> None:
        """Another program holds this chord from now on."""
        with self._guard:
            self._taken.add(chord)

    # The lock

    def set_locked(self, state: Locked) -> None:
        """The person or the system locks or unlocks; unlocking is input."""
        with self._guard:
            if state is Locked.NO:
                self.touch()
            if state is self._locked:
                return
            self._locked = state
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(state)

    def end_session(self, cause: str) -> None:
        """The system ends the session: signed_off or shutdown; returns when the program lets it."""
        ends = self._ends
        if ends is not None:
            ends(cause)

    def on_end(self, ends: Callable[[str], None] | None) -> None:
        """What the ending port does."""
        self._ends = ends

    def locked(self) -> Locked:
        """The session lock now."""
        return self._locked

    def try_lock(self) -> LockResult:
        """What the lock port does."""
        if self.lock_fails:
            return LockResult(False, "simulated", "the script lets locking fail")
        self.set_locked(Locked.YES)
        return LockResult(True, "simulated")

    def listen(self, changed: Callable[[Locked], None]) -> None:
        """Tell every change of the lock, and the state now."""
        with self._guard:
            self._listeners.append(changed)
        changed(self._locked)

    def unlisten(self, changed: Callable[[Locked], None]) -> None:
        """Stop telling."""
        with self._guard:
            if changed in self._listeners:
                self._listeners.remove(changed)

    def bind(self, keys: dict[str, Callable[[], None]]) -> list[HotkeyFault]:
        """What the hotkey port does."""
        with self._guard:
            self._bound = {key: pressed for key, pressed in keys.items() if _is_chord(key)}
            faults = [HotkeyFault(key, "not a key") for key in keys if not _is_chord(key)]
            return faults + [HotkeyFault(key, "taken by another program") for key in keys if key in self._taken]


def _is_chord(text: str) -> bool:
    parts = text.split("+")
    modifiers = {"<ctrl>", "<alt>", "<shift>", "<cmd>"}
    return len(parts) > 1 and set(parts[:-1]) <= modifiers and (len(parts[-1]) == 1 or parts[-1].startswith("<f"))


class _Part:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def close(self) -> None:
        """Nothing to release."""


class SimulatedClock(_Part):
    """The machine's clocks."""

    def now(self) -> Moment:
        return self._machine.now()


class SimulatedIdle(_Part):
    """Idle time as scripted; None while `idle_unknown`."""

    def idle_ns(self) -> int | None:
        return None if self._machine.idle_unknown else self._machine.idle_ns()


class SimulatedLock(_Part):
    """Locks at once, or fails at once while `lock_fails`."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self._watching: list[Callable[[Locked], None]] = []

    def lock(self, timeout: float) -> LockResult:
        return self._machine.try_lock()

    def state(self) -> Locked:
        return self._machine.locked()

    def watch(self, changed: Callable[[Locked], None]) -> None:
        self._watching.append(changed)
        self._machine.listen(changed)

    def close(self) -> None:
        while self._watching:
            self._machine.unlisten(self._watching.pop())


class SimulatedHotkeys(_Part):
    """Chords are compared as text, as they were bound."""

    def bind(self, keys: dict[str, Callable[[], None]]) -> list[HotkeyFault]:
        return self._machine.bind(keys)

    def close(self) -> None:
        self._machine.bind({})


class SimulatedVault(_Part):
    """Secrets in memory; UnavailableError while not `vault_open`."""

    def get(self, name: str, timeout: float) -> bytes | None:
        return self._secrets().get(name)

    def set(self, name: str, secret: bytes, timeout: float) -> None:
        if len(secret) > 512:
            raise UnavailableError(f"A secret of {len(secret)} bytes is too long for the key store (512).")
        self._secrets()[name] = secret

    def delete(self, name: str, timeout: float) -> None:
        self._secrets().pop(name, None)

    def _secrets(self) -> dict[str, bytes]:
        if not self._machine.vault_open:
            raise UnavailableError("The key store is locked.")
        return self._machine.secrets


class SimulatedNotices(_Part):
    """Collects notices in `Machine.notices`."""

    def show(self, title: str, text: str) -> bool:
        if self._machine.notices_refused:
            return False
        self._machine.notices.append((title, text))
        return True


class SimulatedMicrophone(_Part):
    """Programs as scripted in `Machine.recording`."""

    def in_use_by(self) -> frozenset[str] | None:
        return self._machine.recording

    def watch(self, changed: Callable[[], None]) -> None:
        self._machine.on_recording.append(changed)
        changed()


class SimulatedAutostart(_Part):
    """A switch in memory."""

    def enabled(self) -> bool:
        return self._machine.starts_with_session

    def set(self, on: bool) -> None:
        self._machine.starts_with_session = on


class SimulatedCode:
    """A file whose bytes are the text turned round, so that a plain one is a foreign one."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self, sealed: bytes) -> bytearray:
        if not sealed.endswith(b":1"):
            raise UnavailableError("The enrolment code was not left for this machine.")
        return bytearray(sealed[-3::-1])


class SimulatedPower(_Part):
    """Tells of every `Machine.suspend`, on the thread that does it."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self._watching: list[Callable[[bool], None]] = []

    def watch(self, changed: Callable[[bool], None]) -> None:
        self._watching.append(changed)
        self._machine.sleep_listeners.append(changed)

    def close(self) -> None:
        while self._watching:
            self._machine.sleep_listeners.remove(self._watching.pop())


class SimulatedProxies(_Part):
    """As scripted in `Machine.proxies`."""

    def for_url(self, url: str) -> tuple[str, ...]:
        return self._machine.proxies


class SimulatedEnding(_Part):
    """Ends as scripted."""

    def watch(self, ends: Callable[[str], None]) -> None:
        self._machine.on_end(ends)

    def why(self) -> str:
        return self._machine.stop_signal_means

    def close(self) -> None:
        self._machine.on_end(None)


class SimulatedFacts(_Part):
    """As scripted in `Machine.facts`."""

    def look(self) -> tuple[tuple[str, bool | None], ...]:
        return tuple(self._machine.facts.items())
