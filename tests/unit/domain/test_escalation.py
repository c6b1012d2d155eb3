"""Stories of one run of a chain, and what holds for every chain at every pace of the timers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.alarm import Move, MoveKind, Receipt, ReceiptState, TakeExpired, fold
from app.domain.escalation import (
    MS,
    Chain,
    ChainError,
    Key,
    Lease,
    Notification,
    Progress,
    Step,
    Target,
    due,
    expiry,
    issued,
    lapsed,
    next_due,
    rehearsed,
)
from app.domain.ids import AlarmId, DeskId

A = AlarmId(b"a" * 16)
TEAM, SITE, HEAD, CHAT = Target("desk", "team 7"), Target("desk", "site"), Target("desk", "head"), Target("wecom", "1")
CHAIN = Chain((Step((TEAM,), 20), Step((SITE, CHAT), 40), Step((HEAD,), 60)))


def told(found: tuple[Notification, ...]) -> list[tuple[int, str]]:
    return [(notification.at // MS, notification.key.target.to) for notification in found]


def coming(*people: str, renewed: int = 0, on_spot: bool = False) -> tuple[Lease, ...]:
    return tuple(Lease(person, number + 1, renewed, on_spot) for number, person in enumerate(people))


def test_the_first_step_goes_out_at_once_and_nothing_before_the_raise() -> None:
    assert told(due(CHAIN, Progress(A), 5000, 5000)) == [(5, "team 7")]
    assert due(CHAIN, Progress(A), 5000, 4999) == ()
    assert next_due(CHAIN, Progress(A), 5000, 4000) == 5000


def test_a_chain_climbs_in_its_seconds_and_starts_over_until_somebody_comes() -> None:
    assert told(rehearsed(CHAIN, A, 150)) == [
        (0, "team 7"), (20, "site"), (20, "1"), (60, "head"), (120, "team 7"), (140, "site"), (140, "1"),
    ]  # fmt: skip


def test_nothing_more_goes_out_once_somebody_is_coming() -> None:
    progress = Progress(A, leases=coming("lin", renewed=10 * MS))
    assert told(due(CHAIN, progress, 0, 500 * MS)) == [(0, "team 7")]
    assert due(CHAIN, issued(progress, [Key(0, 0, 0, TEAM)]), 0, 500 * MS) == ()


def test_a_step_that_wants_two_people_is_not_content_with_one() -> None:
    chain = Chain((Step((TEAM,), 20, quorum=2), Step((SITE,), 40)))
    assert told(due(chain, Progress(A, leases=coming("lin")), 0, 30 * MS)) == [(0, "team 7"), (20, "site")]
    assert told(due(chain, Progress(A, leases=coming("lin")), 0, 500 * MS)) == [(0, "team 7"), (20, "site")]
    assert told(due(chain, Progress(A, leases=coming("lin", "wang")), 0, 500 * MS)) == [(0, "team 7")]


def test_an_empty_step_is_skipped_together_with_its_wait() -> None:
    chain = Chain((Step((), 600), Step((TEAM,), 20), Step((), 600), Step((HEAD,), 60)))
    assert told(rehearsed(chain, A, 100)) == [(0, "team 7"), (20, "head"), (80, "team 7"), (100, "head")]


def test_a_chain_without_any_target_is_deaf_and_says_so() -> None:
    deaf = Chain((Step((), 60),))
    assert deaf.deaf
    assert not CHAIN.deaf
    assert (due(deaf, Progress(A), 0, 999), next_due(deaf, Progress(A), 0, 999), rehearsed(deaf, A, 99)) == (
        (),
        None,
        (),
    )


def test_what_was_issued_is_not_issued_again() -> None:
    first = due(CHAIN, Progress(A), 0, 25 * MS)
    assert told(first) == [(0, "team 7"), (20, "site"), (20, "1")]
    some = issued(Progress(A), [first[0].key, first[2].key])
    assert told(due(CHAIN, some, 0, 25 * MS)) == [(20, "site")]


def test_a_target_named_twice_in_a_step_is_told_once() -> None:
    assert told(due(Chain((Step((TEAM, TEAM), 5),)), Progress(A), 0, 0)) == [(0, "team 7")]


def test_after_an_outage_each_target_is_told_once_not_once_a_round() -> None:
    assert told(due(CHAIN, Progress(A), 0, 1000 * MS)) == [(960, "team 7"), (980, "site"), (980, "1"), (900, "head")]


def test_a_claim_without_a_new_sign_lapses_and_the_chain_begins_anew() -> None:
    progress = issued(Progress(A, leases=coming("lin", renewed=10 * MS)), [Key(0, 0, 0, TEAM)])
    assert next_due(CHAIN, progress, 0, 10 * MS) == 310 * MS
    assert lapsed(CHAIN, progress, 310 * MS - 1) == ()
    (lease,) = lapsed(CHAIN, progress, 310 * MS)
    fact = expiry(progress, lease, order=9)
    assert fact == TakeExpired(A, 9, "lin", lease.fence)
    desk = DeskId(b"d" * 16)
    claim = Receipt(A, desk, "lin", 1, ReceiptState.TAKEN, 0, lease.fence)
    assert fold([Move(A, 1, MoveKind.RAISE), claim, fact]).expired == 9
    anew = replace(progress, fence=9, leases=())
    assert told(due(CHAIN, anew, 310 * MS, 310 * MS)) == [(310, "team 7")]


def test_a_person_on_the_spot_is_left_alone_for_longer() -> None:
    progress = Progress(A, leases=coming("lin", on_spot=True))
    assert lapsed(CHAIN, progress, 301 * MS) == ()
    assert len(lapsed(CHAIN, progress, 1800 * MS)) == 1


def test_a_settled_alarm_has_no_timers() -> None:
    progress = Progress(A, leases=coming("lin"), open=False)
    assert due(CHAIN, progress, 0, 10**9) == ()
    assert lapsed(CHAIN, progress, 10**9) == ()
    assert next_due(CHAIN, progress, 0, 0) is None


def test_a_grave_alarm_goes_before_a_plain_one_and_a_real_one_before_a_drill() -> None:
    urgencies = [
        due(CHAIN, progress, 0, 0)[0].urgency
        for progress in (Progress(A, grave=True), Progress(A), Progress(A, drill=True, grave=True))
    ]
    assert urgencies == [0, 1, 2]


@pytest.mark.parametrize("steps", [(Step((TEAM,), 0),), (Step((TEAM,), 5, quorum=0),)])
def test_a_step_that_never_waits_or_wants_nobody_is_refused(steps: tuple[Step, ...]) -> None:
    with pytest.raises(ChainError, match="wait and a quorum"):
        Chain(steps)
    for lease, spot_lease in ((0, 1), (1, 0)):
        with pytest.raises(ChainError, match="leases"):
            Chain((), lease=lease, spot_lease=spot_lease)


def test_one_second_is_the_shortest_wait_and_lease() -> None:
    quick = Chain((Step((TEAM,), 1, quorum=1),), lease=1, spot_lease=1)
    assert told(rehearsed(quick, A, 2)) == [(0, "team 7"), (1, "team 7"), (2, "team 7")]


def _chains() -> st.SearchStrategy[Chain]:
    targets = st.lists(st.sampled_from([TEAM, SITE, HEAD, CHAT]), max_size=3, unique=True).map(tuple)
    steps = st.lists(st.builds(Step, targets, st.integers(1, 90), st.integers(1, 3)), max_size=4).map(tuple)
    return st.builds(Chain, steps)


@given(_chains(), st.integers(0, 3), st.lists(st.integers(0, 40_000), max_size=12))
def test_an_engine_that_wakes_when_told_misses_nothing_that_a_busier_one_sends(
    chain: Chain, people: int, extra: list[int]
) -> None:
    """Waking only at `next_due` sends the same at the same instants as waking at other instants besides."""
    start = Progress(A, leases=coming(*"abc"[:people], renewed=10**9))

    def sent(wakes: list[int]) -> list[tuple[int, Key]]:
        progress, now, found = start, 0, list[tuple[int, Key]]()
        while now <= 300 * MS:
            fresh = due(chain, progress, 0, now)
            found += [(now, notification.key) for notification in fresh]
            assert all(notification.at == now for notification in fresh)
            progress = issued(progress, (notification.key for notification in fresh))
            later = [wake for wake in wakes if wake > now]
            upcoming = next_due(chain, progress, 0, now)
            if upcoming is not None:
                later.append(upcoming)
            if not later:
                break
            now = min(later)
        return found

    assert sent([]) == sent(extra)


@given(_chains(), st.integers(0, 3), st.integers(0, 10**7))
def test_no_key_is_due_twice_and_more_people_never_mean_more_notices(chain: Chain, people: int, now: int) -> None:
    def keys(count: int) -> list[Key]:
        return [found.key for found in due(chain, Progress(A, leases=coming(*"abcd"[:count])), 0, now)]

    assert len(set(keys(people))) == len(keys(people))
    assert {(key.step, key.target) for key in keys(people + 1)} <= {(key.step, key.target) for key in keys(people)}
    everybody = issued(Progress(A, leases=coming(*"abcd"[:people])), keys(people))
    assert due(chain, everybody, 0, now) == ()
