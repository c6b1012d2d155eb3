"""Inputs of the desktop's senses and effects on it: lock, hotkeys, notices."""

from dataclasses import dataclass

from app.agent.events.base import Effect
from app.desktop.ports import Locked, LockResult


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """The session was locked or unlocked, by whomever."""

    state: Locked


@dataclass(frozen=True, slots=True)
class LockTried:
    """One lock attempt ended."""

    result: LockResult


@dataclass(frozen=True, slots=True)
class HotkeyPressed:
    """A bound chord came; `action` is help, scripts, cards, mark, card or sign, `boot` the instant of the press."""

    action: str
    boot: int


@dataclass(frozen=True, slots=True)
class HotkeysBound:
    """The outcome of binding: (action, reason) of the chords that are taken."""

    faults: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DoLock(Effect):
    """Lock the session and confirm; protective, never waits for the journal."""

    reason: str


@dataclass(frozen=True, slots=True)
class BindHotkeys(Effect):
    """Bind (action, chord) pairs, replacing those bound before."""

    chords: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ShowNotice(Effect):
    """A passing desktop notice by text key; nothing depends on it."""

    key: str
