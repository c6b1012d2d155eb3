"""The contract of the desktop ports."""

import queue
import threading

import pytest

from app.desktop.ports import Desktop, Locked
from app.domain.errors import UnavailableError
from app.domain.moment import NS
from tests.helpers.desktop import Changes, Rig, known_idle
from tests.helpers.held import held

CHORD = "<ctrl>+<alt>+1"
ROUNDS = 8
"""Whatever an opening leaves behind comes up so many times; Windows' own helper threads come and go with five handles."""

NO_LOCKER = {"windows": "nobody can type a password at Windows' own lock screen from here, and Wine has no lock screen at all"}
"""Why an adapter's lock is not tried by this suite; its refusal is among the tests of Windows alone."""


def needs_locker(rig: Rig) -> None:
    if not rig.locks:
        pytest.skip(NO_LOCKER.get(rig.name, "a login session that really locks needs root"))


def test_every_part_is_there_and_no_fault_is_told(rig: Rig) -> None:
    desktop = rig.desktop
    assert desktop.name == rig.name
    assert desktop.faults == ()
    assert None not in (desktop.idle, desktop.lock, desktop.hotkeys, desktop.vault, desktop.notices, desktop.autostart)


def test_three_clocks_go_forward_together(rig: Rig) -> None:
    first = rig.desktop.clock.now()
    rig.let_time_pass(0.02)
    second = rig.desktop.clock.now()
    assert second.boot - first.boot >= NS // 50
    assert second.awake - first.awake >= NS // 50
    assert second.wall > first.wall
    assert second.boot >= second.awake


def test_idle_time_grows_and_real_input_resets_it(rig: Rig) -> None:
    rig.touch()
    before = rig.desktop.clock.now().boot
    rig.let_time_pass(0.5)
    grown = known_idle(rig.desktop)
    assert grown >= NS // 2 - 2_000_000
    rig.touch()
    assert known_idle(rig.desktop) < grown + rig.desktop.clock.now().boot - before - NS // 2


def test_a_lock_is_confirmed_and_the_person_unlocks(rig: Rig) -> None:
    needs_locker(rig)
    lock = rig.desktop.lock
    assert lock is not None
    changes = Changes()
    lock.watch(changes)
    assert changes.wait_for(Locked.NO)
    result = lock.lock(10.0)
    assert (result.confirmed, result.error) == (True, "")
    assert lock.state() is Locked.YES
    assert changes.wait_for(Locked.YES)
    rig.person_unlocks()
    assert changes.wait_for(Locked.NO)
    assert lock.state() is Locked.NO
    assert changes.states == [Locked.NO, Locked.YES, Locked.NO]


def test_a_lock_by_the_person_is_told(rig: Rig) -> None:
    needs_locker(rig)
    lock = rig.desktop.lock
    assert lock is not None
    changes = Changes()
    lock.watch(changes)
    rig.person_locks()
    assert changes.wait_for(Locked.YES)
    rig.person_unlocks()
    assert changes.wait_for(Locked.NO)


def test_locking_a_locked_session_is_confirmed_and_changes_nothing(rig: Rig) -> None:
    needs_locker(rig)
    lock = rig.desktop.lock
    assert lock is not None
    assert lock.lock(10.0).confirmed
    assert lock.lock(10.0).confirmed
    assert lock.state() is Locked.YES
    rig.person_unlocks()
    assert lock.state() is Locked.NO


def test_without_a_locker_the_lock_fails_and_says_so(rig: Rig) -> None:
    needs_locker(rig)
    with rig.lock_without_locker() as lock:
        result = lock.lock(1.0)
        assert not result.confirmed
        assert result.error
        assert lock.state() is Locked.NO


def test_a_chord_is_heard_while_another_program_has_the_focus(rig: Rig) -> None:
    hotkeys = rig.desktop.hotkeys
    assert hotkeys is not None
    pressed = threading.Semaphore(0)
    assert hotkeys.bind({CHORD: pressed.release}) == []
    rig.press(CHORD)
    assert pressed.acquire(timeout=10)
    rig.press(CHORD)
    assert pressed.acquire(timeout=10)
    assert not pressed.acquire(blocking=False)


def test_only_the_bound_chord_is_heard_and_a_new_binding_replaces_the_old(rig: Rig) -> None:
    hotkeys = rig.desktop.hotkeys
    assert hotkeys is not None
    heard: list[str] = []
    last = threading.Event()
    hotkeys.bind({CHORD: lambda: heard.append("old")})
    hotkeys.bind({"<ctrl>+<alt>+2": lambda: heard.append("two"), "<ctrl>+<alt>+`": last.set})
    rig.press(CHORD)
    rig.press("<ctrl>+<alt>+2")
    rig.press("<ctrl>+<alt>+`")
    assert last.wait(10)
    assert heard == ["two"]


def test_what_is_no_chord_is_reported_and_the_others_work(rig: Rig) -> None:
    hotkeys = rig.desktop.hotkeys
    assert hotkeys is not None
    pressed = threading.Event()
    faults = hotkeys.bind({"nonsense": lambda: None, "q": lambda: None, CHORD: pressed.set})
    assert [fault.key for fault in faults] == ["nonsense", "q"]
    assert all(fault.reason for fault in faults)
    rig.press(CHORD)
    assert pressed.wait(10)


def test_a_chord_of_another_program_is_reported_as_taken(rig: Rig) -> None:
    hotkeys = rig.desktop.hotkeys
    assert hotkeys is not None
    with rig.take("<ctrl>+<alt>+3"):
        faults = hotkeys.bind({"<ctrl>+<alt>+3": lambda: None, CHORD: lambda: None})
    assert [(fault.key, fault.reason) for fault in faults] == [("<ctrl>+<alt>+3", "taken by another program")]


def test_a_secret_is_kept_changed_and_removed(rig: Rig) -> None:
    vault = rig.desktop.vault
    assert vault is not None
    secret = bytes(range(256)) * 2
    assert vault.get("contract", 10.0) is None
    vault.set("contract", secret, 10.0)
    assert vault.get("contract", 10.0) == secret
    vault.set("contract", b"", 10.0)
    assert vault.get("contract", 10.0) == b""
    vault.delete("contract", 10.0)
    assert vault.get("contract", 10.0) is None
    vault.delete("contract", 10.0)


def test_secrets_of_different_names_do_not_mix(rig: Rig) -> None:
    vault = rig.desktop.vault
    assert vault is not None
    vault.set("one", b"1", 10.0)
    vault.set("two", b"2", 10.0)
    vault.delete("one", 10.0)
    assert (vault.get("one", 10.0), vault.get("two", 10.0)) == (None, b"2")
    vault.delete("two", 10.0)


def test_a_secret_that_is_too_long_is_refused(rig: Rig) -> None:
    vault = rig.desktop.vault
    assert vault is not None
    with pytest.raises(UnavailableError, match="513"):
        vault.set("long", b"x" * 513, 10.0)
    assert vault.get("long", 10.0) is None


def test_a_locked_vault_is_unavailable_and_works_again_once_unlocked(rig: Rig) -> None:
    vault = rig.desktop.vault
    assert vault is not None
    vault.set("kept", b"secret", 10.0)
    with rig.locked_vault():
        with pytest.raises(UnavailableError):
            vault.get("kept", 0.2)
        with pytest.raises(UnavailableError):
            vault.set("kept", b"", 0.2)
        with pytest.raises(UnavailableError):
            vault.delete("kept", 0.2)
    assert vault.get("kept", 10.0) == b"secret"
    vault.delete("kept", 10.0)


def test_a_notice_arrives_as_plain_text(rig: Rig) -> None:
    notices = rig.desktop.notices
    assert notices is not None
    with rig.notices() as next_notice:
        assert notices.show("安席", "眼睛休息 20 秒")
        assert next_notice() == "安席\n眼睛休息 20 秒"


def test_the_microphone_is_in_nobodys_hand_or_unknown(rig: Rig) -> None:
    microphone = rig.desktop.microphone
    assert microphone is None or not microphone.in_use_by()


def test_who_watches_the_microphone_is_told_once_at_the_beginning(rig: Rig) -> None:
    microphone = rig.desktop.microphone
    if microphone is not None:
        told = threading.Event()
        microphone.watch(told.set)
        assert told.wait(10)


def test_starting_with_the_session_can_be_switched(rig: Rig) -> None:
    autostart = rig.desktop.autostart
    assert autostart is not None
    assert not autostart.enabled()
    for on in (True, True, False, False):
        autostart.set(on)
        assert autostart.enabled() is on


def test_falling_asleep_and_waking_are_told_once_each_and_in_order(rig: Rig) -> None:
    with rig.naps() as (power, nap):
        told: queue.Queue[bool] = queue.Queue()
        power.watch(told.put)
        nap()
        assert [told.get(timeout=10), told.get(timeout=10)] == [True, False]
        nap()
        assert [told.get(timeout=10), told.get(timeout=10)] == [True, False]
        power.close()
        assert told.empty()


def use_everything(desktop: Desktop) -> None:
    assert desktop.idle is not None
    assert desktop.lock is not None
    assert desktop.hotkeys is not None
    assert desktop.notices is not None
    assert desktop.vault is not None
    changes = Changes()
    desktop.idle.idle_ns()
    desktop.lock.watch(changes)
    changes.wait_for(Locked.NO)
    desktop.hotkeys.bind({CHORD: lambda: None})
    desktop.notices.show("a", "b")
    desktop.vault.set("used", b"1", 10.0)  # there, because Wine keeps a handle for each entry that it does not find
    desktop.vault.get("used", 10.0)
    if desktop.microphone is not None:
        desktop.microphone.watch(lambda: None)
        desktop.microphone.in_use_by()
    if desktop.power is not None:
        desktop.power.watch(lambda asleep: None)


def test_closing_leaves_no_thread_and_no_connection(rig: Rig) -> None:
    first = rig.open()  # libraries that open something once for the process have done so after this
    use_everything(first)
    first.close()
    threads, before = set(threading.enumerate()), held()
    for _ in range(ROUNDS):
        desktop = rig.open()
        use_everything(desktop)
        desktop.close()
    assert set(threading.enumerate()) <= threads
    assert held() < before + ROUNDS
    assert rig.desktop.vault is not None
    rig.desktop.vault.delete("used", 10.0)


def test_after_closing_no_chord_and_no_lock_is_told(rig: Rig) -> None:
    heard: list[object] = []
    desktop = rig.open()
    assert desktop.hotkeys is not None
    assert desktop.lock is not None
    desktop.hotkeys.bind({CHORD: lambda: heard.append("chord")})
    changes = Changes()
    desktop.lock.watch(changes)
    changes.wait_for(Locked.NO)
    desktop.close()
    told = list(changes.states)
    still = rig.desktop.hotkeys
    assert still is not None
    pressed = threading.Event()
    still.bind({CHORD: pressed.set})
    rig.press(CHORD)
    assert pressed.wait(10)
    if rig.locks:
        rig.person_locks()
        rig.person_unlocks()
    assert heard == []
    assert changes.states == told
