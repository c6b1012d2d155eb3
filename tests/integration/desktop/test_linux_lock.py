"""The session lock under X11: what is claimed and what is not when lockers misbehave."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from Xlib import X
from Xlib.display import Display

from app.desktop.linux.grab import keyboard_held
from app.desktop.linux.lock import LinuxLock
from app.desktop.ports import Locked
from app.tools.stage import Stage
from tests.helpers.desktop import Changes

pytestmark = pytest.mark.desktop


@pytest.fixture(autouse=True)
def with_login(stage: Stage) -> None:
    if not stage.setup.login:
        pytest.skip("a login session that really locks needs root")


@contextmanager
def locked_by(stage: Stage, *command: str) -> Iterator[None]:
    """Another program answers logind's lock signal."""
    stage.stop("locker")
    if command:
        stage.start_locker(command)
    try:
        yield
    finally:
        stage.stop("locker")
        stage.forget_lock()
        stage.start_locker()


@contextmanager
def open_menu(stage: Stage) -> Iterator[None]:
    """A program holds the keyboard, as an open menu does."""
    display = Display(stage.display)
    try:
        root = display.screen().root
        assert root.grab_keyboard(True, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime) == X.GrabSuccess
        display.sync()
        yield
    finally:
        display.close()


@contextmanager
def opened(lock: LinuxLock) -> Iterator[LinuxLock]:
    try:
        yield lock
    finally:
        lock.close()


def i3lock_of(stage: Stage) -> tuple[tuple[str, ...], ...]:
    """The fall-back locker run as the person, whose password the tests know."""
    return (("setpriv", "--reuid", stage.person, "--regid", stage.person, "--init-groups", "i3lock", "-n"),)


def test_a_locker_that_ends_at_once_is_not_claimed(stage: Stage) -> None:
    with locked_by(stage, "false"), opened(LinuxLock(lockers=())) as lock:
        result = lock.lock(2.0)
        assert not result.confirmed
        assert "logind" in result.error


def test_a_desktop_that_says_locked_while_nothing_holds_the_keyboard_is_not_believed(stage: Stage) -> None:
    with locked_by(stage, "sleep", "5"), opened(LinuxLock(lockers=())) as lock:
        result = lock.lock(1.0)
        assert not result.confirmed
        assert "keyboard" in result.error
        assert stage.locked()
        assert lock.state() is Locked.UNKNOWN


def test_a_hint_left_behind_by_a_dead_locker_does_not_hinder_the_next_lock(stage: Stage) -> None:
    with locked_by(stage, "sleep", "5"), opened(LinuxLock(lockers=())) as lock:
        assert not lock.lock(1.0).confirmed
        stage.stop("locker")
        stage.start_locker()
        assert stage.locked()
        assert lock.lock(10.0).confirmed
        stage.unlock()


def test_under_an_open_menu_no_lock_is_claimed_and_afterwards_it_is(stage: Stage) -> None:
    with opened(LinuxLock(lockers=())) as lock:
        with open_menu(stage):
            assert not lock.lock(2.0).confirmed
            stage.await_true(lambda: not stage.locked(), "the locker to give up")
        assert lock.lock(10.0).confirmed
        stage.unlock()


def test_the_fall_back_locks_and_the_person_unlocks_with_the_password(stage: Stage) -> None:
    changes = Changes()
    with locked_by(stage), opened(LinuxLock(lockers=i3lock_of(stage))) as lock:
        lock.watch(changes)
        assert changes.wait_for(Locked.NO)
        result = lock.lock(10.0)
        assert (result.confirmed, result.method) == (True, "i3lock")
        assert changes.wait_for(Locked.YES)
        assert lock.state() is Locked.YES
        assert not stage.locked(), "logind knows nothing of the fall-back"
        stage.wait_locker()
        stage.type_text(stage.password, delay_ms=30)
        stage.keys("Return")
        assert changes.wait_for(Locked.NO)
        assert lock.state() is Locked.NO


def test_the_fall_back_goes_on_when_the_agent_ends(stage: Stage) -> None:
    with locked_by(stage):
        with opened(LinuxLock(lockers=i3lock_of(stage))) as lock:
            assert lock.lock(10.0).confirmed
        assert keyboard_held()
        stage.wait_locker()
        stage.type_text(stage.password, delay_ms=30)
        stage.keys("Return")
        stage.await_true(lambda: keyboard_held() is False, "the unlock")


def test_a_fall_back_under_an_open_menu_is_not_claimed(stage: Stage) -> None:
    with locked_by(stage), open_menu(stage), opened(LinuxLock(lockers=i3lock_of(stage))) as lock:
        result = lock.lock(6.0)
        assert not result.confirmed
        assert lock.state() is Locked.NO


def test_a_fall_back_that_is_not_installed_or_ends_is_said_by_name(stage: Stage) -> None:
    with locked_by(stage), opened(LinuxLock(lockers=(("no-such-locker",),))) as lock:
        assert "no screen locker is installed" in lock.lock(0.5).error
    with locked_by(stage), opened(LinuxLock(lockers=(("true", "i3lock"),))) as lock:
        assert "true ended without locking" in lock.lock(1.0).error


def test_without_a_system_bus_the_state_is_unknown_and_the_lock_fails(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    changes = Changes()
    with opened(LinuxLock(lockers=())) as lock:
        lock.watch(changes)
        assert lock.state() is Locked.UNKNOWN
        result = lock.lock(1.0)
        assert not result.confirmed
        assert "system bus" in result.error
    assert Locked.YES not in changes.states
    assert Locked.NO not in changes.states
