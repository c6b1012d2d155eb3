"""Sleep of the machine: told to the actor, and through the servers, so that a sleeping PC is not taken for a killed one."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from app.agent.events import Effect, SayGoodbye
from app.agent.events.power import PowerChanged, ReviveLinks, SayAsleep
from app.desktop.ports import Power

TELL_LIMIT = 1.7
"""Seconds that the machine is kept awake for the goodbye: Windows gives two, logind five."""


class Sleep:
    """Brings the power port's word to the actor; `goodbye` and `revive` run in the bulk lane."""

    def __init__(
        self, power: Power | None, post: Callable[[object], None], goodbye: Callable[[SayGoodbye], object],
        revive: Callable[[], None],
    ) -> None:  # fmt: skip
        self._power = power
        self._post = post
        self._goodbye = goodbye
        self._revive = revive
        self._told = threading.Event()

    def watch(self) -> None:
        """Start to listen; the port ends with the desktop."""
        if self._power is not None:
            self._power.watch(self._changed)

    def carriers(self) -> dict[type[Effect], tuple[str, Any]]:
        """Lane and carrier of the effects."""
        return {SayAsleep: ("bulk", self._say), ReviveLinks: ("bulk", self._wake)}

    def _changed(self, asleep: bool) -> None:
        """On the port's thread: the machine sleeps when this returns."""
        self._told.clear()
        self._post(PowerChanged(asleep))
        if asleep:
            self._told.wait(TELL_LIMIT)

    def _say(self, _effect: SayAsleep) -> Iterable[object]:
        try:
            self._goodbye(SayGoodbye("asleep"))
        finally:
            self._told.set()
        return ()

    def _wake(self, _effect: ReviveLinks) -> Iterable[object]:
        self._revive()
        return ()
