"""Turns the system's wish to end the program into an orderly Quit of the agent."""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from app.agent.commands import Quit
from ui.bridge import Bridge

STOP_SECONDS = 5.0
"""The agent's time to record the exit and say goodbye."""


class Signals(QObject):
    """Turns SIGTERM and SIGINT into an orderly end, without a timer that wakes the process."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)
        self._reader.setblocking(False)
        self._bridge = bridge
        self._before = [(number, signal.signal(number, self._nothing)) for number in (signal.SIGTERM, signal.SIGINT)]
        self._woken = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._quit)

    def _nothing(self, _number: int, _frame: FrameType | None) -> None:
        """The wake-up byte does the work."""

    def _quit(self) -> None:
        self._reader.recv(64)
        self._bridge.post(Quit("signal"))
        QTimer.singleShot(round(STOP_SECONDS * 1000), self, QApplication.quit)

    def close(self) -> None:
        """Restore what was there before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._woken)
        for number, handler in self._before:
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()
