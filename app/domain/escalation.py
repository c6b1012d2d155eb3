"""Who is told next, and when: a chain of steps as a pure function, for the server's timers and the console's dry run.

A chain is frozen when the alarm is raised; a *run* of it begins at the raise and anew each time a claim expires (its
fence is then the order number of the expiry). Instants are integer milliseconds of one clock, delays whole seconds.

- The first step goes out at once, each further one when the step before waited in vain; all targets of a step go out
  together. A step without targets is skipped together with its wait.
- A step is content when `quorum` people are coming; while nobody's coming contents the chain it starts over, for ever.
- After an outage each target is told once, not once for every round that was missed.
- A claim is a lease with a fence. Nothing here knows of other alarms, so no throttle by type can hold back a duress.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.alarm_facts import TakeExpired
from app.domain.errors import UsageError
from app.domain.ids import AlarmId

MS = 1000
"""Milliseconds in a second."""


class ChainError(UsageError):
    """A chain that would never wait, or never tell anybody the way it says."""


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """Somebody or something to tell: `channel` is "desk" or the name of a channel, `to` its address there."""

    channel: str
    to: str


@dataclass(frozen=True, slots=True)
class Step:
    """Targets told together, and the seconds (>= 1) to wait for `quorum` (>= 1) people before the next step."""

    targets: tuple[Target, ...]
    wait: int
    quorum: int = 1


@dataclass(frozen=True, slots=True)
class Chain:
    """An escalation policy, frozen when the alarm is raised.

    `lease` and `spot_lease` are the seconds that a claim holds without a new sign of it, before and after "on the
    spot". Raises ChainError for waits, quorums or leases below 1.
    """

    steps: tuple[Step, ...]
    lease: int = 300
    spot_lease: int = 1800

    def __post_init__(self) -> None:
        if any(step.wait < 1 or step.quorum < 1 for step in self.steps):
            raise ChainError("Every step of an escalation chain needs a wait and a quorum of 1 or more.")
        if self.lease < 1 or self.spot_lease < 1:
            raise ChainError("The leases of an escalation chain must be 1 second or more.")

    @property
    def deaf(self) -> bool:
        """Whether no step has a target, so that nobody would ever hear; that is an alert of its own."""
        return not any(step.targets for step in self.steps)


@dataclass(frozen=True, slots=True)
class Key:
    """What makes a notification one and the same, however often it is computed; channels pass it on against repeats."""

    fence: int
    round: int
    step: int
    target: Target


@dataclass(frozen=True, slots=True)
class Notification:
    """To be sent now. `at` is the instant it was due; `urgency` 0 is sent first: real level 1 and duress, 1 real, 2 drill."""

    alarm: AlarmId
    key: Key
    at: int
    urgency: int


@dataclass(frozen=True, slots=True)
class Lease:
    """A claim as the timers see it: `renewed` is the instant of its newest sign, `fence` that sign's order number."""

    person: str
    fence: int
    renewed: int
    on_spot: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands: who is coming, what went out already, and whether a person still has to act."""

    alarm: AlarmId
    fence: int = 0
    leases: tuple[Lease, ...] = ()
    issued: frozenset[Key] = frozenset()
    open: bool = True
    grave: bool = False
    drill: bool = False


def due(chain: Chain, progress: Progress, raised_at: int, now: int) -> tuple[Notification, ...]:
    """Notifications due by `now` and not issued yet, in the order of the steps; none once enough people are coming.

    `raised_at` is the beginning of the present run. Of a step that was due several times only the newest is issued.
    """
    found: list[Notification] = []
    if not progress.open or now < raised_at:
        return ()
    for number, offset, cycle in _reachable(chain, len(progress.leases)):
        if now - raised_at < offset:
            break
        turn = (now - raised_at - offset) // cycle if cycle else 0
        for target in dict.fromkeys(chain.steps[number].targets):
            key = Key(progress.fence, turn, number, target)
            if key not in progress.issued:
                found.append(Notification(progress.alarm, key, raised_at + offset + turn * cycle, _urgency(progress)))
    return tuple(found)


def next_due(chain: Chain, progress: Progress, raised_at: int, now: int) -> int | None:
    """The first instant after `now` at which `due` or `lapsed` can have something new; None if there is none."""
    if not progress.open:
        return None
    instants = [_end(chain, lease) for lease in progress.leases]
    for _number, offset, cycle in _reachable(chain, len(progress.leases)):
        first = raised_at + offset
        if now < first:
            instants.append(first)
        elif cycle:
            instants.append(first + ((now - first) // cycle + 1) * cycle)
    return min((instant for instant in instants if instant > now), default=None)


def lapsed(chain: Chain, progress: Progress, now: int) -> tuple[Lease, ...]:
    """The claims whose lease has run out by `now`; the server numbers a `TakeExpired` for each with its fence."""
    if not progress.open:
        return ()
    return tuple(lease for lease in progress.leases if _end(chain, lease) <= now)


def expiry(progress: Progress, lease: Lease, order: int) -> TakeExpired:
    """The ledger's fact for a lapsed claim under the server's `order`; if nobody else is coming, a new run begins."""
    return TakeExpired(progress.alarm, order, lease.person, lease.fence)


def rehearsed(chain: Chain, alarm: AlarmId, seconds: int) -> tuple[Notification, ...]:
    """A dry run: everything that would go out in `seconds` from the raise (instant 0) if nobody ever answered."""
    progress, now = Progress(alarm), 0
    found: list[Notification] = []
    while True:
        fresh = due(chain, progress, 0, now)
        found += fresh
        progress = issued(progress, (notification.key for notification in fresh))
        later = next_due(chain, progress, 0, now)
        if later is None or later > seconds * MS:
            return tuple(found)
        now = later


def issued(progress: Progress, keys: Iterable[Key]) -> Progress:
    """The progress with these notifications marked as issued; marking one twice changes nothing."""
    return Progress(
        progress.alarm, progress.fence, progress.leases, progress.issued | frozenset(keys), progress.open,
        progress.grave, progress.drill,
    )  # fmt: skip


def _reachable(chain: Chain, coming: int) -> list[tuple[int, int, int]]:
    """Number, offset and period (0: once) in ms of each step that is not held back by enough people coming."""
    found: list[tuple[int, int]] = []
    offset = 0
    for number, step in enumerate(chain.steps):
        if not step.targets:
            continue
        found.append((number, offset))
        offset += step.wait * MS
        if coming >= step.quorum:
            return [(place, start, 0) for place, start in found]
    return [(place, start, offset) for place, start in found]


def _end(chain: Chain, lease: Lease) -> int:
    return lease.renewed + (chain.spot_lease if lease.on_spot else chain.lease) * MS


def _urgency(progress: Progress) -> int:
    if progress.drill:
        return 2
    return 0 if progress.grave else 1
