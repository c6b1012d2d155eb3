"""The agent's own alarm: raise, raise again, take back, and the help sign that says only what is so.

The move is signed and sent at once and kept at the same moment; the sign says *kept* after whichever succeeds first,
*nobody* after 6 s without any desk's receipt (design, alarm lane), and nothing at all after a take-back: a server that
still tells of such an alarm is not listened to, whichever PIN it was.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from app.agent import commands
from app.agent.events import (
    AlarmNote,
    CallChanged,
    Commit,
    EnrolmentChanged,
    ForgetMoves,
    KeepMove,
    LaneFailed,
    LinkChanged,
    ListenersChanged,
    MoveDone,
    MoveKept,
    MoveStored,
    PartFailed,
    PinSealed,
    SaveState,
    SealPin,
    SendMove,
    SignChanged,
    StateRecalled,
    VaultOpened,
)
from app.agent.events.policy import PolicyHolds
from app.agent.openalarm import RAISE, TAKE_BACK, OpenAlarm, found_open, pack_open, unpack_open
from app.agent.snapshot import HelpFace, Sign, Snapshot
from app.domain.moment import NS, Moment
from app.protocol import record_kinds as records

NOBODY_AFTER = 6 * NS
"""Without a receipt for so long the sign says that nobody was reached (design, alarm lane)."""
AGAIN_AFTER = 3 * NS
"""The same gesture this long after the last one is meant as level 1 (ux, help button)."""
RAISE_LEVEL, PRESSED_AGAIN = 2, 4
DRILL, ON_CALL = 1, 2

SIGN_WORDS: dict[Sign, Literal["none", "kept", "delivered", "coming", "nobody"]] = {
    Sign.NONE: "none", Sign.KEPT: "kept", Sign.SHOWN: "delivered", Sign.COMING: "coming", Sign.NOBODY: "nobody",
}  # fmt: skip

MakeMove = Callable[[bytes, int, int, int, int, int, bytes], bytes]
"""(alarm, no, kind, level, flags, wall ms, detail or b'') -> the 345 signed bytes; microseconds, never fails."""


@dataclass(slots=True)
class AlarmPart:
    """Owns the own alarm; `make_move` and `new_id` bring keys and randomness in."""

    make_move: MakeMove
    new_id: Callable[[], bytes]
    number: str = ""
    name: str = field(default="alarm", init=False)
    _open: OpenAlarm | None = field(default=None, init=False)
    _sign_boot: int = field(default=0, init=False)
    _on_calls: set[str] = field(default_factory=set, init=False)
    _listeners: dict[str, int] = field(default_factory=dict, init=False)
    _enrolled: bool = field(default=False, init=False)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: RaiseAlarm, TakeBack, PinSealed, answers of servers, calls, listeners."""
        before = self._sign()
        alarm = self._open.alarm if self._open else b""
        out = list(self._take(item, now))
        due = self.due()
        if self._open is not None and due is not None and now.boot >= due:
            self._open = replace(self._open, nobody=True)
        after = self._sign()
        if after is not before:
            self._sign_boot = now.boot
            out.append(self._sign_record(after, self._open.alarm if self._open else alarm, now))
        return out

    def _take(self, item: object, now: Moment) -> Iterable[object]:
        match item:
            case commands.RaiseAlarm():
                return self._press(item, now)
            case commands.TakeBack(pin):
                return self._take_back(pin)
            case PinSealed():
                return self._sealed(item, now)
            case MoveKept(alarm):
                return self._kept(alarm)
            case MoveStored(alarm, no, server):
                return (*self._kept(alarm), MoveDone(alarm, no, server, item.last))
            case SignChanged():
                return self._told(item, now)
            case VaultOpened():
                return self._resume(item, now)
            case StateRecalled(blob):
                self._open = self._open or unpack_open(blob, now)
            case PartFailed("seat") if self._open is not None:
                return (AlarmNote("raise"),)
            case _:
                self._note(item)
        return ()

    def _note(self, item: object) -> None:
        match item:
            case CallChanged(call, on):
                (self._on_calls.add if on else self._on_calls.discard)(call)
            case PolicyHolds():
                self.number = item.help_number or self.number
            case ListenersChanged(count, number, server):
                self._listeners[server], self.number = count, number or self.number
            case LinkChanged(server, "stream", False):
                # who would hear is known only from a living server
                self._listeners.pop(server, None)
            case EnrolmentChanged(enrolled):
                self._enrolled, self._listeners = enrolled, {}
            case LaneFailed("pin") if self._open is not None:
                self._open = replace(self._open, taking_back=False)
            case _:
                pass

    def due(self) -> int | None:
        """When the sign has to turn to *nobody*."""
        mine = self._open
        return None if mine is None or mine.nobody or mine.state != "raised" else mine.raised_boot + NOBODY_AFTER

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Fill in the help sign and who would hear."""
        mine = self._open
        face = HelpFace(
            sign=self._sign(),
            sentence=mine.sentence if mine else 0,
            open=mine is not None,
            drill=bool(mine and mine.flags & DRILL),
            sign_boot=self._sign_boot,
            pressed_boot=mine.pressed_boot if mine else 0,
            listeners=max(self._listeners.values(), default=None),
            number=self.number,
            enrolled=self._enrolled,
        )
        return replace(shown, help=face)

    # --- moves ----------------------------------------------------------------------------------------------------

    def _press(self, asked: commands.RaiseAlarm, now: Moment) -> list[object]:
        if self._open is None:
            flags = DRILL if asked.drill else 0
            self._open = OpenAlarm(self.new_id(), 0, asked.level, flags, now.wall_ms, now.boot, asked.pressed_boot)
            return [*self._move(RAISE, now), AlarmNote("raise")]
        if asked.pressed_boot - self._open.pressed_boot < AGAIN_AFTER:
            return []
        kind = PRESSED_AGAIN if self._open.level == 1 else RAISE_LEVEL
        self._open = replace(self._open, level=1, pressed_boot=asked.pressed_boot)
        return self._move(kind, now)

    def _move(self, kind: int, now: Moment, detail: bytes = b"") -> list[object]:
        mine = self._open
        if mine is None:
            return []
        no = mine.no + 1
        flags = mine.flags | (ON_CALL if self._on_calls else 0)
        body = self.make_move(mine.alarm, no, kind, mine.level, flags, now.wall_ms, detail)
        self._open = mine = replace(mine, no=no)
        record = self._record(mine, kind, now)
        # from a take-back on nothing about this alarm is shown on this PC, whichever PIN it was
        self._open = None if kind == TAKE_BACK else mine
        # sent and kept at the same moment: neither waits for the other
        return [SendMove(mine.alarm, no, body), KeepMove(mine.alarm, no, body, record), self._saved()]

    def _record(self, mine: OpenAlarm, kind: int, now: Moment) -> records.Record:
        ms, alarm, no = now.wall_ms, mine.alarm, mine.no
        if kind == RAISE:
            drill, on_call = bool(mine.flags & DRILL), bool(self._on_calls)
            return records.AlarmRaised(ms=ms, alarm=alarm, level=mine.level, drill=drill, on_call=on_call)
        if kind == RAISE_LEVEL:
            return records.AlarmLevelRaised(ms=ms, alarm=alarm, no=no, level=mine.level)
        if kind == TAKE_BACK:
            return records.AlarmTakenBack(ms=ms, alarm=alarm, no=no)
        return records.AlarmPressed(ms=ms, alarm=alarm, no=no)

    def _sign_record(self, sign: Sign, alarm: bytes, now: Moment) -> Commit:
        """What the sign showed, so that its honesty can be checked afterwards; stays on this PC."""
        return Commit((records.AlarmSignChanged(ms=now.wall_ms, alarm=alarm, sign=SIGN_WORDS[sign]),))

    def _take_back(self, pin: str) -> list[object]:
        mine = self._open
        if mine is None or mine.taking_back:
            return []
        self._open = replace(mine, taking_back=True)
        return [SealPin(mine.alarm, mine.no + 1, pin)]

    def _sealed(self, sealed: PinSealed, now: Moment) -> list[object]:
        mine = self._open
        if mine is None or mine.alarm != sealed.alarm:
            return []
        if mine.no + 1 != sealed.no:
            # pressed again while the proof was made: it is sealed for its number, so it is asked for anew by the person
            self._open = replace(mine, taking_back=False)
            return []
        return [*self._move(TAKE_BACK, now, sealed.detail), AlarmNote("take_back")]

    # --- what comes back ------------------------------------------------------------------------------------------

    def _kept(self, alarm: bytes) -> list[object]:
        mine = self._open
        if mine is None or mine.alarm != alarm or mine.kept:
            return []
        self._open = replace(mine, kept=True)
        return [self._saved()]

    def _told(self, told: SignChanged, now: Moment) -> list[object]:
        mine = self._open
        if mine is None or mine.alarm != told.alarm:
            return []
        if told.state == "settled":
            self._open = None
            settled = records.AlarmSettled(ms=now.wall_ms, alarm=told.alarm)
            return [Commit((settled,)), ForgetMoves(told.alarm), self._saved(), AlarmNote("settled")]
        self._open = mine.heard(told.server, told.state, told.sentence)
        return [self._saved()]

    def _resume(self, opened: VaultOpened, now: Moment) -> list[object]:
        """What the last run left: its unsent moves go again under the same numbers, its open alarm is shown again."""
        again: list[object] = [
            SendMove(packet[32:48], int.from_bytes(packet[48:52], "big"), packet, done)
            for packet, done in opened.pending_alarms
        ]
        if self._open is not None:
            return again
        packets = [packet for packet, _ in opened.pending_alarms]
        mine = unpack_open(opened.alarm_state, now) or found_open(packets, now)
        if mine is None:
            return again
        if any(packet[32:48] == mine.alarm for packet in packets):
            mine = replace(mine, kept=True)
        self._open = mine
        # neither kept nor known to be stored: nobody may ever have got it, so it is asked for again under the next number
        asked = [] if mine.kept else self._move(PRESSED_AGAIN, now)
        return [*again, *asked, self._saved(), AlarmNote("raise")]

    def _saved(self) -> SaveState:
        """The open alarm as the next run needs it, or nothing."""
        return SaveState("alarm", pack_open(self._open) if self._open else b"")

    def _sign(self) -> Sign:
        mine = self._open
        if mine is None:
            return Sign.NONE
        if mine.state in ("taken", "on_spot"):
            return Sign.COMING
        if mine.state in ("delivered", "seen"):
            return Sign.SHOWN
        if mine.nobody:
            return Sign.NOBODY
        return Sign.KEPT if mine.kept else Sign.NONE
