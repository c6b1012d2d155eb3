"""Why a stop signal came, as logind tells it at that moment."""

from pathlib import Path

import pytest

from app.desktop.linux.ending import LinuxEnding
from tests.helpers.logind import SleepTeller


def test_a_machine_that_shuts_down_is_told_from_somebody_who_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with SleepTeller(tmp_path) as teller:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", teller.address)
        assert LinuxEnding().why() == "asked"
        teller.preparing = True
        assert LinuxEnding().why() == "shutdown"


def test_without_logind_somebody_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    assert LinuxEnding().why() == "asked"
