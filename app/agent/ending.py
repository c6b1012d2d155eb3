"""The end of the session: told to the actor, and through the servers, before the system ends the program."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from app.agent.commands import Quit
from app.agent.events import Effect, SayGoodbye
from app.desktop.ports import SessionEnd

TELL_LIMIT = 4.0
"""Seconds that the session's end waits for record and goodbye: Windows gives five."""


class Ending:
    """Brings the port's word to the actor; `say` records the exit and tells the servers, in the bulk lane."""

    def __init__(
        self, port: SessionEnd | None, post: Callable[[object], None], say: Callable[[SayGoodbye], Iterable[object]]
    ) -> None:
        self._port = port
        self._post = post
        self._say = say
        self._said = threading.Event()

    def watch(self) -> None:
        """Start to listen; the port ends with the desktop."""
        if self._port is not None:
            self._port.watch(self._ends)

    def carriers(self) -> dict[type[Effect], tuple[str, Any]]:
        """Lane and carrier of the goodbye."""
        return {SayGoodbye: ("bulk", self._goodbye)}

    def _ends(self, cause: str) -> None:
        """On the port's thread: the system goes on when this returns."""
        self._post(Quit(cause))
        self._said.wait(TELL_LIMIT)

    def _goodbye(self, effect: SayGoodbye) -> Iterable[object]:
        try:
            cause = effect.cause
            if cause == "signal":
                cause = self._port.why() if self._port is not None else "asked"
            return self._say(SayGoodbye(cause))
        finally:
            self._said.set()
