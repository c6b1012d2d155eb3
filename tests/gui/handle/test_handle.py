from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.agent.commands import RaiseAlarm
from app.agent.snapshot import Sign
from app.content.texts import LANGUAGES, Texts
from app.tools.stage import Stage
from tests.helpers.qt import FakeSource, bridge_for, deliver, snapshot_of
from tests.helpers.qt_focus import typist_on
from ui import words
from ui.bridge import Bridge
from ui.surfaces.handle.surface import PATCH, Handle
from ui.theme.theme import theme

SHOWN = {"handle_shown": True}
Scene = tuple[Handle, FakeSource, Bridge]


@pytest.fixture
def scene(qtbot: QtBot, stage: Stage) -> Iterator[Scene]:
    stage.move(10, 10)
    bridge, source = bridge_for(snapshot_of(settings=SHOWN))
    handle = Handle(bridge)
    handle.show_snapshot(source.snapshot)
    qtbot.waitExposed(handle)
    yield handle, source, bridge
    handle.close()
    bridge.close()


def pushed(scene: Scene, **changes: Any) -> None:
    source = scene[1]
    source.push(snapshot_of(settings=SHOWN, **changes))
    deliver()
    scene[0].show_snapshot(scene[2].snapshot)
    deliver()


def strokes(image: QImage, ink: int) -> list[tuple[int, int, int]]:
    """Runs of ink as (row, first column, length)."""
    found = []
    for y in range(image.height()):
        x = 0
        while x < image.width():
            length = 0
            while x + length < image.width() and image.pixel(x + length, y) == ink:
                length += 1
            if length:
                found.append((y, x, length))
            x += length or 1
    return found


def test_it_stands_at_the_right_edge_and_shows_six_px(scene: Scene, qtbot: QtBot) -> None:
    handle = scene[0]
    screen = QGuiApplication.primaryScreen().geometry()
    qtbot.waitUntil(lambda: handle.geometry().right() == screen.right())
    box = handle.mask().boundingRect()
    assert (box.width(), box.height()) == (6, 96)
    assert box.right() == handle.width() - 1


def test_it_widens_under_the_real_pointer_and_back(scene: Scene, stage: Stage, qtbot: QtBot) -> None:
    handle = scene[0]
    place = handle.mapToGlobal(QPoint(14, 20))
    stage.move(place.x(), place.y())
    qtbot.waitUntil(lambda: handle.mask().boundingRect().width() == 16)
    stage.move(10, 10)
    qtbot.waitUntil(lambda: handle.mask().boundingRect().width() == 6)


@pytest.mark.parametrize(
    ("sign", "rows"), [(Sign.KEPT, [4, 5]), (Sign.SHOWN, [2, 3, 6, 7]), (Sign.COMING, [0, 1, 4, 5, 8, 9])]
)
def test_the_strokes_are_bars_of_8_by_2_with_2_between(scene: Scene, sign: Sign, rows: list[int]) -> None:
    pushed(scene, help_={"sign": sign, "open": True})
    field = scene[0].grab(PATCH.adjusted(1, 1, -1, -1)).toImage()
    ink = theme().colour("text").rgb()
    assert strokes(field, ink) == [(row, 0, 8) for row in rows]


def test_nobody_is_a_slant_from_lower_left_to_upper_right(scene: Scene) -> None:
    pushed(scene, help_={"sign": Sign.NOBODY, "open": True})
    field = scene[0].grab(PATCH.adjusted(1, 1, -1, -1)).toImage()
    ground = theme().colour("surface").rgb()
    middles = []
    for y in range(1, 9):
        inked = [x for x in range(8) if field.pixel(x, y) != ground]
        middles.append(sum(inked) / len(inked))
    assert middles == sorted(middles, reverse=True)
    assert middles[0] - middles[-1] > 4


def test_asking_for_help_changes_nothing_but_the_sign(scene: Scene) -> None:
    handle = scene[0]
    deliver()
    before = handle.grab().toImage()
    windows = {window for window in QApplication.topLevelWidgets() if window.isVisible()}
    pushed(scene, help_={"sign": Sign.KEPT, "open": True})
    after = handle.grab().toImage()
    changed = [
        (x, y) for x in range(before.width()) for y in range(before.height()) if before.pixel(x, y) != after.pixel(x, y)
    ]
    assert changed
    assert all(PATCH.contains(x, y) for x, y in changed)
    assert {window for window in QApplication.topLevelWidgets() if window.isVisible()} == windows
    assert handle.accessibleName() == handle.windowTitle() == "安席"


def test_held_for_one_second_it_asks_for_help_once(scene: Scene, qtbot: QtBot) -> None:
    handle, source, _ = scene
    with qtbot.waitSignal(handle.gesture.completed, timeout=3000):
        QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(13, 20))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(13, 20))
    assert source.posted == [RaiseAlarm(pressed_boot=source.now)]


def test_a_click_opens_the_flyout_and_asks_nobody(scene: Scene, qtbot: QtBot) -> None:
    handle, source, bridge = scene
    with qtbot.waitSignal(bridge.opened) as opened:
        QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=QPoint(13, 20))
    assert opened.args == ["flyout", handle.geometry()]
    assert source.posted == []


def test_a_drag_moves_it_along_the_edge_and_is_no_click(scene: Scene, stage: Stage, qtbot: QtBot) -> None:
    handle, source, bridge = scene
    opened: list[str] = []
    bridge.opened.connect(lambda name, _: opened.append(name))
    start = handle.mapToGlobal(QPoint(13, 48))
    stage.move(start.x(), start.y())
    stage._xdotool("mousedown", "1")
    for step in range(1, 9):
        stage.move(start.x(), start.y() + step * 20)
    stage._xdotool("mouseup", "1")
    qtbot.waitUntil(lambda: handle.mapToGlobal(QPoint(13, 48)).y() >= start.y() + 150)
    qtbot.waitUntil(lambda: not handle.gesture.holding)
    assert handle.geometry().right() == QGuiApplication.primaryScreen().geometry().right()
    assert opened == []
    assert source.posted == []


def test_it_leaves_the_keyboard_to_the_program_that_has_it(scene: Scene, stage: Stage, qtbot: QtBot) -> None:
    handle = scene[0]
    with typist_on(stage) as typist:
        typist.type_and_check("abc")
        place = handle.mapToGlobal(QPoint(14, 20))
        stage.click(place.x(), place.y())
        pushed(scene, help_={"sign": Sign.COMING, "sentence": 1, "open": True, "told_boot": 5})
        qtbot.waitUntil(QToolTip.isVisible)
        typist.type_and_check("def")
    QToolTip.hideText()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sign_tells_a_short_sentence_in_an_ordinary_tooltip(scene: Scene, language: str, qtbot: QtBot) -> None:
    limit = 16 if language == "en" else 8
    for number in (1, 2, 3):
        told = snapshot_of(language=language, help_={"sign": Sign.COMING, "sentence": number})
        assert 0 < len(words.told(told, Texts(language))) <= limit
    pushed(scene, language=language, help_={"sign": Sign.COMING, "sentence": 2, "open": True, "told_boot": 9})
    qtbot.waitUntil(QToolTip.isVisible)
    assert QToolTip.text() == Texts(language).t("tray.sentence_2")
    QToolTip.hideText()


@pytest.mark.parametrize(("sign", "figure"), [(Sign.KEPT, "1"), (Sign.SHOWN, "2"), (Sign.COMING, "3"), (Sign.NOBODY, "0")])
def test_without_a_sentence_it_tells_a_bare_figure(sign: Sign, figure: str) -> None:
    assert words.told(snapshot_of(help_={"sign": sign}), Texts("zh_CN")) == figure
    assert words.told(snapshot_of(), Texts("zh_CN")) == ""


def test_it_goes_when_the_person_switches_it_off(scene: Scene) -> None:
    handle, source, bridge = scene
    source.push(snapshot_of(settings={"handle_shown": False}))
    deliver()
    handle.show_snapshot(bridge.snapshot)
    assert handle.at_rest


def test_it_never_takes_the_focus() -> None:
    bridge, _ = bridge_for(snapshot_of())
    handle = Handle(bridge)
    assert handle.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert handle.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert QRect(0, 0, 16, 96).contains(PATCH)
    handle.deleteLater()
    bridge.close()
