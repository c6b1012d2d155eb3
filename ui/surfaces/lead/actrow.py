"""The desk's buttons: the one at the bottom left, the quiet ones beside it, or above it where a narrow desk has no room."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

GAP, BETWEEN = 16, 8
"""Pixels between buttons of a line, and between lines."""


class ActRow(QWidget):
    """Places the buttons itself, because the first one must stand still whatever else is shown or wraps."""

    def __init__(self, first: QAbstractButton, others: Sequence[QAbstractButton]) -> None:
        super().__init__()
        self._first, self._others = first, tuple(others)
        for button in (first, *others):
            button.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(place.bottom() + 1 for _, place in self._places(width))

    def sizeHint(self) -> QSize:
        return QSize(self._breadth(self._shown()), self._first.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(max(_size(button).width() for button in self._shown()), self._first.height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # a button was shown, hidden or got other words
            self.updateGeometry()
            self._arrange()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _arrange(self) -> None:
        for button, place in self._places(self.width()):
            button.setGeometry(place)

    def _shown(self) -> list[QAbstractButton]:
        return [self._first, *(button for button in self._others if not button.isHidden())]

    @staticmethod
    def _breadth(buttons: Sequence[QAbstractButton]) -> int:
        return sum(_size(button).width() + GAP for button in buttons) - GAP

    def _places(self, width: int) -> list[tuple[QAbstractButton, QRect]]:
        """Where each shown button stands; the first one in the last line, at the left."""
        lines: list[list[QAbstractButton]] = [[]]
        shown = self._shown()
        if self._breadth(shown) <= width:
            lines = [shown]
        else:
            for button in shown[1:]:
                if lines[-1] and self._breadth([*lines[-1], button]) > width:
                    lines.append([])
                lines[-1].append(button)
            lines.append([self._first])
        found: list[tuple[QAbstractButton, QRect]] = []
        top = 0
        for line in lines:
            left, height = 0, max(_size(button).height() for button in line)
            for button in line:
                size = _size(button)
                found.append((button, QRect(left, top, size.width(), size.height())))
                left += size.width() + GAP
            top += height + BETWEEN
        return found


def _size(button: QAbstractButton) -> QSize:
    return button.sizeHint().expandedTo(button.minimumSize()).boundedTo(button.maximumSize())
