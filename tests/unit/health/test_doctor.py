"""The doctor: what is missing is a fault with its meaning, what is there is well, and nothing is changed."""

from pathlib import Path

import pytest

from app.agent.enrolled import EnrolledServer, keep_enrolled
from app.agent.profile import Profile
from app.desktop.ports import Locked
from app.desktop.simulated import Machine
from app.health.doctor import examine, room

SERVER = EnrolledServer("https://one:1", "", b"k", b"f" * 32, b"s" * 16, pending=False)


def states(folder: Path, machine: Machine, *missing: str) -> dict[str, str]:
    return {one["what"]: one["state"] for one in examine(folder, machine.desktop(*missing))}


def test_a_whole_desktop_is_well_and_only_the_agent_and_the_enrolment_are_missing(tmp_path: Path) -> None:
    found = states(tmp_path, Machine())
    assert {what for what, state in found.items() if state == "fault"} == {"enrolment", "agent"}
    assert found["screen lock"] == found["key store"] == found["idle time"] == found["hotkeys"] == "well"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("missing", "what", "state"),
    [
        ("vault_missing", "key store", "fault"),
        ("lock_missing", "screen lock", "fault"),
        ("idle_missing", "idle time", "fault"),
        ("hotkey_missing", "hotkeys", "note"),
        ("notices_missing", "notices", "note"),
    ],
)
def test_what_is_missing_is_told(tmp_path: Path, missing: str, what: str, state: str) -> None:
    assert states(tmp_path, Machine(), missing)[what] == state


def test_a_locked_vault_and_an_unknown_lock_are_told(tmp_path: Path) -> None:
    machine = Machine()
    machine.vault_open = False
    machine.set_locked(Locked.UNKNOWN)
    found = states(tmp_path, machine)
    assert (found["key store"], found["screen lock"]) == ("fault", "note")


def test_servers_are_listed_and_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    keep_enrolled(profile, [SERVER])
    assert states(tmp_path, Machine())["server https://one:1"] == "well"
    profile.enrolment.write_bytes(b"{")
    told = [one["says"] for one in examine(tmp_path, Machine().desktop()) if one["what"] == "enrolment"]
    assert len(told) == 1
    assert "enrol it again with a new code" in told[0]


@pytest.mark.parametrize(("free", "state"), [(10_000_000, "fault"), (100_000_000, "note"), (10_000_000_000, "well")])
def test_room_on_the_disk_is_judged_by_what_the_journal_needs(free: int, state: str) -> None:
    assert room(free)["state"] == state


def test_the_real_disk_is_looked_at(tmp_path: Path) -> None:
    assert "MB free" in next(one["says"] for one in examine(tmp_path, Machine().desktop()) if one["what"] == "disk")
