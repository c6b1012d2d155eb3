"""Going to sleep and waking, as systemd-logind tells it; sleep waits for a moment while the listeners are told."""

import contextlib
import os
import threading
import time
from collections.abc import Callable

from app.desktop.linux.bus import Bus, BusError, DBusAddress, HeaderFields, MatchRule, Message
from app.desktop.linux.logind import MANAGER, NAME, SETTLE, SETTLE_MAX

_SIGNAL = {
    "type": "signal", "path": MANAGER.object_path, "interface": MANAGER.interface, "member": "PrepareForSleep",
}  # fmt: skip
ASKED = MatchRule(sender=NAME, **_SIGNAL)
HEARD = MatchRule(**_SIGNAL)
"""What the bus is asked for, and the same as messages show it: there the sender is a number."""
DAEMON = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
RESTARTED = MatchRule(
    type="signal", sender=DAEMON.bus_name, interface=DAEMON.interface, member="NameOwnerChanged",
    path=DAEMON.object_path,
)  # fmt: skip
RESTARTED.add_arg_condition(0, NAME)


class LogindPower:
    """Follows PrepareForSleep on a thread of its own, without waking up while nothing happens; renews a lost bus.

    A delay inhibitor, taken anew after each waking, lets logind wait for `changed(True)`, five seconds at most (its own
    bound). A logind that gives none is heard all the same.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._listeners: list[Callable[[bool], None]] = []
        self._closing = threading.Event()
        self._bus: Bus | None = None
        self._thread: threading.Thread | None = None
        self._asleep = False
        self.listening = threading.Event()

    def watch(self, changed: Callable[[bool], None]) -> None:
        """Tell every change from now on; returns at once."""
        with self._guard:
            self._listeners.append(changed)
            if self._thread is not None:
                return
            self._thread = threading.Thread(target=self._run, name="power-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread, its connection and its inhibitor."""
        self._closing.set()
        with self._guard:
            self._listeners.clear()
            if self._bus is not None:
                self._bus.interrupt()
        if self._thread is not None:
            self._thread.join(2.0)

    def _run(self) -> None:
        patience = SETTLE
        while not self._closing.is_set():
            began = time.monotonic()
            with contextlib.suppress(BusError):
                self._follow()
            patience = SETTLE if time.monotonic() - began > SETTLE else min(SETTLE_MAX, 2 * patience)
            self._closing.wait(patience)

    def _follow(self) -> None:
        with Bus("SYSTEM", descriptors=True) as bus:
            with self._guard:
                self._bus = bus
            inhibitor: int | None = None
            try:
                bus.subscribe(ASKED, HEARD)
                bus.subscribe(RESTARTED)
                logind = bus.call(DAEMON, "GetNameOwner", "s", (NAME,))[0]
                inhibitor = _inhibit(bus)
                self._tell(bool(bus.get(MANAGER, "PreparingForSleep")))
                self.listening.set()
                while not self._closing.is_set():
                    message = bus.wait_for(_of_interest, None)
                    if message is None or RESTARTED.matches(message):
                        return
                    if message.header.fields.get(HeaderFields.sender) != logind:
                        continue  # anybody may send anything to anybody on a bus
                    asleep = bool(message.body[0])
                    self._tell(asleep)
                    if asleep:
                        _released(inhibitor)
                        inhibitor = None
                    elif inhibitor is None:
                        inhibitor = _inhibit(bus)
            finally:
                self.listening.clear()
                _released(inhibitor)
                with self._guard:
                    self._bus = None

    def _tell(self, asleep: bool) -> None:
        with self._guard:
            if asleep is self._asleep:
                return
            self._asleep = asleep
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(asleep)


def _of_interest(message: Message) -> bool:
    return bool(HEARD.matches(message) or RESTARTED.matches(message))


def _inhibit(bus: Bus) -> int | None:
    """The file descriptor that delays sleep until it is closed; None where logind refuses."""
    try:
        what = ("sleep", "SafeSeat", "The server is told that this PC goes to sleep", "delay")
        given = bus.call(MANAGER, "Inhibit", "ssss", what)[0]
    except BusError:
        return None
    return int(given.to_raw_fd())


def _released(inhibitor: int | None) -> None:
    if inhibitor is not None:
        os.close(inhibitor)
