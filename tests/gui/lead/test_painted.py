"""The instant at which a call for help was really seen: reported once, and only when a person could see the row."""

import subprocess

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QCursor
from pytestqt.qtbot import QtBot

from app.agent.commands import Painted
from app.domain.moment import NS
from app.tools.stage import Stage
from tests.gui.lead.other_program import other_program
from tests.gui.lead.scene import Scene, fresh, row
from ui.surfaces.lead.seen import AGAIN_MS
from ui.surfaces.lead.uncovered import hidden_part

LONG = 3 * AGAIN_MS
"""Longer than a covered row is left unlooked at."""


def on_screen(scene: Scene, qtbot: QtBot) -> None:
    scene.show()
    with qtbot.waitExposed(scene.desk):
        pass


def test_a_row_on_an_open_desk_is_reported_once_within_the_call(scene: Scene, qtbot: QtBot) -> None:
    on_screen(scene, qtbot)
    one = fresh()
    scene.source.now += 7 * NS
    scene.show(one)
    assert [command for command in scene.source.posted if isinstance(command, Painted)] == [
        Painted(one.alarm, scene.source.now)
    ]
    scene.show(one)
    qtbot.wait(LONG)
    assert scene.painted == [one.alarm]
    assert not scene.desk.seen.waiting


def test_what_is_reported_is_what_the_screen_holds(scene: Scene, qtbot: QtBot) -> None:
    on_screen(scene, qtbot)
    one = fresh(level=1)
    scene.show(one)
    assert scene.painted == [one.alarm]
    edge = QPoint(scene.desk.list.mapToGlobal(QPoint(1, 0)).x(), scene.spot().y())
    picture = scene.desk.screen().grabWindow(0, edge.x(), edge.y(), 1, 1).toImage()
    assert picture.pixelColor(0, 0).red() > 150
    assert picture.pixelColor(0, 0).green() < 80


def test_a_hidden_desk_comes_up_without_the_keyboard_and_reports_after_it_was_painted(
    scene: Scene, stage: Stage, qtbot: QtBot
) -> None:
    on_screen(scene, qtbot)
    scene.desk.close()
    qtbot.waitUntil(lambda: not scene.desk.isVisible(), timeout=5000)
    with other_program(stage.display) as other:
        one = fresh()
        scene.show(one)
        assert scene.painted == []
        qtbot.waitUntil(lambda: scene.painted == [one.alarm], timeout=5000)
        stage.keys("a")
        qtbot.waitUntil(lambda: other.look().keys == 1, timeout=5000)
        assert other.focused
        assert other.focus_lost == 0


def test_a_minimised_desk_comes_back_without_the_keyboard(scene: Scene, stage: Stage, qtbot: QtBot) -> None:
    on_screen(scene, qtbot)
    scene.desk.showMinimized()
    qtbot.waitUntil(lambda: not scene.desk.windowHandle().isExposed(), timeout=5000)
    with other_program(stage.display) as other:
        one = fresh()
        scene.show(one)
        qtbot.waitUntil(lambda: scene.painted == [one.alarm], timeout=5000)
        assert not scene.desk.isMinimized()
        assert other.focused
        assert other.focus_lost == 0
    scene.surface.open(scene.desk.rect())
    qtbot.waitUntil(scene.desk.isActiveWindow, timeout=5000)


def test_a_covered_row_is_not_reported_until_it_is_uncovered(scene: Scene, stage: Stage, qtbot: QtBot) -> None:
    on_screen(scene, qtbot)
    with other_program(stage.display) as other:
        other.show(0, 0, 1280, 800, top=True)
        one = fresh()
        scene.show(one)
        qtbot.wait(LONG)
        assert scene.painted == []
        assert scene.desk.seen.waiting
        scene.source.now += 5 * NS
        other.hide()
        qtbot.waitUntil(lambda: scene.painted == [one.alarm], timeout=5000)
        assert Painted(one.alarm, scene.source.now) in scene.source.posted
        assert not scene.desk.seen.waiting


def test_a_window_over_the_other_half_does_not_matter(scene: Scene, stage: Stage, qtbot: QtBot) -> None:
    on_screen(scene, qtbot)
    with other_program(stage.display) as other:
        corner = scene.desk.mapToGlobal(QPoint(500, 0))
        other.show(corner.x(), corner.y(), 600, 700, top=True)
        one = fresh()
        scene.show(one)
        assert scene.painted == [one.alarm]


def test_a_row_below_the_edge_of_the_list_is_not_reported_until_somebody_scrolls(scene: Scene, qtbot: QtBot) -> None:
    on_screen(scene, qtbot)
    rows = [row(n, ago=400 * n) for n in range(1, 12)]
    scene.show(*rows)
    qtbot.wait(LONG)
    assert rows[0].alarm in scene.painted
    assert rows[-1].alarm not in scene.painted
    bar = scene.desk.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: rows[-1].alarm in scene.painted, timeout=5000)
    assert len(scene.painted) == len(set(scene.painted))


def test_a_new_call_is_brought_into_view_when_somebody_had_scrolled_away(scene: Scene, qtbot: QtBot) -> None:
    on_screen(scene, qtbot)
    rows = [row(n, ago=400 * n) for n in range(1, 12)]
    scene.show(*rows)
    bar = scene.desk.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    one = fresh(ago=1)
    scene.show(one, *rows)
    assert one.alarm in scene.painted


def test_the_desk_comes_over_other_windows_of_the_desktop_without_the_keyboard(
    scene: Scene, stage: Stage, qtbot: QtBot
) -> None:
    on_screen(scene, qtbot)
    with subprocess.Popen(["xmessage", "-title", "elsewhere", "-geometry", "1200x700+0+0", "x"], env=stage.env) as program:
        window = str(stage.wait_window("elsewhere"))
        subprocess.run(["xdotool", "windowactivate", "--sync", window], env=stage.env, check=True, timeout=10)
        one = fresh()
        scene.show(one)
        qtbot.waitUntil(lambda: scene.painted == [one.alarm], timeout=5000)
        assert subprocess.run(
            ["xdotool", "getactivewindow"], env=stage.env, check=True, timeout=10, capture_output=True, text=True
        ).stdout.strip() == window
        assert not scene.desk.isActiveWindow()
        program.terminate()


def test_a_desk_half_off_the_screen_reports_only_rows_that_are_on_it(scene: Scene, qtbot: QtBot) -> None:
    on_screen(scene, qtbot)
    scene.desk.move(-350, 60)
    qtbot.waitUntil(lambda: scene.desk.pos().x() < -300, timeout=5000)
    qtbot.wait(LONG)
    one = fresh()
    scene.show(one)
    qtbot.wait(LONG)
    assert scene.painted == []
    scene.desk.move(60, 40)
    qtbot.waitUntil(lambda: scene.painted == [one.alarm], timeout=5000)


def test_hidden_part_counts_the_screens_edge_and_everything_above() -> None:
    screen = QRect(0, 0, 1000, 1000)
    assert hidden_part(QRect(0, 0, 100, 100), screen, []) == 0
    assert hidden_part(QRect(950, 0, 100, 100), screen, []) == 0.5
    assert hidden_part(QRect(0, 0, 100, 100), screen, [QRect(0, 0, 100, 25), QRect(0, 75, 100, 25)]) == 0.5
    assert hidden_part(QRect(0, 0, 100, 100), screen, [QRect(-10, -10, 500, 500), QRect(0, 0, 50, 50)]) == 1.0
    assert hidden_part(QRect(2000, 0, 100, 100), screen, []) == 1.0


def test_a_desk_with_thirty_rows_paints_the_next_one_in_the_same_turn(scene: Scene, qtbot: QtBot) -> None:
    on_screen(scene, qtbot)
    QCursor.setPos(5, 5)
    rows = [row(n, ago=400 * n) for n in range(1, 31)]
    scene.show(*rows)
    one = fresh(ago=1)
    scene.show(one, *rows)
    assert scene.painted[-1] == one.alarm
