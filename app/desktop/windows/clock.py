"""The three clocks of Windows."""

import ctypes
import sys
import time

from app.domain.moment import Moment

assert sys.platform == "win32"

from app.desktop.windows.api import kernel32  # noqa: E402  # the names below exist on Windows only

TICK_NS = 1_000_000
UNIT_NS = 100
COARSE_NS = 20 * TICK_NS
"""The coarse clocks move with the timer interrupt, every 0.5 to 15.6 ms."""


class WindowsClock:
    """Interrupt time counts sleep, unbiased interrupt time does not; any thread, about 1 µs.

    The precise forms (kernelbase, Windows 10) agree with GetTickCount64 and QueryUnbiasedInterruptTime, which are
    taken where they are missing and move in steps of up to 15.6 ms.
    """

    def __init__(self) -> None:
        self._pair = _precise()

    def now(self) -> Moment:
        """All three readings, taken one after the other; awake first, so that it is never ahead of the other."""
        wall = time.time_ns()
        if self._pair is None:
            awake = _unbiased()
            return Moment(max(kernel32.GetTickCount64() * TICK_NS, awake), awake, wall)
        awake = _read(self._pair[0])
        return Moment(_read(self._pair[1]), awake, wall)


def _unbiased() -> int:
    units = ctypes.c_ulonglong()
    kernel32.QueryUnbiasedInterruptTime(ctypes.byref(units))
    return units.value * UNIT_NS


def _read(function: "ctypes._NamedFuncPointer") -> int:
    units = ctypes.c_ulonglong()
    function(ctypes.byref(units))
    return units.value * UNIT_NS


def _precise() -> "tuple[ctypes._NamedFuncPointer, ctypes._NamedFuncPointer] | None":
    """The precise pair, None where one is missing or does not run with the documented clocks (some stand-ins)."""
    library = ctypes.WinDLL("kernelbase")
    try:
        awake, boot = library.QueryUnbiasedInterruptTimePrecise, library.QueryInterruptTimePrecise
    except AttributeError:
        return None
    for function in (awake, boot):
        function.restype, function.argtypes = None, (ctypes.POINTER(ctypes.c_ulonglong),)
    near = abs(_read(awake) - _unbiased()) < COARSE_NS and abs(_read(boot) - kernel32.GetTickCount64() * TICK_NS) < COARSE_NS
    return (awake, boot) if near else None
