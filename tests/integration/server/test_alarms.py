"""An alarm from a PC to a lead's desk and back."""

from app.protocol import api
from app.protocol.alarm import ReceiptState
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
