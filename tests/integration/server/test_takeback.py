"""Taking an alarm back: PIN and duress PIN look the same from outside, and afterwards the PC hears nothing."""

import secrets
from functools import partial

import pytest

from app.domain.errors import UsageError
from app.protocol import api
from app.protocol.alarm import MoveKind, ReceiptState
from app.protocol.pin import Step, pin_proof, seal_proof
from app.server import commands
from tests.helpers.server_client import Live, Pc, Reply, now_ms
from tests.helpers.server_thread import ServerThread
from tests.integration.server.conftest import MakePc

PIN, DURESS = "482913", "482056"


def take_back(pc: Pc, alarm: bytes, no: int, pin: str) -> Reply:
    assert pc.keys is not None
    seal = pc.keys.seal_key(now_ms())
    detail = seal_proof(pin_proof(pin, pc.stream), seal, Step(pc.device, pc.stream, alarm, no))
    return pc.plain("POST", api.ROUTE_ALARM, pc.alarm_bytes(alarm, no, MoveKind.TAKE_BACK, detail=detail), api.MEDIA_ALARM)


def set_pins(server: ServerThread) -> None:
    done = server.main_lane(lambda conn: commands.set_pins(conn, server.keys, "Shanghai", "王芳", (PIN, DURESS)))
    assert done == 1


def board(desk: Live) -> str:
    update = desk.until(api.DeskAlarmUpdated)
    assert isinstance(update, api.DeskAlarmUpdated)
    return update.taken_back


def test_pin_and_duress_get_the_same_answer_and_only_the_desk_knows(server: ServerThread, make_pc: MakePc) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead")
    set_pins(server)
    desk = lead.stream_events()
    answers = []
    for pin, seen in ((PIN, "yes"), (DURESS, "duress")):
        alarm = pc.raise_alarm()
        desk.until(api.DeskAlarm)
        reply = take_back(pc, alarm, 2, pin)
        said = api.decode_message(reply.body, api.AlarmAnswer)
        answers.append((reply.status, reply.media, len(reply.body), said.no, said.stored, said.listening, said.unverified))
        assert board(desk) == seen
    assert answers[0] == answers[1]
    desk.close()


@pytest.mark.parametrize("pin", [PIN, DURESS])
def test_after_a_take_back_nothing_about_it_reaches_the_pc(server: ServerThread, make_pc: MakePc, pin: str) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead")
    set_pins(server)
    sign, desk = pc.stream_events(), lead.stream_events()
    alarm = pc.raise_alarm()
    lead.receipt(alarm, ReceiptState.DELIVERED)
    assert isinstance(sign.until(api.AlarmSign), api.AlarmSign)
    assert take_back(pc, alarm, 2, pin).status == 200
    lead.receipt(alarm, ReceiptState.TAKEN, no=2)
    lead.receipt(alarm, ReceiptState.ON_SPOT, no=2)
    lead.tell(api.ROUTE_SAY, api.Say(alarm=alarm, sentence=1))
    lead.tell(api.ROUTE_SETTLE, api.Settle(alarm=alarm, outcome="mistake"))
    other = pc.raise_alarm()
    lead.receipt(other, ReceiptState.DELIVERED)
    told = sign.until(api.AlarmSign)
    assert isinstance(told, api.AlarmSign)
    assert told.alarm == other, "nothing about the one taken back came in between"
    sign.close()
    desk.close()
    fresh = pc.stream_events()
    again = fresh.until(api.AlarmSign)
    assert isinstance(again, api.AlarmSign)
    assert again.alarm == other
    fresh.close()


def test_duress_needs_two_people_and_a_pin_only_one(server: ServerThread, make_pc: MakePc) -> None:
    pc = make_pc()
    one, two = make_pc("李主管", role="lead", seat="L-1"), make_pc("陈主管", role="lead", seat="L-2")
    set_pins(server)
    for pin, expected in ((PIN, "settled"), (DURESS, "taken")):
        alarm = pc.raise_alarm()
        take_back(pc, alarm, 2, pin)
        one.receipt(alarm, ReceiptState.TAKEN, no=2)
        reply = one.tell(api.ROUTE_SETTLE, api.Settle(alarm=alarm, outcome="mistake"))
        assert api.decode_message(reply.body, api.Done).state == expected
    reply = two.tell(api.ROUTE_SETTLE, api.Settle(alarm=alarm, outcome="threat"))
    assert api.decode_message(reply.body, api.Done).state == "settled"


def test_five_wrong_pins_count_as_duress(server: ServerThread, make_pc: MakePc) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead")
    set_pins(server)
    desk = lead.stream_events()
    alarm = pc.raise_alarm()
    desk.until(api.DeskAlarm)
    seen = []
    for no in range(2, 7):
        take_back(pc, alarm, no, f"11111{no}")
        seen.append(board(desk))
    assert seen == ["no", "no", "no", "no", "duress"]
    desk.close()


def test_without_a_pin_on_the_server_it_is_taken_back_unchecked(make_pc: MakePc) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead")
    desk = lead.stream_events()
    alarm = pc.raise_alarm()
    desk.until(api.DeskAlarm)
    take_back(pc, alarm, 2, PIN)
    assert board(desk) == "unchecked"
    desk.close()


def test_a_sealed_proof_of_another_alarm_opens_nothing(server: ServerThread, make_pc: MakePc) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead")
    set_pins(server)
    desk = lead.stream_events()
    alarm, other = pc.raise_alarm(), secrets.token_bytes(16)
    desk.until(api.DeskAlarm)
    assert pc.keys is not None
    seal = pc.keys.seal_key(now_ms())
    detail = seal_proof(pin_proof(PIN, pc.stream), seal, Step(pc.device, pc.stream, other, 2))
    pc.send_alarm(pc.alarm_bytes(alarm, 2, MoveKind.TAKE_BACK, detail=detail))
    assert board(desk) == "no"
    desk.close()


def test_pins_that_are_too_alike_are_refused(server: ServerThread, make_pc: MakePc) -> None:
    make_pc()
    for pins in (("482913", "482914"), ("482913", "482913"), ("482913", "4829130")):
        with pytest.raises(UsageError, match="two places"):
            server.main_lane(partial(commands.set_pins, keys=server.keys, site_name="Shanghai", name="王芳", pins=pins))


def test_only_the_servers_check_tells_the_three_apart(server: ServerThread, make_pc: MakePc) -> None:
    from app.protocol.alarm import open_alarm
    from app.server.alerts.pins import PinCheck

    pc = make_pc()
    set_pins(server)
    check = PinCheck(server.keys.seal, server.keys.pepper, server.core.people)
    assert pc.keys is not None
    found = []
    for pin in (PIN, DURESS, "000000"):
        alarm = secrets.token_bytes(16)
        detail = seal_proof(pin_proof(pin, pc.stream), pc.keys.seal_key(now_ms()), Step(pc.device, pc.stream, alarm, 2))
        found.append(check(open_alarm(pc.alarm_bytes(alarm, 2, MoveKind.TAKE_BACK, detail=detail))).value)
    assert found == ["right", "duress", "wrong"]
