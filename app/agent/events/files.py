"""The journal lane: records committed, state kept, the vault opened."""

from dataclasses import dataclass, field

from app.agent.events.base import Effect
from app.domain.seat.effects import OfferBreak, StartBreak
from app.protocol.record_kinds import Record


@dataclass(frozen=True, slots=True)
class Commit(Effect):
    """Write records durably, each kind into its file; then `then` comes back, also when there is no journal."""

    records: tuple[Record, ...]
    then: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Committed:
    """Records are durable (`kept`), or could not be kept; `waiting` counts what the server has not acknowledged yet."""

    kept: bool
    waiting: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class JournalMute:
    """A record has waited for the disk longer than a person would wait for a card: it is shown without."""


@dataclass(frozen=True, slots=True)
class OpenVault(Effect):
    """Fetch or make the keys, open both files, load what the last run left."""


@dataclass(frozen=True, slots=True)
class VaultOpened:
    """Keys and files are there; `signed` tells whether the device key could be read. State blobs may be empty."""

    signed: bool
    journal: bool
    alarm_state: bytes = b""
    pending_alarms: tuple[tuple[bytes, frozenset[bytes]], ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SaveState(Effect):
    """Keep a small state over a restart (local file); empty forgets it."""

    name: str
    blob: bytes


@dataclass(frozen=True, slots=True)
class ShowCard:
    """The record of an offer or of a running break is durable: now its card may be shown."""

    card: OfferBreak | StartBreak


@dataclass(frozen=True, slots=True)
class ReadState(Effect):
    """Ask for a small state that `SaveState` kept; answered with `StateRead`, or not at all while there are no files."""

    name: str


@dataclass(frozen=True, slots=True)
class StateRead:
    """A small state as it was kept last; empty if there is none."""

    name: str
    blob: bytes = field(repr=False)
