"""Calls as hooks and people tell them, with an end to every claim (design, section 3, "Calls").

Explicit claims (hooks, manual) hold until their end, 4 h at most without another sign. Inferred ones (URL, microphone) are
leases of 60 s. No phone number is seen or stored.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from app.agent import commands
from app.agent.events import CallChanged, LaneFailed, PartFailed
from app.agent.events.microphone import MicrophoneChanged, MicrophoneRead
from app.agent.events.policy import PolicyHolds
from app.agent.microphone import CALL, MicrophoneClaim
from app.agent.snapshot import Snapshot
from app.domain.moment import NS, Moment

EXPLICIT_HOLDS = 4 * 3600 * NS
LEASE = 60 * NS
INFERRED_SOURCES = frozenset({"url"})


@dataclass(slots=True)
class CallsPart:
    """Owns every claim of a call; `softphones` names the programs whose recording counts as one."""

    softphones: Callable[[], tuple[str, ...]] = tuple
    name: str = field(default="calls", init=False)
    _until: dict[str, int] = field(default_factory=dict, init=False)
    _explicit: set[str] = field(default_factory=set, init=False)
    _microphone: MicrophoneClaim = field(init=False)

    def __post_init__(self) -> None:
        self._microphone = MicrophoneClaim(self.softphones)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: Call commands, the microphone's use, Wake; output: CallChanged, AskMicrophone."""
        out = self._expire(now)
        match item:
            case commands.Call():
                out += self._claim(item, now)
            case PartFailed("seat" | "alarm"):
                out += [CallChanged(call, True) for call in (*self._until, *((CALL,) if self._microphone.on else ()))]
            case MicrophoneChanged():
                self._microphone.hint()
            case MicrophoneRead(programs):
                self._microphone.read(programs, now.boot)
            case LaneFailed(_, "AskMicrophone", _):
                self._microphone.read(None, now.boot)
            case PolicyHolds() if "calls.softphones" in item.keys:
                self._microphone.hint()
            case _:
                pass
        return out + self._microphone.step(now.boot, told=bool(self._explicit))

    def due(self) -> int | None:
        """The next claim that ends by itself."""
        times = [*self._until.values(), *(at for at in (self._microphone.due(),) if at is not None)]
        return min(times, default=None)

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Calls are shown by the seat."""
        return shown

    def _claim(self, said: commands.Call, now: Moment) -> list[object]:
        known = said.id in self._until
        if said.verb in ("start", "hold"):
            until = now.boot + (LEASE if said.source in INFERRED_SOURCES else EXPLICIT_HOLDS)
            # explicit beats inferred: a renewed lease never shortens what a hook said
            self._until[said.id] = max(until, self._until.get(said.id, 0))
            if said.source not in INFERRED_SOURCES:
                self._explicit.add(said.id)
            return [] if known else [CallChanged(said.id, True)]
        if not known:
            return []
        del self._until[said.id]
        ended: list[object] = [CallChanged(said.id, False, said.verb == "hard")]
        if said.id in self._explicit:
            self._explicit.discard(said.id)
            ended += self._microphone.overrule()
        return ended

    def _expire(self, now: Moment) -> list[object]:
        over = [call for call, until in self._until.items() if until <= now.boot]
        for call in over:
            del self._until[call]
            self._explicit.discard(call)
        return [CallChanged(call, False) for call in over]
