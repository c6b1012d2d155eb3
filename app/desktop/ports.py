"""What the agent asks of an operating system; each adapter folder implements these and nothing more.

Blocking calls say so; they run in lanes, never on the actor's thread. Callbacks may come on any thread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from app.domain.moment import Moment


class Locked(StrEnum):
    """What the desktop knows about the session lock; `UNKNOWN` never weakens the lock."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LockResult:
    """The outcome of one lock attempt: `confirmed` only when the desktop was seen locked afterwards."""

    confirmed: bool
    method: str
    error: str = ""


class Clock(Protocol):
    """Reads the three clocks at once (see `Moment`); any thread, non-blocking."""

    def now(self) -> Moment: ...


class IdleSense(Protocol):
    """Time since the last keyboard or mouse input of this session."""

    def idle_ns(self) -> int | None:
        """Nanoseconds since the last input, None when unknown; non-blocking (≤ 1 ms), one thread at a time."""

    def close(self) -> None: ...


class SessionLock(Protocol):
    """Locks the session and tells whether it is locked."""

    def lock(self, timeout: float) -> LockResult:
        """Lock and wait until it is confirmed or `timeout` seconds passed; blocking, never raises for a failed lock."""

    def state(self) -> Locked: ...

    def watch(self, changed: Callable[[Locked], None]) -> None:
        """Call `changed` whenever the session was locked or unlocked by anybody, from a thread of the adapter."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class HotkeyFault:
    """A key that could not be bound, with the reason (taken by another program, not a key)."""

    key: str
    reason: str


class Hotkeys(Protocol):
    """System-wide chords such as `<ctrl>+<alt>+1`; a chord is pressed in any program."""

    def bind(self, keys: dict[str, Callable[[], None]]) -> list[HotkeyFault]:
        """Replace all bindings; callbacks come on a thread of the adapter within 20 ms of the press."""

    def close(self) -> None: ...


class Vault(Protocol):
    """The OS's key store. Blocking (it may open a dialog): only from the vault lane. Fails closed, never plain text."""

    def get(self, name: str, timeout: float) -> bytes | None:
        """The secret, None if there is none. Raises UnavailableError if the vault is missing, locked or mute."""

    def set(self, name: str, secret: bytes, timeout: float) -> None:
        """Store a secret of at most 512 bytes. Raises UnavailableError."""

    def delete(self, name: str, timeout: float) -> None:
        """Remove a secret; none there is well. Raises UnavailableError."""


class Notices(Protocol):
    """A passing notice of the desktop; nothing important depends on it."""

    def show(self, title: str, text: str) -> bool:
        """Show plain text (escaped by the adapter); False if the desktop refused. May block up to 1 s."""

    def close(self) -> None: ...


class MicrophoneSense(Protocol):
    """Which allow-listed softphone is recording; no sound is ever opened or read."""

    def in_use_by(self) -> frozenset[str] | None:
        """Lower-case program names that record now, None when unknown; may block up to 1 s."""

    def watch(self, changed: Callable[[], None]) -> None:
        """Call `changed` when the answer may be another one, from any thread, and once at the beginning; returns at once.

        Nothing wakes up while nothing changes. What ends without a sign (a killed program) may go untold.
        """

    def close(self) -> None: ...


class Autostart(Protocol):
    """Whether the tray starts with the session."""

    def enabled(self) -> bool: ...

    def set(self, on: bool) -> None: ...


class SessionEnd(Protocol):
    """When and why the system ends the session; causes are "signed_off", "shutdown" and "asked" (words of exit.planned)."""

    def watch(self, ends: Callable[[str], None]) -> None:
        """Call `ends` with the cause when the system ends the session by itself, on a thread of the adapter.

        The system waits for it to return, about 5 s at most. Where the end comes as a stop signal nothing is called.
        """

    def why(self) -> str:
        """The cause of a stop signal that came just now; blocking, up to 1 s."""

    def close(self) -> None: ...


class SealedCode(Protocol):
    """An enrolment code that IT left in a file of this machine, for the first agent that finds it."""

    @property
    def path(self) -> Path:
        """Where it lies, if it does."""

    def open(self, sealed: bytes) -> bytearray:
        """The code's text from the file's bytes; the caller wipes it. UnavailableError if it was not made for this machine."""


@dataclass(frozen=True, slots=True)
class Installed:
    """What IT said when the program was installed; empty where nothing was given.

    `server_key`: text of the server root's fingerprint, `site`: the site that IT means this PC to be at.
    """

    server_key: str = ""
    site: str = ""
    code: SealedCode | None = None


class Power(Protocol):
    """Tells when the machine goes to sleep and when it woke; what it misses shows in the clock readings."""

    def watch(self, changed: Callable[[bool], None]) -> None:
        """Call `changed(True)` before the machine sleeps and `changed(False)` once it woke, from a thread of the adapter.

        The machine waits for `changed(True)` to return, about 2 s at most (the system's bound).
        """

    def close(self) -> None: ...


class Proxies(Protocol):
    """Which web proxies the system's settings name."""

    def for_url(self, url: str) -> tuple[str, ...]:
        """`name:port` of the proxies for an https address in the order to be tried, empty for the straight way.

        Blocking, up to 30 s while a network without an answer is asked for its settings; any thread, never raises.
        """


class PcFacts(Protocol):
    """What a shift check asks of the machine: yes, no or not known, never a name or serial number of a device."""

    def look(self) -> tuple[tuple[str, bool | None], ...]:
        """Each of headset, microphone, disk, updates, antivirus, disk_encryption, removable_storage (nothing plugged in), network.

        True is well. Blocking, up to 5 s; one thread at a time, never raises.
        """


@dataclass(frozen=True, slots=True)
class Desktop:
    """All adapters of one machine; a None says that the machine has no such thing and the state line must tell it."""

    name: str
    clock: Clock
    idle: IdleSense | None
    lock: SessionLock | None
    hotkeys: Hotkeys | None
    vault: Vault | None
    notices: Notices | None
    microphone: MicrophoneSense | None
    autostart: Autostart | None
    faults: tuple[str, ...] = ()
    power: Power | None = None
    proxies: Proxies | None = None
    installed: Installed = Installed()
    ending: SessionEnd | None = None
    facts: PcFacts | None = None

    def close(self) -> None:
        """Release every adapter; afterwards no thread or connection of them is left."""
        for part in (self.hotkeys, self.lock, self.idle, self.notices, self.microphone, self.power, self.ending):
            if part is not None:
                part.close()
