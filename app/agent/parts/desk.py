"""A lead's board: one row per open alarm, receipts only for what was really painted on an unlocked screen.

A row never says more than the servers' signed events; an alarm known from two servers is one row, and one that was
settled does not come back because the other server has yet to hear of it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from app.agent import commands
from app.agent.events import DeskEvent, EnrolmentChanged, LinkChanged, SendDeskAct, SendReceipt, SessionChanged
from app.agent.snapshot import DeskFace, DeskRow, Snapshot
from app.desktop.ports import Locked
from app.domain.moment import NS, Moment
from app.protocol.api import DeskAlarm, DeskCover, Hello

DELIVERED, SEEN, TAKEN, ON_SPOT = 1, 2, 3, 4
SOMEBODY_THERE = 600 * NS
"""Seen needs somebody at the desk within the last 10 min (design, alarm ledger)."""
LOOK_AGAIN = 5 * NS
"""While a painted alarm is delivered only: how often the desk looks whether somebody came."""
LEADING = frozenset({"lead", "head"})
CLAIMED = ("taken", "on_spot")
OVER = ("settled", "reviewed")
RANK = {"raised": 0, "delivered": 1, "seen": 2, "taken": 3, "on_spot": 4}
SETTLED_KEPT = 1000
"""So many settled alarms are remembered, oldest forgotten first."""


@dataclass(slots=True)
class Row:
    """One alarm: each server's last word, and what this desk did."""

    raised_boot: int
    told: dict[str, DeskAlarm] = field(default_factory=dict)
    painted: int = 0
    claimed: bool = False
    settled: bool = False
    receipts: dict[tuple[str, int], int] = field(default_factory=dict)

    @property
    def best(self) -> DeskAlarm:
        """The newest move, and among servers that know it the one where it has come furthest."""
        return max(self.told.values(), key=lambda one: (one.no, RANK.get(one.state, 0)))


@dataclass(slots=True)
class DeskPart:
    """Owns the board; `idle_ns` reads how long nobody touched this PC (None unknown)."""

    idle_ns: Callable[[], int | None]
    shown: bool = False
    name: str = field(default="desk", init=False)
    _rows: dict[bytes, Row] = field(default_factory=dict, init=False)
    _settled: dict[bytes, int] = field(default_factory=dict, init=False)
    _cover: DeskCover | None = field(default=None, init=False)
    _streams: dict[str, bool] = field(default_factory=dict, init=False)
    _locked: bool = field(default=False, init=False)
    _look_at: int | None = field(default=None, init=False)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: DeskEvent, Painted, DeskAct, the session's lock state, the stream's state."""
        out: list[object] = []
        match item:
            case DeskEvent(server, DeskAlarm() as alarm):
                self._learn(server, alarm, now)
            case DeskEvent(_, DeskCover() as cover):
                # told to leads only, also on a stream that goes on where it broke off and so has no greeting
                self._cover, self.shown = cover, True
            case DeskEvent(_, Hello() as hello):
                self.shown = self.shown or bool(LEADING & set(hello.roles))
            case commands.Painted(alarm, boot):
                if (row := self._rows.get(alarm)) is not None:
                    row.painted = row.painted or boot
            case commands.DeskAct():
                out += self._act(item)
            case SessionChanged(state):
                self._locked = state is Locked.YES
            case LinkChanged(server, "stream", up):
                self._streams[server] = up
            case EnrolmentChanged():
                self._streams = {}
            case _ if self._look_at is None or now.boot < self._look_at:
                return ()
        return [*out, *self._receipts(now)]

    def due(self) -> int | None:
        """When to look again whether somebody came to the desk."""
        return self._look_at

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Fill in the desk for leads, newest and gravest first."""
        if not self.shown:
            return shown
        rows = [_face_of(row) for row in self._rows.values()]
        rows.sort(key=lambda row: (row.drill, row.level != 1, -row.raised_boot))
        cover = self._cover
        trouble = cover.trouble if cover else ()
        face = DeskFace(
            rows=tuple(rows),
            seats_covered=cover.covered if cover else 0,
            leads_online=cover.listening if cover else 0,
            last_tested_ms=cover.tried_ms or None if cover else None,
            uncovered=tuple(" · ".join(part for part in (one.seat, one.who) if part) for one in trouble),
            sounding=any(row.state not in CLAIMED for row in rows),
            connected=any(self._streams.values()),
        )
        return replace(shown, desk=face)

    def _learn(self, server: str, alarm: DeskAlarm, now: Moment) -> None:
        key = alarm.alarm
        if alarm.state in OVER:
            self._rows.pop(key, None)
            self._settled[key] = max(alarm.no, self._settled.get(key, 0))
            if len(self._settled) > SETTLED_KEPT:
                del self._settled[next(iter(self._settled))]
            return
        if self._settled.get(key, 0) >= alarm.no:
            return
        row = self._rows.get(key)
        if row is None:
            waited = max(0, now.wall_ms - alarm.raised_ms) * 1_000_000
            row = self._rows[key] = Row(now.boot - waited)
        known = row.told.get(server)
        if known is None or known.no <= alarm.no:
            row.told[server] = alarm

    def _receipts(self, now: Moment) -> list[object]:
        """What every painted row has earned by now and its servers have not been told."""
        self._look_at = None
        painted = [row for row in self._rows.values() if row.painted]
        if self._locked or not painted:
            return []
        idle = self.idle_ns()
        state = SEEN if idle is not None and idle < SOMEBODY_THERE else DELIVERED
        out: list[object] = []
        for row in painted:
            # a row that stands painted is repainted with a newer move in the same turn
            best = row.best
            keys = [(server, best.no) for server in row.told]
            if any(row.receipts.get(key, 0) < state for key in keys):
                row.receipts = dict.fromkeys(keys, state)
                out.append(SendReceipt(best.alarm, best.no, state))
            if state < SEEN and best.state not in CLAIMED:
                self._look_at = now.boot + LOOK_AGAIN
        return out

    def _act(self, act: commands.DeskAct) -> list[object]:
        row = self._rows.get(act.alarm)
        if row is None:
            return []
        known = row.best
        if act.act in ("take", "on_spot"):
            row.claimed = True
            return [SendReceipt(act.alarm, known.no, TAKEN if act.act == "take" else ON_SPOT)]
        row.settled = row.settled or act.act == "settle"
        return [SendDeskAct(act.alarm, act.act, act.sentence, act.outcome or ("drill" if known.drill else "other"))]


def _face_of(row: Row) -> DeskRow:
    alarm = row.best
    mine = row.claimed and alarm.state in CLAIMED
    return DeskRow(
        alarm=alarm.alarm,
        who=alarm.who,
        team=alarm.team,
        seat=alarm.seat,
        floor=alarm.floor,
        level=alarm.level,
        drill=alarm.drill,
        on_call=alarm.on_call,
        unverified=alarm.unverified,
        raised_boot=row.raised_boot,
        state=alarm.state,
        taken_by=alarm.taken_by,
        mine=mine,
        next_action=_next_action(alarm, mine=mine, settled=row.settled),
        waits_for_second=alarm.second,
        others=alarm.also,
        taken_back=alarm.taken_back != "no",
        painted_boot=row.painted,
    )


def _next_action(alarm: DeskAlarm, *, mine: bool, settled: bool) -> str:
    """The desk's one button; whoever settled first waits for a second person (alarm ledger)."""
    if alarm.second:
        return "none" if settled else "settle"
    return {"taken": "on_spot", "on_spot": "settle"}[alarm.state] if mine else "take"
