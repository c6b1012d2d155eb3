"""The live stream: hello first, numbers that rise, replay after a reconnect, and nobody stalls anybody."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.protocol import api, httpsig, sse
from app.protocol.alarm import MoveKind, ReceiptState
from app.protocol.event import open_event
from app.server.alerts import hub
from app.server.alerts.core import Core
from tests.helpers.server_client import Pc, now_ms
from tests.helpers.server_thread import ServerThread
from tests.integration.server.conftest import MakePc


def test_events_missed_while_away_are_replayed_once(make_pc: MakePc) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead")
    desk = lead.stream_events()
    first = pc.raise_alarm()
    desk.until(api.DeskAlarm)
    last = desk.last
    desk.close()
    second = pc.raise_alarm()
    third = pc.raise_alarm()
    desk = lead.stream_events(last)
    found = [desk.until(api.DeskAlarm), desk.until(api.DeskAlarm)]
    assert [one.alarm for one in found if isinstance(one, api.DeskAlarm)] == [second, third]
    assert first not in [one.alarm for one in found if isinstance(one, api.DeskAlarm)]
    desk.close()


def test_a_desk_that_begins_anew_is_shown_what_is_open(make_pc: MakePc) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead")
    alarm = pc.raise_alarm()
    settled = pc.raise_alarm()
    lead.receipt(settled, ReceiptState.TAKEN)
    lead.tell(api.ROUTE_SETTLE, api.Settle(alarm=settled, outcome="mistake"))
    desk = lead.stream_events()
    assert isinstance(desk.next(), api.Hello)
    shown = desk.until(api.DeskAlarm)
    assert isinstance(shown, api.DeskAlarm)
    assert shown.alarm == alarm
    desk.close()


def test_a_new_desk_of_a_lead_who_was_told_is_shown_it_too(make_pc: MakePc) -> None:
    pc = make_pc()
    make_pc("李主管", role="lead", seat="L-1")
    alarm = pc.raise_alarm()
    other = make_pc("李主管", role="lead", seat="L-2")
    desk = other.stream_events()
    shown = desk.until(api.DeskAlarm)
    assert isinstance(shown, api.DeskAlarm)
    assert shown.alarm == alarm
    assert other.receipt(alarm, ReceiptState.TAKEN).status == 200
    desk.close()


def test_numbers_go_on_rising_after_a_restart(server: ServerThread, make_pc: MakePc) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead")
    desk = lead.stream_events()
    pc.raise_alarm()
    desk.until(api.DeskAlarm)
    last = desk.last
    desk.close()
    pc.close()
    lead.close()
    server.stop()
    again = ServerThread(server.folder, server._database, port=server.port)
    try:
        desk = lead.stream_events(last)
        second = pc.raise_alarm()
        shown = desk.until(api.DeskAlarm)
        assert isinstance(shown, api.DeskAlarm)
        assert shown.alarm == second
        assert desk.last > last
        desk.close()
    finally:
        pc.close()
        lead.close()
        again.stop()
        server.stop = lambda: None  # type: ignore[method-assign]  # it is stopped already


def test_an_agent_is_told_at_once_how_many_leads_would_hear(make_pc: MakePc) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead")
    sign = pc.stream_events()
    none = sign.until(api.Listeners)
    assert isinstance(none, api.Listeners)
    assert none.count == 0
    desk = lead.stream_events()
    one = sign.until(api.Listeners)
    assert isinstance(one, api.Listeners)
    assert one.count == 1
    desk.close()
    gone = sign.until(api.Listeners)
    assert isinstance(gone, api.Listeners)
    assert gone.count == 0
    sign.close()


def test_a_seat_whose_program_was_killed_is_on_the_board_within_two_seconds(make_pc: MakePc) -> None:
    pc, lead = make_pc(seat="A-05"), make_pc("李主管", role="lead")
    desk, sign = lead.stream_events(), pc.stream_events()
    pc.deliver()
    while True:
        cover = desk.until(api.DeskCover)
        assert isinstance(cover, api.DeskCover)
        if cover.covered == 1:
            break
    sign.close()
    cover = desk.until(api.DeskCover)
    assert isinstance(cover, api.DeskCover)
    assert [(one.seat, one.who, one.cause) for one in cover.trouble] == [("A-05", "王芳", "killed")]
    pc.batch()
    desk.close()


def test_a_planned_exit_is_no_trouble(server: ServerThread, make_pc: MakePc) -> None:
    from app.protocol.record_kinds import ExitPlanned

    pc, lead = make_pc(), make_pc("李主管", role="lead")
    sign = pc.stream_events()
    pc.deliver()
    pc.journal.add(ExitPlanned(ms=now_ms(), cause="signed_off"))
    pc.deliver(1)
    sign.close()
    board = server.core.hub
    deadline = time.monotonic() + 5
    while board.readers(pc.stream) and time.monotonic() < deadline:
        time.sleep(0.01)  # poll: the hub has no event for a reader that left; limit above
    time.sleep(1.6)  # poll: nothing may happen here, longer than a closed stream may last before it counts
    desk = lead.stream_events()
    cover = desk.until(api.DeskCover)
    assert isinstance(cover, api.DeskCover)
    assert (cover.covered, cover.trouble) == (0, ())
    desk.close()


def test_long_poll_gives_the_same_events_signed_as_one_answer(make_pc: MakePc) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead")
    reply = lead.signed("GET", api.ROUTE_POLL, tag=httpsig.TAG_STREAM)
    assert (reply.status, reply.media) == (200, sse.MEDIA_EVENTS)
    first = events_of(lead, reply.body)
    assert isinstance(first[0][1], api.Hello)
    alarm = pc.raise_alarm()
    reply = lead.signed("GET", f"{api.ROUTE_POLL}?{api.QUERY_AFTER}={first[-1][0]}", tag=httpsig.TAG_STREAM)
    shown = [one for _, one in events_of(lead, reply.body) if isinstance(one, api.DeskAlarm)]
    assert [one.alarm for one in shown] == [alarm]


def test_a_long_poll_that_goes_on_waits_for_news_rather_than_for_its_greeting(server: ServerThread, make_pc: MakePc) -> None:
    pc, lead = make_pc(), make_pc("李主管", role="lead")
    first = events_of(lead, lead.signed("GET", api.ROUTE_POLL, tag=httpsig.TAG_STREAM).body)
    route = f"{api.ROUTE_POLL}?{api.QUERY_AFTER}={first[-1][0]}"
    with ThreadPoolExecutor(1) as beside:
        asked = beside.submit(lead.signed, "GET", route, tag=httpsig.TAG_STREAM)
        end = time.monotonic() + 10
        while not server.core.hub.readers(lead.stream):
            assert time.monotonic() < end, "the poll never came"
            time.sleep(0.01)  # poll: the hub has no event for a reader that came; limit above
        alarm = pc.raise_alarm()
        heard = [one for _, one in events_of(lead, asked.result(30).body)]
    assert alarm in [one.alarm for one in heard if isinstance(one, api.DeskAlarm)]


def events_of(pc: Pc, body: bytes) -> list[tuple[int, api.AnyEvent]]:
    assert pc.keys is not None
    found = []
    for one in sse.parse_all(body):
        event = open_event(one.frame, pc.keys, pc.stream, now_ms())
        found.append((event.event_no, api.decode_event(event.payload)))
    return found


def test_a_reader_that_stops_reading_is_cut_off_and_others_hear_at_once(
    server: ServerThread, make_pc: MakePc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "QUEUE_MAX", 32)
    pc, slow, quick = make_pc(), make_pc("慢", role="lead"), make_pc("快", role="lead")
    conn = slow.where.connect()
    conn.connect()
    assert conn.sock is not None
    conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    conn.request("GET", api.ROUTE_STREAM, headers=slow.headers("GET", api.ROUTE_STREAM, b"", httpsig.MEDIA_NOTHING, httpsig.TAG_STREAM))
    desk = quick.stream_events()
    assert isinstance(desk.next(), api.Hello)
    alarm = pc.raise_alarm()
    desk.until(api.DeskAlarm)
    no = 1
    while server.core.hub.readers(slow.stream):
        no += 1
        assert no < 40_000, "the slow reader was never cut off"
        flood(server.core, slow.stream)
    pc.send_alarm(pc.alarm_bytes(alarm, 2, MoveKind.PRESSED_AGAIN))
    update = desk.until(api.DeskAlarmUpdated)
    assert isinstance(update, api.DeskAlarmUpdated)
    assert update.pressed == 1
    conn.close()
    desk.close()


def flood(core: Core, recipient: bytes) -> None:
    import asyncio

    payload = api.encode_event(api.DeskCover(covered=1, listening=1))

    async def send() -> None:
        for _ in range(100):
            core.hub.passing(recipient, payload)
            await asyncio.sleep(0)

    loop = core.hub.loop
    asyncio.run_coroutine_threadsafe(send(), loop).result(10)


def test_a_wrong_last_event_id_is_refused(make_pc: MakePc) -> None:
    pc = make_pc()
    headers = pc.headers("GET", api.ROUTE_STREAM, b"", httpsig.MEDIA_NOTHING, httpsig.TAG_STREAM)
    headers[api.HEADER_LAST_EVENT] = "-7"
    assert pc.send("GET", api.ROUTE_STREAM, b"", headers).status == 400
