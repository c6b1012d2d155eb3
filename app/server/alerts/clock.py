"""The server's clocks in one place: wall time for people and signatures, a monotonic one for every duration."""

import time
from typing import Protocol


class Clock(Protocol):
    """Two readings; tests bring their own."""

    def wall_ms(self) -> int:
        """Return Unix milliseconds."""

    def mono(self) -> float:
        """Return monotonic seconds."""


class SystemClock:
    """The machine's clocks."""

    def wall_ms(self) -> int:
        """See Clock."""
        return time.time_ns() // 1_000_000

    def mono(self) -> float:
        """See Clock."""
        return time.monotonic()
