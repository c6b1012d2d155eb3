"""When the enrolment code that IT's installer left is tried: once this PC has its key, and again until a server answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from app.agent.events import EnrolmentChanged, HandoverTried, SessionChanged, TakeHandover, VaultOpened
from app.agent.snapshot import Snapshot
from app.desktop.ports import Locked
from app.domain.moment import NS, Moment
from app.sync.retry import CEILING_S, jitter

FAULTS = {
    "waiting": "handover_waiting", "held": "handover_waiting", "refused": "handover_refused",
    "damaged": "handover_damaged", "other_server": "handover_other_server", "no_server": "handover_no_server",
}  # fmt: skip


@dataclass(slots=True)
class HandoverPart:
    """Owns the attempts; `ready`: this PC has its key and a place where a code may lie. `random` gives 0..1."""

    ready: Callable[[], bool]
    random: Callable[[], float]
    name: str = field(default="handover", init=False)
    _enrolled: bool | None = field(default=None, init=False)
    _trying: bool = field(default=False, init=False)
    _failures: int = field(default=0, init=False)
    _due: int | None = field(default=None, init=False)
    _outcome: str = field(default="", init=False)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: EnrolmentChanged, VaultOpened, HandoverTried, SessionChanged; the effect is TakeHandover."""
        match item:
            case EnrolmentChanged(enrolled):
                self._enrolled = enrolled
                if enrolled:
                    self._due, self._outcome = None, ""
                    return ()
                return self._try()
            case VaultOpened() | SessionChanged(Locked.NO):
                # IT may have left a code meanwhile; unlocking is seldom, and nothing at rest wakes for it
                return self._try()
            case HandoverTried(outcome):
                self._tried(outcome, now)
            case _ if self._due is not None and now.boot >= self._due:
                return self._try()
            case _:
                pass
        return ()

    def due(self) -> int | None:
        """The next attempt."""
        return self._due

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """How the code fares, as long as this PC is not enrolled."""
        fault = FAULTS.get(self._outcome)
        return shown if fault is None or self._enrolled else replace(shown, faults=tuple(sorted({*shown.faults, fault})))

    def _try(self) -> tuple[object, ...]:
        if self._enrolled is not False or self._trying or not self.ready():
            return ()
        self._trying, self._due = True, None
        return (TakeHandover(),)

    def _tried(self, outcome: str, now: Moment) -> None:
        self._trying, self._due = False, None
        if outcome != "none" or self._outcome in ("waiting", "held"):
            # a code that was told to be of no use stays told; it is gone, and another attempt finds none
            self._outcome = outcome
        if outcome == "waiting":
            self._failures += 1
            self._due = now.boot + round(jitter(self._failures, self.random()) * NS)
        elif outcome == "held":
            self._due = now.boot + round(CEILING_S * NS)
