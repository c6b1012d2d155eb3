"""What a PC can tell a shift check: on Linux from files that a test puts there, on Windows the meaning of its numbers."""

import sys
from pathlib import Path

import pytest

from app.content.shapes import FACTS
from app.desktop.machinefacts import asked, network_up, room_on
from app.desktop.simulated import Machine
from app.desktop.windows.audiokinds import HEADSETS, health, protection

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads Linux' own files")
HEADSET = {"name": "bt", "active_port": "headset-output", "properties": {"device.form_factor": "headset"}}
SPEAKER = {"name": "hdmi", "active_port": "hdmi-output-0", "properties": {"device.form_factor": "internal"}}
MONITOR = {"name": "hdmi.monitor", "properties": {"device.class": "monitor"}}
UNPLUGGED = {
    "name": "jack", "active_port": "analog-input-headset-mic",
    "ports": [{"name": "analog-input-headset-mic", "availability": "not available"}],
}  # fmt: skip


def test_one_fact_that_fails_costs_no_other() -> None:
    def broken() -> bool:
        raise RuntimeError("a driver")

    assert asked({"a": broken, "b": lambda: True, "c": lambda: None}) == (("a", None), ("b", True), ("c", None))


def test_this_machine_has_room_and_says_whether_it_is_connected(tmp_path: Path) -> None:
    assert isinstance(room_on(str(tmp_path)), bool)
    assert isinstance(network_up(), bool)


def test_simulated_and_real_machines_tell_the_same_facts_by_yes_no_or_unknown() -> None:
    desktop = Machine().desktop()
    assert desktop.facts is not None
    assert [name for name, _ in desktop.facts.look()] == [name for name in FACTS if name != "lock_test"]


@needs_linux
def test_linux_answers_every_fact_and_nothing_but_yes_no_or_unknown() -> None:
    from app.desktop.linux.facts import LinuxFacts

    found = LinuxFacts().look()
    assert {name for name, _ in found} == set(FACTS) - {"lock_test"}
    assert {type(well) for _, well in found} <= {bool, type(None)}


@needs_linux
def test_updates_are_told_by_the_restart_that_waits_or_the_count(tmp_path: Path) -> None:
    from app.desktop.linux.facts import LinuxFacts

    facts = LinuxFacts(tmp_path)
    assert facts.updates() is None
    told = tmp_path / "var/lib/update-notifier/updates-available"
    told.parent.mkdir(parents=True)
    told.write_text("\n0 updates can be applied immediately.\n", encoding="utf-8")
    assert facts.updates() is True
    told.write_text("\n7 updates can be applied immediately.\n", encoding="utf-8")
    assert facts.updates() is False
    told.write_text("\n0 updates can be applied immediately.\n", encoding="utf-8")
    (tmp_path / "run").mkdir()
    (tmp_path / "run/reboot-required").touch()
    assert facts.updates() is False


@needs_linux
def test_encryption_below_a_volume_is_found_and_a_stick_is_known(tmp_path: Path) -> None:
    from app.desktop.linux.facts import LinuxFacts

    block = tmp_path / "sys/class/block"
    (block / "dm-1/slaves/dm-0").mkdir(parents=True)
    (block / "dm-1/dm").mkdir()
    (block / "dm-1/dm/uuid").write_text("LVM-abc", encoding="ascii")
    (block / "dm-0/dm").mkdir(parents=True)
    (block / "dm-0/dm/uuid").write_text("CRYPT-LUKS2-abc", encoding="ascii")
    (block / "sda1").mkdir()
    stick = tmp_path / "sys/devices/sdb"
    (stick / "sdb1").mkdir(parents=True)
    (stick / "removable").write_text("1\n", encoding="ascii")
    (block / "sdb1").symlink_to(stick / "sdb1")
    facts = LinuxFacts(tmp_path)
    assert (facts._crypted("dm-1"), facts._crypted("sda1")) == (True, False)
    assert (facts._removable("sdb1"), facts._removable("sda1")) == (True, False)


@needs_linux
def test_a_headset_is_known_by_what_it_says_and_a_microphone_is_no_monitor() -> None:
    from app.desktop.linux.facts import headset_in, microphone_in

    assert headset_in([HEADSET], []) is True
    assert headset_in([SPEAKER], [MONITOR]) is False
    assert headset_in([], [UNPLUGGED]) is None
    assert headset_in(None, []) is None
    assert microphone_in([MONITOR]) is False
    assert microphone_in([MONITOR, {"name": "usb", "properties": {}}]) is True
    assert microphone_in([UNPLUGGED]) is False
    assert microphone_in(None) is None


def test_numbers_of_windows_mean_what_its_headers_say() -> None:
    assert [health(state) for state in (0, 1, 2, 3, 9)] == [True, None, False, False, None]
    assert [protection(value) for value in range(10)] == [None, True, False, True, False, False, True, None, False, None]
    assert frozenset({3, 5}) == HEADSETS
