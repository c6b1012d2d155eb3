"""The watch over policies: every change once, at once, and nothing in between."""

import sys
import threading
from pathlib import Path

import pytest

from app.policy import watch as module
from app.policy.watch import LONGEST_BUNDLE, PolicyWatch, Poll, waiter_for


class Script:
    """A waiter that tells what it was given, then sleeps until woken."""

    def __init__(self, *told: bool) -> None:
        self._told = list(told)
        self._woken = threading.Event()
        self.waits: list[float] = []
        self.resting = threading.Event()
        self.closed = False

    def wait(self, timeout: float) -> bool:
        self.waits.append(timeout)
        if self._told:
            return self._told.pop(0)
        self.resting.set()
        self._woken.wait()
        return False

    def wake(self) -> None:
        self._woken.set()

    def close(self) -> None:
        self.closed = True


def looks(*given: bool) -> tuple[int, list[float]]:
    """How often the policies were looked at for these answers, and how long was waited."""
    seen: list[None] = []
    waiter = Script(False, *given)
    watch = PolicyWatch((), lambda: seen.append(None), waiter)
    assert waiter.resting.wait(10)
    watch.close()
    assert waiter.closed
    assert waiter.waits[0] == 0, "it listens before it looks"
    return len(seen), waiter.waits[1:]


def test_it_looks_once_at_the_beginning_and_then_rests() -> None:
    assert looks() == (1, [module.POLL_S])


def test_a_bundle_of_changes_is_one_look_after_a_second_of_quiet() -> None:
    count, waits = looks(True, True, True, False)
    assert count == 2
    assert waits == [module.POLL_S, *[module.SETTLE_S] * 3, module.POLL_S]


def test_changes_without_an_end_do_not_put_the_look_off_for_ever() -> None:
    assert looks(*[True] * (LONGEST_BUNDLE + 1))[0] == 2


def test_the_time_alone_is_a_reason_to_look() -> None:
    assert looks(False, False)[0] == 3


def test_where_no_change_is_told_only_the_time_counts() -> None:
    poll = waiter_for(()) if sys.platform != "win32" else Poll()
    assert isinstance(poll, Poll)
    assert not poll.wait(0.001)
    poll.wake()
    assert not poll.wait(100)
    poll.close()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other ways")
class TestFiles:
    def seen(self, file: Path) -> tuple[PolicyWatch, threading.Semaphore]:
        told = threading.Semaphore(0)
        watch = PolicyWatch([file], told.release)
        assert told.acquire(timeout=10)
        return watch, told

    def test_a_file_that_is_written_replaced_or_removed_is_seen(self, tmp_path: Path) -> None:
        file = tmp_path / "policy.toml"
        watch, told = self.seen(file)
        file.write_text("a", encoding="ascii")
        assert told.acquire(timeout=10)
        (tmp_path / "new").write_text("b", encoding="ascii")
        (tmp_path / "new").replace(file)
        assert told.acquire(timeout=10)
        file.unlink()
        assert told.acquire(timeout=10)
        watch.close()

    def test_other_files_of_the_folder_are_not_told(self, tmp_path: Path) -> None:
        from app.policy.watch_files import FileWaiter

        waiter = FileWaiter([tmp_path / "policy.toml"])
        (tmp_path / "other").write_text("a", encoding="ascii")
        assert not waiter.wait(0.05)
        (tmp_path / "policy.toml").write_text("a", encoding="ascii")
        assert waiter.wait(10)
        waiter.wake()
        assert not waiter.wait(10)
        waiter.close()

    def test_a_folder_that_is_not_there_is_left_to_the_poll(self, tmp_path: Path) -> None:
        waiter = waiter_for((tmp_path / "none" / "policy.toml",))
        assert isinstance(waiter, Poll)
