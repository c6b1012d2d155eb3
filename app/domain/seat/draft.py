"""One instant in the making: the parts of a state, open for change, with the records and effects that arise.

A draft lives inside one call of `step` or `play` and never leaves it; the parts themselves stay frozen.
"""

from dataclasses import dataclass, field, replace
from math import ceil

from app.domain.inputs import BreakKind
from app.domain.rules import Rules
from app.domain.seat.accounts import Scale, level_at, scales, turned
from app.domain.seat.effects import Effect
from app.domain.seat.state import (
    KINDS,
    Account,
    Calls,
    Change,
    Lock,
    Mark,
    Person,
    Record,
    Screen,
    SeatState,
    ShiftState,
    Tally,
    Time,
)


@dataclass(slots=True)
class Draft:
    """The seat while inputs are worked out. `input_came` and `withdraw` hold for one instant only."""

    rules: Rules
    scales: dict[BreakKind, Scale]
    now: Time
    wall_offset: int
    slept: int
    lock: Lock
    calls: Calls
    person: Person
    screen: Screen
    accounts: dict[BreakKind, Account]
    tally: Tally
    mark: Mark | None
    changes: tuple[Change, ...]
    held: list[Record]
    records: list[Record] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    holding: bool = False
    input_came: bool = False
    withdraw: bool = False

    def emit(self, kind: str, *extra: tuple[str, str | int | bool]) -> None:
        """Record what happened now; in a sleep it is held until waking."""
        record = Record(kind, self.now, self.now + self.wall_offset, extra)
        (self.held if self.holding else self.records).append(record)

    def act(self, effect: Effect) -> None:
        """Ask for an effect."""
        self.effects.append(effect)

    def level(self, kind: BreakKind) -> Time:
        """Return where a load or debt stands now, in its own units."""
        return level_at(self.accounts[kind], self.scales[kind], self.now)

    def owed(self, kind: BreakKind) -> bool:
        """Say whether a break is due now: a load that is full, a debt above zero (rule 11)."""
        full = self.scales[kind].full
        level = self.level(kind)
        return level > 0 if full is None else level >= full

    def skipped(self, kind: BreakKind) -> bool:
        """Say whether a skip still holds (rule 14)."""
        until = self.accounts[kind].skip_until
        return until is not None and self.tally.spent.read(self.now) < until

    def postponed(self, kind: BreakKind) -> bool:
        """Say whether a postponement still holds (rules 13 and 14)."""
        until = self.accounts[kind].postponed_until
        return until is not None and self.now < until

    def lift(self, kind: BreakKind) -> None:
        """Forget postponements, their count and a skip: the break was kept (rule 14)."""
        account = self.accounts[kind]
        if (
            account.postpones
            or account.in_test
            or account.postponed_until is not None
            or account.skip_until is not None
        ):
            self.accounts[kind] = replace(account, postponed_until=None, postpones=0, skip_until=None, in_test=False)

    def kept(self, kind: BreakKind, how: str) -> None:
        """A break was taken, or kept by an absence; after the end of the shift silently (rule 10), with all else it does."""
        self.lift(kind)
        if kind is BreakKind.REST:
            self.rested()
        if how == "natural" and self.person.shift is ShiftState.ENDED:
            return
        self.emit("break.kept", ("break", kind.value), ("how", how))
        counts = {(k, h): n for k, h, n in self.tally.kept}
        counts[kind, how] = counts.get((kind, how), 0) + 1
        self.tally = replace(self.tally, kept=tuple((k, h, n) for (k, h), n in counts.items()))

    def rested(self) -> None:
        """End the stretch without rest that the sums tell of."""
        worked = self.tally.worked.read(self.now)
        longest = max(self.tally.longest, worked - self.tally.rest_base)
        self.tally = replace(self.tally, rest_base=worked, longest=longest)

    def new_debt(self, kind: BreakKind, seconds: int) -> None:
        """A debt arises; of a kind that is owed, the larger counts and postponements are lifted (rule 9)."""
        amount = seconds * self.scales[kind].unit
        level = self.level(kind)
        account = replace(self.accounts[kind], level=max(level, amount), at=self.now, rate=0, bound_at=None)
        if level > 0:
            account = replace(account, postponed_until=None, postpones=0)
        else:
            account = replace(account, due_since=self.now)
        self.accounts[kind] = account
        self.note(kind, amount)

    def drop_debt(self, kind: BreakKind) -> None:
        """What is left of a debt is dropped by the person's answer (rules 13 and 14), with what was put off of it.

        A later debt of the kind is a new one: it starts as one that comes on top of an owed one does (rule 9).
        """
        self.accounts[kind] = Account(at=self.now)
        self.note(kind, None)

    def note(self, kind: BreakKind, amount: int | None) -> None:
        """Remember a debt's change for an absence that may count from the last sign (rule 7)."""
        self.changes = (*self.changes, Change(self.now, kind, amount))

    def run_at_present_rates(self) -> None:
        """Let loads, debts and meters run as the state now says: the last thing at an instant (rules 8, 9, 13)."""
        away, running = self.person.away, self.screen.running is not None
        for kind, account in self.accounts.items():
            scale = self.scales[kind]
            if away or running:
                rate = -scale.drain
            elif kind is BreakKind.EYES and self.lock.locked:
                rate = 0
            else:
                rate = scale.fill
            if rate == account.rate or (not account.rate and account.level == (0 if rate < 0 else scale.full)):
                continue  # It runs so already, or stands at the bound to which it would run.
            self.accounts[kind] = turned(account, scale, self.now, rate)
        # "Spent present" leaves breaks out only where rule 8 says so: a skip's minutes run on in a break, in which nobody is away.
        spent, worked = int(not away), int(not away and not running)
        if spent != self.tally.spent.rate or worked != self.tally.worked.rate:
            self.tally = replace(
                self.tally, spent=self.tally.spent.run(self.now, spent), worked=self.tally.worked.run(self.now, worked)
            )


def opened(state: SeatState, rules: Rules) -> Draft:
    """Return a draft of `state`."""
    return Draft(
        rules, scales(rules), state.now, state.wall_offset, state.slept, state.lock, state.calls, state.person, state.screen,
        dict(zip(KINDS, state.accounts, strict=True)), state.tally, state.mark, state.changes, list(state.held),
    )  # fmt: skip


def closed(draft: Draft) -> SeatState:
    """Return the state that a draft came to."""
    return SeatState(
        draft.now, draft.wall_offset, draft.slept, draft.lock, draft.calls, draft.person, draft.screen,
        tuple(draft.accounts.values()), draft.tally, draft.mark, draft.changes, tuple(draft.held),
    )  # fmt: skip


def whole(time: Time) -> int:
    """Return an instant as whole nanoseconds, not before it."""
    return ceil(time)
