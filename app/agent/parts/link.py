"""Honest figures on delivery: which servers are reached, since when not, how much waits, when it was last in step."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from app.agent.events import Acked, Committed, EnrolmentChanged, HistoryFault, LinkChanged, ServerKnows, WakeLinks
from app.agent.events.policy import PolicyHolds
from app.agent.events.power import PowerChanged, ReviveLinks, SayAsleep
from app.agent.snapshot import Snapshot, SyncFace
from app.domain.moment import Moment


@dataclass(slots=True)
class LinkPart:
    """Owns the state of all links; `servers` are the configured addresses."""

    servers: tuple[str, ...] = ()
    name: str = field(default="link", init=False)
    _up: dict[str, bool] = field(default_factory=dict, init=False)
    _waiting: int = field(default=0, init=False)
    _last_synced: int | None = field(default=None, init=False)
    _down_since: int | None = field(default=None, init=False)
    _enrolled: bool = field(default=False, init=False)
    _unknown: dict[str, bool] = field(default_factory=dict, init=False)
    _pending: bool = field(default=False, init=False)
    _faults: set[str] = field(default_factory=set, init=False)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: LinkChanged, Acked, Committed, EnrolmentChanged, HistoryFault, PowerChanged."""
        match item:
            case LinkChanged(server, "bulk", up, wall_ms):
                self._up[server] = up
                if any(self._up.values()):
                    self._down_since = None
                elif self._down_since is None:
                    self._down_since = wall_ms
            case Acked(server, _, waiting, wall_ms):
                self._waiting, self._last_synced, self._down_since = waiting, wall_ms, None
                self._up[server] = True
            case Committed(kept, waiting):
                self._waiting = waiting
                return (WakeLinks(),) if kept and waiting else ()
            case EnrolmentChanged(enrolled, pending):
                self._enrolled, self._pending = enrolled, pending
                # the links were made anew: what the old ones said of themselves is over
                self._up, self._unknown, self._down_since = {}, {}, None
            case ServerKnows(server, known):
                self._unknown[server] = not known
                self._pending = all(self._unknown.values())
            case PolicyHolds():
                self.servers = item.servers
            case PowerChanged(asleep):
                return (SayAsleep() if asleep else ReviveLinks(),)
            case HistoryFault(what):
                self._faults.add(what)
            case _:
                pass
        return ()

    def due(self) -> int | None:
        """Nothing here happens by itself."""
        return None

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Fill in the sync sentence's figures."""
        face = SyncFace(
            configured=self._enrolled or bool(self.servers),
            connected=any(self._up.values()),
            waiting=self._waiting,
            last_synced_ms=self._last_synced,
            unreachable_since_ms=self._down_since,
            pending_approval=self._pending,
        )
        return replace(shown, sync=face, faults=tuple(sorted({*shown.faults, *self._faults})))
