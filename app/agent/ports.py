"""What the agent asks of its faces; `ui` implements it and says so to the board while it is there."""

from threading import Lock
from typing import Protocol


class Notifier(Protocol):
    """Shows passing notices by a face, for example by its tray icon; nothing important depends on it."""

    def show(self, title: str, text: str) -> bool:
        """Show plain text, or drop it where nothing may appear; False if the face cannot. Any thread, 1 s at most."""


class NoticeBoard:
    """Knows the face that shows notices now, if there is one; any thread."""

    def __init__(self) -> None:
        self._gate = Lock()
        self._face: Notifier | None = None

    def put(self, face: Notifier) -> None:
        """From now on this face shows notices."""
        with self._gate:
            self._face = face

    def take(self, face: Notifier) -> None:
        """This face is going; another one that came meanwhile stays."""
        with self._gate:
            if self._face is face:
                self._face = None

    def show(self, title: str, text: str) -> bool:
        """Let the face show it; False without a face or when it could not."""
        with self._gate:
            face = self._face
        return face is not None and face.show(title, text)


BOARD = NoticeBoard()
"""The board of this process: one tray, one agent."""
