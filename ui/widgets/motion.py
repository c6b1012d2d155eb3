"""How windows come and go: fade and 8 px up in 200 ms, fade out in 120 ms; with reduced motion an 80 ms fade."""

from collections.abc import Callable
from weakref import ref

from PySide6.QtCore import QAbstractAnimation, QEasingCurve, QPoint, QVariantAnimation
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ui.theme.theme import theme
from ui.theme.tokens import MOTION_RISE

Step = Callable[[QWidget, float], None]


def set_opacity(window: QWidget, part: float) -> None:
    """Window opacity 0..1 where the platform has it (an X screen without a compositor ignores it)."""
    if QGuiApplication.platformName() not in ("offscreen", "minimal"):
        window.setWindowOpacity(part)


class _Motion(QVariantAnimation):
    """One running motion; it holds its window weakly and stops by itself when that is gone.

    Not a child of the window: PySide crashes when a window dies with a running child animation that Python code hears.
    """

    def __init__(self, window: QWidget, ms: int, step: Step, done: Callable[[], None] | None) -> None:
        super().__init__()
        self._window, self._step, self._done = ref(window), step, done
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setDuration(ms)
        self.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.finished.connect(self._end)

    def updateCurrentValue(self, value: object) -> None:
        window = self._alive()
        if window is None:
            self.stop()
        elif isinstance(value, float):
            self._step(window, value)

    def _alive(self) -> QWidget | None:
        window = self._window()
        return window if window is not None and isValid(window) else None

    def _end(self) -> None:
        window = self._alive()
        if window is not None and _running.get(id(window)) is self:
            del _running[id(window)]
        if window is not None and self._done is not None:
            self._done()


_running: dict[int, _Motion] = {}


def _run(window: QWidget, ms: int, step: Step, done: Callable[[], None] | None) -> None:
    stop_motion(window)
    for key in [key for key, motion in _running.items() if motion.state() == QAbstractAnimation.State.Stopped]:
        del _running[key]
    motion = _running[id(window)] = _Motion(window, ms, step, done)
    motion.start()


def stop_motion(window: QWidget) -> None:
    """End a motion of `window` where it is; what was to come after it does not come."""
    running = _running.pop(id(window), None)
    if running is not None:
        running.stop()


def running_count() -> int:
    """How many motions run now."""
    return sum(running.state() != QAbstractAnimation.State.Stopped for running in _running.values())


def come_in(window: QWidget, place: QPoint, ms: int | None = None) -> None:
    """Show `window` with its top left corner ending at `place`, in `ms` or the theme's time; never activates it."""
    rise = 0 if theme().reduce_motion else MOTION_RISE

    def step(shown: QWidget, part: float) -> None:
        set_opacity(shown, part)
        shown.move(place.x(), place.y() + round(rise * (1 - part)))

    step(window, 0.0)
    window.show()
    _run(window, theme().motion_in_ms if ms is None else ms, step, None)


def go_out(window: QWidget, done: Callable[[], None] | None = None) -> None:
    """Fade `window` out and hide it, then call `done`."""
    began, leaving = window.windowOpacity(), ref(window)

    def end() -> None:
        left = leaving()
        if left is not None:
            left.hide()
        if done is not None:
            done()

    _run(window, theme().motion_out_ms, lambda shown, part: set_opacity(shown, began * (1 - part)), end)
