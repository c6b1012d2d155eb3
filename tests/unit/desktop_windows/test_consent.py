import pytest

from app.desktop.windows.consent import SLACK, Process, Use, open_uses, recording

BOOT = 1_000_000_000_000
BEGUN = BOOT + 10 * SLACK
PHONE = r"C:\Program Files\Phone\Phone.exe"
ENTRY = Use("C:#Program Files#Phone#Phone.exe", packaged=False, started=BEGUN, stopped=0)


def heard(use: Use, *processes: Process) -> frozenset[str]:
    return recording(open_uses([use], BOOT), processes)


def test_an_open_entry_with_a_live_process_is_a_recording() -> None:
    assert heard(ENTRY, Process(PHONE.upper(), BEGUN - 1)) == {"phone.exe"}


def test_an_entry_that_stuck_in_a_crash_is_none() -> None:
    assert heard(ENTRY) == frozenset()
    assert heard(ENTRY, Process(r"C:\Other\Phone.exe", BEGUN - 1)) == frozenset()


def test_a_phone_started_anew_after_its_crash_is_not_recording_by_the_old_entry() -> None:
    assert heard(ENTRY, Process(PHONE, BEGUN + SLACK + 1)) == frozenset()


def test_an_entry_from_before_this_boot_is_none() -> None:
    old = Use(ENTRY.name, packaged=False, started=BOOT - SLACK - 1, stopped=0)
    assert heard(old, Process(PHONE, old.started - 1)) == frozenset()


@pytest.mark.parametrize(("started", "stopped"), [(BEGUN, BEGUN + 1), (0, 0), (BEGUN, -1)])
def test_an_entry_that_has_ended_or_never_began_is_none(started: int, stopped: int) -> None:
    assert heard(Use(ENTRY.name, packaged=False, started=started, stopped=stopped), Process(PHONE, BOOT)) == frozenset()


def test_a_packaged_program_is_found_by_its_folder() -> None:
    use = Use("Vendor.Phone_8wekyb3d8bbwe", packaged=True, started=BEGUN, stopped=0)
    inside = r"C:\Program Files\WindowsApps\Vendor.Phone_1.2.0.0_x64__8wekyb3d8bbwe\app\Phone.exe"
    assert heard(use, Process(inside, BOOT)) == {"phone.exe"}
    assert heard(use, Process(inside.replace("Vendor.Phone_", "Vendor.Phones_"), BOOT)) == frozenset()
    assert heard(use, Process(inside.replace("8wekyb3d8bbwe", "other"), BOOT)) == frozenset()
