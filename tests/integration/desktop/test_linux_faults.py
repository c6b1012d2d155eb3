"""What the Linux adapters do when the screen, a bus or a service goes away or falls mute."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.desktop.linux.autostart import XdgAutostart
from app.desktop.linux.idle import X11Idle
from app.desktop.linux.notices import DesktopNotices
from app.desktop.linux.vault import SecretServiceVault
from app.desktop.open import open_desktop
from app.domain.errors import UnavailableError, UsageError
from app.tools.stage import Setup, Stage, missing
from tests.helpers.desktop import notices_at

if TYPE_CHECKING:
    from app.desktop.linux.hotkeys import X11Hotkeys

assert sys.platform != "win32"  # signals and users of Linux

pytestmark = pytest.mark.desktop


def open_hotkeys() -> "X11Hotkeys":
    """Imported late: the library behind it looks for a screen when it is imported."""
    from app.desktop.linux.hotkeys import X11Hotkeys

    return X11Hotkeys()


@pytest.fixture
def fragile(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A small virtual desktop of its own, for tests that break it."""
    if absent := missing(tray=None, login=False):
        pytest.skip("the virtual desktop lacks " + ", ".join(absent))
    with Stage(Setup(width=640, height=400, tray=None)) as stage:
        for name, value in stage.env.items():
            monkeypatch.setenv(name, value)
        yield stage


def test_without_screen_and_buses_every_missing_part_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_SESSION_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    desktop = open_desktop()
    assert set(desktop.faults) == {
        "idle_missing", "lock_missing", "hotkey_missing", "vault_missing", "notices_missing"
    }  # fmt: skip
    assert (desktop.idle, desktop.lock, desktop.hotkeys, desktop.vault, desktop.notices) == (None,) * 5
    desktop.close()


def test_an_unknown_desktop_is_refused() -> None:
    with pytest.raises(UsageError, match="known are"):
        open_desktop("beos")


def test_the_simulated_desktop_comes_by_name_with_a_running_clock() -> None:
    desktop = open_desktop("simulated")
    first = desktop.clock.now()
    threading.Event().wait(0.01)
    assert desktop.clock.now().boot > first.boot
    desktop.close()


def test_a_mute_screen_makes_the_idle_time_unknown_and_it_comes_back(fragile: Stage) -> None:
    idle = X11Idle()
    screen = fragile.pid("screen")
    os.kill(screen, signal.SIGSTOP)
    try:
        assert idle.idle_ns() is None
        assert idle.idle_ns() is None
    finally:
        os.kill(screen, signal.SIGCONT)
    fragile.await_true(lambda: idle.idle_ns() is not None, "the idle time to be known again")
    idle.close()


def test_a_lost_screen_makes_the_idle_time_unknown_and_the_hotkeys_end_in_order(fragile: Stage) -> None:
    before = set(threading.enumerate())
    idle, hotkeys = X11Idle(), open_hotkeys()
    hotkeys.bind({"<ctrl>+<alt>+1": lambda: None})
    fragile.stop("screen")
    assert idle.idle_ns() is None
    assert idle.idle_ns() is None
    idle.close()
    hotkeys.close()
    assert set(threading.enumerate()) == before
    with pytest.raises(UnavailableError):
        X11Idle()
    with pytest.raises(UnavailableError):
        open_hotkeys()


def test_a_held_chord_is_one_press(fragile: Stage) -> None:
    hotkeys = open_hotkeys()
    heard: list[str] = []
    last = threading.Event()
    hotkeys.bind({"<ctrl>+<alt>+1": lambda: heard.append("1"), "<ctrl>+<alt>+2": last.set})
    hold = [
        "keydown",
        "ctrl",
        "keydown",
        "alt",
        "keydown",
        "1",
        "sleep",
        "1.1",
        "keyup",
        "1",
        "keyup",
        "alt",
        "keyup",
        "ctrl",
    ]
    subprocess.run(["xdotool", *hold], env=fragile.env, check=True, timeout=20)
    fragile.keys("ctrl+alt+1", "ctrl+alt+2")
    assert last.wait(10)
    assert heard == ["1", "1"]
    hotkeys.close()


def test_shift_and_number_keys_and_locks_do_not_disturb_a_chord(fragile: Stage) -> None:
    hotkeys = open_hotkeys()
    heard: list[str] = []
    last = threading.Event()
    chords = ("<ctrl>+<shift>+1", "<ctrl>+<alt>+`", "<alt>+<f9>", "<cmd>+a")
    hotkeys.bind({chord: lambda chord=chord: heard.append(chord) for chord in chords} | {"<ctrl>+<alt>+9": last.set})
    fragile.keys("Caps_Lock", "Num_Lock")
    fragile.keys("ctrl+shift+1", "ctrl+alt+grave", "alt+F9", "super+a", "ctrl+1", "alt+grave", "F9", "a")
    fragile.keys("Caps_Lock", "Num_Lock")
    fragile.keys("ctrl+alt+9")
    assert last.wait(10)
    assert heard == list(chords)
    hotkeys.close()


@pytest.mark.parametrize("text", ["", "q", "<shift>+q", "<ctrl>", "<ctrl>+<alt>", "<ctrl>+a+b", "<nokey>+1", "<esc>+1"])
def test_what_is_no_chord_is_refused_with_a_reason(fragile: Stage, text: str) -> None:
    from app.desktop.linux.hotkeys import parse_chord

    with pytest.raises(ValueError, match=r"\w"):
        parse_chord(text)


def test_a_failing_callback_does_not_end_the_hotkeys(fragile: Stage) -> None:
    hotkeys = open_hotkeys()
    heard = threading.Event()

    def fail() -> None:
        raise RuntimeError("callback")

    hotkeys.bind({"<ctrl>+<alt>+1": fail, "<ctrl>+<alt>+2": heard.set})
    fragile.keys("ctrl+alt+1", "ctrl+alt+2")
    assert heard.wait(10)
    hotkeys.close()


def test_without_a_session_bus_the_vault_is_unavailable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    vault = SecretServiceVault()
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(UnavailableError, match="no session bus"):
        vault.get("key", 5.0)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    with pytest.raises(UnavailableError):
        vault.get("key", 5.0)
    with pytest.raises(UnavailableError):
        vault.set("key", b"secret", 5.0)


def test_a_bus_that_is_slow_at_the_start_is_no_missing_key_store(fragile: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.desktop.linux.bus.OPEN_LIMIT", 0.2)
    os.kill(fragile.pid("session-bus"), signal.SIGSTOP)
    try:
        desktop = open_desktop()
    finally:
        os.kill(fragile.pid("session-bus"), signal.SIGCONT)
    assert not {"vault_missing", "notices_missing"} & set(desktop.faults)
    assert desktop.vault is not None
    desktop.vault.set("key", b"secret", 10.0)
    assert desktop.vault.get("key", 10.0) == b"secret"
    desktop.close()


def test_a_mute_vault_is_unavailable_within_the_limit_and_works_again(fragile: Stage) -> None:
    vault = SecretServiceVault()
    vault.set("key", b"secret", 10.0)
    os.kill(fragile.pid("vault"), signal.SIGSTOP)
    try:
        with pytest.raises(UnavailableError, match="no answer"):
            vault.get("key", 0.3)
        with pytest.raises(UnavailableError, match="still waiting"):
            vault.get("key", 0.3)
    finally:
        os.kill(fragile.pid("vault"), signal.SIGCONT)
    assert vault.get("key", 10.0) == b"secret"


def test_a_dismissed_vault_dialog_is_unavailable(fragile: Stage) -> None:
    vault = SecretServiceVault()
    vault.set("key", b"secret", 10.0)
    fragile.lock_vault()
    refused: list[UnavailableError] = []

    def ask() -> None:
        try:
            vault.get("key", 20.0)
        except UnavailableError as error:
            refused.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    fragile.wait_window("Unlock")
    fragile.keys("Escape")
    asking.join(20)
    assert len(refused) == 1
    assert "refused" in str(refused[0])


def test_a_stranger_s_value_under_our_name_is_refused(fragile: Stage) -> None:
    from keyring.backends import SecretService

    SecretService.Keyring().set_password("SafeSeat", "key", "not base64!")  # type: ignore[no-untyped-call]  # half typed
    with pytest.raises(UnavailableError, match="something else"):
        SecretServiceVault().get("key", 10.0)


def test_markup_in_a_notice_is_shown_as_it_stands(fragile: Stage) -> None:
    notices = DesktopNotices()
    with notices_at(fragile) as next_notice:
        assert notices.show("<b>1 & 2</b>", '<a href="x">y</a> & z')
        assert next_notice() == '<b>1 & 2</b>\n&lt;a href="x"&gt;y&lt;/a&gt; &amp; z'
    notices.close()


def test_notices_go_on_after_their_server_was_restarted_and_are_refused_without_one(fragile: Stage) -> None:
    notices = DesktopNotices()
    assert notices.show("a", "b")
    fragile.stop("notices")
    fragile.start_notices()
    assert notices.show("a", "b")
    notices.close()


def test_without_a_bus_a_notice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    monkeypatch.setenv("PATH", str(tmp_path))
    notices = DesktopNotices()
    assert not notices.show("a", "b")
    notices.close()


def test_autostart_writes_a_file_that_desktops_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "shared"))
    autostart = XdgAutostart("/opt/safeseat/safeseat-tray")
    autostart.set(True)
    text = (tmp_path / "own" / "autostart" / "safeseat.desktop").read_text(encoding="utf-8")
    assert text.startswith("[Desktop Entry]\n")
    assert "Exec=/opt/safeseat/safeseat-tray\n" in text
    autostart.set(False)
    assert not (tmp_path / "own" / "autostart" / "safeseat.desktop").exists()


def test_autostart_for_everybody_can_be_switched_off_by_the_person(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "shared"))
    shared = tmp_path / "shared" / "autostart" / "safeseat.desktop"
    shared.parent.mkdir(parents=True)
    shared.write_text("[Desktop Entry]\nType=Application\nName=SafeSeat\nExec=safeseat-tray\n", encoding="utf-8")
    autostart = XdgAutostart()
    assert autostart.enabled()
    autostart.set(False)
    assert not autostart.enabled()
    assert shared.exists()
    autostart.set(True)
    assert autostart.enabled()
