"""A timer that runs only while something on screen shows time; it fires on whole steps before an instant."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

MS = 1_000_000


class Ticking(QObject):
    """`ticked` on every multiple of `step_ms` from `anchor` (boot ns) on, earlier or later, until `stop`.

    Aligned to the anchor, so that a figure changes on the instant at which it becomes true, and late ticks do not add
    up. Qt thread only; while stopped nothing wakes the program.
    """

    ticked = Signal()

    def __init__(self, boot: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._boot, self._anchor, self._step = boot, 0, 1000 * MS
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._fire)

    @property
    def running(self) -> bool:
        """Whether the timer is armed."""
        return self._timer.isActive()

    def run(self, anchor: int, step_ms: int = 1000) -> None:
        """Tick from now on; calling it again with the same values changes nothing."""
        if not (self.running and (anchor, step_ms * MS) == (self._anchor, self._step)):
            self._anchor, self._step = anchor, step_ms * MS
            self._arm()

    def stop(self) -> None:
        """No further tick."""
        self._timer.stop()

    def _arm(self) -> None:
        left = (self._anchor - self._boot()) % self._step or self._step
        self._timer.start(-(-left // MS))

    def _fire(self) -> None:
        self._arm()
        self.ticked.emit()


def seconds_left(until: int, now: int) -> int:
    """Whole seconds until an instant (boot ns), rounded up, never below 0: a running second still counts."""
    return max(0, -(-(until - now) // (1000 * MS)))
