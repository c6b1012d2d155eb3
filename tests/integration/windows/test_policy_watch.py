# ruff: noqa: E402
# what follows the assert exists on Windows only, and mypy skips it elsewhere
"""Policies in the real registry: seen when they come, change and go, in both hives."""

import sys
import threading
from collections.abc import Iterator

import pytest

assert sys.platform == "win32"

import winreg

from app.policy.load import load
from app.policy.registry import KEY
from app.policy.watch import PolicyWatch

HIVES = [winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER]


@pytest.fixture(params=HIVES, ids=["machine", "person"])
def hive(request: pytest.FixtureRequest) -> Iterator[int]:
    """A hive without policies; what a test left is removed."""
    found: int = request.param
    remove(found)
    yield found
    remove(found)


def remove(hive: int) -> None:
    for path in (KEY + "\\server.urls", KEY):
        try:
            winreg.DeleteKey(hive, path)
        except OSError:
            continue


def write(hive: int, name: str, value: str) -> None:
    with winreg.CreateKeyEx(hive, KEY, 0, winreg.KEY_WRITE | winreg.KEY_WOW64_64KEY) as key:
        winreg.SetValueEx(key, name, 0, winreg.REG_SZ, value)


def test_a_policy_is_seen_when_it_comes_changes_and_goes(hive: int) -> None:
    told = threading.Semaphore(0)
    watch = PolicyWatch((), told.release)
    try:
        assert told.acquire(timeout=10), "the first look"
        for theme in ("dark", "light"):
            write(hive, "theme", theme)
            assert told.acquire(timeout=10)
            assert load().values.theme == theme
        remove(hive)
        assert told.acquire(timeout=10)
        assert load().values.theme == "system"
    finally:
        watch.close()
    write(hive, "theme", "dark")
    assert not told.acquire(timeout=0.5), "nothing is told after the end"
