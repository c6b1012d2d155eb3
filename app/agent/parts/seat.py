"""The seat: feeds the pure step with what the desktop and the person do, and carries its records and effects on.

Protective effects (lock, taking something off the screen) go at once; a card waits until its record is durable.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from app.agent import commands
from app.agent.events import (
    AlarmNote,
    CallChanged,
    Commit,
    DoLock,
    JournalMute,
    PartFailed,
    SessionChanged,
    ShowCard,
)
from app.agent.events import LockTried as Tried
from app.agent.events.policy import PolicyHolds
from app.agent.events.power import PowerChanged
from app.agent.seat_face import seat_face
from app.agent.seat_records import as_records
from app.agent.snapshot import Snapshot
from app.desktop.ports import Locked
from app.domain import inputs as seat_inputs
from app.domain.inputs import Answer, BreakKind, Input
from app.domain.moment import NS, Moment
from app.domain.rules import Rules
from app.domain.seat import SeatState, adopt, begin, next_due, next_idle_check, step
from app.domain.seat.effects import LockScreen, OfferBreak, StartBreak
from app.protocol.record_kinds import LockDaily

REMINDER = 2 * NS
"""The clean-desk reminder stands for two seconds before "lock and leave" locks (ux, lock and leave)."""
CARD_PATIENCE = 2 * NS
"""A card waits so long for its record: then it comes without, because a disk that hangs must not cost a break."""


@dataclass(slots=True)
class SeatPart:
    """Owns the seat's state; `idle_ns` reads the OS's idle time, `day_of` names the local day of a wall instant."""

    rules: Rules
    idle_ns: Callable[[], int | None]
    day_of: Callable[[int], str]
    start: Moment
    keep_lock_times: bool = False
    name: str = field(default="seat", init=False)
    _state: SeatState = field(init=False)
    _card: OfferBreak | StartBreak | None = field(default=None, init=False)
    _leave_at: int | None = field(default=None, init=False)
    _awaited: tuple[OfferBreak | StartBreak, int] | None = field(default=None, init=False)
    _failed: bool = field(default=False, init=False)
    _covert_until: int = field(default=0, init=False)
    _day: str = field(default="", init=False)
    _talked: int = field(default=0, init=False)
    _locks: list[int] = field(default_factory=lambda: [0, 0], init=False)

    def __post_init__(self) -> None:
        self._state = begin(self.start, self.rules)
        self._day = self.day_of(self.start.wall)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: commands of the person, calls, lock results, session changes, time."""
        if isinstance(item, ShowCard):
            self._show(item.card)
            return ()
        if isinstance(item, PolicyHolds):
            return self._adopt(item, now)
        if isinstance(item, commands.LockNow) and item.leave:
            self._leave_at = now.boot + REMINDER
            return ()
        out: list[object] = self._impatient(now)
        taken = list(self._translate(item, now))
        if self._leave_at is not None and now.boot >= self._leave_at:
            self._leave_at = None
            taken.append(seat_inputs.LockNow(now))
        due = self.due()
        if not taken and (due is None or now.boot < due):
            return out
        out += self._new_day(now, taken)
        return out + self._step(taken, now)

    def _adopt(self, new: PolicyHolds, now: Moment) -> list[object]:
        """Other rules hold from this instant: what was before is settled by the old ones, no second is lost."""
        out = self._step([], now)
        self._state = adopt(self._state, self.rules, new.rules)
        self.rules, self.keep_lock_times = new.rules, new.keep_lock_times
        return out + self._step([], now)

    def due(self) -> int | None:
        """The next thing that the seat does by itself, or the next look at the OS's idle time."""
        dues = [next_due(self._state, self.rules), next_idle_check(self._state, self.rules), self._leave_at]
        if self._awaited is not None:
            dues.append(self._awaited[1])
        return min((due for due in dues if due is not None), default=None)

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Fill in the seat."""
        face = seat_face(self._state, self.rules, self._card, now.boot, self._talked)
        if face.next_kind == BreakKind.CALM and now.boot < self._covert_until:
            face = replace(face, next_kind=BreakKind.EYES.value, next_in_seconds=None, next_fraction=0.0)
        return replace(shown, seat=replace(face, lock_failed=self._failed, leaving_until_boot=self._leave_at))

    def _step(self, taken: list[Input], now: Moment) -> list[object]:
        idle = self.idle_ns()
        if idle is not None:
            taken.insert(0, seat_inputs.InputSeen(now, now.boot - max(0, idle)))
        done = step(self._state, tuple(taken) or seat_inputs.Tick(now), self.rules)
        self._state = done.state
        self._withdraw()
        cards: list[object] = []
        at_once: list[object] = []
        for effect in done.effects:
            if isinstance(effect, LockScreen):
                at_once.append(DoLock(effect.reason))
            elif isinstance(effect, OfferBreak | StartBreak):
                cards.append(ShowCard(effect))
                self._awaited = effect, now.boot + CARD_PATIENCE
        written = as_records(done.records, keep_lock_times=self.keep_lock_times)
        # the lock goes first, whatever the disk does; a card waits for its record
        return [*at_once, *([Commit(written, tuple(cards))] if written or cards else [])]

    def _show(self, card: OfferBreak | StartBreak) -> None:
        """A card whose record is kept; by now the seat may have withdrawn it."""
        if self._awaited is not None and self._awaited[0] == card:
            self._awaited = None
        screen = self._state.screen
        wanted = screen.offer if isinstance(card, OfferBreak) else screen.running
        if wanted is not None and wanted.kind is card.kind and not self._covert(card):
            self._card = card

    def _covert(self, card: OfferBreak | StartBreak) -> bool:
        """Whether this card would give an alarm away that was taken back.

        The calm break is owed at once (shift-file contract, rule 9), but whoever stands at the counter and had it taken back
        must see nothing open by itself (design, PIN and duress PIN); the PC is never told when a lead has settled it.
        """
        return isinstance(card, OfferBreak) and card.kind is BreakKind.CALM and self._state.now < self._covert_until

    def _impatient(self, now: Moment) -> list[object]:
        """Show a card whose record never came back from the disk."""
        if self._awaited is None or now.boot < self._awaited[1]:
            return []
        card, self._awaited = self._awaited[0], None
        self._show(card)
        return [JournalMute()]

    def _withdraw(self) -> None:
        screen = self._state.screen
        held = self._card
        gone = isinstance(held, OfferBreak) and (screen.offer is None or screen.offer.kind is not held.kind)
        over = isinstance(held, StartBreak) and screen.running is None
        if gone or over:
            self._card = None

    def _translate(self, item: object, now: Moment) -> Iterable[Input]:
        match item:
            case commands.LockNow():
                yield seat_inputs.LockNow(now)
            case commands.TakeBreak(kind):
                yield seat_inputs.BreakNow(now, BreakKind(kind))
            case commands.AnswerOffer(answer):
                yield seat_inputs.BreakAnswered(now, Answer(answer))
            case commands.HoldOffer(on):
                yield seat_inputs.CardHeld(now, on)
            case commands.ShiftMark(on):
                yield seat_inputs.ShiftStarted(now) if on else seat_inputs.ShiftEnded(now)
            case CallChanged(call, True):
                yield seat_inputs.CallStarted(now, call)
            case CallChanged(call, False, hard):
                calls = self._state.calls
                if calls.open:
                    self._talked = int(calls.talked + now.boot - calls.since) // NS
                yield seat_inputs.CallEnded(now, call, hard)
            case AlarmNote(what):
                yield from self._alarm(what, now)
            case Tried(result):
                yield from self._tried(result.confirmed, result.method, now)
            case SessionChanged() | PowerChanged():
                yield from self._machine(item, now)
            case PartFailed("calls"):
                for call, _ in self._state.calls.open:
                    yield seat_inputs.CallEnded(now, call, False)
            case _:
                pass

    def _alarm(self, what: str, now: Moment) -> Iterable[Input]:
        match what:
            case "raise":
                yield seat_inputs.AlarmRaised(now)
            case "take_back":
                self._covert_until = now.boot + self.rules.breaks_alarm_holds * NS
                yield seat_inputs.AlarmTakenBack(now)
            case _:
                yield seat_inputs.AlarmSettled(now)

    def _tried(self, confirmed: bool, method: str, now: Moment) -> Iterable[Input]:
        self._failed = not confirmed
        self._locks[0 if confirmed else 1] += 1
        if self._state.lock.locked:
            return
        yield seat_inputs.LockConfirmed(now, method) if confirmed else seat_inputs.LockFailed(now, method)

    def _machine(self, item: SessionChanged | PowerChanged, now: Moment) -> Iterable[Input]:
        if isinstance(item, SessionChanged):
            yield from self._session(item.state, now)
        elif item.asleep:
            yield seat_inputs.Suspended(now)
        else:
            # a sleep that was not announced is found by the clocks, and a waking without one must not hide it from them
            yield seat_inputs.Woke(now) if self._state.person.asleep else seat_inputs.Tick(now)

    def _session(self, state: Locked, now: Moment) -> Iterable[Input]:
        lock = self._state.lock
        if state is Locked.YES:
            self._failed = False
        if state is Locked.YES and not lock.locked and lock.asked_at is None:
            yield seat_inputs.SessionLocked(now, by_person=lock.retry_at is None)
        elif state is Locked.NO and lock.locked:
            self._failed = False
            yield seat_inputs.SessionUnlocked(now, active=False)

    def _new_day(self, now: Moment, taken: list[Input]) -> list[object]:
        """A day that ended leaves the count of its locks, no times (privacy table, lock).

        Its beginning is taken in one step with what else is known at this instant, the waking above all: each step's
        effects count, a lock among them.
        """
        day = self.day_of(now.wall)
        if day == self._day:
            return []
        ended, self._day = self._day, day
        confirmed, failed = self._locks
        self._locks = [0, 0]
        taken.insert(0, seat_inputs.DayBegan(now))
        return [Commit((LockDaily(ms=now.wall_ms, day=ended, confirmed=confirmed, failed=failed),))]
