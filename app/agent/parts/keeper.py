"""What works and what does not: vault, files, parts, lanes; it makes the tray's state and never hides a fault."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from app.agent import commands
from app.agent.events import (
    AlarmNote,
    Committed,
    EnrolmentChanged,
    HotkeysBound,
    JournalMute,
    LaneFailed,
    LinkChanged,
    LockTried,
    OpenLinks,
    OpenVault,
    PartFailed,
    SayGoodbye,
    ServerKnows,
    SessionChanged,
    ShowNotice,
    Started,
    StateRecalled,
    Stop,
    StopWatching,
    TellAgain,
    VaultOpened,
)
from app.agent.events.policy import PolicyHolds
from app.agent.snapshot import Snapshot, TrayState
from app.desktop.ports import Locked
from app.domain.moment import NS, Moment

CAUSES = {
    "quit": "asked", "asked": "asked", "takeover": "takeover", "signed_off": "signed_off", "shutdown": "shutdown",
    "update": "update", "signal": "signal",
}  # fmt: skip
"""Words of exit.planned by the reason of a Quit; of a stop signal the system is asked for the cause when it is told."""
VAULT_AGAIN = 600 * NS
"""A vault that did not open is asked again after so long, and after every unlock: a dialog must not nag."""
LANE_FAULTS = {"vault": "vault_missing", "journal": "journal_missing"}
UNKEPT_FAULTS = {"full": "journal_full", "closed": ""}
"""A write that failed: by its reason, else `journal_missing`; a closed journal has its own fault already."""

SENTENCE_ONLY = frozenset({"pack_refused", "pack_stale"})
"""Told in a sentence while the tray's sign stays as it is: nothing that protects is missing, and IT learns it by heartbeats."""


@dataclass(slots=True)
class KeeperPart:
    """Owns the faults; `missing` are those known at start (no locker, no vault, ...), `faceless`: no window tells them."""

    missing: tuple[str, ...] = ()
    faceless: bool = False
    name: str = field(default="keeper", init=False)
    _faults: set[str] = field(default_factory=set, init=False)
    _hotkeys: tuple[tuple[str, str], ...] = field(default=(), init=False)
    _enrolled: bool = field(default=False, init=False)
    _pending: bool = field(default=False, init=False)
    _unknown: dict[str, bool] = field(default_factory=dict, init=False)
    _reached: dict[str, bool] = field(default_factory=dict, init=False)
    _covert: bool = field(default=False, init=False)
    _vault_due: int | None = field(default=None, init=False)
    _stopping: bool = field(default=False, init=False)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: everything that tells of a fault or its end; Quit ends the agent in order."""
        match item:
            case Started():
                return (OpenVault(),)
            case VaultOpened():
                return self._opened(item, now)
            case SessionChanged(Locked.NO):
                return self._open_again()
            case LockTried(result):
                return self._lock(result.confirmed)
            case PartFailed(part):
                self._faults.add("part_failed")
                return (TellAgain(part),)
            case LaneFailed(lane):
                self._faults.add(LANE_FAULTS.get(lane, "part_failed"))
            case commands.Quit(reason):
                return self._quit(reason)
            case _ if self._vault_due is not None and now.boot >= self._vault_due:
                return self._open_again()
            case _:
                self._note(item)
        return ()

    def due(self) -> int | None:
        """When a vault that did not open is asked again."""
        return self._vault_due

    def _note(self, item: object) -> None:
        match item:
            case Committed(kept, _, reason):
                self._commit(kept, reason)
            case PolicyHolds():
                (self._faults.add if item.broken else self._faults.discard)("policy_bad")
            case JournalMute():
                self._faults.add("journal_missing")
            case StateRecalled(_, faults):
                self._faults |= set(faults)
            case HotkeysBound(faults):
                self._hotkeys = faults
            case EnrolmentChanged(enrolled, pending):
                self._enrolled, self._pending = enrolled, pending
                self._reached, self._unknown = {}, {}
            case ServerKnows(server, known):
                self._unknown[server] = not known
                self._pending = all(self._unknown.values())
            case LinkChanged(server, "stream", up):
                self._reached[server] = up
            case SessionChanged(Locked.YES):
                self._faults.discard("lock_failed")
            case AlarmNote(what):
                self._covert = what == "raise"
            case _:
                pass

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
        unheard = not self._enrolled or self._pending or not any(self._reached.values()) or not shown.help.listeners
        if unheard or "lock_missing" in faults:
            return TrayState.UNPROTECTED
        if not shown.seat.on_shift:
            return TrayState.OFF_SHIFT
        return TrayState.ATTENTION if faults - SENTENCE_ONLY or shown.seat.lock_failed else TrayState.WELL

    def _opened(self, opened: VaultOpened, now: Moment) -> tuple[object, ...]:
        self._faults -= {"vault_missing", "journal_missing", "journal_key"}
        self._faults |= set(opened.faults)
        self._vault_due = now.boot + VAULT_AGAIN if "vault_missing" in opened.faults else None
        return (OpenLinks(),) if opened.journal else ()

    def _open_again(self) -> tuple[object, ...]:
        waiting, self._vault_due = self._vault_due is not None, None
        return (OpenVault(),) if waiting else ()

    def _commit(self, kept: bool, reason: str) -> None:
        if kept:
            self._faults -= {"journal_full", "journal_missing"}
        elif fault := UNKEPT_FAULTS.get(reason, "journal_missing"):
            self._faults.add(fault)

    def _lock(self, confirmed: bool) -> tuple[object, ...]:
        known = "lock_failed" in self._faults
        (self._faults.discard if confirmed else self._faults.add)("lock_failed")
        # covert means covert: while help is on its way no notice of any kind appears
        told = confirmed or known or self._covert or not self.faceless
        return () if told else (ShowNotice("fault.lock_failed"),)

    def _quit(self, reason: str) -> tuple[object, ...]:
        if self._stopping:
            return ()
        self._stopping = True
        return (StopWatching(), SayGoodbye(CAUSES.get(reason, "asked")), Stop())
