"""The step: settle what happens by itself, take the inputs, judge the instant (shift-file contract, "At one instant")."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.inputs import (
    AlarmRaised,
    AlarmTakenBack,
    BreakAnswered,
    BreakKind,
    BreakNow,
    CallStarted,
    Input,
    InputActive,
    InputIdle,
    InputSeen,
    LockNow,
    SessionUnlocked,
    Suspended,
    Woke,
)
from app.domain.moment import NS, Moment
from app.domain.rules import Rules
from app.domain.seat import lock, offers, presence
from app.domain.seat.accounts import rescaled, scales, turned
from app.domain.seat.draft import Draft, closed, opened, whole
from app.domain.seat.effects import Effect
from app.domain.seat.state import KINDS, Record, SeatState, Time, begun
from app.domain.seat.take import APPLY, suspend

SLEEP_FOUND = NS
"""A difference of the boot and the awake clock that grew by this much is a sleep (Windows reads them some 16 ms apart)."""

SLEEP_REFUSED = 30 * NS
"""Awake for so long after "going to sleep" was announced: it did not come."""

_OF_AN_AWAKE_PC = (
    AlarmRaised,
    AlarmTakenBack,
    BreakAnswered,
    BreakNow,
    CallStarted,
    InputActive,
    InputIdle,
    LockNow,
    SessionUnlocked,
    Woke,
)


@dataclass(frozen=True, slots=True)
class Step:
    """What came of an input: the new state, what to record, what to do; records and effects in the order in which they arose."""

    state: SeatState
    records: tuple[Record, ...]
    effects: tuple[Effect, ...]


def step(state: SeatState, given: Input | tuple[Input, ...], rules: Rules) -> Step:
    """Take an input, or several of one and the same instant, and return what comes of it.

    Everything that happens by itself up to that instant is settled first, each at its own exact time, so it does not matter how
    often or late the seat is asked. A moment before the state's own counts as the state's own. Rules of the contract: see the
    modules of this package.
    """
    return play(state, (given if isinstance(given, tuple) else (given,),), rules)


def play(state: SeatState, instants: Iterable[tuple[Input, ...]], rules: Rules) -> Step:
    """Take one instant's inputs after the other, as `step` would one by one, and return what comes of them all.

    For a whole shift in one go: the state is opened and closed once only.
    """
    draft = opened(state, rules)
    for inputs in instants:
        _take(draft, inputs)
    return Step(closed(draft), tuple(draft.records), tuple(draft.effects))


def begin(
    moment: Moment, rules: Rules, *, on_shift: bool = True, locked: bool = False, active: bool = False
) -> SeatState:
    """Return the seat at the start of a program or shift file: nothing owed, a sign of presence now, the loads running."""
    draft = opened(begun(moment, on_shift=on_shift, locked=locked, active=active), rules)
    draft.run_at_present_rates()
    return closed(draft)


def next_due(state: SeatState, rules: Rules) -> int | None:
    """Return the boot nanosecond at which the seat next does something by itself; give it a `Tick` then."""
    due = _next_due(opened(state, rules))
    if state.person.asleep_since is not None:
        refused = state.person.asleep_since + SLEEP_REFUSED
        due = refused if due is None else min(due, refused)
    return None if due is None else whole(due)


def adopt(state: SeatState, old: Rules, new: Rules) -> SeatState:
    """Return the state under a changed policy: seconds of loads and debts stay, at most full; give it a `Tick` next."""
    draft = opened(state, old)
    for kind in KINDS:
        draft.accounts[kind] = rescaled(draft.accounts[kind], scales(old)[kind], scales(new)[kind], draft.now)
    draft.rules, draft.scales = new, scales(new)
    draft.run_at_present_rates()
    return closed(draft)


def _take(draft: Draft, inputs: tuple[Input, ...]) -> None:
    """Settle what happens by itself before the inputs' instant, then take them there."""
    moment = inputs[0].moment
    _find_sleep(draft, inputs)
    for one in inputs:
        if isinstance(one, InputSeen) and one.last_input < moment.boot:
            _seen_before(draft, one)
    _settle(draft, moment.boot)
    _instant(draft, max(draft.now, moment.boot), inputs)
    draft.slept = moment.boot - moment.awake


def _settle(draft: Draft, until: int) -> None:
    """Let everything happen that happens by itself before `until`."""
    while (due := _next_due(draft)) is not None and due < until:
        _instant(draft, due, ())


def _next_due(draft: Draft) -> Time | None:
    best: Time | None = None
    now = draft.now
    bounds = [account.bound_at for account in draft.accounts.values()]
    for due in (*bounds, lock.next_due(draft), presence.next_due(draft), offers.next_due(draft)):
        if due is not None and due > now and (best is None or due < best):
            best = due
    return best


def _instant(draft: Draft, at: Time, inputs: tuple[Input, ...]) -> None:
    """One instant whole: waking, what happens by itself, the inputs in order, lock, presence, offers."""
    if at > draft.now:
        presence.take_mark(draft)
        draft.now = at
    draft.input_came = draft.withdraw = False
    draft.holding = draft.person.asleep
    if draft.person.asleep and any(_wakes(draft, one) for one in inputs):
        _wake(draft, inputs[0])
    _by_itself(draft)
    for one in inputs:
        draft.wall_offset = one.moment.wall - one.moment.boot
        APPLY[type(one)](draft, one)
    _judge(draft)


def _by_itself(draft: Draft) -> None:
    for kind, account in draft.accounts.items():
        if account.bound_at is not None and account.bound_at <= draft.now:
            full = account.rate > 0
            standing = turned(account, draft.scales[kind], draft.now, 0)
            draft.accounts[kind] = replace(standing, due_since=draft.now if full else None)
            if not full:
                _emptied(draft, kind)
    offers.finish(draft)


def _emptied(draft: Draft, kind: BreakKind) -> None:
    """A load or debt came to zero: by a break it is as if kept, by an absence it may be kept (rules 8, 9, 13)."""
    if kind is BreakKind.REST:
        draft.rested()
    if draft.screen.running is not None:
        draft.lift(kind)
    elif draft.scales[kind].full is None or draft.accounts[kind].in_test:
        draft.kept(kind, "natural")


def _wake(draft: Draft, first: Input) -> None:
    """Wake: the lock at once, then what fell into the sleep is given out (rule 4)."""
    draft.wall_offset = first.moment.wall - first.moment.boot
    draft.holding = False
    draft.person = replace(draft.person, asleep_since=None, woke_at=draft.now)
    lock.woke(draft)
    # The contract names waking with its lock before loads and breaks; what fell into the sleep follows in its own order.
    held, draft.held = draft.held, []
    draft.records += [replace(record, at=draft.now, wall=draft.now + draft.wall_offset) for record in held]


def _wakes(draft: Draft, given: Input) -> bool:
    """Say whether an input shows that the PC is awake: the person at it, or the system's word."""
    if isinstance(given, InputSeen):
        return presence.is_news(draft, given.last_input)
    return isinstance(given, _OF_AN_AWAKE_PC)


def _find_sleep(draft: Draft, inputs: tuple[Input, ...]) -> None:
    """A sleep that nobody announced shows in the clock readings; it is taken to have ended just now.

    An announced sleep that does not come ends after a while: the lock must not wait for a waking that nobody reports.
    """
    moment, since = inputs[0].moment, draft.person.asleep_since
    jump = moment.boot - moment.awake - draft.slept
    refused = since is not None and jump < SLEEP_FOUND and moment.awake - (since - draft.slept) >= SLEEP_REFUSED
    if (jump < SLEEP_FOUND and not refused) or any(isinstance(one, Woke | Suspended) for one in inputs):
        return
    if since is None:
        _settle(draft, moment.boot - jump)
        _instant(draft, max(draft.now, moment.boot - jump), ())
        suspend(draft)
        _judge(draft)
    _settle(draft, moment.boot)
    _instant(draft, max(draft.now, moment.boot), (Woke(moment),))


def _seen_before(draft: Draft, seen: InputSeen) -> None:
    """Input that was found only now counts at the instant at which it came, if that is not settled yet."""
    at = max(draft.now, seen.last_input)
    if at >= seen.moment.boot or not presence.is_news(draft, seen.last_input):
        return
    back = seen.moment.boot - at
    moment = replace(
        seen.moment, boot=whole(at), awake=seen.moment.awake - whole(back), wall=seen.moment.wall - whole(back)
    )
    _settle(draft, moment.boot)
    _instant(draft, max(draft.now, moment.boot), (replace(seen, moment=moment),))


def _judge(draft: Draft) -> None:
    lock.phase(draft)
    presence.phase(draft)
    offers.phase(draft)
    draft.run_at_present_rates()
