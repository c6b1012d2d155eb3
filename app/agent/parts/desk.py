"""A lead's board: one row per open alarm, receipts only for what was really painted on an unlocked screen.

A row never says more than the server's signed events; an alarm known from two servers is one row.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from app.agent import commands
from app.agent.events import DeskEvent, LinkChanged, SendDeskAct, SendReceipt, SessionChanged
from app.agent.snapshot import DeskFace, DeskRow, Snapshot
from app.desktop.ports import Locked
from app.domain.moment import NS, Moment
from app.protocol.api import DeskAlarm, DeskCover, Hello

DELIVERED, SEEN, TAKEN, ON_SPOT = 1, 2, 3, 4
SOMEBODY_THERE = 600 * NS
"""Seen needs somebody at the desk within the last 10 min (design, alarm ledger)."""
LEADING = frozenset({"lead", "head"})
CLAIMED = ("taken", "on_spot")


@dataclass(slots=True)
class DeskPart:
    """Owns the board; `idle_ns` reads how long nobody touched this PC (None unknown)."""

    idle_ns: Callable[[], int | None]
    shown: bool = False
    name: str = field(default="desk", init=False)
    _alarms: dict[bytes, tuple[DeskAlarm, int]] = field(default_factory=dict, init=False)
    _receipts: dict[tuple[bytes, int], int] = field(default_factory=dict, init=False)
    _painted: dict[bytes, int] = field(default_factory=dict, init=False)
    _claimed: set[bytes] = field(default_factory=set, init=False)
    _cover: DeskCover | None = field(default=None, init=False)
    _streams: dict[str, bool] = field(default_factory=dict, init=False)
    _locked: bool = field(default=False, init=False)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: DeskEvent, Painted, DeskAct, the session's lock state, the stream's state."""
        match item:
            case DeskEvent(_, DeskAlarm() as alarm):
                return self._learn(alarm, now)
            case DeskEvent(_, DeskCover() as cover):
                self._cover = cover
            case DeskEvent(_, Hello() as hello):
                self.shown = self.shown or bool(LEADING & set(hello.roles))
            case commands.Painted(alarm, boot):
                self._painted.setdefault(alarm, boot)
                return self._receipt(alarm)
            case commands.DeskAct():
                return self._act(item)
            case SessionChanged(state):
                self._locked = state is Locked.YES
                return [] if self._locked else [effect for alarm in self._painted for effect in self._receipt(alarm)]
            case LinkChanged(server, "stream", up):
                self._streams[server] = up
            case _:
                pass
        return ()

    def due(self) -> int | None:
        """Nothing here happens by itself."""
        return None

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Fill in the desk for leads, newest and gravest first."""
        if not self.shown:
            return shown
        rows = [self._row(alarm, raised) for alarm, raised in self._alarms.values()]
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

    def _learn(self, alarm: DeskAlarm, now: Moment) -> list[object]:
        if alarm.state == "settled":
            self._alarms.pop(alarm.alarm, None)
            self._painted.pop(alarm.alarm, None)
            self._claimed.discard(alarm.alarm)
            return []
        waited = max(0, now.wall_ms - alarm.raised_ms) * 1_000_000
        known = self._alarms.get(alarm.alarm)
        if known is not None and known[0].no > alarm.no:
            return []
        raised = known[1] if known else now.boot - waited
        self._alarms[alarm.alarm] = (alarm, raised)
        # a row that stands painted is repainted with the newer move in the same turn
        return self._receipt(alarm.alarm) if alarm.alarm in self._painted else []

    def _receipt(self, alarm: bytes) -> list[object]:
        known = self._alarms.get(alarm)
        if known is None or self._locked:
            return []
        idle = self.idle_ns()
        state = SEEN if idle is not None and idle < SOMEBODY_THERE else DELIVERED
        key = (alarm, known[0].no)
        if self._receipts.get(key, 0) >= state:
            return []
        self._receipts[key] = state
        return [SendReceipt(alarm, known[0].no, state)]

    def _act(self, act: commands.DeskAct) -> list[object]:
        known = self._alarms.get(act.alarm)
        if known is None:
            return []
        if act.act in ("take", "on_spot"):
            self._claimed.add(act.alarm)
            return [SendReceipt(act.alarm, known[0].no, TAKEN if act.act == "take" else ON_SPOT)]
        return [SendDeskAct(act.alarm, act.act, act.sentence, act.outcome or ("drill" if known[0].drill else "other"))]

    def _row(self, alarm: DeskAlarm, raised: int) -> DeskRow:
        mine = alarm.alarm in self._claimed and alarm.state in CLAIMED
        action = {"taken": "on_spot", "on_spot": "settle"}[alarm.state] if mine else "take"
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
            raised_boot=raised,
            state=alarm.state,
            taken_by=alarm.taken_by,
            mine=mine,
            next_action=action,
            others=alarm.also,
            taken_back=alarm.taken_back != "no",
            painted_boot=self._painted.get(alarm.alarm, 0),
        )
