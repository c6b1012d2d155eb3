"""The one open alarm of this stream as a value, and how it survives a restart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from struct import Struct

from app.domain.moment import Moment
from app.protocol.alarm import MOVE_BYTES, parse_move
from app.protocol.errors import ProtocolError

STATES = ("raised", "delivered", "seen", "taken", "on_spot")
"""What servers tell of an alarm, in rising order; another word counts as `raised`."""
LAYOUT = Struct(">16sIBBQBBB")
"""Id, highest number, level, flags, raised (wall ms), kept, state, sentence."""
OVER_AFTER_MS = 12 * 3600 * 1000
"""An alarm that no server told anything about for a shift's length is not shown again after a restart."""
RAISE, TAKE_BACK = 1, 3


@dataclass(frozen=True, slots=True)
class OpenAlarm:
    """What is known of it; `told` holds the last word of each server by address."""

    alarm: bytes
    no: int
    level: int
    flags: int
    raised_ms: int
    raised_boot: int
    pressed_boot: int
    kept: bool = False
    nobody: bool = False
    told: tuple[tuple[str, str], ...] = ()
    sentence: int = 0
    taking_back: bool = False

    @property
    def state(self) -> str:
        """The furthest that any server has told: somebody who comes is coming, whatever another server knows."""
        return max((word for _, word in self.told), key=STATES.index, default="raised")

    def heard(self, server: str, state: str, sentence: int) -> "OpenAlarm":
        """With a server's word; it replaces this server's last one, and what was restored from before a restart."""
        word = state if state in STATES else "raised"
        others = tuple((name, said) for name, said in self.told if name not in ("", server))
        return replace(self, told=(*others, (server, word)), sentence=sentence or self.sentence, kept=True)


def pack_open(mine: OpenAlarm) -> bytes:
    """The bytes for the local file."""
    state, sentence = STATES.index(mine.state), min(max(mine.sentence, 0), 255)
    return LAYOUT.pack(mine.alarm, mine.no, mine.level, mine.flags, mine.raised_ms, mine.kept, state, sentence)


def unpack_open(blob: bytes, now: Moment) -> OpenAlarm | None:
    """The alarm that the last run left open; None without one, for bytes of another layout, or when it is long over."""
    if len(blob) != LAYOUT.size:
        return None
    alarm, no, level, flags, raised_ms, kept, state, sentence = LAYOUT.unpack(blob)
    waited = max(0, now.wall_ms - raised_ms)
    if waited > OVER_AFTER_MS or state >= len(STATES):
        return None
    raised = now.boot - waited * 1_000_000
    told = (("", STATES[state]),) if state else ()
    return OpenAlarm(alarm, no, level, flags, raised_ms, raised, raised, bool(kept), told=told, sentence=sentence)


def found_open(packets: Sequence[bytes], now: Moment) -> OpenAlarm | None:
    """The newest alarm among kept moves that was not taken back: a crash came between keeping it and noting it open."""
    found: dict[bytes, OpenAlarm] = {}
    for packet in packets:
        try:
            move = parse_move(packet[:MOVE_BYTES])
        except ProtocolError:
            continue
        if move.kind == TAKE_BACK:
            found.pop(move.alarm, None)
            continue
        waited = max(0, now.wall_ms - move.ms)
        raised = now.boot - waited * 1_000_000
        if waited <= OVER_AFTER_MS:
            flags = int(move.flags) & 1
            found[move.alarm] = OpenAlarm(move.alarm, move.no, move.level, flags, move.ms, raised, raised, kept=True)
    return next(reversed(found.values()), None)
