"""Instants with three readings, because no single clock is right for everything (design, section 1)."""

from dataclasses import dataclass

NS = 1_000_000_000
"""Nanoseconds in a second; every duration inside the program is an integer of nanoseconds or a whole second."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant as three clocks see it, in nanoseconds.

    `boot` is monotonic and counts sleep (CLOCK_BOOTTIME, GetTickCount64), `awake` is monotonic without sleep, `wall` is
    the time since 1970 in UTC: it only names the day, it may jump, and nothing is ever measured with it.
    """

    boot: int
    awake: int
    wall: int

    def later(self, ns: int, *, asleep: bool = False) -> "Moment":
        """Return this instant moved on by `ns` nanoseconds (>= 0); while `asleep` the awake clock stands still."""
        return Moment(self.boot + ns, self.awake if asleep else self.awake + ns, self.wall + ns)

    @property
    def wall_ms(self) -> int:
        """Wall time in Unix milliseconds: for people and for the wire, never for order."""
        return self.wall // 1_000_000
