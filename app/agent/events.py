"""What travels inside the agent: inputs that lanes and watchers bring, effects that parts ask for.

All frozen values. Commands of faces stand in `commands`; bytes of the wire stay opaque here.
"""

from dataclasses import dataclass, field

from app.desktop.ports import Locked, LockResult
from app.domain.seat.effects import OfferBreak, StartBreak
from app.protocol.record_kinds import Record


class Effect:
    """Base of everything that a lane carries out."""

    __slots__ = ()


# --- the actor itself ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stop:
    """Ends the actor's loop after this turn."""


@dataclass(frozen=True, slots=True)
class Started:
    """The first input of all: parts ask for what they need."""


@dataclass(frozen=True, slots=True)
class StopWatching(Effect):
    """Release hotkeys and senses before the program ends."""


@dataclass(frozen=True, slots=True)
class KeepChoice(Effect):
    """Keep a personal choice over a restart."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class PartFailed:
    """A part raised and was built anew; faces show `fault.part_failed`."""

    part: str


@dataclass(frozen=True, slots=True)
class TellAgain(Effect):
    """A part was built anew: whoever knows the world tells it once more (lock, files, links)."""

    part: str


@dataclass(frozen=True, slots=True)
class StateRecalled:
    """What the files know, told to a part that was built anew: the open alarm as last saved, faults of the files."""

    alarm_state: bytes
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LaneFailed:
    """A carrier raised; the effect was not carried out."""

    lane: str
    effect: str
    reason: str


# --- the desktop --------------------------------------------------------------------------------------------------


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


# --- the journal --------------------------------------------------------------------------------------------------


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


# --- calls --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CallChanged:
    """A call as the calls part settled it between explicit and inferred sources."""

    id: str
    on: bool
    hard: bool = False


# --- alarm --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AlarmNote:
    """For the seat: the own alarm was raised, taken_back or settled."""

    what: str


@dataclass(frozen=True, slots=True)
class SendMove(Effect):
    """Send one signed move (345 bytes) to every configured server at once and keep trying; protective."""

    alarm: bytes
    no: int
    body: bytes = field(repr=False)
    done: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class MoveDone(Effect):
    """A server holds the move: note it, and forget the move when it was the last one to answer."""

    alarm: bytes
    no: int
    server: bytes
    last: bool


@dataclass(frozen=True, slots=True)
class KeepMove(Effect):
    """Keep a move over a restart until a server stored it; durable when answered with `MoveKept`."""

    alarm: bytes
    no: int
    body: bytes = field(repr=False)
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class ForgetMoves(Effect):
    """The alarm is settled: its kept moves need not survive any longer."""

    alarm: bytes


@dataclass(frozen=True, slots=True)
class MoveKept:
    """The move survives a crash of this PC."""

    alarm: bytes
    no: int


@dataclass(frozen=True, slots=True)
class MoveStored:
    """A server's signed answer: the move is durable there; `listening` counts desks that could show it."""

    alarm: bytes
    no: int
    server: bytes
    listening: int
    unverified: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True)
class SealPin(Effect):
    """Make the sealed proof of a take-back off the actor's thread (Argon2id takes tens of milliseconds)."""

    alarm: bytes
    no: int
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PinSealed:
    """The 80 bytes for a take-back move."""

    alarm: bytes
    no: int
    detail: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignChanged:
    """The server passed on a desk's signed receipt or an answer: delivered, seen, taken, on_spot, settled, raised."""

    alarm: bytes
    state: str
    sentence: int = 0
    server: str = ""


# --- links to the servers -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """One link of one server came up or went down; lane is bulk, alarm or stream."""

    server: str
    lane: str
    up: bool
    wall_ms: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Acked:
    """The server's signed ack fits our chain; `waiting` records are still on the way."""

    server: str
    n: int
    waiting: int
    wall_ms: int


@dataclass(frozen=True, slots=True)
class HistoryFault:
    """The server's history and ours disagree; both are kept and IT is told. `what` is a text key of area `fault`."""

    what: str


@dataclass(frozen=True, slots=True)
class ListenersChanged:
    """How many leads of the own team could hear an alarm now, and the number to call instead."""

    count: int
    number: str
    server: str = ""


@dataclass(frozen=True, slots=True)
class EnrolmentChanged:
    """Whether this PC is enrolled, and whether IT still has to approve it; role is agent or lead."""

    enrolled: bool
    pending: bool
    role: str = "agent"


@dataclass(frozen=True, slots=True)
class ServerKnows:
    """The server took a signed request of this PC (`known`), or said that it is not enrolled there yet."""

    server: str
    known: bool


@dataclass(frozen=True, slots=True)
class OpenLinks(Effect):
    """The journal is open and the device key is there: deliver and listen."""


@dataclass(frozen=True, slots=True)
class WakeLinks(Effect):
    """Records wait: let the bulk links send now rather than at the next heartbeat."""


@dataclass(frozen=True, slots=True)
class SayGoodbye(Effect):
    """Tell the servers that this exit is planned; `cause` is a word of the record exit.planned."""

    cause: str


# --- the lead's desk ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeskEvent:
    """A signed event for desks, decoded: fields of the protocol's message as plain values."""

    server: str
    message: object


@dataclass(frozen=True, slots=True)
class SendReceipt(Effect):
    """A desk's own signed receipt: state 1 delivered, 2 seen, 3 taken, 4 on the spot."""

    alarm: bytes
    no: int
    state: int


@dataclass(frozen=True, slots=True)
class SendDeskAct(Effect):
    """Settle an alarm, say a ready sentence or raise its level, as a signed request of this desk."""

    alarm: bytes
    act: str
    sentence: int = 0
    outcome: str = ""
