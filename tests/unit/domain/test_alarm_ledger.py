"""Stories of one alarm, and what holds for every set of facts in every order."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.alarm import (
    NOBODY_AFTER,
    AlarmState,
    Fact,
    HandedOver,
    LevelSet,
    Move,
    MoveKind,
    PinFinding,
    PinResult,
    Receipt,
    ReceiptState,
    Reviewed,
    Settled,
    Status,
    TakeExpired,
    Told,
    fold,
    told_to_origin,
)
from app.domain.alarm_desk import NextAction, desk_order, desk_row
from app.domain.ids import AlarmId, DeskId

A = AlarmId(b"a" * 16)
DESKS = {name: DeskId(name.encode().ljust(16, b"-")) for name in ("lin", "wang", "zhao")}


def move(no: int = 1, kind: MoveKind = MoveKind.RAISE, level: int = 2, **more: bool) -> Move:
    return Move(A, no, kind, level, ms=1000 + no, **more)


def receipt(who: str, state: ReceiptState, order: int | None = None, no: int = 1, ms: int = 0) -> Receipt:
    return Receipt(A, DESKS[who], who, no, state, ms or (order or 0), order)


def taken(who: str, order: int | None = None, ms: int = 0) -> Receipt:
    return receipt(who, ReceiptState.TAKEN, order, ms=ms)


def on_spot(who: str, order: int) -> Receipt:
    return receipt(who, ReceiptState.ON_SPOT, order)


def settled(who: str, order: int, upto: int = 9) -> Settled:
    return Settled(A, order, who, upto, "insults")


BACK = move(2, MoveKind.TAKE_BACK)
AGAIN = move(3, MoveKind.PRESSED_AGAIN)


def test_an_alarm_walks_from_raised_to_reviewed() -> None:
    facts: list[Fact] = [move(on_call=True)]
    seen: list[Status] = [fold(facts).status]
    for fact in (
        receipt("lin", ReceiptState.DELIVERED, 1),
        receipt("lin", ReceiptState.SEEN, 2),
        taken("lin", 3),
        on_spot("lin", 4),
        settled("lin", 5),
        Reviewed(A, 6, "head"),
    ):
        facts.append(fact)
        seen.append(fold(facts).status)
    assert seen == [status for status in Status if status is not Status.UNKNOWN]
    last = fold(facts)
    assert (last.on_call, last.reviewed_by, last.owner, last.open) == (True, "head", "lin", False)
    assert last.delivered_to == last.seen_at == {DESKS["lin"]}


def test_nothing_known_is_no_alarm_and_answers_alone_are_none() -> None:
    assert fold([]) == AlarmState()
    assert fold([]).status is Status.UNKNOWN
    assert fold([taken("lin", 1)]).status is Status.UNKNOWN
    assert not fold([taken("lin", 1)]).open


def test_an_alarm_whose_first_move_is_lost_is_open_and_real() -> None:
    state = fold([move(3, MoveKind.PRESSED_AGAIN, level=1)])
    assert (state.status, state.drill, state.level, state.pressed_again) == (Status.RAISED, False, 1, 1)
    assert fold([BACK]).status is Status.RAISED


def test_a_drill_is_fixed_by_the_first_move() -> None:
    assert fold([move(drill=True), move(2, MoveKind.RAISE_LEVEL, level=1)]).drill
    assert not fold([move(), move(2, MoveKind.RAISE_LEVEL, level=1, drill=True)]).drill
    assert not fold([move(2, MoveKind.RAISE_LEVEL, drill=True)]).drill


def test_the_level_only_rises_and_a_person_at_a_desk_can_raise_it() -> None:
    assert fold([move(level=2), move(2, MoveKind.RAISE_LEVEL, level=1), move(3, level=3)]).level == 1
    assert fold([move(level=3), LevelSet(A, 4, "lin", 1)]).needs_two


def test_of_two_moves_under_one_number_the_verified_one_speaks() -> None:
    state = fold([move(level=1, drill=True, verified=False), move(level=2)])
    assert (state.drill, state.level, state.verified) == (False, 2, True)
    assert not fold([move(verified=False)]).verified


def test_two_claims_both_stand_and_the_server_order_names_the_owner() -> None:
    state = fold([move(), taken("wang", 8), taken("lin", 7)])
    assert [claim.person for claim in state.claims] == ["lin", "wang"]
    assert state.owner == "lin"


def test_a_claim_from_the_local_network_stands_behind_numbered_ones_until_it_has_its_number() -> None:
    near = taken("lin", None, ms=50)
    assert fold([move(), near]).owner == "lin"
    assert fold([move(), near, taken("wang", 8)]).owner == "wang"
    numbered = taken("lin", 7, ms=50)
    state = fold([move(), near, taken("wang", 8), numbered])
    assert [(claim.person, claim.order) for claim in state.claims] == [("lin", 7), ("wang", 8)]


def test_a_taken_alarm_that_is_forgotten_is_raised_again() -> None:
    facts: list[Fact] = [move(), receipt("lin", ReceiptState.SEEN, 1), taken("lin", 2), TakeExpired(A, 5, "lin", 2)]
    state = fold(facts)
    assert (state.status, state.owner, state.expired) == (Status.RAISED, "", 5)
    assert told_to_origin(state) is Told.SHOWN
    assert fold([*facts, receipt("wang", ReceiptState.DELIVERED, 6)]).status is Status.DELIVERED
    assert fold([*facts, taken("lin", 7)]).status is Status.TAKEN


def test_a_renewed_claim_is_not_ended_by_an_older_expiry() -> None:
    facts: list[Fact] = [move(), taken("lin", 2), taken("lin", 4), TakeExpired(A, 5, "lin", 2)]
    (claim,) = fold(facts).claims
    assert (claim.since, claim.order) == (2, 4)
    assert fold([*facts, TakeExpired(A, 6, "lin", 4)]).claims == ()
    assert fold([*facts, TakeExpired(A, 6, "wang", 4)]).owner == "lin"
    both = fold([move(), taken("lin", 2), taken("wang", 3), TakeExpired(A, 5, "lin", 2)])
    assert (both.owner, both.expired, both.status) == ("wang", 0, Status.TAKEN)


def test_a_claim_handed_over_keeps_its_place_and_gets_a_new_lease() -> None:
    facts: list[Fact] = [move(), taken("lin", 2), taken("wang", 3), HandedOver(A, 4, "lin", "zhao")]
    assert [(claim.person, claim.order) for claim in fold(facts).claims] == [("zhao", 4), ("wang", 3)]
    assert fold([*facts, TakeExpired(A, 9, "zhao", 2)]).owner == "zhao"
    merged = fold([move(), taken("lin", 2), on_spot("wang", 3), HandedOver(A, 4, "lin", "wang")])
    assert [(claim.person, claim.on_spot) for claim in merged.claims] == [("wang", True)]
    assert fold([move(), taken("lin", 2), HandedOver(A, 3, "wang", "zhao")]).owner == "lin"
    assert fold([move(), taken("lin", 2), HandedOver(A, 3, "lin", "lin")]).owner == "lin"


def test_level_one_is_settled_by_two_people() -> None:
    first = fold([move(level=1), taken("lin", 1), settled("lin", 2), settled("lin", 3)])
    assert (first.status, first.waits_for_second) == (Status.TAKEN, True)
    assert fold([move(level=1), settled("lin", 2), settled("wang", 3)]).status is Status.SETTLED


def test_level_one_is_settled_by_one_after_another_was_on_the_spot() -> None:
    assert fold([move(level=1), on_spot("wang", 1), settled("lin", 2)]).status is Status.SETTLED
    assert fold([move(level=1), on_spot("lin", 1), settled("lin", 2)]).open
    assert fold([move(level=1), settled("lin", 2), on_spot("wang", 3)]).open


def test_a_level_raised_after_one_settled_it_opens_it_again_for_a_second() -> None:
    facts: list[Fact] = [move(level=2), settled("lin", 2)]
    assert not fold(facts).open
    assert fold([*facts, LevelSet(A, 3, "wang", 1)]).waits_for_second


def test_who_presses_again_after_what_the_settler_knew_is_heard() -> None:
    state = fold([move(), on_spot("lin", 1), settled("lin", 2, upto=1), AGAIN])
    assert (state.status, state.claims, state.settled_by) == (Status.SEEN, (), ())
    closed = fold([move(), on_spot("lin", 1), settled("lin", 2, upto=1), AGAIN, settled("wang", 5, upto=3)])
    assert closed.status is Status.SETTLED


def test_a_review_counts_for_the_settlement_before_it_only() -> None:
    assert fold([move(), settled("lin", 5), Reviewed(A, 4, "head")]).status is Status.SETTLED
    assert fold([move(), Reviewed(A, 4, "head")]).status is Status.RAISED


@pytest.mark.parametrize("result", [PinResult.RIGHT, PinResult.UNCHECKED, PinResult.DURESS, None])
def test_a_take_back_is_no_end_and_the_pc_is_told_nothing_more(result: PinResult | None) -> None:
    facts: list[Fact] = [move(), taken("lin", 1), BACK]
    facts += [PinFinding(A, 2, result)] if result else []
    state = fold(facts)
    assert (state.status, state.taken_back, state.open) == (Status.TAKEN, True, True)
    assert state.duress == state.needs_two == (result is PinResult.DURESS)
    assert told_to_origin(state, 60) is Told.NONE
    assert fold([*facts, settled("lin", 7)]).open == (result is PinResult.DURESS)
    assert told_to_origin(fold([*facts, settled("lin", 7), settled("wang", 8)])) is Told.NONE


def test_a_mistyped_pin_takes_nothing_back_and_the_sign_goes_on() -> None:
    state = fold([move(), taken("lin", 1), BACK, PinFinding(A, 2, PinResult.WRONG)])
    assert (state.taken_back, state.duress, told_to_origin(state)) == (False, False, Told.COMING)
    right = fold([move(), BACK, PinFinding(A, 2, PinResult.WRONG), PinFinding(A, 2, PinResult.UNCHECKED)])
    assert not right.taken_back


def test_the_fifth_wrong_pin_counts_as_duress() -> None:
    facts: list[Fact] = [move(), *(PinFinding(A, no, PinResult.WRONG) for no in range(2, 6))]
    assert not fold(facts).taken_back
    state = fold([*facts, PinFinding(A, 6, PinResult.WRONG)])
    assert (state.taken_back, state.duress, told_to_origin(state)) == (True, True, Told.NONE)
    assert state.last_no == 6


def test_duress_found_after_it_was_settled_opens_it_again() -> None:
    facts: list[Fact] = [move(), settled("lin", 2, upto=1), BACK]
    assert not fold(facts).open
    assert fold([*facts, PinFinding(A, 2, PinResult.DURESS)]).open


def test_the_sign_says_shown_only_on_a_receipt_and_nobody_after_six_seconds() -> None:
    assert NOBODY_AFTER == 6
    assert told_to_origin(fold([])) is Told.NONE
    assert told_to_origin(fold([move()]), NOBODY_AFTER - 0.1) is Told.KEPT
    assert told_to_origin(fold([move()]), NOBODY_AFTER) is Told.NOBODY
    assert told_to_origin(fold([move(), receipt("lin", ReceiptState.DELIVERED)]), 60) is Told.SHOWN
    assert told_to_origin(fold([move(), taken("lin", 4)]), 60) is Told.COMING
    assert told_to_origin(fold([move(), settled("lin", 4)])) is Told.NONE


def test_facts_of_two_alarms_are_refused() -> None:
    with pytest.raises(ValueError, match="two alarms"):
        fold([move(), Move(AlarmId(b"b" * 16), 1, MoveKind.RAISE)])


def test_the_desk_has_one_next_action_at_a_time() -> None:
    facts: list[Fact] = [move(level=1)]

    def next_for(who: str) -> NextAction:
        return desk_row(fold(facts), who, 10, 75.9).next_action

    assert (next_for("lin"), desk_row(fold(facts), "lin", 10, 75.9).waiting) == (NextAction.TAKE, 65)
    assert desk_row(fold(facts), "lin", 10, 5).waiting == 0
    facts.append(taken("lin", 1))
    assert (next_for("lin"), next_for("wang")) == (NextAction.ON_SPOT, NextAction.TAKE)
    facts.append(on_spot("lin", 2))
    assert next_for("lin") is NextAction.SETTLE
    facts.append(settled("lin", 3))
    assert (next_for("lin"), next_for("wang")) == (NextAction.NONE, NextAction.SETTLE)
    assert desk_row(fold(facts), "wang", 10, 75).waits_for_second
    facts.append(settled("wang", 4))
    assert next_for("zhao") is NextAction.NONE


def test_the_desk_sounds_until_somebody_comes_and_names_who_else_answers() -> None:
    assert desk_row(fold([move()]), "lin", 0, 1).sounds
    state = fold([move(), taken("wang", 1), taken("lin", 2), taken("zhao", 3)])
    row = desk_row(state, "lin", 0, 1)
    assert (row.sounds, row.mine, row.owner, row.others) == (False, True, "wang", ("zhao",))
    assert desk_row(state, "wang", 0, 1).others == ("lin", "zhao")
    assert desk_row(fold([move(), taken("wang", 1), TakeExpired(A, 2, "wang", 1)]), "lin", 0, 1).sounds


def test_a_desk_lists_open_before_done_real_before_drill_level_one_first_then_the_newest() -> None:
    rows = {
        "level one": (fold([move(level=1)]), 5.0),
        "newer": (fold([move()]), 9.0),
        "older": (fold([move()]), 3.0),
        "drill": (fold([move(level=1, drill=True)]), 20.0),
        "done": (fold([move(), settled("lin", 1)]), 30.0),
    }
    assert sorted(rows, key=lambda name: desk_order(*rows[name])) == list(rows)


def _facts() -> st.SearchStrategy[list[Fact]]:
    numbers, orders, people = st.integers(1, 6), st.integers(1, 30), st.sampled_from(sorted(DESKS))
    moves = st.builds(
        Move, st.just(A), numbers, st.sampled_from(MoveKind), st.integers(1, 3), st.booleans(), st.booleans(),
        st.integers(0, 3), st.booleans(),
    )  # fmt: skip

    def signed(who: str, no: int, state: ReceiptState, ms: int, order: int | None) -> Receipt:
        return Receipt(A, DESKS[who], who, no, state, ms, order)

    kinds: list[st.SearchStrategy[Fact]] = [
        moves,
        st.builds(signed, people, numbers, st.sampled_from(ReceiptState), st.integers(0, 2), orders | st.none()),
        st.builds(LevelSet, st.just(A), orders, people, st.integers(1, 3)),
        st.builds(PinFinding, st.just(A), numbers, st.sampled_from(PinResult)),
        st.builds(TakeExpired, st.just(A), orders, people, orders),
        st.builds(HandedOver, st.just(A), orders, people, people),
        st.builds(Settled, st.just(A), orders, people, numbers, st.just("insults")),
        st.builds(Reviewed, st.just(A), orders, people),
    ]
    return st.lists(st.one_of(kinds), max_size=14)


@given(_facts(), st.randoms(use_true_random=False))
def test_repeats_and_arrival_order_change_nothing(facts: list[Fact], dice: Random) -> None:
    shuffled = [*facts, *facts[: len(facts) // 2]]
    dice.shuffle(shuffled)
    assert fold(shuffled) == fold(facts)


@given(_facts())
def test_no_alarm_ends_without_a_person_who_knew_of_every_cry(facts: list[Fact]) -> None:
    state = fold(facts)
    asks = [f.no for f in facts if isinstance(f, Move) and f.kind is not MoveKind.TAKE_BACK]
    findings = {f.no for f in facts if isinstance(f, PinFinding)}
    asks = [no for no in asks if no not in findings]
    takebacks = {f.no for f in facts if isinstance(f, Move) and f.kind is MoveKind.TAKE_BACK}
    asks = [no for no in asks if no not in takebacks]
    if state.status in (Status.SETTLED, Status.REVIEWED):
        assert state.settled_by
        assert all(settled.upto >= max(asks, default=0) for settled in state.settled_by)
        present = {settled.person for settled in state.settled_by} | {
            f.person for f in facts if isinstance(f, Receipt) and f.state is ReceiptState.ON_SPOT
        } | {f.to for f in facts if isinstance(f, HandedOver)}  # fmt: skip
        assert not state.needs_two or len(present) > 1
    elif any(isinstance(f, Move) for f in facts):
        assert state.open


@given(_facts())
def test_the_sign_never_claims_what_no_receipt_says(facts: list[Fact]) -> None:
    told = told_to_origin(fold(facts), 60)
    assert told is not Told.KEPT
    if told in (Told.SHOWN, Told.COMING):
        assert any(isinstance(f, Receipt) for f in facts)
    if told is Told.COMING:
        assert any(isinstance(f, Receipt) and f.state >= ReceiptState.TAKEN for f in facts)


@settings(max_examples=300)
@given(_facts(), st.integers(1, 6), st.floats(0, 100))
def test_the_pc_cannot_tell_duress_from_a_right_pin(facts: list[Fact], no: int, waited: float) -> None:
    plain: list[Fact] = [f for f in facts if not isinstance(f, PinFinding)]
    plain = [f for f in plain if not (isinstance(f, Move) and f.no == no)]
    back: list[Fact] = [*plain, Move(A, no, MoveKind.TAKE_BACK)]
    before = told_to_origin(fold(back), waited)
    right = told_to_origin(fold([*back, PinFinding(A, no, PinResult.RIGHT)]), waited)
    duress = told_to_origin(fold([*back, PinFinding(A, no, PinResult.DURESS)]), waited)
    assert before is right is duress is Told.NONE
