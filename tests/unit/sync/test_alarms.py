"""The alarm lane: to every server at once, again until each has signed, and nothing refuses it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.moment import NS, Moment
from app.protocol import api
from app.protocol.alarm import MoveFlag, MoveKind, make_alarm
from app.protocol.errors import ProtocolError
from app.protocol.httpsig import Answer
from app.protocol.keys import public_of
from app.protocol.vouch import no_vouch
from app.sync.alarms import AlarmLane, AlarmSend, MemoryAlarmStore, Stored
from app.sync.link import Link
from tests.helpers.journal import DEVICE, SERVER, START, START_MS, STREAM
from tests.helpers.sync import ANSWER_KEY, SESSION, STRANGER, make_link, refusal, signed, unsigned

OTHER = b"\xa1" * 16
ALARM = b"\xaa" * 16


def packet(no: int = 1, alarm: bytes = ALARM, *, drill: bool = False) -> bytes:
    return make_alarm(
        SESSION,
        no_vouch(public_of(SESSION)),
        device=DEVICE,
        stream=STREAM,
        alarm=alarm,
        no=no,
        kind=MoveKind.RAISE if no == 1 else MoveKind.PRESSED_AGAIN,
        level=2,
        flags=MoveFlag.DRILL if drill else MoveFlag.NONE,
        ms=START_MS,
        detail=bytes(80),
    )


def yes(sent: AlarmSend, **more: Any) -> Answer:
    given: dict[str, Any] = {"alarm": sent.alarm, "no": sent.no, "stored": True, "listening": 3, "unverified": False}
    body = api.encode_message(api.AlarmAnswer(**{**given, **more}))
    return signed(sent.request, 200, body)


def lane(*servers: bytes) -> AlarmLane:
    return AlarmLane(make_link(server) for server in servers or (SERVER,))


def asked(lane: AlarmLane, now: Moment, server: bytes = SERVER) -> AlarmSend:
    todo = lane.next(server, now)
    assert isinstance(todo, AlarmSend), todo
    return todo


def test_a_move_goes_to_every_server_at_once() -> None:
    two = lane(SERVER, OTHER)
    two.submit(packet(), START)
    for server in (SERVER, OTHER):
        sent = asked(two, START, server)
        assert (sent.server, sent.request.body) == (server, packet())
        assert sent.request.target == api.ROUTE_ALARM
        assert sent.request.sig is None


def test_it_is_done_for_a_server_only_by_its_signature() -> None:
    two = lane(SERVER, OTHER)
    two.submit(packet(), START)
    first, second = asked(two, START), asked(two, START, OTHER)
    assert two.answered(first, yes(first), START) == Stored(SERVER, ALARM, 1, 3, False, last=False)
    assert two.next(SERVER, START) is None
    stored = two.answered(second, yes(second), START)
    assert stored is not None
    assert stored.last
    assert two.waiting == 0


def test_attempts_follow_the_plan_and_never_end() -> None:
    one = lane()
    one.submit(packet(), START)
    now, times = START, []
    for _ in range(12):
        todo = one.next(SERVER, now)
        if isinstance(todo, int):
            now = now.later(todo - now.boot)
            todo = one.next(SERVER, now)
        assert isinstance(todo, AlarmSend)
        times.append((now.boot - START.boot) / NS)
        one.failed(todo, now)
    assert times == [0, 0.2, 0.5, 1, 2, 4, 6, 8, 10, 12, 14, 16]


def test_patience_with_one_attempt_grows() -> None:
    one = lane()
    one.submit(packet(), START)
    now, patience = START, []
    for _ in range(7):
        sent = asked(one, now)
        patience.append(sent.timeout_s)
        now = now.later(int(sent.timeout_s * NS))
        one.failed(sent, now)
        now = now.later(2 * NS)
    assert patience == [1, 1, 2, 4, 8, 8, 8]


WRONG = [
    lambda sent: unsigned(200),
    lambda sent: unsigned(404),
    lambda sent: signed(sent.request, 200, b"{}"),
    lambda sent: signed(sent.request, 204),
    lambda sent: signed(sent.request, 403, refusal("revoked")),
    lambda sent: signed(sent.request, 429, refusal("busy", retry_s=9999)),
    lambda sent: yes(sent, stored=False),
    lambda sent: yes(sent, no=2),
    lambda sent: yes(sent, alarm=b"b" * 16),
    lambda sent: signed(sent.request, 200, yes(sent).body, signer=STRANGER),
    lambda sent: Answer(500, yes(sent).headers, yes(sent).body),
]


@pytest.mark.parametrize("wrong", range(len(WRONG)))
def test_no_other_answer_ends_it(wrong: int) -> None:
    one = lane()
    one.submit(packet(), START)
    sent = asked(one, START)
    assert one.answered(sent, WRONG[wrong](sent), START) is None
    assert one.next(SERVER, START) == START.boot + NS // 5


def test_every_status_code_but_a_signed_yes_is_tried_again() -> None:
    for status in range(100, 600):
        for proved in (True, False):
            one = lane()
            one.submit(packet(), START)
            sent = asked(one, START)
            answer = signed(sent.request, status, refusal()) if proved else unsigned(status, yes(sent).body)
            assert one.answered(sent, answer, START) is None
            assert one.waiting == 1


def test_a_real_alarm_goes_before_a_drill_and_an_untried_move_before_a_repeated_one() -> None:
    one = lane()
    one.submit(packet(1, b"d" * 16, drill=True), START)
    one.submit(packet(1), START)
    one.submit(packet(2), START)
    order = []
    for _ in range(3):
        sent = asked(one, START)
        order.append((sent.alarm, sent.no))
        one.answered(sent, yes(sent), START)
    assert order == [(ALARM, 1), (ALARM, 2), (b"d" * 16, 1)]
    one.submit(packet(3), START)
    one.failed(asked(one, START), START)
    one.submit(packet(4), START)
    assert asked(one, START.later(NS)).no == 4


def test_whether_it_is_a_drill_is_fixed_by_the_first_move() -> None:
    one = lane()
    one.submit(packet(1), START)
    one.submit(packet(2, drill=True), START)
    one.submit(packet(1, b"d" * 16, drill=True), START)
    sent = [asked(one, START)]
    one.answered(sent[0], yes(sent[0]), START)
    assert asked(one, START).alarm == ALARM


def test_the_same_move_twice_is_one() -> None:
    one = lane()
    one.submit(packet(), START)
    one.submit(packet(), START)
    assert one.waiting == 1


def test_one_request_a_server_is_under_way_at_a_time() -> None:
    one = lane()
    one.submit(packet(1), START)
    one.submit(packet(2), START)
    asked(one, START)
    assert one.next(SERVER, START) is None


def test_a_restart_asks_only_servers_that_have_not_answered() -> None:
    two = lane(SERVER, OTHER)
    two.submit(packet(), START, done=[SERVER])
    assert two.next(SERVER, START) is None
    assert asked(two, START, OTHER).no == 1
    two.submit(packet(2), START, done=[SERVER, OTHER])
    assert two.waiting == 1


def test_without_a_server_moves_wait_for_one() -> None:
    none = AlarmLane([])
    none.submit(packet(), START)
    assert none.waiting == 1
    none.set_links([make_link()])
    assert asked(none, START).no == 1


def test_a_removed_server_is_not_waited_for() -> None:
    two = lane(SERVER, OTHER)
    two.submit(packet(), START)
    late, first = asked(two, START, OTHER), asked(two, START)
    two.answered(first, yes(first), START)
    two.set_links([make_link()])
    assert two.next(OTHER, START) is None
    assert two.answered(late, yes(late), START) is None
    two.failed(late, START)


def test_a_server_that_has_answered_is_not_asked_again_when_links_change() -> None:
    two = lane(SERVER, OTHER)
    two.submit(packet(), START)
    first = asked(two, START)
    two.answered(first, yes(first), START)
    two.set_links([make_link(), make_link(OTHER)])
    assert two.next(SERVER, START) is None


def test_bytes_that_are_no_move_are_refused() -> None:
    with pytest.raises(ProtocolError):
        lane().submit(b"x" * 345, START)


def test_a_late_yes_to_an_old_attempt_counts() -> None:
    one = lane()
    one.submit(packet(), START)
    sent = asked(one, START)
    one.failed(sent, START)
    assert one.answered(sent, yes(sent), START.later(NS)) is not None
    assert one.waiting == 0


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([SERVER, OTHER]), st.sampled_from(["yes", "lost", "wrong", "move"])), max_size=60
    )
)
def test_whatever_happens_every_server_gets_every_move(steps: list[tuple[bytes, str]]) -> None:
    two = lane(SERVER, OTHER)
    stored: dict[bytes, set[int]] = {SERVER: set(), OTHER: set()}
    now, made = START, 0
    for server, what in [*steps, *[(one, "yes") for one in (SERVER, OTHER) * 200]]:
        if what == "move":
            made += 1
            two.submit(packet(made), now)
            continue
        now = now.later(2 * NS)
        todo = two.next(server, now)
        if not isinstance(todo, AlarmSend):
            continue
        if what == "yes":
            assert two.answered(todo, yes(todo), now) is not None
            stored[server].add(todo.no)
        elif what == "lost":
            two.failed(todo, now)
        else:
            assert two.answered(todo, unsigned(502), now) is None
    assert two.waiting == 0
    assert stored == {server: set(range(1, made + 1)) for server in (SERVER, OTHER)}


def test_the_store_without_a_vault_forgets_what_is_done() -> None:
    store = MemoryAlarmStore()
    store.put(ALARM, 1, b"a")
    store.put(ALARM, 1, b"b")
    store.put(ALARM, 2, b"c")
    store.done(ALARM, 1, SERVER)
    store.done(ALARM, 9, SERVER)
    assert store.load() == [(b"a", frozenset({SERVER})), (b"c", frozenset())]
    store.drop(ALARM, 1)
    store.drop(ALARM, 1)
    assert store.load() == [(b"c", frozenset())]


def test_answers_are_believed_by_the_servers_own_key_only() -> None:
    own, other = make_link(SERVER), make_link(OTHER)
    assert isinstance(own, Link)
    two = AlarmLane([own, other])
    two.submit(packet(), START)
    sent = asked(two, START)
    assert two.answered(sent, signed(sent.request, 200, yes(sent).body, signer=ANSWER_KEY, keyid="zz"), START) is None
