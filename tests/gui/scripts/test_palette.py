"""The palette on a real screen: measures, search, steps, copying, warnings, variables, favourites, keyboard and focus."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.agent import commands
from app.agent.commands import OpenScript, WalkScript
from app.agent.snapshot import GuideFace, WarnStep
from app.content.library import Library
from app.content.texts import LANGUAGES, Texts
from tests.gui.scripts.looking import cut
from tests.gui.scripts.picture_states import STATES, TYPED
from tests.helpers.qt import START, FakeSource, bridge_for, deliver, nameless_controls, snapshot_of
from ui.bridge import Bridge
from ui.surfaces.scripts.pages import next_warning, page_of
from ui.surfaces.scripts.surface import Palette
from ui.surfaces.scripts.window import HOME, NOTHING, PAGE, RESULTS, fitted

Scene = tuple[Palette, FakeSource, Bridge]


@pytest.fixture
def scene(qtbot: QtBot) -> Iterator[Scene]:
    bridge, source = bridge_for(snapshot_of())
    palette = Palette(bridge)
    palette.show_snapshot(source.snapshot)
    palette.open(QRect())
    qtbot.waitExposed(palette.window)
    qtbot.waitUntil(palette.window.isActiveWindow)
    yield palette, source, bridge
    palette.close()
    bridge.close()


def pushed(scene: Scene, guide: GuideFace, language: str = "zh_CN") -> None:
    palette, source, bridge = scene
    source.push(snapshot_of(language=language, guide=guide))
    deliver()
    palette.show_snapshot(bridge.snapshot)
    deliver()


def press(scene: Scene, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or scene[0].window, key)


def test_it_stands_at_the_upper_right_and_never_covers_the_lower_half() -> None:
    assert fitted(QRect(0, 0, 1920, 1040)) == QRect(1256, 24, 640, 440)
    for width, height in ((1280, 770), (1366, 728), (1024, 728), (960, 520), (1707, 920)):
        box = fitted(QRect(0, 0, width, height))
        assert box.bottom() < height / 2
        assert box.right() < width
        assert box.width() == 640


def test_its_measures_are_the_ones_of_the_design(scene: Scene) -> None:
    window = scene[0].window
    palette = scene[0]
    palette._open_page("insults")
    deliver()
    assert window.width() == 640
    assert (window.search.height(), window.search.font().pixelSize()) == (48, 16)
    assert window.page.steps.width() == 176
    assert window.foot.height() == 56
    say = window.page.right.say
    assert say.height() % 32 == 0 or say.height() == say.heightForWidth(say.width())
    sizes = {label.font().pixelSize() for label in window.findChildren(QLabel) if label.text()} | {20, 16}
    assert sizes <= {14, 16, 20}, "at most three sizes in a window"


def test_it_is_never_empty(scene: Scene) -> None:
    home = scene[0].window.home
    assert [choice.text() for choice in home.choices] == ["骂人", "威胁", "骚扰", "套信息", "要投诉", "轻生"]
    pushed(scene, GuideFace(recent=("angry", "insults", "gone-by-a-new-pack"), favourites=("fraud-it",)))
    lines = [choice.text() for choice in home.choices if not choice.tile]
    assert len(lines) == 3
    assert scene[0].window.stack.currentIndex() == HOME


def test_typing_finds_and_enter_opens_and_counts(scene: Scene) -> None:
    palette, source, _ = scene
    QTest.keyClicks(palette.window.search, "maren")
    assert palette.window.stack.currentIndex() == RESULTS
    assert palette.window.found.chosen == "insults"
    press(scene, Qt.Key.Key_Return)
    assert palette.page is not None
    assert palette.page.script == "insults"
    assert palette.window.search.text() == ""
    assert OpenScript("insults") in source.posted
    assert QApplication.focusWidget() is palette.window.search


def test_arrows_choose_among_results_and_nothing_found_says_so(scene: Scene) -> None:
    window = scene[0].window
    window.search.setText("客户")
    first = window.found.chosen
    press(scene, Qt.Key.Key_Down)
    assert window.found.chosen == window.found.keys[1] != first
    window.search.setText("zzzqqqxx")
    assert window.stack.currentIndex() == NOTHING
    assert window.nothing.text() == "没找到，换个短一点的词"
    window.search.clear()
    assert window.stack.currentIndex() == HOME


def test_methods_are_found_behind_the_same_search(scene: Scene) -> None:
    palette, source, _ = scene
    method = palette.library.frameworks[0]
    palette.window.search.setText(method.title)
    key = f"framework:{method.id}"
    assert key in palette.window.found.keys
    palette._open_page(key)
    assert palette.page is not None
    assert not palette.window.foot.warn.isVisibleTo(palette.window)
    assert not [one for one in source.posted if isinstance(one, OpenScript)]


def test_arrows_walk_the_steps_and_enter_copies_for_a_second(scene: Scene, qtbot: QtBot) -> None:
    palette, source, _ = scene
    press(scene, Qt.Key.Key_Return)
    assert palette.page is not None
    press(scene, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up)
    steps = palette.window.page.steps
    assert steps.currentRow() == 1
    assert WalkScript(palette.page.script, 1) in source.posted
    press(scene, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == palette.page.rows[1].say
    assert steps.copied_rows == [1]
    qtbot.waitUntil(lambda: steps.copied_rows == [], timeout=3000)


def test_each_conversation_begins_where_it_was_left(scene: Scene) -> None:
    palette = scene[0]
    palette.leave()
    pushed(scene, GuideFace(current="insults", places=(("insults", 3),)))
    palette.open(QRect())
    assert palette.page is not None
    assert (palette.page.script, palette.window.page.steps.currentRow()) == ("insults", 3)
    palette.leave()
    pushed(scene, GuideFace())
    palette.open(QRect())
    assert palette.page is None


def test_the_button_changes_its_word_and_the_steps_keep_their_time(scene: Scene) -> None:
    palette, source, _ = scene
    palette._open_page("insults")
    foot, steps = palette.window.foot, palette.window.page.steps
    guide, rows = GuideFace(), {row.warn: at for at, row in enumerate(palette.window.page.page.rows) if row.warn}  # type: ignore[union-attr]  # a page was opened
    for warn, word in ((1, "第一次提醒"), (2, "第二次提醒"), (3, "结束通话")):
        assert (foot.warn.text(), foot.warn.isEnabled()) == (word, True)
        QTest.mouseClick(foot.warn, Qt.MouseButton.LeftButton)
        assert source.posted[-1] == commands.SayWarning("insults", rows[warn], warn)
        assert steps.currentRow() == rows[warn]
        guide = replace(guide, warned=(*guide.warned, WarnStep(START.wall_ms, "insults", rows[warn], warn)))
        pushed(scene, guide)
        assert all(":" in steps.item(rows[done.warn]).data(Qt.ItemDataRole.UserRole + 1) for done in guide.warned)
    assert not foot.warn.isEnabled()
    assert foot.line.text() == "你可以挂断。步骤和时间都记下了"
    assert cut(palette.window) == []


def test_a_press_by_mistake_is_taken_back(scene: Scene) -> None:
    palette, source, _ = scene
    palette._open_page("insults")
    foot = palette.window.foot
    assert not foot.undo.isVisible()
    pushed(scene, GuideFace(warned=(WarnStep(START.wall_ms, "insults", 2, 1),)))
    assert foot.undo.isVisible()
    assert cut(foot) == []
    QTest.mouseClick(foot.undo, Qt.MouseButton.LeftButton)
    assert source.posted[-1] == commands.UnsayWarning("insults")
    pushed(scene, GuideFace())
    assert not foot.undo.isVisible()
    assert foot.warn.text() == "第一次提醒"


@pytest.mark.parametrize(("warns", "order"), [((1, 2, 3), [1, 2, 3]), ((1, 3), [1, 3]), ((3,), [3]), ((2, 1), [1, 2]), ((), [])])
def test_the_button_copes_with_warnings_that_a_script_does_not_have(warns: tuple[int, ...], order: list[int]) -> None:
    page = page_of(Library("zh_CN"), "insults", Texts("zh_CN"))
    assert page is not None
    plain = [replace(row, warn=0) for row in page.rows]
    for at, warn in enumerate(warns):
        plain[at] = replace(plain[at], warn=warn)
    page, seen = replace(page, rows=tuple(plain)), []
    said: tuple[WarnStep, ...] = ()
    while (following := next_warning(page, said)) is not None:
        assert page.rows[following[0]].warn == following[1]
        seen.append(following[1])
        said = (*said, WarnStep(0, "insults", *following))
    assert seen == order
    assert next_warning(page, (WarnStep(0, "another", 0, 3),)) == next_warning(page, ())


def test_variables_fill_the_sentence_and_are_told_to_nobody_but_the_agent(scene: Scene) -> None:
    palette, source, _ = scene
    pushed(scene, GuideFace(places=(("callback-promise", 3),)))
    palette._open_page("callback-promise")
    right = palette.window.page.right
    assert "＿＿" in right.say.text
    field = right.blanks.fields["number"]
    field.setFocus()
    QTest.keyClicks(field, "8110")
    assert "8110" in right.say.text
    assert source.posted[-1] == commands.FillScript("number", "8110")
    pushed(scene, GuideFace(values=(("number", "811"),)))
    assert field.text() == "8110", "what somebody types there is left alone"
    palette.window.page.copy()
    assert "8110" in QGuiApplication.clipboard().text()


def test_the_star_makes_a_favourite_and_takes_it_back(scene: Scene) -> None:
    palette, source, _ = scene
    palette._open_page("insults")
    star = palette.window.page.star
    QTest.mouseClick(star, Qt.MouseButton.LeftButton)
    pushed(scene, GuideFace(favourites=("insults",)))
    assert star.accessibleName() == "取消收藏"
    QTest.mouseClick(star, Qt.MouseButton.LeftButton)
    assert [one for one in source.posted if isinstance(one, commands.LikeScript)] == [
        commands.LikeScript("insults", True), commands.LikeScript("insults", False),
    ]  # fmt: skip


def test_help_is_asked_for_from_within_by_the_same_hold(scene: Scene, qtbot: QtBot) -> None:
    palette, source, _ = scene
    help_ = palette.window.foot.help
    with qtbot.waitSignal(help_.let_go_early):
        QTest.mousePress(help_, Qt.MouseButton.LeftButton)
        QTest.mouseRelease(help_, Qt.MouseButton.LeftButton)
    assert help_.text() == "请按住 1 秒"
    assert source.posted == []
    with qtbot.waitSignal(help_.completed, timeout=3000):
        QTest.mousePress(help_, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(help_, Qt.MouseButton.LeftButton)
    assert source.posted == [commands.RaiseAlarm(pressed_boot=source.now)]
    assert palette.window.isVisible()


def test_escape_closes_it_from_anywhere_and_the_chord_too(scene: Scene, qtbot: QtBot) -> None:
    palette = scene[0]
    palette._open_page("insults")
    for place in (palette.window.search, palette.window.page.steps, palette.window.foot.help, palette.window.page.star):
        if not palette.window.isVisible():
            palette.open(QRect())
            qtbot.waitUntil(palette.window.isActiveWindow)
            palette._open_page("insults")
        place.setFocus()
        QTest.keyClick(place, Qt.Key.Key_Escape)
        assert palette.at_rest
    palette.open(QRect())
    qtbot.waitUntil(palette.window.isActiveWindow)
    palette.open(QRect())
    assert palette.at_rest


def test_tab_goes_through_every_control_in_the_order_of_the_eye(scene: Scene) -> None:
    palette = scene[0]
    palette._open_page("insults")
    deliver()
    palette.window.search.setFocus()
    seen = ["scripts.search"]
    while len(seen) < 12:
        press(scene, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        name = focused.objectName() or type(focused).__name__
        if name == "scripts.search":
            break
        seen.append(name)
    assert seen == [
        "scripts.search", "scripts.close", "scripts.back", "scripts.copy", "scripts.star", "StepList", "scripts.warn",
        "scripts.help",
    ]  # fmt: skip


def test_a_screen_reader_hears_steps_with_their_numbers(scene: Scene) -> None:
    palette = scene[0]
    palette._open_page("insults")
    steps = palette.window.page.steps
    face = QAccessible.queryAccessibleInterface(steps)
    assert face.text(QAccessible.Text.Name) == "客户骂人的步骤"
    assert face.child(0).text(QAccessible.Text.Name).startswith("1. ")


def test_a_screen_reader_hears_what_arrows_reach_while_the_keyboard_stays_in_the_field(scene: Scene) -> None:
    window = scene[0].window
    press(scene, Qt.Key.Key_Right)
    assert window.told.accessibleName() == "威胁"
    window.search.setText("客户")
    press(scene, Qt.Key.Key_Down)
    assert window.told.accessibleName() == window.found.item(1).text()
    scene[0]._open_page("insults")
    press(scene, Qt.Key.Key_Down)
    page = scene[0].page
    assert page is not None
    assert window.told.accessibleName() == f"{page.rows[1].name}: {page.rows[1].say}"
    press(scene, Qt.Key.Key_Return)
    assert window.told.accessibleName() == "已复制"
    assert QApplication.focusWidget() is window.search


def test_it_keeps_the_place_where_a_person_put_it(scene: Scene) -> None:
    palette, source, _ = scene
    window = palette.window
    at, bottom = QPoint(300, 5), window.height() - 2
    assert window.childAt(at) is None or window.childAt(QPoint(2, bottom)) is None
    QTest.mousePress(window, Qt.MouseButton.LeftButton, pos=QPoint(5, bottom - 8))
    QTest.mouseMove(window, QPoint(-115, bottom + 12))
    QTest.mouseRelease(window, Qt.MouseButton.LeftButton, pos=QPoint(5, bottom - 8))
    put = [one for one in source.posted if isinstance(one, commands.PutPalette)]
    assert len(put) == 1
    pushed(scene, GuideFace(place=(40, 60)))
    palette.leave()
    assert window.stand((40, 60)) == QPoint(40, 60)
    assert window.stand((9000, 60)).x() < 1280, "a screen that is gone does not take the palette with it"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_no_text_is_cut_and_every_control_has_a_name(scene: Scene, state: str, language: str) -> None:
    palette = scene[0]
    palette.leave()
    pushed(scene, STATES[state], language)
    palette.open(QRect())
    palette.window.search.setText(TYPED.get(state, ""))
    deliver()
    assert cut(palette.window) == []
    assert nameless_controls(palette.window) == []


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_script_opens_in_every_language_with_nothing_cut(scene: Scene, language: str) -> None:
    palette = scene[0]
    pushed(scene, GuideFace(), language)
    bad = []
    for script in palette.library.scripts:
        palette._open_page(script.id)
        for at in range(palette.window.page.steps.count()):
            palette.window.page.steps.setCurrentRow(at)
            deliver()
            bad += [(script.id, at, text) for text in cut(palette.window)]
    assert len(palette.library.scripts) >= 45
    assert bad == []


def test_the_language_changes_at_once_and_the_step_stays(scene: Scene) -> None:
    palette = scene[0]
    palette._open_page("insults")
    palette.window.page.steps.setCurrentRow(2)
    pushed(scene, GuideFace(), "en")
    assert palette.window.page.steps.currentRow() == 2
    assert palette.window.page.title.text() == "Insults and swearing"
    assert palette.window.foot.warn.text() == "First warning"
    assert palette.window.search.placeholderText() == 'What is going on? Try "insults"'
    assert palette.window.stack.currentIndex() == PAGE


def test_the_palette_fits_a_small_screen_without_losing_anything(scene: Scene) -> None:
    window = scene[0].window
    window.setFixedSize(QSize(640, 260))
    scene[0]._open_page("insults")
    deliver()
    assert window.foot.geometry().bottom() < 260
    assert cut(window.foot) == []
    assert window.page.height() > 60
    scene[0].window.page.steps.setCurrentRow(window.page.steps.count() - 1)
    deliver()
    press(scene, Qt.Key.Key_PageDown)
    bar = window.page._area.verticalScrollBar()
    assert bar.value() > 0
    press(scene, *[Qt.Key.Key_PageUp] * 9)
    assert bar.value() == 0
