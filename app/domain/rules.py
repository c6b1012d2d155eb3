"""The values that the seat obeys: one frozen record, filled from the policy, with the contract's defaults."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """Every number of lock, presence and breaks, as whole seconds or counts.

    A field is the policy key with its dots turned into underscores ("lock.idle_after" is `lock_idle_after`). Bounds are not
    checked here: `app.policy` declares them and builds this record. Source: the table of the shift-file contract.
    """

    lock_idle_after: int = 300
    lock_idle_after_on_call: int = 600
    lock_warning: int = 15
    lock_retry: int = 30
    lock_sign_out_after: int = 900
    presence_away_after: int = 60
    breaks_eyes_every: int = 1200
    breaks_eyes_length: int = 20
    breaks_eyes_auto_start: int = 10
    breaks_eyes_yield_to_rest: int = 300
    breaks_eyes_after_skip: int = 1200
    breaks_eyes_postpones: int = 2
    breaks_rest_every: int = 3600
    breaks_rest_length: int = 600
    breaks_rest_after_skip: int = 1800
    breaks_rest_postpones: int = 3
    breaks_talk_after: int = 1800
    breaks_talk_gap: int = 60
    breaks_talk_length: int = 300
    breaks_talk_postpones: int = 2
    breaks_calm_length: int = 180
    breaks_calm_after_alarm: int = 600
    breaks_calm_postpones: int = 1
    breaks_wrap_up: int = 10
    breaks_share_patience: int = 900
    breaks_alarm_holds: int = 1800
    breaks_postpone: int = 300
    breaks_offer_patience: int = 120
