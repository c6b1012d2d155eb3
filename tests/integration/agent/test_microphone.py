"""A softphone that records, from the desktop's port to the seat."""

from pathlib import Path

from tests.helpers.agent import machine, running


def test_a_recording_softphone_of_the_policys_list_is_a_call(tmp_path: Path) -> None:
    on = machine()
    with running(tmp_path, on, settings=("calls.softphones=own-phone",)) as pc:
        on.record("obs", "own-phone")
        pc.seen.until(lambda s: s.seat.on_call, "the call")
        on.record("obs")
        pc.seen.until(lambda s: not s.seat.on_call, "its end")
