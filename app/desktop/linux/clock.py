"""The three clocks of Linux."""

import sys
import time

from app.domain.moment import Moment


class LinuxClock:
    """CLOCK_BOOTTIME counts sleep, CLOCK_MONOTONIC does not, CLOCK_REALTIME names the day; 0.3 µs, any thread."""

    def now(self) -> Moment:
        """All three readings, taken one after the other within a microsecond."""
        if sys.platform == "linux":
            awake = time.clock_gettime_ns(time.CLOCK_MONOTONIC)  # first, so that it is never ahead of the other
            return Moment(time.clock_gettime_ns(time.CLOCK_BOOTTIME), awake, time.time_ns())
        raise NotImplementedError("LinuxClock reads the clocks of Linux only.")
