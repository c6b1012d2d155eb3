"""Arithmetic of Windows' tick counters; pure."""

WRAP = 1 << 32
"""GetTickCount and the time of the last input are 32 bits of milliseconds: they start again after 49.7 days."""

LEAD_MS = 1_000
"""An input this much ahead of the clock was just stamped by its sender (SendInput supplies its own time)."""

FILETIME_UNIX = 116_444_736_000_000_000
"""1970-01-01 in units of 100 ns since 1601."""


class InputAge:
    """How long ago the last input was, over any number of wrap-arounds; one thread at a time.

    The 32-bit time is placed on the 64-bit clock when it changes. A person's last input never moves into the past: a
    reported time may step back (late raw input, a program's own stamp), and then the later one stands.
    """

    def __init__(self) -> None:
        self._seen: int | None = None
        self._at = 0

    def ms(self, now: int, last: int) -> int:
        """Milliseconds since the last input; `now` of GetTickCount64, `last` of GetLastInputInfo (32 bits)."""
        if last != self._seen:
            since = (now - last) % WRAP
            at = now if since >= WRAP - LEAD_MS else max(0, now - since)
            self._at = at if self._seen is None else max(self._at, at)
            self._seen = last
        return max(0, now - self._at)


def filetime(unix_seconds: float) -> int:
    """Units of 100 ns since 1601 of a Unix time."""
    return round(unix_seconds * 10_000_000) + FILETIME_UNIX
