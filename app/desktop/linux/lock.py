"""The session lock: logind first, one locker program behind it; claimed only when it was seen."""

import os
import threading
import time
from collections.abc import Callable, Sequence

from app.desktop.linux.bus import Bus, BusError, DBusAddress
from app.desktop.linux.grab import keyboard_held
from app.desktop.linux.locker import LOCKERS, PROBE, FallbackLocker
from app.desktop.linux.logind import HintWatch, hint_rule, own_session, read_hint, wait_for_hint
from app.desktop.ports import Locked, LockResult

LOGIND_SHARE = 0.6
LOGIND_LIMIT = 2.5
"""The desktop gets at most this share of the time and this many seconds to answer before the fall-back is started."""

STEADY = 0.5
"""Seconds that the hint must stay set where a grab cannot be asked for: a locker that fails at once clears it."""

STEADY_UNDER_GRAB = 6.0
"""The same when an open menu held the keyboard all along: i3lock tries for 2.4 s to get it before it gives up."""


class LinuxLock:
    """Locks the X11 session; `lock` from one lane, `state` and `watch` from any thread.

    The hint of logind alone is not believed while this session has the screen: a locker that died leaves it set. It
    counts when a program holds the keyboard, or when the session is not the active one (a desktop that locks by
    switching to a greeter). Callbacks come from threads of this adapter, only on changes, and tell the hint.
    """

    def __init__(self, lockers: Sequence[Sequence[str]] = LOCKERS) -> None:
        self._fallback = FallbackLocker(lockers, self._look)
        self._guard = threading.Lock()
        self._watch: HintWatch | None = None
        self._listeners: list[Callable[[Locked], None]] = []
        self._told = Locked.UNKNOWN

    def lock(self, timeout: float) -> LockResult:
        """Lock and wait until it was seen, `timeout` seconds at most; a failure says what each way answered."""
        end = time.monotonic() + timeout
        held_before = keyboard_held()
        hinted, error = self._lock_by_logind(held_before, end)
        if hinted and not error:
            self._look()
            return LockResult(True, "logind")
        if hinted:
            return LockResult(False, "logind", error)
        method = self._fallback.name or "logind"
        second = self._fallback.lock(held_before, max(0.0, end - time.monotonic()))
        if not second:
            return LockResult(True, method)
        return LockResult(False, method, f"logind: {error}; {second}")

    def state(self) -> Locked:
        """Locked, unlocked or unknown now; unknown too while the hint is set and nothing bears it out. 5 ms, 1 s at most."""
        if self._fallback.holds:
            return Locked.YES
        watch = self._watch
        if watch is not None and watch.listening.is_set() and watch.last is Locked.NO:
            return Locked.NO
        try:
            with Bus("SYSTEM") as bus:
                session = own_session(bus)
                hint = read_hint(bus, session)
                if hint is Locked.YES and keyboard_held() is False and _on_this_screen(bus, session):
                    return Locked.UNKNOWN
                return hint
        except BusError:
            return Locked.UNKNOWN

    def watch(self, changed: Callable[[Locked], None]) -> None:
        """Tell every change from now on, and the state once it is first known; returns at once."""
        with self._guard:
            self._listeners.append(changed)
            if self._watch is None:
                self._watch = HintWatch(lambda _: self._look())

    def close(self) -> None:
        """End the threads; a lock that holds goes on."""
        with self._guard:
            self._listeners.clear()
        if self._watch is not None:
            self._watch.close()
        self._fallback.close()

    def _look(self) -> None:
        with self._guard:
            watch = self._watch
            now = Locked.YES if self._fallback.holds else watch.last if watch is not None else Locked.UNKNOWN
            if now is self._told:
                return
            self._told = now
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(now)

    def _lock_by_logind(self, held_before: bool | None, end: float) -> tuple[bool, str]:
        """Whether the hint is set, and what is wrong; the latter is empty when the lock was seen."""
        limit = min((end - time.monotonic()) * LOGIND_SHARE, LOGIND_LIMIT)
        try:
            with Bus("SYSTEM") as bus:
                session = own_session(bus)
                if held_before and read_hint(bus, session) is Locked.YES:
                    return True, ""
                bus.subscribe(hint_rule(session))
                bus.call(session, "Lock", limit=max(0.1, limit))
                if not wait_for_hint(bus, session, limit):
                    return False, "no program of the desktop answered the lock signal"
                return _borne_out(bus, session, held_before, end)
        except BusError as error:
            return False, str(error)


def _on_this_screen(bus: Bus, session: DBusAddress) -> bool:
    """Whether the session has an X11 screen that is in front; only there a missing grab means that nothing locks."""
    return os.environ.get("XDG_SESSION_TYPE") != "wayland" and bool(bus.get(session, "Active"))


def _borne_out(bus: Bus, session: DBusAddress, held_before: bool | None, end: float) -> tuple[bool, str]:
    """Wait until the set hint is borne out by a new keyboard grab or, where there is none, by time."""
    begun = time.monotonic()
    while (now := time.monotonic()) < end:
        held = keyboard_held()
        if read_hint(bus, session) is not Locked.YES:
            return False, "the locker ended at once"
        if held and not held_before:
            return True, ""
        held_before = bool(held)
        if held is False and _on_this_screen(bus, session):
            if now - begun > LOGIND_LIMIT:
                return False, "the desktop says locked, but nothing holds the keyboard"
        elif now - begun >= (STEADY_UNDER_GRAB if held else STEADY):
            return True, ""
        time.sleep(PROBE)
    return bool(held_before), "nothing was seen that holds the keyboard anew"
