"""Sleep and waking of the machine, and what is done about it."""

from dataclasses import dataclass

from app.agent.events.base import Effect


@dataclass(frozen=True, slots=True)
class PowerChanged:
    """The machine is about to sleep (`asleep`) or woke; a sleep that nobody announced shows in the clock readings."""

    asleep: bool


@dataclass(frozen=True, slots=True)
class SayAsleep(Effect):
    """Tell the servers that the silence that follows is a sleep; the machine waits for it, for a moment."""


@dataclass(frozen=True, slots=True)
class ReviveLinks(Effect):
    """The machine woke: connections from before are dead, and no pause after failures is to be waited out."""
