"""Tells screen readers a sentence at once, without moving the focus."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, sentence: str) -> None:
    """Name `widget` by `sentence` and have it read now, before anything else that is being read."""
    widget.setAccessibleName(sentence)
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.Alert))
        said = QAccessibleAnnouncementEvent(widget, sentence)
        said.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(said)
