import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.tools.stage import Stage
from tests.helpers.qt_focus import typist_on
from ui.theme.theme import theme
from ui.widgets import motion
from ui.widgets.buttons import push_button
from ui.widgets.card import Card, place_in
from ui.widgets.motion import come_in, go_out
from ui.widgets.ring import Ring

AREA = QRect(0, 0, 1280, 800)
CORNERS = ("bottom_right", "bottom_left", "top_right", "top_left", "bottom")


@pytest.mark.parametrize(
    ("corner", "place"),
    [
        ("bottom_right", QPoint(936, 656)), ("bottom_left", QPoint(24, 656)), ("top_right", QPoint(936, 24)),
        ("top_left", QPoint(24, 24)), ("bottom", QPoint(480, 656)),
    ],
)  # fmt: skip
def test_a_card_stands_24_px_from_its_corner(corner: str, place: QPoint) -> None:
    assert place_in(AREA, QSize(320, 120), corner) == place


@given(
    corner=st.sampled_from(CORNERS), x=st.integers(0, 1279), y=st.integers(0, 799), left=st.integers(-3000, 3000),
    top=st.integers(-2000, 2000),
)  # fmt: skip
def test_a_card_never_covers_the_text_cursor_and_never_leaves_the_screen(
    corner: str, x: int, y: int, left: int, top: int
) -> None:
    area, size = AREA.translated(left, top), QSize(320, 120)
    cursor = QRect(left + x, top + y, 2, 20)
    card = QRect(place_in(area, size, corner, avoid=cursor), size)
    assert area.contains(card)
    assert not card.intersects(cursor)


def test_a_card_comes_without_the_keyboard_and_hover_holds_its_clock(stage: Stage, qtbot: QtBot) -> None:
    stage.move(10, 10)
    card = Card(320, 120)
    qtbot.addWidget(card)
    button = push_button("开始", "primary", parent=card)
    button.move(20, 60)
    with typist_on(stage) as typist:
        typist.type_and_check("a")
        card.present()
        qtbot.waitExposed(card)
        typist.type_and_check("b")
        qtbot.waitUntil(lambda: card.pos() == QPoint(936, card.pos().y()) and card.windowOpacity() == 1.0)
        with qtbot.waitSignal(card.held) as held:
            stage.move(card.x() + 200, card.y() + 20)
        assert held.args == [True]
        middle = card.mapToGlobal(button.geometry().center())
        with qtbot.waitSignal(button.clicked):
            stage.click(middle.x(), middle.y())
        typist.type_and_check("c")
        with qtbot.waitSignal(card.held) as let_go:
            stage.move(10, 10)
        assert let_go.args == [False]
    card.dismiss()
    qtbot.waitUntil(lambda: not card.isVisible())


@pytest.mark.parametrize(("reduce", "way"), [(False, 8), (True, 0)])
def test_a_window_rises_8_px_unless_motion_is_reduced(reduce: bool, way: int, qtbot: QtBot) -> None:
    theme().choose("light", reduce_motion=reduce)
    window = QWidget()
    qtbot.addWidget(window)
    come_in(window, QPoint(300, 300))
    assert window.pos().y() == 300 + way
    qtbot.waitUntil(lambda: window.windowOpacity() == 1.0)
    assert theme().motion_in_ms == (80 if reduce else 200)
    assert theme().motion_out_ms == (80 if reduce else 120)
    with qtbot.waitCallback() as gone:
        go_out(window, gone)
    assert not window.isVisible()


def test_a_ring_keeps_to_its_bounds_and_says_its_figure(qtbot: QtBot) -> None:
    ring = Ring(72, 6, 20)
    qtbot.addWidget(ring)
    for given_part, kept in ((-1.0, 0.0), (0.42, 0.42), (7.0, 1.0)):
        ring.show_progress(given_part, "12")
        assert (ring.fraction, ring.text) == (kept, "12")
    assert ring.size() == QSize(72, 72)


def test_a_ring_draws_clockwise_from_the_top_and_a_bar_with_reduced_motion(qtbot: QtBot) -> None:
    ring = Ring(72, 6, 20)
    qtbot.addWidget(ring)
    ring.show_progress(0.25, "")
    accent = theme().colour("accent").rgb()
    image = ring.grab().toImage()
    assert image.pixel(68, 30) == accent
    assert image.pixel(3, 36) != accent
    theme().choose("light", reduce_motion=True)
    bar = ring.grab().toImage()
    assert bar.pixel(10, 61) == accent
    assert bar.pixel(40, 61) != accent


@pytest.mark.parametrize("leave", ["forgotten", "deleted", "closed", "turned round"])
def test_a_window_that_goes_in_the_middle_of_a_motion_does_no_harm(leave: str, qtbot: QtBot) -> None:
    windows = [QWidget()]
    come_in(windows[0], QPoint(300, 300))
    qtbot.waitUntil(lambda: 0.0 < windows[0].windowOpacity() < 1.0)
    if leave == "turned round":
        with qtbot.waitCallback() as gone:
            go_out(windows[0], gone)
        assert not windows[0].isVisible()
    elif leave == "deleted":
        windows[0].deleteLater()
    elif leave == "closed":
        windows[0].close()
    windows.clear()
    gc.collect()
    QTest.qWait(300)
    assert motion.running_count() == 0
