"""Who is there: signs, absences, and absences that count from the last sign (shift-file contract, rules 6 to 8)."""

from dataclasses import replace

from app.domain.inputs import BreakKind
from app.domain.moment import NS
from app.domain.seat.accounts import exact, level_at, quotient
from app.domain.seat.draft import Draft
from app.domain.seat.state import KINDS, Account, Mark, Meter, Person, ShiftState, Time

INPUT_JITTER = NS // 4
"""Two readings of one and the same input differ by the system's clock steps (16 ms on Windows) and by delays of ours."""


def sign(draft: Draft) -> None:
    """A sign of presence: input, the start or end of a call, the start of a shift."""
    draft.person = replace(draft.person, last_sign=draft.now, unseen=False)
    draft.mark, draft.changes = None, ()


def acts(draft: Draft, active: bool | None = None) -> None:
    """The person did something: input at this instant, which goes on (`active`), stops, or as before (None) (rule 1)."""
    draft.input_came = draft.withdraw = True
    was = draft.person
    going_on = was.active if active is None else active
    # Written out, not replaced: this is the most frequent of all changes.
    draft.person = Person(
        was.shift, was.away, going_on, was.asleep_since, False, draft.now, draft.now, was.last_break_end, was.woke_at
    )
    draft.mark, draft.changes = None, ()


def is_news(draft: Draft, last_input: Time) -> bool:
    """Say whether a reading of the OS tells of input that is not known yet.

    What it dates before the last waking is none: nobody types into a sleeping PC, and some systems count idle time without sleep.
    """
    known = draft.person.last_input
    if draft.person.woke_at is not None:
        known = max(known, draft.person.woke_at)
    return last_input > known + INPUT_JITTER


def holds(draft: Draft) -> bool:
    """Say whether the person is present now (rule 6)."""
    person = draft.person
    if person.shift is not ShiftState.ON or person.asleep:
        return False
    if draft.calls.open:
        return True
    if draft.lock.locked or person.unseen:
        return False
    return person.active or draft.now - person.last_sign < draft.rules.presence_away_after * NS


def phase(draft: Draft) -> None:
    """Judge presence at the end of an instant; while a break runs nobody is away (rule 7)."""
    if draft.screen.running is not None:
        return
    person = draft.person
    if holds(draft):
        if person.away:
            draft.person = replace(person, away=False)
        return
    if person.away:
        return
    draft.person = replace(person, away=True)
    silent_minute = person.shift is ShiftState.ON and not person.asleep and not draft.lock.locked and not person.unseen
    broken = person.last_break_end is not None and person.last_break_end > person.last_sign
    if silent_minute and not broken and draft.mark is not None:
        _count_back(draft, draft.mark)
    else:
        _begin(draft, draft.tally.worked.read(draft.now))


def _begin(draft: Draft, worked: Time) -> None:
    """Begin an absence; a new one (enough time spent present since the last) puts the loads to the test (rule 8).

    The 60 s of that rule are read as presence.away_after, the only key with that value in the section; the first absence of all is
    new, for there is none before it.
    """
    base = draft.tally.absence_base
    draft.tally = replace(draft.tally, absence_base=worked)
    if base is not None and worked - base < draft.rules.presence_away_after * NS:
        return
    for kind in (BreakKind.EYES, BreakKind.REST):
        half = 2 * draft.level(kind) >= (draft.scales[kind].full or 0)
        if half is not draft.accounts[kind].in_test:
            draft.accounts[kind] = replace(draft.accounts[kind], in_test=half)


def _count_back(draft: Draft, mark: Mark) -> None:
    """Let the absence count from the last sign: what would be had it begun there (rule 7)."""
    now, since = draft.now, draft.person.last_sign
    later = dict(draft.accounts)
    draft.now = since
    for kind, account in zip(KINDS, mark.accounts, strict=True):
        draft.accounts[kind] = replace(account, level=level_at(account, draft.scales[kind], since), at=since, rate=0)
    _begin(draft, mark.worked)
    draft.now = now
    spent = draft.tally.spent
    draft.tally = replace(
        draft.tally,
        spent=Meter(mark.spent, now, spent.rate),
        worked=Meter(mark.worked, now, draft.tally.worked.rate),
    )
    known: list[tuple[Time, int, BreakKind, bool]] = []
    for place, kind in enumerate(KINDS):
        skipped_since = later[kind].skip_until != mark.accounts[place].skip_until
        known += [(at, place, kind, skipped_since) for at in _replay(draft, kind, later[kind], since)]
        if skipped_since and later[kind].skip_until is not None:
            # Made in the undone minute: nothing of it counts, all of the skip is still to be spent present.
            whole_skip = mark.spent + draft.scales[kind].after_skip * NS
            draft.accounts[kind] = replace(draft.accounts[kind], skip_until=whole_skip)
    for _, _, kind, skipped_since in sorted(known):
        skip_until = draft.accounts[kind].skip_until
        draft.kept(kind, "natural")
        if skipped_since:
            draft.accounts[kind] = replace(draft.accounts[kind], skip_until=skip_until)


def _replay(draft: Draft, kind: BreakKind, later: Account, since: Time) -> list[Time]:
    """Drain an account from `since` to now, with the debts that arose and were dropped on the way.

    Set it in the draft, with what was said about its breaks as it is now; return the instants at which it was kept.
    """
    scale, account = draft.scales[kind], draft.accounts[kind]
    level, at, due = account.level, since, later.due_since
    test, kept = account.in_test or scale.full is None, []
    # What was dropped since stays dropped: it is not kept besides, even where it would have reached zero before.
    changes = [change for change in draft.changes if change.kind is kind]
    last_drop = max((change.at for change in changes if change.amount is None), default=None)
    for until, amount in [*((change.at, change.amount) for change in changes), (draft.now, -1)]:
        zero = exact(at + quotient(level, scale.drain))
        if level > 0 and zero <= until:
            if test and (last_drop is None or zero > last_drop):
                kept.append(zero)
            level, test = 0, scale.full is None
        elif level > 0:
            level -= scale.drain * (until - at)
        at = until
        if amount is None:
            level = 0
        elif amount >= 0:
            due = until if level == 0 else due
            level = max(level, amount)
    draft.accounts[kind] = replace(
        later,
        level=exact(level),
        at=draft.now,
        rate=0,
        bound_at=None,
        in_test=test and scale.full is not None,
        due_since=due if scale.full is None and level > 0 else None,
    )
    return kept


def take_mark(draft: Draft) -> None:
    """Before time moves on: remember how things stand at the last sign, in case the absence will count from it."""
    person = draft.person
    if draft.mark is None and not person.active and person.last_sign == draft.now:
        tally = draft.tally
        accounts = tuple(draft.accounts.values())
        draft.mark = Mark(accounts, tally.spent.read(draft.now), tally.worked.read(draft.now))
        draft.changes = ()


def next_due(draft: Draft) -> Time | None:
    """Return when the minute without a sign is over."""
    person = draft.person
    if person.away or person.active or draft.screen.running is not None or not holds(draft) or draft.calls.open:
        return None
    return person.last_sign + draft.rules.presence_away_after * NS
