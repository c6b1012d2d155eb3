"""How windows come and go: fade and 8 px up in 200 ms, fade out in 120 ms; with reduced motion an 80 ms fade."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractAnimation, QEasingCurve, QPoint, QVariantAnimation
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ui.theme.theme import theme
from ui.theme.tokens import MOTION_RISE


def set_opacity(window: QWidget, part: float) -> None:
    """Window opacity 0..1 where the platform has it (an X screen without a compositor ignores it)."""
    if QGuiApplication.platformName() not in ("offscreen", "minimal"):
        window.setWindowOpacity(part)


def _run(window: QWidget, ms: int, step: Callable[[float], None], done: Callable[[], None] | None) -> None:
    stop_motion(window)
    motion = QVariantAnimation(window)
    motion.setObjectName("motion")
    motion.setStartValue(0.0)
    motion.setEndValue(1.0)
    motion.setDuration(ms)
    motion.setEasingCurve(QEasingCurve.Type.OutCubic)
    motion.valueChanged.connect(step)
    if done is not None:
        motion.finished.connect(done)
    motion.start(QAbstractAnimation.DeletionPolicy.DeleteWhenStopped)


def stop_motion(window: QWidget) -> None:
    """End a motion of `window` where it is."""
    for running in window.findChildren(QVariantAnimation, "motion"):
        running.stop()


def come_in(window: QWidget, place: QPoint, ms: int | None = None) -> None:
    """Show `window` with its top left corner ending at `place`, in `ms` or the theme's time; never activates it."""
    rise = 0 if theme().reduce_motion else MOTION_RISE

    def step(part: float) -> None:
        set_opacity(window, part)
        window.move(place.x(), place.y() + round(rise * (1 - part)))

    step(0.0)
    window.show()
    _run(window, theme().motion_in_ms if ms is None else ms, step, None)


def go_out(window: QWidget, done: Callable[[], None] | None = None) -> None:
    """Fade `window` out and hide it, then call `done`."""
    began = window.windowOpacity()

    def end() -> None:
        window.hide()
        if done is not None:
            done()

    _run(window, theme().motion_out_ms, lambda part: set_opacity(window, began * (1 - part)), end)
