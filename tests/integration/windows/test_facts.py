# ruff: noqa: E402
# what follows the assert exists on Windows only, and mypy skips it elsewhere
import sys

import pytest

from app.content.shapes import FACTS

assert sys.platform == "win32"

import winreg

from app.desktop.windows.facts import CAPTURE, FORM, WindowsFacts, endpoints, headset, updates
from tests.helpers.wine import ON_WINE


def test_every_fact_is_yes_no_or_unknown_and_none_is_missing() -> None:
    found = WindowsFacts().look()
    assert {name for name, _ in found} == set(FACTS) - {"lock_test"}
    assert {type(well) for _, well in found} <= {bool, type(None)}
    assert isinstance(dict(found)["disk"], bool)
    assert isinstance(dict(found)["network"], bool)


@pytest.mark.skipif(not ON_WINE, reason="a real Windows' sound devices are not ours to write down")
def test_a_headset_that_is_plugged_in_is_found_and_one_that_is_not_does_not_count() -> None:
    place = rf"{CAPTURE}\{{00000000-0000-0000-0000-0000000000aa}}"
    with winreg.CreateKeyEx(winreg.HKEY_LOCAL_MACHINE, place, 0, winreg.KEY_ALL_ACCESS | winreg.KEY_WOW64_64KEY) as key:
        winreg.SetValueEx(key, "DeviceState", 0, winreg.REG_DWORD, 1)
        with winreg.CreateKeyEx(key, "Properties", 0, winreg.KEY_ALL_ACCESS) as properties:
            winreg.SetValueEx(properties, FORM, 0, winreg.REG_DWORD, 5)
        assert 5 in list(endpoints(CAPTURE))
        assert headset() is True
        winreg.SetValueEx(key, "DeviceState", 0, winreg.REG_DWORD, 8)
        assert 5 not in list(endpoints(CAPTURE))
        winreg.DeleteKey(key, "Properties")
    winreg.DeleteKeyEx(winreg.HKEY_LOCAL_MACHINE, place, winreg.KEY_WOW64_64KEY)


@pytest.mark.skipif(not ON_WINE, reason="a real Windows' updates are not ours to write down")
def test_an_update_that_waits_for_a_restart_is_a_fault() -> None:
    from app.desktop.windows.facts import RESTARTS

    with winreg.CreateKeyEx(winreg.HKEY_LOCAL_MACHINE, RESTARTS[0], 0, winreg.KEY_ALL_ACCESS | winreg.KEY_WOW64_64KEY):
        assert updates() is False
    winreg.DeleteKeyEx(winreg.HKEY_LOCAL_MACHINE, RESTARTS[0], winreg.KEY_WOW64_64KEY)
    assert updates() is not False
