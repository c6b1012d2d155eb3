"""What each answer means to delivery, and that no answer of any kind makes it drop a record."""

import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.moment import NS
from app.protocol import api
from app.protocol.batch import decode_batch
from app.protocol.compression import Packing
from app.protocol.record_kinds import PolicyChanged
from app.sync.delivery import Delivery, Wait
from app.sync.retry import RETRY_AFTER_MAX_S
from tests.helpers.journal import SERVER, START, START_MS, filled, open_journal, record
from tests.helpers.sync import (
    STRANGER,
    Bench,
    HonestServer,
    make_link,
    make_me,
    refusal,
    signed,
    status,
    unsigned,
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    journal = filled(tmp_path, 20)
    yield Bench(journal)
    journal.close()


def what(bench: Bench) -> list[str]:
    return [note.what for note in bench.notes]


def test_all_records_arrive_in_order_and_are_acknowledged(bench: Bench) -> None:
    bench.settle()
    assert bench.server.chain().h == bench.journal.head()[2]
    assert bench.journal.pinned(SERVER) is not None
    assert what(bench)[:2] == ["heard", "delivered"]


def test_a_restart_goes_on_where_the_last_ack_was(bench: Bench) -> None:
    bench.settle()
    bench.journal.append([record(99)], bench.now)
    bench.delivery = bench.fresh()
    assert bench.send().count == 1


def test_a_heartbeat_goes_every_five_seconds_and_pins_the_log(bench: Bench) -> None:
    bench.settle()
    bench.settle()
    before = bench.now.boot
    sent = bench.send()
    assert sent.count == 0
    assert sent.head.n == bench.journal.head()[1]
    assert bench.now.boot - before <= api.HEARTBEAT_S * NS
    bench.answer(bench.server.take(sent.request))
    due = bench.delivery.next(bench.now)
    assert isinstance(due, Wait)
    assert due.until == bench.now.boot + api.HEARTBEAT_S * NS


def test_a_new_record_does_not_wait_for_the_next_heartbeat(bench: Bench) -> None:
    bench.settle()
    bench.answer(bench.server.take(bench.send().request))
    assert isinstance(bench.delivery.next(bench.now), Wait)
    bench.journal.append([record(7)], bench.now)
    assert bench.send(0).count == 1


def test_one_request_is_under_way_at_a_time(bench: Bench) -> None:
    bench.send()
    assert isinstance(bench.delivery.next(bench.now), Wait)


def test_beats_of_requests_rise_and_are_those_of_the_heads(bench: Bench) -> None:
    beats = []
    for _ in range(5):
        sent = bench.send()
        batch = decode_batch(sent.request.body, dict(sent.request.headers)["content-type"])
        assert batch.head.beat == sent.request.beat
        beats.append(sent.request.beat)
        bench.delivery.failed("cut", bench.now)
    assert beats == sorted(set(beats))


STATUSES = range(100, 600)


@pytest.mark.parametrize("proved", [True, False], ids=["signed", "unsigned"])
def test_no_status_code_drops_a_record_or_stops_delivery_for_good(bench: Bench, proved: bool) -> None:
    for code in STATUSES:
        bench.delivery = bench.fresh()
        sent = bench.send()
        bench.answer(signed(sent.request, code, refusal()) if proved else unsigned(code))
        assert bench.delivery.held == 0, code
        assert bench.journal.pinned(SERVER) is None, code
        again = bench.send(RETRY_AFTER_MAX_S * 2)
        assert again.head.n - again.count == 0, code
        bench.delivery.failed("cut", bench.now)
    bench.delivery = bench.fresh()
    bench.settle()
    assert bench.server.chain().h == bench.journal.head()[2]


@pytest.mark.parametrize("code", [400, 401, 409, 413, 422, 429, 503])
def test_an_unsigned_answer_is_the_network_whatever_its_status(bench: Bench, code: int) -> None:
    sent = bench.send()
    bench.answer(unsigned(code, refusal(n=5, retry_s=9999)))
    assert what(bench) == ["network"]
    again = bench.send(60)
    assert again.count == sent.count
    assert bench.delivery.held == 0


def test_an_answer_signed_by_another_key_is_the_network(bench: Bench) -> None:
    sent = bench.send()
    bench.answer(signed(sent.request, 400, refusal(), signer=STRANGER))
    assert what(bench) == ["network"]


def test_an_answer_to_another_request_is_the_network(bench: Bench) -> None:
    first = bench.send()
    old = bench.server.take(first.request)
    bench.delivery.failed("cut", bench.now)
    bench.send()
    bench.answer(old)
    assert what(bench) == ["network"]
    assert bench.delivery.held == 0


def test_an_answer_that_nobody_waits_for_changes_nothing(bench: Bench) -> None:
    sent = bench.send()
    answer = bench.server.take(sent.request)
    bench.delivery.failed("mute", bench.now)
    assert bench.delivery.answered(answer, bench.now) == []


def test_waits_after_failures_are_full_jitter_between_one_and_sixty_seconds(bench: Bench) -> None:
    for spread, low, high in ((0.0, 1.0, 1.0), (1.0, 2.0, 60.0)):
        bench.delivery = Delivery(bench.journal, bench.link, make_me(), random=partial(float, spread), status=status)
        waits = []
        for _ in range(12):
            bench.send()
            bench.delivery.failed("refused", bench.now)
            todo = bench.delivery.next(bench.now)
            assert isinstance(todo, Wait)
            waits.append((todo.until - bench.now.boot) / NS)
        assert (min(waits), max(waits)) == (low, high)


def test_poke_ends_the_wait_after_failures(bench: Bench) -> None:
    bench.send()
    bench.delivery.failed("refused", bench.now)
    bench.delivery.poke()
    assert bench.send(0).count == 21


@pytest.mark.parametrize("code", [400, 422])
def test_a_refused_batch_is_halved_until_the_one_bad_record_stands_alone(bench: Bench, code: int) -> None:
    poison = bench.journal.pending(12)[0].record
    for _ in range(200):
        sent = bench.send()
        batch = decode_batch(sent.request.body, dict(sent.request.headers)["content-type"])
        if any(entry.record == poison for entry in batch.entries):
            notes = bench.answer(signed(sent.request, code, refusal("bad.record")))
        else:
            notes = bench.answer(bench.server.take(sent.request))
        if any(note.what == "refused" for note in notes):
            break
    assert bench.delivery.held == 12
    assert bench.notes[-1].n == 13
    assert bench.notes[-1].code == "bad.record"
    heartbeats = 0
    for _ in range(20):  # heartbeats go on beside it, and the bad record is tried ever more seldom
        sent = bench.send()
        heartbeats += sent.count == 0
        bench.answer(bench.server.take(sent.request) if sent.count == 0 else signed(sent.request, code, refusal()))
        assert bench.delivery.held == 12
    assert heartbeats > 10
    bench.settle()


def test_a_refused_heartbeat_does_not_stop_records(bench: Bench) -> None:
    bench.settle()
    sent = bench.send()
    assert sent.count == 0
    notes = bench.answer(signed(sent.request, 400, refusal("odd")))
    assert notes[-1].what == "network"
    bench.journal.append([record(7)], bench.now)
    bench.settle()


def test_413_halves_and_grows_again_after_success(bench: Bench) -> None:
    sent = bench.send()
    assert sent.count == 21
    bench.answer(signed(sent.request, 413, refusal()))
    again = bench.send()
    assert again.count == 10
    bench.answer(bench.server.take(again.request))
    assert bench.send().count == 12  # what is left, an anchor included: the limit is 20 again


def test_413_on_one_record_says_so_and_tries_again(bench: Bench) -> None:
    for _ in range(6):
        sent = bench.send()
        bench.answer(signed(sent.request, 413, refusal("large")))
    assert "refused" in what(bench)
    bench.settle()


def test_401_pauses_until_a_new_vouch_is_there(bench: Bench) -> None:
    sent = bench.send()
    bench.answer(signed(sent.request, 401, refusal("vouch.over")))
    assert bench.notes[-1].what == "paused"
    todo = bench.delivery.next(bench.now)
    assert isinstance(todo, Wait)
    assert todo.until == bench.now.boot + 300 * NS
    bench.delivery.resume()
    assert bench.send(0).count == 21


def test_while_it_has_to_let_the_pc_in_it_asks_every_quarter_minute(bench: Bench) -> None:
    sent = bench.send()
    bench.answer(signed(sent.request, 401, refusal("pending")))
    todo = bench.delivery.next(bench.now)
    assert isinstance(todo, Wait)
    assert todo.until == bench.now.boot + 15 * NS


def test_a_heartbeat_while_records_wait_claims_all_there_is(bench: Bench) -> None:
    bench.answer(signed(bench.send().request, 409, refusal("forked")))
    for _ in range(6):
        sent = bench.send()
        if sent.count == 0:
            assert sent.head.n == bench.journal.head()[1]
            return
        bench.answer(signed(sent.request, 409, refusal("forked")))
    raise AssertionError("no heartbeat came")


def test_401_because_of_our_clock_is_mended_by_the_answer_and_tried_again(bench: Bench) -> None:
    sent = bench.send()
    ahead = START_MS // 1000 + 7200
    bench.answer(signed(sent.request, 401, refusal("stale"), created=ahead))
    assert bench.link.clock_offset_ms == 7200 * 1000
    again = bench.send(2)
    assert f";created={ahead + 1}" in dict(again.request.headers)["signature-input"]


@pytest.mark.parametrize("code", [429, 503])
def test_a_signed_wish_for_patience_is_kept_within_bounds(bench: Bench, code: int) -> None:
    for asked, low, high in ((30, 30, 45), (86400, RETRY_AFTER_MAX_S, RETRY_AFTER_MAX_S * 1.5), (0, 1, 60)):
        bench.delivery = bench.fresh()
        sent = bench.send()
        bench.answer(signed(sent.request, code, refusal("busy", retry_s=asked)))
        todo = bench.delivery.next(bench.now)
        assert isinstance(todo, Wait)
        assert low <= (todo.until - bench.now.boot) / NS <= high


def test_409_with_a_number_sends_again_from_there(bench: Bench) -> None:
    bench.settle()
    bench.server.lose(6)
    sent = bench.send()
    notes = bench.answer(signed(sent.request, 409, refusal("behind", n=15)))
    assert [note.what for note in notes] == ["heard", "resend"]
    bench.settle()
    assert "rolled_back" in what(bench) or bench.journal.facts() == []
    place = bench.journal.chain_at(len(bench.server.entries))
    assert bench.server.chain() == place


def test_a_server_that_went_back_is_told_and_gets_everything_again(bench: Bench) -> None:
    bench.settle()
    held = len(bench.server.entries)
    bench.server.lose(6)
    sent = bench.send()
    bench.answer(bench.server.acknowledge(sent.request, sent.head))
    assert bench.notes[-1].what == "rolled_back"
    assert bench.notes[-1].n == held - 6
    assert [fact.kind for fact in bench.journal.facts()] == ["rolled_back"]
    bench.settle()
    assert bench.server.chain().h == bench.journal.head()[2]


def test_409_that_claims_more_than_there_is_is_told_and_changes_nothing(bench: Bench) -> None:
    sent = bench.send()
    notes = bench.answer(signed(sent.request, 409, refusal("ahead", n=5000)))
    assert notes[-1].what == "ahead"
    assert bench.delivery.held == 0


def test_409_without_a_number_is_evidence_and_heartbeats_go_on(bench: Bench) -> None:
    sent = bench.send()
    notes = bench.answer(signed(sent.request, 409, refusal("forked")))
    assert notes[-1].what == "differs"
    assert isinstance(bench.delivery.next(bench.now), Wait)


def test_409_that_never_moves_does_not_become_a_storm(bench: Bench) -> None:
    began = bench.now.boot
    for number in range(40):
        sent = bench.send()
        bench.answer(signed(sent.request, 409, refusal("behind", n=number % 2)))
    assert bench.now.boot - began > 60 * NS


def test_another_history_on_the_server_is_kept_as_evidence(bench: Bench) -> None:
    sent = bench.send()
    other = HonestServer(bench.server.first)
    batch = decode_batch(sent.request.body, dict(sent.request.headers)["content-type"])
    other.entries = list(reversed(batch.entries))
    notes = bench.answer(other.acknowledge(sent.request, sent.head))
    assert notes[-1].what == "differs"
    assert bench.journal.pinned(SERVER) is None
    assert [fact.kind for fact in bench.journal.facts()] == ["differs"]
    bench.settle()


@pytest.mark.parametrize(
    "more",
    [{"beat": 1}, {"server": b"x" * 16}, {"stream": b"x" * 16}, {"epoch": b"x" * 16}, {"n": 5000}],
    ids=["beat", "server", "stream", "epoch", "n"],
)
def test_an_ack_that_does_not_fit_the_head_changes_nothing(bench: Bench, more: dict[str, object]) -> None:
    sent = bench.send()
    notes = bench.answer(bench.server.acknowledge(sent.request, sent.head, **more))
    assert notes[-1] == type(notes[-1])("network", code="ack.unfit")
    assert bench.delivery.held == 0
    bench.settle()


def test_a_signed_200_that_is_no_ack_changes_nothing(bench: Bench) -> None:
    for media, body in ((api.MEDIA_ACK, b"short"), (api.MEDIA_JSON, b"{}")):
        sent = bench.send()
        bench.answer(signed(sent.request, 200, body, media=media))
        assert bench.delivery.held == 0
    bench.settle()


def test_an_ack_that_takes_nothing_is_not_answered_with_a_storm(bench: Bench) -> None:
    sent = bench.send()
    bench.answer(bench.server.acknowledge(sent.request, sent.head))
    heartbeat = bench.send(0) if isinstance(bench.delivery.next(bench.now), Wait) is False else None
    assert heartbeat is None
    bench.settle()


def test_records_past_their_retention_that_a_server_lacks_are_told_as_stuck(bench: Bench) -> None:
    day = 24 * 3600
    bench.later(200 * day)
    assert bench.journal.retire(bench.now) == 21
    sent = bench.send()
    assert sent.count == 0
    assert bench.delivery.stuck


def test_large_batches_stay_under_the_limits(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    journal.append([record(number) for number in range(1200)], Bench(journal).now)
    bench = Bench(journal)
    counts = []
    while bench.delivery.held < journal.head()[1]:
        sent = bench.send()
        counts.append(sent.count)
        assert len(sent.request.body) <= 1 << 20
        bench.answer(bench.server.take(sent.request))
    assert counts[0] == 500
    assert bench.server.chain().h == journal.head()[2]
    journal.close()


FAULTS = ["honest", "lost_request", "lost_answer", "proxy", "stranger", "400", "401", "409", "413", "429", "500"]
FAULTS += ["rollback", "garbage_ack", "restart", "append", "time"]


def test_a_batch_that_does_not_compress_is_made_smaller(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    chance = random.Random(5)
    word = "abcdefghijklmnopqrstuvwxyz0123456789"
    keys = [tuple("k" + "".join(chance.choices(word, k=60)) for _ in range(400)) for _ in range(40)]
    journal.append([PolicyChanged(ms=START_MS, source="file", version=1, keys=one) for one in keys], START)
    bench = Bench(journal)
    bench.delivery = Delivery(journal, bench.link, make_me(), random=lambda: 0.5, status=status, packing=Packing.NONE)
    while bench.delivery.held < journal.head()[1]:
        sent = bench.send()
        assert len(sent.request.body) <= 1 << 20
        bench.answer(bench.server.take(sent.request))
    assert bench.server.chain().h == journal.head()[2]
    journal.close()


@settings(max_examples=30, deadline=None)
@given(faults=st.lists(st.sampled_from(FAULTS), max_size=40), spread=st.floats(0, 1))
def test_whatever_happens_on_the_way_everything_arrives_in_the_end(
    tmp_path_factory: pytest.TempPathFactory, faults: list[str], spread: float
) -> None:
    journal = filled(tmp_path_factory.mktemp("journal"), 12)
    bench = Bench(journal, random=lambda: spread)
    for number, fault in enumerate(faults):
        _happen(bench, fault, number)
        held = bench.journal.pinned(SERVER)
        assert held is None or held.n <= journal.head()[1]
    bench.settle()
    assert bench.server.chain().h == journal.head()[2]
    assert journal.verify().ok
    journal.close()


def _happen(bench: Bench, fault: str, number: int) -> None:
    if fault == "append":
        bench.journal.append([record(1000 + number)], bench.now)
        return
    if fault == "restart":
        bench.delivery = bench.fresh()
        return
    if fault == "time":
        bench.later(60)
        return
    if fault == "rollback":
        bench.server.lose(min(3, len(bench.server.entries)))
        return
    sent = bench.send(4000)
    request = sent.request
    if fault == "lost_request":
        bench.delivery.failed("refused", bench.now)
    elif fault == "lost_answer":
        bench.server.take(request)
        bench.delivery.failed("mute", bench.now)
    elif fault == "proxy":
        bench.answer(unsigned(407))
    elif fault == "stranger":
        bench.answer(signed(request, 409, refusal(n=0), signer=STRANGER))
    elif fault == "garbage_ack":
        bench.answer(signed(request, 200, b"\0" * 243, media=api.MEDIA_ACK))
    elif fault == "honest":
        bench.answer(bench.server.take(request))
    else:
        bench.answer(signed(request, int(fault), refusal(n=0 if fault == "409" else None)))


def test_several_servers_each_get_everything(tmp_path: Path) -> None:
    journal = filled(tmp_path, 8)
    first, second = Bench(journal), Bench(journal, link=make_link(b"\xa1" * 16))
    second.server.server = b"\xa1" * 16
    first.settle()
    assert journal.pinned(b"\xa1" * 16) is None
    second.settle()
    first.settle()
    assert first.server.chain().h == second.server.chain().h == journal.head()[2]
    journal.close()
