import gc
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QRect, QThread, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.agent.commands import Command, Quit
from app.agent.snapshot import Snapshot
from app.content.texts import LANGUAGES
from app.tools.stage import Stage
from tests.helpers.qt import QUIET, FakeSource, bridge_for, deliver, nameless_controls, snapshot_of
from ui.faces import Entry, Faces
from ui.main import run
from ui.surfaces.firststart.surface import FirstStart
from ui.surfaces.flyout.surface import Flyout
from ui.theme.theme import theme
from ui.whereabouts import place_of
from ui.widgets.plain import PlainLabel


@dataclass(slots=True)
class Told:
    """What a fake surface was shown."""

    snapshots: list[Snapshot]
    closed: bool = False
    resting: bool = False

    @property
    def at_rest(self) -> bool:
        return self.resting

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self.snapshots.append(snapshot)

    def close(self) -> None:
        self.closed = True


def test_snapshots_from_any_thread_come_on_the_qt_thread_and_the_newest_wins(qtbot: QtBot) -> None:
    bridge, source = bridge_for(snapshot_of())
    seen: list[tuple[int, bool]] = []
    here = QThread.currentThread()
    bridge.changed.connect(lambda s: seen.append((s.revision, QThread.currentThread() is here)))

    def many() -> None:
        for number in range(200):
            source.push(replace(source.snapshot, faults=(str(number),)))

    worker = threading.Thread(target=many)
    worker.start()
    worker.join(10)
    qtbot.waitUntil(lambda: bool(seen) and seen[-1][0] == 201)
    assert len(seen) < 20, "many Snapshots between two turns become one signal"
    assert all(on_qt for _, on_qt in seen)
    bridge.close()


def test_after_closing_the_bridge_nothing_comes(qtbot: QtBot) -> None:
    bridge, source = bridge_for(snapshot_of())
    seen: list[Snapshot] = []
    bridge.changed.connect(seen.append)
    source.push(snapshot_of())
    bridge.close()
    source.push(snapshot_of())
    deliver()
    assert seen == []


def test_a_surface_is_built_on_first_use_and_dropped_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told([])
    monkeypatch.setattr("ui.surfaces.flyout.surface.build", lambda _bridge: told)
    bridge, source = bridge_for(snapshot_of())
    faces = Faces(bridge, (Entry("flyout", lambda s: s.seat.on_call),))
    faces.show_snapshot(bridge.snapshot)
    assert faces.built == {}
    source.push(snapshot_of(seat={"on_call": True}))
    deliver()
    assert list(faces.built) == ["flyout"]
    assert len(told.snapshots) == 1
    told.resting = True
    source.push(snapshot_of())
    deliver()
    assert faces.built == {}
    assert told.closed
    bridge.close()


def test_a_surface_that_fails_is_dropped_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Bad(Told):
        def show_snapshot(self, snapshot: Snapshot) -> None:
            raise RuntimeError("broken")

    good, bad = Told([]), Bad([])
    monkeypatch.setattr("ui.surfaces.flyout.surface.build", lambda _bridge: bad)
    monkeypatch.setattr("ui.surfaces.firststart.surface.build", lambda _bridge: good)
    bridge, _ = bridge_for(snapshot_of())
    faces = Faces(bridge, (Entry("flyout", lambda _: True), Entry("firststart", lambda _: True)))
    faces.show_snapshot(bridge.snapshot)
    faces.show_snapshot(bridge.snapshot)
    assert bad.closed
    assert list(faces.built) == ["firststart"]
    assert len(good.snapshots) == 2
    assert "flyout failed" in caplog.text
    bridge.close()


def test_a_closed_flyout_is_freed(qtbot: QtBot) -> None:
    bridge, _ = bridge_for(snapshot_of())
    faces = Faces(bridge, (Entry("flyout", lambda _: False),))
    bridge.open("flyout", QRect(1250, 775, 24, 24))
    flyout = faces.built["flyout"]
    assert isinstance(flyout, Flyout)
    qtbot.waitExposed(flyout.window)
    flyout.window.close()
    deliver()
    assert faces.built == {}
    faces.close()
    bridge.close()


@pytest.mark.parametrize("name", ["flyout", "firststart"])
def test_opening_and_closing_leaves_nothing_behind(name: str, qapp: QApplication) -> None:
    bridge, source = bridge_for(snapshot_of())
    faces = Faces(bridge, (Entry("tray", lambda _: True), Entry(name, lambda _: False)))
    counts = []
    for number in range(6):
        bridge.open(name, QRect(1250, 775, 24, 24))
        deliver()
        surface = faces.built[name]
        assert isinstance(surface, Flyout | FirstStart)
        surface.window.close()
        del surface
        source.push(snapshot_of(language=LANGUAGES[number % 3]))
        deliver()
        gc.collect()
        kept = [thing for thing in gc.get_objects() if isinstance(thing, Flyout | FirstStart | PlainLabel)]
        counts.append((len(qapp.allWidgets()), len(kept)))
        kept.clear()
    assert len(set(counts[1:])) == 1, counts
    faces.close()
    bridge.close()


def test_theme_and_language_of_a_snapshot_hold_at_once() -> None:
    bridge, source = bridge_for(snapshot_of())
    faces = Faces(bridge, ())
    source.push(snapshot_of(language="en", look="dark"))
    deliver()
    assert (theme().palette.name, theme().language, bridge.t("tray.name")) == ("dark", "en", "SafeSeat")
    faces.close()
    bridge.close()


def test_the_program_ends_when_the_agent_stops(qapp: QApplication, qtbot: QtBot) -> None:
    class Ender(QObject):
        go = Signal()

    source, before = FakeSource(snapshot_of(settings={"handle_shown": True})), threading.active_count()
    seen: list[str] = []

    def ready(faces: Faces) -> None:
        seen.extend(faces.built)
        source.push(replace(source.snapshot, stopping=True))

    assert run(["safeseat"], source, ready=ready) == 0
    assert seen == ["tray", "handle"]
    assert threading.active_count() == before
    deliver()
    assert not [window for window in qapp.topLevelWidgets() if window.isVisible()]


def test_a_signal_asks_the_agent_to_quit(qapp: QApplication) -> None:
    class Obedient(FakeSource):
        def post(self, command: Command) -> None:
            super().post(command)
            self.push(replace(self.snapshot, stopping=True))

    source = Obedient(snapshot_of())
    before = signal.getsignal(signal.SIGTERM)
    assert run(["safeseat"], source, (), ready=lambda _: os.kill(os.getpid(), signal.SIGTERM)) == 0
    assert source.posted == [Quit("signal")]
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_start_page_comes_once_and_names_its_controls(language: str, qtbot: QtBot) -> None:
    bridge, source = bridge_for(snapshot_of(language=language, first_start=True, help_={"enrolled": False}))
    page = FirstStart(bridge)
    page.show_snapshot(source.snapshot)
    qtbot.waitExposed(page.window)
    assert nameless_controls(page.window) == []
    assert all(label.text() for label in page.window.labels.values())
    assert place_of("firststart.ok") is not None
    page.window.ok.click()
    page.show_snapshot(source.snapshot)
    assert page.at_rest, "closed is closed"
    page.close()
    bridge.close()


def test_wrong_use_ends_with_two_and_no_screen_with_three(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    for words, code, said in ((["--theme", "pink"], 2, "invalid choice"), (["--profile", str(tmp_path)], 3, "no screen")):
        done = subprocess.run(
            [sys.executable, "-m", "ui", *words], env=env, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == code
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_the_real_agent_behind_the_faces_starts_and_ends_in_order(stage: Stage, tmp_path: Path) -> None:
    from app.agent.client import ask
    from app.agent.profile import Profile
    from app.domain.errors import SafeSeatError

    process = subprocess.Popen(
        [sys.executable, "-m", "ui", "--profile", str(tmp_path), "--desktop", "simulated", "--lang", "en"],
        env={**stage.env, **QUIET}, stderr=subprocess.PIPE,
    )  # fmt: skip
    control = Profile(tmp_path).control

    def where(name: str) -> object:
        try:
            return ask(control, "where", name=name)
        except SafeSeatError:
            return None

    try:
        stage.await_true(lambda: bool(where("tray")) and bool(where("handle")), "tray and handle", 30)
        place = where("handle")
        assert isinstance(place, dict)
        stage.click(place["x"] + 13, place["y"] + 20)
        stage.await_true(lambda: bool(where("flyout.help")), "the flyout")
        stage.keys("Escape")
        stage.await_true(lambda: where("flyout.help") is None, "the flyout to close")
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    finally:
        process.kill()
        process.wait(5)
        assert process.stderr is not None
        said = process.stderr.read().decode()
        process.stderr.close()
    assert "Traceback" not in said, said
