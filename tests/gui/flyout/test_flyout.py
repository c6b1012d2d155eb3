from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.agent.commands import ChangeSetting, LockNow, Quit, RaiseAlarm, ShiftMark, TakeBreak
from app.agent.snapshot import Sign
from app.content.texts import LANGUAGES, Texts
from tests.gui.flyout.picture_states import STATES
from tests.helpers.qt import FakeSource, bridge_for, cut_labels, deliver, nameless_controls, snapshot_of
from ui.bridge import Bridge
from ui.surfaces.flyout.surface import Flyout, beside
from ui.theme.theme import theme
from ui.widgets.buttons import ActionButton

TRAY = QRect(1250, 775, 24, 24)
Scene = tuple[Flyout, FakeSource, Bridge]


@pytest.fixture
def scene(qtbot: QtBot) -> Iterator[Scene]:
    bridge, source = bridge_for(snapshot_of())
    flyout = Flyout(bridge)
    flyout.show_snapshot(source.snapshot)
    flyout.open(TRAY)
    qtbot.waitExposed(flyout.window)
    qtbot.waitUntil(flyout.window.isActiveWindow)
    yield flyout, source, bridge
    flyout.close()
    bridge.close()


def pushed(scene: Scene, **changes: Any) -> None:
    flyout, source, bridge = scene
    source.push(snapshot_of(**changes))
    deliver()
    theme().choose(source.snapshot.settings.theme, bridge.texts.language)
    flyout.show_snapshot(bridge.snapshot)


def test_it_says_the_day_the_next_break_and_who_would_hear(scene: Scene) -> None:
    content = scene[0].window.content
    assert content.sentence.text() == "忙了 2 小时 10 分，歇了 3 次。"
    assert (content.ring.text, content.next.text()) == ("12", "分钟后，看看远处")
    assert content.ring.fraction == pytest.approx(0.42)
    assert content.reach.text() == "现在有 3 位主管能收到"
    assert content.sync.text() == "2 分钟前同步过"


def test_its_measures_are_the_ones_of_the_design(scene: Scene) -> None:
    window, content = scene[0].window, scene[0].window.content
    assert window.width() == 360
    assert window.height() <= 560
    assert (content.badge.width(), content.ring.width()) == (24, 72)
    assert (content.help.size(), content.help.x()) == (QSize(328, 56), 16)
    assert {tile.size() for tile in window.findChildren(ActionButton)} == {QSize(104, 72)}
    assert content.rest.x() - content.tiles["cards"].geometry().right() - 1 == 8
    assert content.lock.y() - content.rest.geometry().bottom() - 1 == 8
    assert content.sync.height() == 32


def test_the_order_is_fixed_and_tab_follows_it(scene: Scene) -> None:
    content = scene[0].window.content
    assert list(content.tiles) == ["scripts", "cards", "break", "lock", "report", "day"]
    rows = [content.badge, content.ring, content.help, content.reach, content.rest, content.lock, content.sync]
    tops = [row.mapTo(content, QPoint(0, 0)).y() for row in rows]
    assert tops == sorted(tops)
    focused: list[QWidget | None] = [content.help]
    content.help.setFocus()
    for _ in range(7):
        QTest.keyClick(scene[0].window, Qt.Key.Key_Tab)
        focused.append(QApplication.focusWidget())
    assert focused == [content.help, *content.tiles.values(), content.more]


def test_a_hold_of_one_second_asks_for_help_once(scene: Scene, qtbot: QtBot) -> None:
    flyout, source, _ = scene
    help_ = flyout.window.content.help
    source.now += 77
    with qtbot.waitSignal(help_.completed, timeout=3000):
        QTest.mousePress(help_, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(help_, Qt.MouseButton.LeftButton)
    assert source.posted == [RaiseAlarm(pressed_boot=source.now)]


def test_letting_go_early_asks_nobody_and_says_how_long(scene: Scene, qtbot: QtBot) -> None:
    flyout, source, _ = scene
    content = flyout.window.content
    with qtbot.waitSignal(content.help.let_go_early):
        QTest.mousePress(content.help, Qt.MouseButton.LeftButton)
        QTest.mouseRelease(content.help, Qt.MouseButton.LeftButton)
    assert content.reach.text() == "请按住 1 秒"
    assert source.posted == []


def test_space_held_for_one_second_asks_for_help(scene: Scene, qtbot: QtBot) -> None:
    flyout, source, _ = scene
    help_ = flyout.window.content.help
    help_.setFocus()
    with qtbot.waitSignal(help_.completed, timeout=3000):
        QTest.keyPress(help_, Qt.Key.Key_Space)
    QTest.keyRelease(help_, Qt.Key.Key_Space)
    assert len(source.posted) == 1
    assert isinstance(source.posted[0], RaiseAlarm)


def test_an_accessible_press_counts_twice_within_three_seconds(scene: Scene, qtbot: QtBot) -> None:
    flyout, source, _ = scene
    help_ = flyout.window.content.help
    face = QAccessible.queryAccessibleInterface(help_)
    assert face.text(QAccessible.Text.Name) == "按住求助"
    assert "空格" in face.text(QAccessible.Text.Description)

    def press() -> None:
        with qtbot.waitSignal(help_.clicked):
            face.actionInterface().doAction("Press")

    press()
    assert source.posted == []
    press()
    assert [type(command) for command in source.posted] == [RaiseAlarm]
    press()
    assert len(source.posted) == 1, "the third press begins anew"


def test_the_pointer_may_drift_24_px_and_no_more(scene: Scene, qtbot: QtBot) -> None:
    flyout, source, _ = scene
    gesture, here = flyout.window.content.help.gesture, QPoint(500, 500)
    gesture.press(here)
    gesture.drift(here + QPoint(24, 0))
    assert gesture.holding
    with qtbot.waitSignal(gesture.let_go_early):
        gesture.drift(here + QPoint(18, 18))
    assert not gesture.holding
    assert source.posted == []


def test_after_help_nothing_changes_but_the_sign(scene: Scene) -> None:
    flyout = scene[0]
    content = flyout.window.content
    deliver()
    before, windows = flyout.window.grab().toImage(), set(QApplication.topLevelWidgets())
    pushed(scene, help_={"sign": Sign.KEPT, "open": True})
    after = flyout.window.grab().toImage()
    changed = {
        (x, y) for x in range(before.width()) for y in range(before.height()) if before.pixel(x, y) != after.pixel(x, y)
    }
    badge = QRect(content.badge.mapTo(flyout.window, QPoint(0, 0)), content.badge.size())
    assert len(changed) == 16, "one bar of 8 × 2"
    assert all(badge.contains(x, y) for x, y in changed)
    assert {window for window in QApplication.topLevelWidgets() if window.isVisible()} <= windows


def test_escape_closes_it_and_a_second_click_too(scene: Scene, qtbot: QtBot) -> None:
    flyout = scene[0]
    QTest.keyClick(flyout.window.content.help, Qt.Key.Key_Escape)
    assert flyout.at_rest
    flyout.open(TRAY)
    qtbot.waitExposed(flyout.window)
    flyout.open(TRAY)
    assert flyout.at_rest


def test_the_acts_post_their_commands(scene: Scene, qtbot: QtBot) -> None:
    flyout, source, _ = scene
    content = flyout.window.content
    QTest.mouseClick(content.rest, Qt.MouseButton.LeftButton)
    assert flyout.at_rest, "an act closes it"
    flyout.open(TRAY)
    qtbot.waitExposed(flyout.window)
    QTest.mouseClick(content.lock, Qt.MouseButton.LeftButton)
    assert source.posted == [TakeBreak(), LockNow(leave=True)]


def test_the_tiles_of_other_surfaces_open_them_and_close_the_flyout(scene: Scene, qtbot: QtBot) -> None:
    flyout, source, bridge = scene
    opened: list[str] = []
    bridge.opened.connect(lambda name, _anchor: opened.append(name))
    for name in ("scripts", "cards", "report", "day"):
        if flyout.at_rest:
            flyout.open(TRAY)
            qtbot.waitExposed(flyout.window)
        QTest.mouseClick(flyout.window.content.tiles[name], Qt.MouseButton.LeftButton)
        assert flyout.at_rest
    assert opened == ["scripts", "cards", "incidents", "day"]
    assert source.posted == []


def test_the_shift_begins_and_ends_in_the_menu(scene: Scene) -> None:
    flyout, source, _ = scene
    content = flyout.window.content
    for on, word in ((True, "下班"), (False, "上班")):
        pushed(scene, seat={"on_shift": on})
        content.more.click()
        assert content._menu is not None
        assert content._menu.actions()[0].text() == word
        content._menu.actions()[0].trigger()
        content.close_menu()
        deliver()
    assert source.posted == [ShiftMark(on=False), ShiftMark(on=True)]


def test_the_menu_offers_language_theme_and_quit(scene: Scene) -> None:
    flyout, source, _ = scene
    content = flyout.window.content
    content.more.click()
    menu = content._menu
    assert menu is not None
    assert not flyout.at_rest
    language, appearance = menu.findChildren(QMenu)[:2]
    assert [action.text() for action in language.actions()] == ["简体中文", "繁體中文", "English"]
    language.actions()[2].trigger()
    appearance.actions()[2].trigger()
    menu.actions()[-1].trigger()
    assert source.posted == [ChangeSetting("language", "en"), ChangeSetting("theme", "dark"), Quit()]
    content.close_menu()


def test_quit_is_refused_when_the_policy_says_so(scene: Scene) -> None:
    pushed(scene, settings={"may_quit": False})
    content = scene[0].window.content
    content.more.click()
    assert content._menu is not None
    assert not content._menu.actions()[-1].isEnabled()
    assert "IT" in content._menu.actions()[-1].text()
    content.close_menu()


def test_a_lock_warning_closes_the_menu_that_would_hold_the_keyboard(scene: Scene) -> None:
    content = scene[0].window.content
    content.more.click()
    assert content.menu_open
    pushed(scene, seat={"warning_until_boot": 1})
    deliver()
    assert not content.menu_open


def test_the_language_changes_at_once(scene: Scene) -> None:
    content = scene[0].window.content
    pushed(scene, language="en")
    assert content.help.text() == content.help.accessibleName() == "Hold for help"
    assert content.reach.text() == "3 leads would hear you now"
    assert content.sentence.text() == "2 h 10 min at work, 3 breaks taken."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_no_text_is_cut_and_every_control_has_a_name(scene: Scene, state: str, language: str) -> None:
    pushed(scene, language=language, **STATES[state])
    deliver()
    window = scene[0].window
    assert cut_labels(window) == []
    assert nameless_controls(window) == []
    assert all(tile.words_fit() for tile in window.findChildren(ActionButton))
    assert window.content.height() == window.height() <= 560, "nothing has to be scrolled on this screen"


def test_a_low_screen_gets_a_scrolling_flyout(scene: Scene) -> None:
    window = scene[0].window
    window.fit(QRect(0, 0, 683, 340))
    deliver()
    assert window.height() == 324 < window.content.height()


@pytest.mark.parametrize(
    ("anchor", "place"),
    [
        (QRect(1250, 775, 24, 24), QPoint(912, 367)),
        (QRect(600, 0, 24, 24), QPoint(431, 32)),
        (QRect(1264, 350, 16, 96), QPoint(896, 197)),
        (QRect(0, 350, 16, 96), QPoint(24, 197)),
    ],
    ids=["tray below", "tray above", "handle right", "handle left"],
)
def test_it_stands_beside_what_was_clicked_and_on_the_screen(anchor: QRect, place: QPoint) -> None:
    assert beside(anchor, QRect(0, 0, 1280, 800), QSize(360, 400)) == place


def test_honest_sentences_for_every_state_of_delivery() -> None:
    from ui import words

    texts, gone = Texts("zh_CN"), {"connected": False, "unreachable_since_ms": 0, "waiting": 3}
    line = words.sync_line(snapshot_of(sync=gone), texts, 0)
    assert line.endswith("起连不上服务器，3 条待传；求助改走内网，已试通")
    untested = snapshot_of(sync=gone, help_={"lan_tested": False})
    assert "已试通" not in words.sync_line(untested, texts, 0)
    assert "8110" in words.sync_line(untested, texts, 0)
    no_number = replace(untested, help=replace(untested.help, number=""))
    assert words.sync_line(no_number, texts, 0).endswith("求助可能到不了")
    assert words.sync_line(snapshot_of(sync={"configured": False}), texts, 0) == "只在这台电脑上用，没有连服务器"
    assert words.sync_line(snapshot_of(sync={"pending_approval": True}), texts, 0) == "已登记，等 IT 点头"
    assert words.reach_line(snapshot_of(help_={"listeners": 0}), texts) == "现在没人能收到，请打 8110"
    assert words.reach_line(snapshot_of(help_={"listeners": 1}), texts) == "现在有 1 位主管能收到"
    assert "登记" in words.reach_line(snapshot_of(help_={"enrolled": False}), texts)
