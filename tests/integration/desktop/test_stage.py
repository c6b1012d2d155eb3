"""The virtual desktop itself: it comes up, locks for real, and leaves nothing."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from app.tools.stage import Setup, Stage, StageError, missing
from app.tools.stage.crew import marked
from tests.helpers.desktop import Lines

assert sys.platform != "win32"  # signals and users of Linux

pytestmark = pytest.mark.desktop
BARE = Setup(width=640, height=400, tray=None, vault=False, notices=False)


@pytest.fixture(autouse=True)
def needs_programs() -> None:
    if absent := missing(login=False):
        pytest.skip("the virtual desktop lacks " + ", ".join(absent))


@pytest.fixture
def as_root() -> None:
    if os.geteuid() != 0 or missing():
        pytest.skip("a login session that really locks needs root and the lockers")


def users() -> set[str]:
    return {entry.pw_name for entry in pwd.getpwall()}


def test_nothing_is_left_of_a_full_stage(as_root: None) -> None:
    with Stage(Setup(width=800, height=600, login=True)) as stage:
        folder, person = stage.folder, stage.person
        assert person in users()
        assert len(stage.leftovers()) >= 8
        assert not stage.locked()
    assert stage.leftovers() == []
    assert not folder.exists()
    assert person not in users()


def test_two_stages_lock_independently_of_each_other(as_root: None) -> None:
    setup = Setup(width=640, height=400, tray=None, vault=False, notices=False, login=True)
    with Stage(setup) as one, Stage(setup) as two:
        assert one.display != two.display
        lock(one)
        assert one.locked()
        assert not two.locked()
        one.unlock()
        lock(two)
        assert (one.locked(), two.locked()) == (False, True)


def lock(stage: Stage) -> None:
    subprocess.run(
        ["dbus-send", "--system", "--print-reply", "--dest=org.freedesktop.login1",
         "/org/freedesktop/login1/session/c1", "org.freedesktop.login1.Session.Lock"],
        env=stage.env, check=True, timeout=10, capture_output=True,
    )  # fmt: skip
    stage.await_true(stage.locked, "the lock")
    stage.wait_locker()


def test_without_mount_namespaces_one_stage_at_a_time_uses_the_real_run_folder(
    as_root: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if Path("/run/systemd/system").exists():
        pytest.skip("the real systemd of this machine owns that folder")
    monkeypatch.setattr("app.tools.stage.login.can_unshare", lambda env: False)
    with Stage(Setup(width=640, height=400, tray=None, vault=False, notices=False, login=True)) as stage:
        lock(stage)
        stage.unlock()
        facts = [Path("/run/systemd/sessions/c1"), Path("/run/systemd/users") / str(pwd.getpwnam(stage.person).pw_uid)]
        assert all(path.exists() for path in facts)
    assert not any(path.exists() for path in facts)


def test_a_wrong_password_does_not_unlock(as_root: None) -> None:
    with Stage(Setup(width=640, height=400, tray=None, vault=False, notices=False, login=True)) as stage:
        lock(stage)
        stage.type_text("wrong", delay_ms=30)
        stage.keys("Return")
        with pytest.raises(StageError, match="in vain"):
            stage.await_true(lambda: not stage.locked(), "unlocking by a wrong password", limit=1.0)
        assert stage.locked()


def test_size_and_background_are_seen_in_a_picture(tmp_path: Path) -> None:
    with Stage(BARE) as stage:
        stage.screenshot(tmp_path / "new" / "screen.png")
    with Image.open(tmp_path / "new" / "screen.png") as picture:
        assert picture.size == (640, 400)


@pytest.mark.parametrize("tray", ["trayer", "xfce4-panel"])
def test_a_tray_host_comes_back_after_it_was_ended(tray: str) -> None:
    if absent := missing(tray=tray, login=False):
        pytest.skip("lacks " + ", ".join(absent))
    with Stage(Setup(width=640, height=400, tray=tray, vault=False, notices=False)) as stage:
        stage.stop("tray")
        assert not stage.runs("tray")
        stage.start_tray()
        assert stage.runs("tray")


def test_what_is_missing_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "Xvfb (apt install xvfb)" in missing()
    assert "i3lock (apt install i3lock)" in missing()
    assert not any("i3lock" in line for line in missing(login=False))
    with pytest.raises(StageError, match="apt install xvfb"), Stage(BARE):
        pass


def test_a_stage_that_cannot_come_up_tidies_away_what_it_had(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Stage) -> None:
        raise StageError("no")

    monkeypatch.setattr(Stage, "start_notices", refuse)
    stage = Stage(Setup(width=640, height=400))
    with pytest.raises(StageError, match="no"):
        stage.__enter__()
    assert stage.leftovers() == []


OWNER = """
import sys
from app.tools.stage import Setup, Stage
with Stage(Setup(width=640, height=400, login=sys.argv[1] == "login")) as stage:
    print(stage.folder, stage.person if stage.setup.login else "-", stage.env["SAFESEAT_STAGE"], flush=True)
    sys.stdin.read()
"""


def test_when_the_owner_is_killed_its_processes_end_and_the_next_stage_removes_the_user(as_root: None) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, "login"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdin is not None
    assert owner.stdout is not None
    with owner.stdin, owner.stdout:
        lines = Lines(owner.stdout)
        folder, person, mark = lines.until("safeseat-stage", 30.0)[-1].split()
        owner.kill()
        owner.wait(10)
        lines.join()
    assert person in users()
    with Stage(Setup(width=640, height=400, tray=None, vault=False, notices=False, login=True)) as stage:
        stage.await_true(lambda: mark not in marked().values(), "the killed stage's processes to end")
        assert person not in users()
    assert not Path(folder).exists()
