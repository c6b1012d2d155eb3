"""What works and what does not: vault, files, parts, lanes; it makes the tray's state and never hides a fault."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from app.agent import commands
from app.agent.events import (
    Committed,
    EnrolmentChanged,
    HotkeysBound,
    LaneFailed,
    LinkChanged,
    ListenersChanged,
    LockTried,
    OpenLinks,
    OpenVault,
    PartFailed,
    SayGoodbye,
    ServerKnows,
    Started,
    Stop,
    StopWatching,
    VaultOpened,
)
from app.agent.snapshot import Snapshot, TrayState
from app.domain.moment import Moment

CAUSES = {"quit": "asked", "asked": "asked", "takeover": "takeover", "signed_off": "signed_off", "shutdown": "shutdown"}


@dataclass(slots=True)
class KeeperPart:
    """Owns the faults; `missing` are those known at start (no locker, no vault, ...)."""

    missing: tuple[str, ...] = ()
    name: str = field(default="keeper", init=False)
    _faults: set[str] = field(default_factory=set, init=False)
    _hotkeys: tuple[tuple[str, str], ...] = field(default=(), init=False)
    _enrolled: bool = field(default=False, init=False)
    _pending: bool = field(default=False, init=False)
    _reached: dict[str, bool] = field(default_factory=dict, init=False)
    _listeners: int | None = field(default=None, init=False)
    _stopping: bool = field(default=False, init=False)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: everything that tells of a fault or its end; Quit ends the agent in order."""
        match item:
            case Started():
                return (OpenVault(),)
            case VaultOpened(_, journal, faults=faults):
                self._faults |= set(faults)
                return (OpenLinks(),) if journal else ()
            case ServerKnows(_, known):
                self._pending = not known
            case Committed(kept):
                (self._faults.discard if kept else self._faults.add)("journal_full")
            case LockTried(result):
                (self._faults.discard if result.confirmed else self._faults.add)("lock_failed")
            case HotkeysBound(faults):
                self._hotkeys = faults
            case PartFailed():
                self._faults.add("part_failed")
            case LaneFailed(lane):
                self._faults.add("vault_missing" if lane == "vault" else "part_failed")
            case EnrolmentChanged(enrolled, pending):
                self._enrolled, self._pending = enrolled, pending
            case LinkChanged(server, "stream", up):
                self._reached[server] = up
            case ListenersChanged(count):
                self._listeners = count
            case commands.Quit(reason):
                return self._quit(reason)
            case _:
                pass
        return ()

    def due(self) -> int | None:
        """Nothing here happens by itself."""
        return None

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Fill in faults and the tray's state; goes last, because it judges what the others show."""
        faults = {*self.missing, *self._faults, *shown.faults}
        if not self._enrolled:
            faults.add("not_enrolled")
        return replace(
            shown,
            tray=self._state(shown, faults),
            faults=tuple(sorted(faults)),
            hotkey_faults=self._hotkeys,
            stopping=self._stopping,
        )

    def _state(self, shown: Snapshot, faults: set[str]) -> TrayState:
        unheard = not self._enrolled or self._pending or not any(self._reached.values()) or not self._listeners
        if unheard or "lock_missing" in faults:
            return TrayState.UNPROTECTED
        if not shown.seat.on_shift:
            return TrayState.OFF_SHIFT
        return TrayState.ATTENTION if faults or shown.seat.lock_failed else TrayState.WELL

    def _quit(self, reason: str) -> tuple[object, ...]:
        self._stopping = True
        return (StopWatching(), SayGoodbye(CAUSES.get(reason, "asked")), Stop())
