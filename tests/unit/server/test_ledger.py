"""The alarm lane's transactions with a clock that the test holds: escalation, leases, repeats, restarts."""

import os

from app.domain.alarm import Status
from app.domain.alarm_facts import PinResult
from app.protocol import api
from app.protocol.alarm import MoveFlag, MoveKind, make_alarm, open_alarm
from app.protocol.keys import Ed25519Signer, public_of
from app.protocol.vouch import no_vouch
from app.server.alerts import chains, ledger
from app.server.alerts.ledger import Outcome
from app.server.storage import alarms as rows
from app.server.storage import people
from app.server.storage.people import Person, Stream
from tests.unit.server.conftest import House, someone

SESSION = Ed25519Signer(b"\x01" * 32)
ALARM = someone(0xAA)
AGENT, LEAD, LEAD2, HEAD, OTHER = (someone(0x20 + number) for number in range(1, 6))


def move(house: House, no: int = 1, kind: MoveKind = MoveKind.RAISE, *, after: float = 0, level: int = 2, who: int = 1) -> Outcome:
    data = make_alarm(
        SESSION, no_vouch(public_of(SESSION)), device=someone(0x10 + who), stream=someone(0x20 + who), alarm=ALARM, no=no,
        kind=kind, level=level, flags=MoveFlag.NONE, ms=house.now, detail=os.urandom(80),
    )
    with house.alarms.begin():
        turn = house.turn(after)
        return ledger.take_move(house.alarms, turn, open_alarm(data), verified=True, check=lambda _: PinResult.UNCHECKED)


def act(house: House, name: str, person: int, *, after: float = 0, no: int = 1, word: str = "") -> Outcome:
    with house.alarms.begin():
        turn = house.turn(after)

        def do(row: rows.AlarmRow, _state: object) -> None:
            desk = {"desk": someone(0x10 + person), "person": someone(person).hex()}
            rows.add_act(house.alarms, row, name, no=no, word=word, ms=turn.now, evidence=os.urandom(128), **desk)  # type: ignore[arg-type]  # two values of one type

        found = ledger.act(house.alarms, turn, ALARM, do)
    assert found is not None
    return found


def wait(house: House, seconds: float) -> Outcome:
    with house.alarms.begin():
        found = ledger.act(house.alarms, house.turn(seconds), ALARM, lambda _row, _state: None)
    assert found is not None
    return found


def heard(outcome: Outcome, kind: type[api.EventPayload] = api.DeskAlarm) -> set[bytes]:
    return {who for who, _, body in outcome.events if type(api.decode_event(body)) is kind}


def test_the_teams_leads_hear_at_once_and_nobody_else(house: House) -> None:
    assert heard(move(house)) == {LEAD, LEAD2}


def test_without_an_answer_the_head_hears_and_then_every_lead_of_the_site_and_it_starts_over(house: House) -> None:
    first = move(house)
    assert first.next_at == house.now + chains.LEAD_WAIT_S * 1000
    assert heard(wait(house, chains.LEAD_WAIT_S - 0.1)) == set()
    assert heard(wait(house, 0.1)) == {HEAD}
    assert heard(wait(house, chains.HEAD_WAIT_S)) == {OTHER}
    assert heard(wait(house, chains.SITE_WAIT_S)) == {LEAD, LEAD2}, "repeated until somebody takes it"


def test_once_taken_nobody_further_hears(house: House) -> None:
    move(house)
    act(house, "taken", 2, after=5)
    for _ in range(4):
        assert heard(wait(house, 60)) == set()


def test_a_claim_that_is_forgotten_expires_and_it_sounds_again(house: House) -> None:
    move(house)
    taken = act(house, "taken", 2, after=5)
    assert taken.state.status is Status.TAKEN
    assert taken.next_at == house.now + 300_000
    lapsed = wait(house, 300)
    assert lapsed.state.status is not Status.TAKEN
    assert heard(lapsed) == {LEAD, LEAD2}


def test_on_the_spot_holds_longer_than_on_the_way(house: House) -> None:
    move(house)
    act(house, "taken", 2)
    assert act(house, "on_spot", 2, after=60).next_at == house.now + 1_800_000


def test_after_an_outage_each_target_is_told_once(house: House) -> None:
    move(house)
    late = wait(house, 10_000)
    assert heard(late) == {LEAD, LEAD2, HEAD, OTHER}
    assert len([who for who, _, _ in late.events if who == LEAD]) == 1
    assert heard(wait(house, 0.5)) == set()


def test_the_first_receipt_is_passed_on_with_the_desks_signature(house: House) -> None:
    move(house)
    told = act(house, "delivered", 2)
    signs = [api.decode_event(body) for who, _, body in told.events if who == AGENT]
    assert len(signs) == 1
    assert isinstance(signs[0], api.AlarmSign)
    assert (signs[0].state, len(signs[0].receipt_sig or b"")) == ("delivered", 64)
    assert heard(act(house, "delivered", 3), api.AlarmSign) == set(), "the same again is no news"


def test_after_a_take_back_the_origin_is_told_nothing_whatever_happens(house: House) -> None:
    move(house)
    act(house, "delivered", 2)
    assert heard(move(house, 2, MoveKind.TAKE_BACK), api.AlarmSign) == set()
    for name in ("seen", "taken", "on_spot", "settled"):
        assert AGENT not in {who for who, _, _ in act(house, name, 2, no=2, word="mistake").events}


def test_event_numbers_rise_for_every_recipient(house: House) -> None:
    numbers: dict[bytes, list[int]] = {}
    for outcome in (move(house), move(house, 2, MoveKind.PRESSED_AGAIN), act(house, "taken", 2), act(house, "on_spot", 2)):
        for who, number, _ in outcome.events:
            numbers.setdefault(who, []).append(number)
    for found in numbers.values():
        assert found == sorted(set(found))


def test_an_alarm_that_reached_nobody_finds_the_lead_who_comes_later(house: House) -> None:
    with house.main.begin():
        site = next(iter(house.people.sites))
        people.put_person(house.main, Person(site, someone(9), "p9", "A"), "agent")
        for number in (2, 3, 4, 5):
            house.main.exec_driver_sql("DELETE FROM roles WHERE person = ?", (someone(number),))
    house.reload()
    house.main.rollback()
    first = move(house)
    assert (heard(first), first.next_at) == (set(), house.now + ledger.DEAF_MS)
    with house.main.begin():
        people.put_person(house.main, Person(site, someone(9), "p9", "A"), "lead")
        people.put_stream(house.main, Stream(site, someone(0x29), someone(0x12), someone(9)), 0)
    house.reload()
    house.main.rollback()
    assert heard(wait(house, 5)) == {someone(0x29)}


def test_a_later_settlement_needs_what_was_pressed_meanwhile(house: House) -> None:
    move(house)
    act(house, "taken", 2)
    move(house, 2, MoveKind.PRESSED_AGAIN)
    assert act(house, "settled", 2, no=1, word="mistake").state.open
    assert not act(house, "settled", 2, no=2, word="mistake").state.open


def test_more_variants_of_one_move_than_anybody_can_mean_are_not_kept(house: House) -> None:
    for _ in range(ledger.VARIANTS_MAX + 5):
        move(house)
    with house.alarms.begin():
        row = rows.find_alarm(house.alarms, ALARM)
        assert row is not None
        assert len(rows.moves_of(house.alarms, row)) == ledger.VARIANTS_MAX
