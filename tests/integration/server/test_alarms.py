"""An alarm from a PC to a lead's desk and back."""

import secrets
import time
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.protocol import api
from app.protocol.alarm import MoveFlag, MoveKind, Receipt, ReceiptState, make_alarm, sign_receipt
from app.protocol.keys import Ed25519Signer, public_of
from app.protocol.vouch import make_vouch
from app.server.storage import alarms as rows
from app.server.storage import audit, people, tables
from app.server.storage.keyring import open_text
from tests.helpers.server_client import Live, Reply, now_ms
from tests.helpers.server_thread import ServerThread
from tests.integration.server.conftest import MakePc


def test_an_alarm_reaches_the_desk_of_the_teams_lead(make_pc: MakePc) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead", seat="L-1")
    desk = lead.stream_events()
    hello = desk.next()
    assert isinstance(hello, api.Hello)
    assert (hello.roles, hello.teams) == (("lead",), ("A",))
    alarm = pc.raise_alarm()
    shown = desk.until(api.DeskAlarm)
    assert isinstance(shown, api.DeskAlarm)
    assert (shown.alarm, shown.who, shown.team, shown.seat, shown.state) == (alarm, "王芳", "A", "A-01", "raised")
    assert not shown.unverified
    desk.close()


def test_a_desks_receipts_change_the_sign_of_the_pc(make_pc: MakePc) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead", seat="L-1")
    desk, sign = lead.stream_events(), pc.stream_events()
    alarm = pc.raise_alarm()
    desk.until(api.DeskAlarm)
    for state in (ReceiptState.DELIVERED, ReceiptState.TAKEN, ReceiptState.ON_SPOT):
        assert lead.receipt(alarm, state).status == 200
        told = sign.until(api.AlarmSign)
        assert isinstance(told, api.AlarmSign)
        assert told.state == state.name.lower()
        assert told.receipt is not None
    done = api.decode_message(lead.tell(api.ROUTE_SETTLE, api.Settle(alarm=alarm, outcome="mistake")).body, api.Done)
    assert done.state == "settled"
    settled = sign.until(api.AlarmSign)
    assert isinstance(settled, api.AlarmSign)
    assert settled.state == "settled"
    desk.close()
    sign.close()


def shown_at(desk: Live) -> api.DeskAlarm:
    event = desk.until(api.DeskAlarm)
    assert isinstance(event, api.DeskAlarm)
    return event


def updated_at(desk: Live) -> api.DeskAlarmUpdated:
    event = desk.until(api.DeskAlarmUpdated)
    assert isinstance(event, api.DeskAlarmUpdated)
    return event


def done(reply: Reply) -> api.Done:
    assert reply.status == 200, reply.refusal()
    return api.decode_message(reply.body, api.Done)


def test_a_move_sent_twice_is_one_alarm_with_the_same_answer(make_pc: MakePc, server: ServerThread) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead")
    desk = lead.stream_events()
    data = pc.alarm_bytes(secrets.token_bytes(16))
    first, second = pc.plain("POST", api.ROUTE_ALARM, data, api.MEDIA_ALARM), pc.plain("POST", api.ROUTE_ALARM, data, api.MEDIA_ALARM)
    assert first.body == second.body
    shown = shown_at(desk)
    other = pc.raise_alarm()
    assert shown_at(desk).alarm == other, "the repeated move was not shown again"
    row = server.alarm_lane(lambda conn: rows.find_alarm(conn, shown.alarm))
    assert row is not None
    assert len(server.alarm_lane(lambda conn: rows.moves_of(conn, row))) == 1
    desk.close()


@pytest.mark.parametrize("how", ["no vouch", "stranger", "revoked", "expired vouch", "other machine"])
def test_an_alarm_is_never_refused_only_shown_as_unverified(make_pc: MakePc, server: ServerThread, how: str) -> None:
    lead = make_pc("李主管", role="lead")
    pc = make_pc(enrolled=how != "stranger")
    if how == "revoked":
        device = replace(server.core.people.devices[pc.device], state="revoked")
        server.main_lane(lambda conn: people.put_device(conn, device, 0))
    if how == "other machine":
        pc.machine = Ed25519Signer(secrets.token_bytes(32))
    alarm = secrets.token_bytes(16)
    if how == "expired vouch":
        old = make_vouch(pc.machine, pc.device, pc.stream, public_of(pc.session), now_ms() - 1)
        data = make_alarm(
            pc.session, old, device=pc.device, stream=pc.stream, alarm=alarm, no=1, kind=MoveKind.RAISE, level=1,
            flags=MoveFlag.NONE, ms=5, detail=bytes(80),
        )
    else:
        data = pc.alarm_bytes(alarm, vouched=how != "no vouch")
    desk = lead.stream_events()
    assert pc.send_alarm(data).unverified
    shown = shown_at(desk)
    assert (shown.alarm, shown.unverified) == (alarm, True)
    assert shown.who == ("" if how == "stranger" else "王芳")
    desk.close()


def test_somebody_elses_alarm_cannot_be_touched_by_its_id(make_pc: MakePc) -> None:
    pc, mallory, lead = make_pc(), make_pc("另一位", seat="A-02"), make_pc("李主管", role="lead")
    desk = lead.stream_events()
    alarm = pc.raise_alarm()
    assert shown_at(desk).alarm == alarm
    answer = mallory.send_alarm(mallory.alarm_bytes(alarm, 2, MoveKind.TAKE_BACK))
    assert answer.alarm == alarm
    own = shown_at(desk)
    assert own.alarm != alarm
    assert own.who == "另一位"
    desk.close()


def test_two_claims_both_stand_and_the_servers_order_names_the_owner(make_pc: MakePc) -> None:
    pc = make_pc()
    one, two = make_pc("李主管", role="lead", seat="L-1"), make_pc("陈主管", role="lead", seat="L-2")
    desk = one.stream_events()
    alarm = pc.raise_alarm()
    shown_at(desk)
    assert done(one.receipt(alarm, ReceiptState.TAKEN)).state == "taken"
    assert done(two.receipt(alarm, ReceiptState.TAKEN)).state == "taken"
    while True:
        update = updated_at(desk)
        if update.also:
            break
    assert (update.taken_by, update.also) == ("李主管", ("陈主管",))
    desk.close()


def test_level_one_is_settled_by_two_people(make_pc: MakePc) -> None:
    pc = make_pc()
    one, two = make_pc("李主管", role="lead", seat="L-1"), make_pc("陈主管", role="lead", seat="L-2")
    alarm = pc.raise_alarm(level=1)
    for lead in (one, two):
        done(lead.receipt(alarm, ReceiptState.TAKEN))
    settle = api.Settle(alarm=alarm, outcome="threat", note="已报警")
    assert done(one.tell(api.ROUTE_SETTLE, settle)).state == "taken"
    assert done(one.tell(api.ROUTE_SETTLE, settle)).state == "taken", "one person twice is still one"
    assert done(two.tell(api.ROUTE_SETTLE, settle)).state == "settled"


def test_pressed_again_while_somebody_settles_keeps_it_open(make_pc: MakePc) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead")
    desk = lead.stream_events()
    alarm = pc.raise_alarm()
    shown_at(desk)
    done(lead.receipt(alarm, ReceiptState.TAKEN, no=1))
    pc.send_alarm(pc.alarm_bytes(alarm, 2, MoveKind.PRESSED_AGAIN))
    state = done(lead.tell(api.ROUTE_SETTLE, api.Settle(alarm=alarm, outcome="mistake"))).state
    assert state != "settled"
    desk.close()


def test_a_drill_is_a_drill_and_a_later_move_cannot_make_it_one(make_pc: MakePc) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead")
    desk = lead.stream_events()
    pc.raise_alarm(flags=MoveFlag.DRILL)
    assert shown_at(desk).drill
    alarm = pc.raise_alarm()
    assert not shown_at(desk).drill
    pc.send_alarm(pc.alarm_bytes(alarm, 2, MoveKind.RAISE_LEVEL, level=1, flags=MoveFlag.DRILL | MoveFlag.ON_CALL))
    update = updated_at(desk)
    assert (update.drill, update.level, update.on_call) == (False, 1, True)
    desk.close()


def test_a_ready_sentence_reaches_the_sign(make_pc: MakePc) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead")
    sign = pc.stream_events()
    alarm = pc.raise_alarm()
    done(lead.receipt(alarm, ReceiptState.TAKEN))
    assert isinstance(sign.until(api.AlarmSign), api.AlarmSign)
    done(lead.tell(api.ROUTE_SAY, api.Say(alarm=alarm, sentence=3)))
    said = sign.until(api.AlarmSign)
    assert isinstance(said, api.AlarmSign)
    assert (said.state, said.sentence) == ("taken", 3)
    sign.close()


def test_a_lead_raises_the_level_and_nobody_lowers_it(make_pc: MakePc) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead")
    desk = lead.stream_events()
    alarm = pc.raise_alarm(level=3)
    shown_at(desk)
    for level in (1, 2, 3):
        done(lead.tell(api.ROUTE_LEVEL, api.RaiseLevel(alarm=alarm, level=level)))
    assert updated_at(desk).level == 1
    settle = api.Settle(alarm=alarm, outcome="threat")
    assert done(lead.tell(api.ROUTE_SETTLE, settle)).state != "settled", "level 1 needs two people"
    desk.close()


def test_who_was_not_told_cannot_answer(make_pc: MakePc) -> None:
    pc, other, agent = make_pc(), make_pc("别组", role="lead", team="B"), make_pc("同事", seat="A-03")
    make_pc("李主管", role="lead")
    alarm = pc.raise_alarm()
    for one in (other, agent):
        assert one.receipt(alarm, ReceiptState.TAKEN).status == 403
        assert one.tell(api.ROUTE_SETTLE, api.Settle(alarm=alarm, outcome="mistake")).status == 403
        assert one.tell(api.ROUTE_SAY, api.Say(alarm=alarm, sentence=1)).status == 403
    assert other.receipt(secrets.token_bytes(16), ReceiptState.SEEN).status == 404


def test_a_receipt_signed_by_another_desk_is_refused(make_pc: MakePc) -> None:
    pc, lead, other = make_pc(), make_pc("李主管", role="lead"), make_pc("陈主管", role="lead")
    alarm = pc.raise_alarm()
    receipt = Receipt(other.device, alarm, 1, ReceiptState.TAKEN, now_ms())
    body = api.pack_signed(receipt.pack(), sign_receipt(receipt, other.machine))
    assert lead.signed("POST", api.ROUTE_RECEIPT, body, api.MEDIA_RECEIPT).status in (400, 401)


def test_a_lead_is_not_told_of_the_own_alarm(make_pc: MakePc) -> None:
    one, two = make_pc("李主管", role="lead", seat="L-1"), make_pc("陈主管", role="lead", seat="L-2")
    mine, theirs = one.stream_events(), two.stream_events()
    alarm = one.raise_alarm()
    assert shown_at(theirs).alarm == alarm
    other = two.raise_alarm()
    assert shown_at(mine).alarm == other
    mine.close()
    theirs.close()


def test_the_note_of_a_settlement_lies_sealed_in_the_database(make_pc: MakePc, server: ServerThread) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead")
    alarm = pc.raise_alarm()
    done(lead.tell(api.ROUTE_SETTLE, api.Settle(alarm=alarm, outcome="other", note="canary-note")))
    row = server.alarm_lane(lambda conn: rows.find_alarm(conn, alarm))
    assert row is not None
    note = server.alarm_lane(lambda conn: rows.acts_of(conn, row))[-1].evidence
    assert b"canary" not in note
    assert open_text(server.keys.master, alarm, note) == "canary-note"


def test_every_move_and_act_gets_into_the_servers_own_chain_once(make_pc: MakePc, server: ServerThread) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead")
    alarm = pc.raise_alarm()
    for _ in range(2):
        done(lead.receipt(alarm, ReceiptState.TAKEN))
    done(lead.tell(api.ROUTE_SETTLE, api.Settle(alarm=alarm, outcome="mistake")))
    deadline = time.monotonic() + 10
    while server.alarm_lane(lambda conn: rows.outbox(conn, 9)) and time.monotonic() < deadline:
        time.sleep(0.02)  # poll: the audit is written by a task of its own, with a limit above
    kinds = server.main_lane(lambda conn: list(conn.execute(select(tables.audit.c.kind)).scalars()))
    assert [kind for kind in kinds if kind.startswith("alarm.")].count("alarm.move") == 1
    assert kinds.count("alarm.settled") == 1
    assert server.main_lane(lambda conn: audit.verify(conn, server.keys.server)) is None
