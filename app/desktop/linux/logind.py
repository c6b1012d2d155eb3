"""The login session as systemd-logind knows it: lock it, read and watch its LockedHint."""

import os
import threading
import time
from collections.abc import Callable

from app.desktop.linux.bus import Bus, BusError, DBusAddress, MatchRule, Message
from app.desktop.ports import Locked

NAME = "org.freedesktop.login1"
ROOT = "/org/freedesktop/login1"
MANAGER = DBusAddress(ROOT, NAME, f"{NAME}.Manager")
SETTLE, SETTLE_MAX = 5.0, 60.0
"""Seconds before a lost bus is tried again: doubled each time up to the second, so that a PC without a session may rest."""


def own_session(bus: Bus) -> DBusAddress:
    """The session of this process: by XDG_SESSION_ID, else what logind takes for it; BusError if there is none."""
    if name := os.environ.get("XDG_SESSION_ID"):
        try:
            return _session(bus.call(MANAGER, "GetSession", "s", (name,))[0])
        except BusError:
            pass
    # "auto" is the caller's session or, for a process outside any, the graphical session of its user.
    name = str(bus.get(_session(f"{ROOT}/session/auto"), "Id"))
    return _session(bus.call(MANAGER, "GetSession", "s", (name,))[0])


def _session(path: str) -> DBusAddress:
    return DBusAddress(path, NAME, f"{NAME}.Session")


def hint_rule(session: DBusAddress) -> MatchRule:
    """Matches changes of the session's properties."""
    return MatchRule(
        type="signal", path=session.object_path, interface="org.freedesktop.DBus.Properties", member="PropertiesChanged"
    )


def read_hint(bus: Bus, session: DBusAddress) -> Locked:
    """LockedHint now."""
    return Locked.YES if bus.get(session, "LockedHint") else Locked.NO


def session_there() -> bool:
    """Whether logind runs and knows a session for this process; blocking, 3 s at most."""
    try:
        with Bus("SYSTEM") as bus:
            own_session(bus)
            return True
    except BusError:
        return False


class HintWatch:
    """Follows LockedHint on a thread of its own, without waking up while nothing changes; renews a lost bus."""

    def __init__(self, changed: Callable[[Locked], None]) -> None:
        self._changed = changed
        self._closing = threading.Event()
        self._guard = threading.Lock()
        self._bus: Bus | None = None
        self.last = Locked.UNKNOWN
        self.listening = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lock-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread and its connection."""
        self._closing.set()
        with self._guard:
            if self._bus is not None:
                self._bus.interrupt()
        self._thread.join(2.0)

    def _run(self) -> None:
        patience = SETTLE
        while not self._closing.is_set():
            began = time.monotonic()
            try:
                self._follow()
            except BusError:
                self._tell(Locked.UNKNOWN)
            patience = SETTLE if time.monotonic() - began > SETTLE else min(SETTLE_MAX, 2 * patience)
            self._closing.wait(patience)

    def _follow(self) -> None:
        with Bus("SYSTEM") as bus:
            with self._guard:
                self._bus = bus
            try:
                if self._closing.is_set():
                    return
                session = own_session(bus)
                rule = hint_rule(session)
                bus.subscribe(rule)
                self._tell(read_hint(bus, session))
                self.listening.set()
                while True:
                    bus.wait_for(rule.matches, None)
                    self._tell(read_hint(bus, session))
            finally:
                self.listening.clear()
                with self._guard:
                    self._bus = None

    def _tell(self, state: Locked) -> None:
        if state is not self.last and not self._closing.is_set():
            self.last = state
            self._changed(state)


def wait_for_hint(bus: Bus, session: DBusAddress, limit: float) -> bool:
    """Wait until the session's LockedHint is set; False after `limit` seconds. The rule must be subscribed before."""
    end = time.monotonic() + limit
    rule = hint_rule(session)

    def about_the_hint(message: Message) -> bool:
        return bool(rule.matches(message))

    while read_hint(bus, session) is not Locked.YES:
        left = end - time.monotonic()
        if left <= 0:
            return False
        # The signal wakes it at once; the quarter second is for a desktop that sets the hint without telling.
        bus.wait_for(about_the_hint, min(left, 0.25))
    return True
