import re
import subprocess
import sys
from pathlib import Path

from app.agent.client import ask
from app.agent.profile import Profile
from app.domain.errors import SafeSeatError
from app.tools.stage import Setup, Stage
from tests.helpers.qt import QUIET


def call(stage: Stage, *words: str) -> str:
    """One D-Bus call on the stage's session bus."""
    done = subprocess.run(
        ["dbus-send", "--session", "--print-reply", *words], env=stage.env, capture_output=True, text=True, timeout=20,
        check=True,
    )  # fmt: skip
    return done.stdout


def item_of(stage: Stage) -> str:
    """Bus name of the one registered item; empty while there is none."""
    said = call(
        stage, "--dest=org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher", "org.freedesktop.DBus.Properties.Get",
        "string:org.kde.StatusNotifierWatcher", "string:RegisteredStatusNotifierItems",
    )  # fmt: skip
    found = re.search(r'string "([^"/]+)', said)
    return found[1] if found else ""


def test_a_panel_with_status_notifier_shows_the_icon_and_opens_the_flyout(tmp_path: Path) -> None:
    with Stage(Setup(tray="xfce4-panel", vault=False, notices=False, locker=False)) as stage:
        process = subprocess.Popen(
            [sys.executable, "-m", "ui", "--profile", str(tmp_path), "--desktop", "simulated", "--lang", "en"],
            env={**stage.env, **QUIET},
        )

        def flyout() -> bool:
            try:
                return bool(ask(Profile(tmp_path).control, "where", name="flyout.help"))
            except SafeSeatError:
                return False

        try:
            stage.await_true(lambda: bool(item_of(stage)), "the item to be registered", 30)
            item = item_of(stage)
            tip = call(
                stage, f"--dest={item}", "/StatusNotifierItem", "org.freedesktop.DBus.Properties.GetAll",
                "string:org.kde.StatusNotifierItem",
            )  # fmt: skip
            assert "SafeSeat · " in tip
            assert '"ToolTip"' in tip
            call(
                stage, f"--dest={item}", "/StatusNotifierItem", "org.kde.StatusNotifierItem.Activate", "int32:900",
                "int32:20",
            )  # fmt: skip
            stage.await_true(flyout, "the flyout")
            menu = call(
                stage, f"--dest={item}", "/MenuBar", "com.canonical.dbusmenu.GetLayout", "int32:0", "int32:-1",
                "array:string:label",
            )  # fmt: skip
            assert "Hold for help" in menu
            assert "Quit" in menu
            process.terminate()
            assert process.wait(15) == 0
        finally:
            process.kill()
            process.wait(5)
