"""Fan-out: numbers rise for every recipient whatever comes in between, and a slow reader is cut off alone."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import UnavailableError
from app.protocol import api, sse
from app.protocol.keys import Ed25519Signer
from app.server.alerts.hub import PASSING_BITS, QUEUE_MAX, STORED_BITS, Hub, Reader

ME, YOU = b"\x01" * 16, b"\x02" * 16
PAYLOAD = api.encode_event(api.Listeners(count=1))


def make_hub(starts: int = 1) -> Hub:
    return Hub(Ed25519Signer(b"\x02" * 32), b"\xa0" * 16, 1, starts)


async def numbers(reader: Reader) -> list[int]:
    parser = sse.Parser()
    frames = b"".join(await reader.take(0.0))
    return [one.event_no for one in parser.feed(frames) if isinstance(one, sse.Message)]


def open_reader(hub: Hub, who: bytes, after: int | None = None) -> Reader:
    reader = hub.subscribe(who, after, lambda: None)
    reader.replay([])
    return reader


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["stored me", "stored you", "passing", "late", "reconnect", "restart"]), max_size=60))
def test_numbers_rise_for_a_recipient_whatever_happens(steps: list[str]) -> None:
    asyncio.run(rising(steps))


async def rising(steps: list[str]) -> None:
    starts, hub = 1, make_hub()
    reader, seen, late = open_reader(hub, ME), [], []
    for step in steps:
        if step == "stored me":
            hub.deliver(ME, hub.stored_number(), PAYLOAD)
        elif step == "stored you":
            hub.deliver(YOU, hub.stored_number(), PAYLOAD)
        elif step == "late":
            late.append(hub.stored_number())
        elif step == "passing":
            hub.passing(ME, PAYLOAD)
        else:
            seen += await numbers(reader)
            if step == "restart":
                starts, late = starts + 1, []
                hub = make_hub(starts)
            else:
                hub.leave(reader)
            reader = open_reader(hub, ME, seen[-1] if seen else None)
        if late and step in ("stored me", "stored you"):
            late.clear()
    for number in late:
        hub.deliver(ME, number, PAYLOAD)
    seen += await numbers(reader)
    assert seen == sorted(set(seen))


def test_an_alarm_committed_while_passing_events_go_out_is_not_overtaken() -> None:
    async def story() -> list[int]:
        hub = make_hub()
        reader = open_reader(hub, ME)
        alarm = hub.stored_number()
        for _ in range(100):
            hub.passing(ME, PAYLOAD)
        hub.deliver(ME, alarm, PAYLOAD)
        return await numbers(reader)

    found = asyncio.run(story())
    assert len(found) == 101
    assert found == sorted(found)


def test_what_arrives_during_the_replay_comes_after_it_and_once() -> None:
    async def story() -> list[int]:
        hub = make_hub()
        first, second = hub.stored_number(), hub.stored_number()
        reader = hub.subscribe(ME, 5, lambda: None)
        hub.deliver(ME, first, PAYLOAD)
        hub.deliver(ME, second, PAYLOAD)
        reader.replay([(first, hub.frame(ME, first, PAYLOAD))])
        return await numbers(reader)

    found = asyncio.run(story())
    assert len(found) == 2
    assert found == sorted(found)


def test_passing_events_that_run_out_of_numbers_never_reach_those_of_alarms() -> None:
    async def story() -> list[int]:
        hub = make_hub()
        reader = open_reader(hub, ME)
        hub.reached(ME, (1 << PASSING_BITS + STORED_BITS) + (1 << PASSING_BITS) - 2)
        for _ in range(5):
            hub.passing(ME, PAYLOAD)
        hub.deliver(ME, hub.stored_number(), PAYLOAD)
        return await numbers(reader)

    assert len(asyncio.run(story())) == 2


def test_a_reader_that_is_too_far_behind_is_cut_off_and_no_other() -> None:
    async def story() -> tuple[bool, bool, int]:
        hub, stopped = make_hub(), []
        slow = hub.subscribe(ME, None, lambda: stopped.append(1))
        slow.replay([])
        quick = open_reader(hub, YOU)
        for _ in range(QUEUE_MAX + 1):
            hub.passing(ME, PAYLOAD)
            hub.passing(YOU, PAYLOAD)
            await quick.take(0.0)
        return slow.cut, quick.cut, len(stopped)

    assert asyncio.run(story()) == (True, False, 1)


def test_the_supervisor_hears_of_the_first_and_the_last_reader_only() -> None:
    async def story() -> list[tuple[bytes, bool]]:
        hub, heard = make_hub(), []
        hub.watch = lambda who, here: heard.append((who, here))
        one, two = open_reader(hub, ME), open_reader(hub, ME)
        hub.arrived(one)
        hub.leave(one)
        hub.leave(two)
        hub.leave(two)
        return heard

    assert asyncio.run(story()) == [(ME, False)]


def test_an_end_of_all_numbers_is_said_at_the_start_and_not_in_an_alarm() -> None:
    async def story() -> None:
        make_hub(1 << 19)

    with pytest.raises(UnavailableError, match="too often"):
        asyncio.run(story())
