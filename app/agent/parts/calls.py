"""Calls as hooks and people tell them, with an end to every claim (design, section 3, "Calls").

Explicit claims (hooks, manual) hold until their end, 4 h at most without another sign. Inferred ones (URL) are leases of
60 s. No phone number is seen or stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.agent import commands
from app.agent.events import CallChanged, PartFailed
from app.agent.snapshot import Snapshot
from app.domain.moment import NS, Moment

EXPLICIT_HOLDS = 4 * 3600 * NS
LEASE = 60 * NS
INFERRED_SOURCES = frozenset({"url"})


@dataclass(slots=True)
class CallsPart:
    """Owns every claim of a call."""

    name: str = field(default="calls", init=False)
    _until: dict[str, int] = field(default_factory=dict, init=False)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: Call commands, Wake; output: CallChanged."""
        out = self._expire(now)
        match item:
            case commands.Call():
                out += self._claim(item, now)
            case PartFailed("seat" | "alarm"):
                out += [CallChanged(call, True) for call in self._until]
            case _:
                pass
        return out

    def due(self) -> int | None:
        """The next claim that ends by itself."""
        return min(self._until.values(), default=None)

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Calls are shown by the seat."""
        return shown

    def _claim(self, said: commands.Call, now: Moment) -> list[object]:
        known = said.id in self._until
        if said.verb in ("start", "hold"):
            until = now.boot + (LEASE if said.source in INFERRED_SOURCES else EXPLICIT_HOLDS)
            # explicit beats inferred: a renewed lease never shortens what a hook said
            self._until[said.id] = max(until, self._until.get(said.id, 0))
            return [] if known else [CallChanged(said.id, True)]
        if not known:
            return []
        del self._until[said.id]
        return [CallChanged(said.id, False, said.verb == "hard")]

    def _expire(self, now: Moment) -> list[object]:
        over = [call for call, until in self._until.items() if until <= now.boot]
        for call in over:
            del self._until[call]
        return [CallChanged(call, False) for call in over]
