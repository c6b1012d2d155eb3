"""The doctor: what is missing is a fault with its meaning, what is there is well, and nothing is changed."""

from pathlib import Path

import pytest

from app.agent.enrolled import EnrolledServer, keep_enrolled
from app.agent.profile import Profile
from app.desktop.ports import Locked
from app.desktop.simulated import Machine
from app.health.doctor import examine, room, site_content

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


@pytest.mark.parametrize(
    ("told", "state", "word"),
    [
        ({"pack": "harbour", "version": 3}, "well", "harbour version 3"),
        ({"pack": "harbour", "version": 3, "stale": True}, "note", "sign it again"),
        ({"pack": "harbour", "version": 3, "refused": "The document is stale."}, "note", "refused: The document is stale."),
        ({"version": 0, "refused": "The kept pack is damaged."}, "note", "none holds"),
    ],
)
def test_the_sites_content_is_told_with_the_reason_of_a_refusal(told: dict[str, object], state: str, word: str) -> None:
    found = site_content(told)
    assert found["state"] == state
    assert word in found["says"]
