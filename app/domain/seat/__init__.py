"""The seat: lock, presence, calls and breaks of one PC as one pure step function (shift-file contract, rules 1 to 15).

`step(state, input, rules)`, or `play` for many in a row, is the only way a state changes; `next_due` and `next_idle_check` say when to come again; `view` is
what may be drawn. No clock, no operating system, no text for people lives here.
"""

from app.domain.seat.effects import (
    Effect,
    EndBreak,
    LockScreen,
    OfferBreak,
    StartBreak,
    WarnLock,
    WithdrawOffer,
    WithdrawWarning,
)
from app.domain.seat.engine import Step, adopt, begin, next_due, play, step
from app.domain.seat.state import Record, SeatState, ShiftState
from app.domain.seat.view import OfferView, RunningView, SeatView, next_idle_check, seconds_of, view

__all__ = [
    "Effect",
    "EndBreak",
    "LockScreen",
    "OfferBreak",
    "OfferView",
    "Record",
    "RunningView",
    "SeatState",
    "SeatView",
    "ShiftState",
    "StartBreak",
    "Step",
    "WarnLock",
    "WithdrawOffer",
    "WithdrawWarning",
    "adopt",
    "begin",
    "next_due",
    "next_idle_check",
    "play",
    "seconds_of",
    "step",
    "view",
]
