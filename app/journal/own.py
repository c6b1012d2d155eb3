"""The journal's own records: a gap where the disk was full, a new epoch, an ack as an anchor in time."""

from typing import Literal

from app.domain.moment import Moment
from app.journal.table import Pin
from app.protocol.pins import Ack
from app.protocol.record_kinds import Anchor, EpochStarted, Gap
from app.protocol.wire import ZERO16, ZERO32


def gap_record(now: Moment) -> Gap:
    """The one record that says that ordinary records stop at this place because there is no room."""
    return Gap(ms=now.wall_ms, reason="disk.full", since_ms=now.wall_ms, lost=0)


def epoch_record(prev: Pin | None, *, damaged: bool, now: Moment) -> EpochStarted:
    """The first record of every epoch; `prev` is where the one before ended, as far as anybody knows."""
    end = prev or Pin(ZERO16, 0, ZERO32)
    reason: Literal["damage", "first"] = "damage" if damaged else "first"
    return EpochStarted(ms=now.wall_ms, reason=reason, prev_epoch=end.epoch, prev_n=end.n, prev_h=end.h)


def anchor_record(ack: Ack, sig: bytes, now: Moment) -> Anchor:
    """An ack as a record: what is before it was there when the server signed."""
    return Anchor(ms=now.wall_ms, ack=ack.pack(), sig=sig)
