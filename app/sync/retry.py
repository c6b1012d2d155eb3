"""How long to wait before trying again; randomness is an argument."""

from typing import Final

FLOOR_S: Final = 1.0
CEILING_S: Final = 60.0
"""Full jitter between 1 and 60 s, for ever (design, "Delivery")."""
RETRY_AFTER_MAX_S: Final = 300
"""A server may ask for more patience than 60 s, but not for silence."""


def jitter(failures: int, random: float) -> float:
    """Return seconds to wait after `failures` (>= 1) in a row; `random` in 0..1 spreads a fleet that failed together."""
    top = min(CEILING_S, 2.0 ** min(failures, 10))
    return FLOOR_S + (top - FLOOR_S) * random


def asked_for(retry_s: int, failures: int, random: float) -> float:
    """Return seconds to wait after a signed 429 or 503 that asks for `retry_s`; the fleet comes back spread out."""
    asked = min(max(retry_s, 0), RETRY_AFTER_MAX_S)
    return max(asked + asked * 0.5 * random, jitter(failures, random))
