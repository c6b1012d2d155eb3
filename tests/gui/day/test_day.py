"""My day: the picture by keyboard and pointer, the mood that loses nothing typed, names and room in three languages."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.agent.commands import ClosePage, ForgetMood, NoteMood, OpenPage
from app.agent.pagefaces import MoodNote, PagesFace
from app.agent.snapshot import GuideFace
from app.content.texts import LANGUAGES
from tests.gui.day.picture_states import BEGAN, FACES, FULL, HOUR, MARKS, NOW
from tests.helpers.qt import FakeSource, bridge_for, cut_labels, deliver, nameless_controls, snapshot_of
from ui.bridge import Bridge
from ui.surfaces.day.surface import Day
from ui.surfaces.day.timeline import ends_of
from ui.surfaces.day.trend import DAYS, means
from ui.surfaces.day.words import day_of
from ui.theme.theme import theme

Scene = tuple[Day, FakeSource, Bridge]


@pytest.fixture
def scene(qtbot: QtBot) -> Iterator[Scene]:
    bridge, source = bridge_for(snapshot_of(pages=PagesFace(day=FULL), guide=GuideFace(marks=MARKS)))
    page = Day(bridge)
    page.show_snapshot(source.snapshot)
    page.open(QRect())
    qtbot.waitExposed(page.window)
    qtbot.waitUntil(page.window.isActiveWindow)
    yield page, source, bridge
    page.close()
    bridge.close()


def pushed(scene: Scene, state: str, language: str = "zh_CN", **changes: object) -> None:
    page, source, bridge = scene
    face = replace(FACES[state], **changes)  # type: ignore[arg-type]  # tests name real fields
    source.push(snapshot_of(language=language, pages=PagesFace(day=face), guide=GuideFace(marks=MARKS)))
    deliver()
    theme().choose("light", language)
    page.show_snapshot(bridge.snapshot)
    deliver()


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def test_the_day_is_told_in_a_picture_and_in_words(scene: Scene) -> None:
    page = scene[0]
    assert page.sum.text() == "在岗 7 小时 14 分，通话 14 次，锁屏 1 次。记下了 2 个时刻。"
    assert [(name.text(), figure.text()) for name, figure in page.rows[:2]] == [
        ("看看远处", "歇了 10 次，提醒过 12 次"), ("起来走走", "歇了 5 次，提醒过 6 次"),
    ]  # fmt: skip
    assert page.line.accessibleDescription() == page.sum.text()


def test_arrow_keys_walk_the_stretches_and_tell_each(scene: Scene) -> None:
    page = scene[0]
    page.line.setFocus()
    QTest.keyClick(page.line, Qt.Key.Key_Right)
    assert page.told.text() == "08:54 到 11:58　在岗，3 小时 4 分"
    assert page.line.accessibleName() == page.told.text()
    for _ in range(40):
        QTest.keyClick(page.line, Qt.Key.Key_Right)
    assert page.line.at == FULL.spans[-1]
    QTest.keyClick(page.line, Qt.Key.Key_Left)
    assert page.line.at == FULL.spans[-2]


def test_the_pointer_chooses_what_it_points_at(scene: Scene, qtbot: QtBot) -> None:
    line = scene[0].line
    hard = next(one for one in FULL.spans if one.kind == "hard")
    with qtbot.waitSignal(line.chosen):
        QTest.mouseMove(line, line._box(hard).center().toPoint() + QPoint(1, 1))
    assert "不容易的通话" in scene[0].told.text()


def test_the_picture_begins_and_ends_on_whole_hours() -> None:
    assert ends_of(FULL) == (BEGAN + 8 * HOUR, BEGAN + 18 * HOUR)
    young = ends_of(FACES["young"])
    assert young == (BEGAN + 9 * HOUR, BEGAN + 13 * HOUR)
    assert ends_of(FACES["mood_new"], (BEGAN + HOUR,))[0] == BEGAN + HOUR


def test_a_mood_is_posted_and_the_field_emptied_only_when_it_was_kept(scene: Scene) -> None:
    page, source, _ = scene
    QTest.keyClick(focus(), Qt.Key.Key_Right)
    mood = page.mood
    assert not mood.save.isEnabled(), "first a number"
    mood.figures.button(4).click()
    QTest.keyClicks(mood.line, "a hard one")
    QTest.keyClick(mood.line, Qt.Key.Key_Return)
    assert source.posted[-1] == NoteMood(4, "a hard one")
    assert mood.line.text() == "a hard one", "nothing is kept yet"
    pushed(scene, "day", now_ms=NOW + 1000)
    assert mood.line.text() == "a hard one"
    pushed(scene, "day", moods=(*FULL.moods, MoodNote(NOW, 4, "a hard one")))
    assert (mood.line.text(), mood.figures.checkedId()) == ("", -1)


def test_what_is_typed_outlasts_every_refresh_and_a_change_of_language(scene: Scene) -> None:
    mood = scene[0].mood
    mood.figures.button(7).click()
    mood.line.setText("half a sen")
    pushed(scene, "day", "en", now_ms=NOW + 60_000)
    pushed(scene, "closed", "zh_TW")
    assert (mood.line.text(), mood.figures.checkedId()) == ("half a sen", 7)
    assert not mood.save.isEnabled()
    pushed(scene, "day", "zh_TW")
    assert mood.save.isEnabled()


def test_one_note_goes_at_once_and_all_only_when_asked_twice(scene: Scene) -> None:
    page, source, _ = scene
    page.window.choose("mood")
    drop = next(one for one in page.mood.findChildren(QPushButton) if one.text() == "删除")
    drop.click()
    assert source.posted[-1] == ForgetMood(FULL.moods[-1].ms)
    every = page.mood.findChild(QPushButton, "day.delete_all")
    assert every is not None
    count = len(source.posted)
    every.click()
    assert len(source.posted) == count
    assert every.text() == "再按一次，全部删除"
    every.click()
    assert source.posted[-1] == ForgetMood()


def test_the_trend_is_each_days_mean_over_four_weeks() -> None:
    today = day_of(NOW)
    found = means((MoodNote(NOW, 2), MoodNote(NOW - 1000, 5), MoodNote(NOW - 40 * 24 * HOUR, 9)), today)
    assert len(found) == DAYS
    assert [mean for mean in found if mean is not None] == [3.5]
    assert means((), date(2026, 1, 1) + timedelta(days=1)) == [None] * DAYS


def test_the_keyboard_alone_keeps_a_mood(scene: Scene) -> None:
    page, source, _ = scene
    QTest.keyClick(focus(), Qt.Key.Key_Right)
    walked = []
    for _ in range(4):
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
        walked.append(focus())
    assert page.mood.figures.button(0) in walked
    page.mood.figures.button(0).setFocus()
    for _ in range(3):
        QTest.keyClick(focus(), Qt.Key.Key_Right)
    assert focus() in page.mood.figures.buttons()
    QTest.keyClick(focus(), Qt.Key.Key_Space)
    chosen = page.mood.figures.checkedId()
    assert chosen == 3
    QTest.keyClick(focus(), Qt.Key.Key_Tab)
    assert focus() is page.mood.line
    QTest.keyClick(focus(), Qt.Key.Key_Tab)
    assert focus() is page.mood.save
    QTest.keyClick(focus(), Qt.Key.Key_Space)
    assert source.posted[-1] == NoteMood(3, "")


def test_closing_forgets_the_day(scene: Scene) -> None:
    page, source, _ = scene
    QTest.keyClick(page.window, Qt.Key.Key_Escape)
    assert page.at_rest
    assert (source.posted[0], source.posted[-1]) == (OpenPage("day"), ClosePage("day"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", FACES)
def test_no_text_is_cut_and_every_control_has_a_name(scene: Scene, state: str, language: str) -> None:
    pushed(scene, state, language)
    for tab in ("day", "mood"):
        scene[0].window.choose(tab)
        deliver()
        assert cut_labels(scene[0].window) == []
        assert nameless_controls(scene[0].window) == []
