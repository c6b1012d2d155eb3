"""Break offers, running breaks and the person's answers (shift-file contract, rules 11 to 14)."""

from dataclasses import replace

from app.domain.inputs import Answer, BreakKind
from app.domain.moment import NS
from app.domain.seat import presence
from app.domain.seat.accounts import break_seconds
from app.domain.seat.draft import Draft, whole
from app.domain.seat.effects import EndBreak, OfferBreak, StartBreak, WithdrawOffer
from app.domain.seat.state import Offer, Running, Time

ORDER = (BreakKind.CALM, BreakKind.TALK, BreakKind.REST, BreakKind.EYES)
"""Which due break is offered first (rule 11)."""


def phase(draft: Draft) -> None:
    """Do what offers do at an instant, last of all: dropping, answering themselves, new ones."""
    offer = draft.screen.offer
    if offer is not None:
        if draft.person.away or not draft.owed(offer.kind):
            withdraw(draft)
        elif offer.auto_at is not None and draft.now >= offer.auto_at:
            if offer.kind is BreakKind.EYES:
                start(draft, offer.kind, offer.seconds)
            else:
                later(draft, offer.kind)
    if _room(draft):
        for kind in ORDER:
            if draft.owed(kind) and ready_at(draft, kind) <= draft.now and not _yields(draft, kind):
                _offer(draft, kind)
                return


def _room(draft: Draft) -> bool:
    """Say whether nothing but waiting times can stand in the way of an offer."""
    return not (
        draft.person.away
        or draft.screen.offer is not None
        or draft.screen.running is not None
        or draft.lock.locked
        or draft.calls.open
        or draft.person.asleep
    )


def _yields(draft: Draft, kind: BreakKind) -> bool:
    """Eyes yield to a rest that is near, unless the rest was put off (rule 11); exactly 5 min away counts as within."""
    if kind is not BreakKind.EYES or draft.postponed(BreakKind.REST) or draft.skipped(BreakKind.REST):
        return False
    scale = draft.scales[BreakKind.REST]
    full = scale.full or 0
    return full - draft.level(BreakKind.REST) <= draft.rules.breaks_eyes_yield_to_rest * scale.unit


def ready_at(draft: Draft, kind: BreakKind) -> Time:
    """Return the instant from which no waiting time stands in the way of offering a due `kind`."""
    account, rules, screen = draft.accounts[kind], draft.rules, draft.screen
    ready: Time = draft.now
    if draft.calls.last_end is not None:
        ready = max(ready, draft.calls.last_end + rules.breaks_wrap_up * NS)
    if screen.alarm_since is not None:
        ready = max(ready, screen.alarm_since + rules.breaks_alarm_holds * NS)
    if screen.share_since is not None:
        due = draft.now if account.due_since is None else account.due_since
        ready = max(ready, max(screen.share_since, due) + rules.breaks_share_patience * NS)
    if account.postponed_until is not None:
        ready = max(ready, account.postponed_until)
    if account.skip_until is not None:
        ready = max(ready, draft.now + account.skip_until - draft.tally.spent.read(draft.now))
    return ready


def _offer(draft: Draft, kind: BreakKind) -> None:
    rules, scale = draft.rules, draft.scales[kind]
    seconds = break_seconds(draft.accounts[kind], scale, draft.now)
    patience = rules.breaks_eyes_auto_start if kind is BreakKind.EYES else rules.breaks_offer_patience
    until = draft.now + patience * NS
    draft.screen = replace(draft.screen, offer=Offer(kind, seconds, until))
    draft.emit("break.offered", ("break", kind.value), ("seconds", seconds))
    left = max(0, scale.postpones - draft.accounts[kind].postpones)
    draft.act(OfferBreak(kind, seconds, whole(until), left))


def withdraw(draft: Draft) -> None:
    """Take an open offer off the screen, silently; it comes again when it may (rule 12)."""
    if draft.screen.offer is not None:
        draft.screen = replace(draft.screen, offer=None)
        draft.act(WithdrawOffer())


def answer(draft: Draft, given: Answer) -> None:
    """Take the person's answer; one that does not fit is ignored."""
    offer, running = draft.screen.offer, draft.screen.running
    if given is Answer.BACK:
        if running is not None:
            _back(draft, running.kind)
    elif offer is not None:
        if given is Answer.START:
            start(draft, offer.kind, offer.seconds)
        elif given is Answer.LATER:
            later(draft, offer.kind)
        else:
            skip(draft, offer.kind)


def start(draft: Draft, kind: BreakKind, seconds: int) -> None:
    """A break starts; an offer goes. While it runs nobody is away (rule 7)."""
    withdraw(draft)
    ends = draft.now + seconds * NS
    draft.screen = replace(draft.screen, running=Running(kind, seconds, draft.now, ends))
    draft.person = replace(draft.person, away=False)
    draft.emit("break.started", ("break", kind.value))
    draft.act(StartBreak(kind, seconds, whole(ends)))


def now(draft: Draft, kind: BreakKind) -> None:
    """A break by oneself (rule 13): only present, unlocked, without call, alarm or running break."""
    screen = draft.screen
    if draft.lock.locked or draft.calls.open or screen.alarm_since is not None or screen.running is not None:
        return
    if presence.holds(draft):
        start(draft, kind, break_seconds(draft.accounts[kind], draft.scales[kind], draft.now))


def later(draft: Draft, kind: BreakKind) -> None:
    """Postponed, or skipped when it was postponed as often in a row as may be (rule 14)."""
    account = draft.accounts[kind]
    if account.postpones >= draft.scales[kind].postpones:
        skip(draft, kind)
        return
    withdraw(draft)
    until = draft.now + draft.rules.breaks_postpone * NS
    draft.accounts[kind] = replace(account, postpones=account.postpones + 1, postponed_until=until)
    draft.emit("break.postponed", ("break", kind.value))


def skip(draft: Draft, kind: BreakKind) -> None:
    """Skipped: a debt is dropped, a load waits until enough time more was spent present (rule 14)."""
    withdraw(draft)
    scale = draft.scales[kind]
    draft.accounts[kind] = replace(draft.accounts[kind], postpones=0)
    if scale.full is None:
        draft.drop_debt(kind)
    else:
        until = draft.tally.spent.read(draft.now) + scale.after_skip * NS
        draft.accounts[kind] = replace(draft.accounts[kind], skip_until=until)
    draft.emit("break.skipped", ("break", kind.value))


def cut(draft: Draft) -> None:
    """A call, an alarm or the end of the shift cuts a running break short and drops nothing (rule 13)."""
    running = draft.screen.running
    if running is not None:
        draft.emit("break.cut_short", ("break", running.kind.value))
        _end(draft, running.kind, kept=False)


def _back(draft: Draft, kind: BreakKind) -> None:
    """The person has to go back: the debt is dropped, a load is not offered for a while, which is not counted."""
    cut(draft)
    if draft.scales[kind].full is None:
        draft.drop_debt(kind)
    else:
        until = draft.now + draft.rules.breaks_postpone * NS
        draft.accounts[kind] = replace(draft.accounts[kind], postponed_until=until)


def finish(draft: Draft) -> None:
    """A running break whose time is over was taken."""
    running = draft.screen.running
    if running is not None and draft.now >= running.ends:
        _end(draft, running.kind, kept=True)
        draft.kept(running.kind, "taken")


def _end(draft: Draft, kind: BreakKind, *, kept: bool) -> None:
    draft.screen = replace(draft.screen, running=None)
    draft.person = replace(draft.person, last_break_end=draft.now)
    draft.act(EndBreak(kind, kept))


def hold(draft: Draft, on: bool) -> None:
    """Hover or focus on the card holds its waiting time; leaving it lets the rest of it run on (rule 13)."""
    offer = draft.screen.offer
    if offer is None:
        return
    if on and offer.auto_at is not None:
        draft.screen = replace(draft.screen, offer=replace(offer, auto_at=None, held=offer.auto_at - draft.now))
    elif not on and offer.auto_at is None:
        draft.screen = replace(draft.screen, offer=replace(offer, auto_at=draft.now + offer.held, held=0))


def next_due(draft: Draft) -> Time | None:
    """Return when an offer answers itself, a break ends, or a due break may be offered."""
    screen = draft.screen
    if screen.running is not None:
        return screen.running.ends
    if screen.offer is not None:
        return screen.offer.auto_at
    if not _room(draft):
        return None
    times = [ready_at(draft, kind) for kind in ORDER if draft.owed(kind)]
    later_ones = [time for time in times if time > draft.now]
    return min(later_ones) if later_ones else None
