"""Training on screen: a quiz by keyboard alone, reasons after each answer, callers, the practice call that is a drill."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.agent.commands import FinishCaller, FinishQuiz, RaiseAlarm
from app.agent.pagefaces import PagesFace, TrainingFace
from app.agent.snapshot import Sign
from app.content.texts import LANGUAGES
from tests.gui.training.picture_states import FRESH
from tests.helpers.qt import FakeSource, bridge_for, cut_labels, deliver, nameless_controls, snapshot_of
from ui.bridge import Bridge
from ui.surfaces.training.surface import Training
from ui.surfaces.training.walk import Walk
from ui.theme.theme import theme

Scene = tuple[Training, FakeSource, Bridge]


@pytest.fixture
def scene(qtbot: QtBot) -> Iterator[Scene]:
    bridge, source = bridge_for(snapshot_of(pages=PagesFace(training=FRESH)))
    page = Training(bridge)
    page.show_snapshot(source.snapshot)
    page.open(QRect())
    qtbot.waitExposed(page.window)
    qtbot.waitUntil(page.window.isActiveWindow)
    yield page, source, bridge
    page.close()
    bridge.close()


def pushed(scene: Scene, face: TrainingFace = FRESH, language: str = "zh_CN", **help_: object) -> None:
    page, source, bridge = scene
    source.push(snapshot_of(language=language, pages=PagesFace(training=face), help_=help_))
    deliver()
    theme().choose("light", language)
    page.show_snapshot(bridge.snapshot)
    deliver()


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def answer(walk: Walk, *, right: bool) -> None:
    answers = walk._asks[walk.at].answers
    walk.choices[next(at for at, one in enumerate(answers) if one.right is right)].click()


def test_the_keyboard_alone_goes_through_ten_questions(scene: Scene) -> None:
    page, source, _ = scene
    QTest.keyClick(focus(), Qt.Key.Key_Tab)
    QTest.keyClick(focus(), Qt.Key.Key_Tab)
    QTest.keyClick(focus(), Qt.Key.Key_Tab)
    assert focus() is page.begin
    QTest.keyClick(focus(), Qt.Key.Key_Space)
    walk = page.quiz
    assert walk is not None
    right = 0
    for at in range(10):
        assert walk.at == at
        assert focus() is walk.choices[0]
        right += walk._asks[at].answers[0].right
        QTest.keyClick(focus(), Qt.Key.Key_Space)
        assert focus() is walk.next
        assert walk.why.text()
        QTest.keyClick(focus(), Qt.Key.Key_Space)
    assert source.posted[-1] == FinishQuiz("2026Q4", right, 10)
    assert page.quiz is None
    assert focus() is page.begin


def test_after_an_answer_the_right_one_is_marked_and_the_reason_told(scene: Scene) -> None:
    page = scene[0]
    page.begin_quiz()
    walk = page.quiz
    assert walk is not None
    answer(walk, right=False)
    marks = [choice.mark for choice in walk.choices]
    assert sorted(marks) == ["", "", "right", "wrong"]
    assert walk.choices[marks.index("right")].accessibleDescription() == "正确答案"
    assert (walk.verdict.text(), walk.why.text()) == ("不太对", walk._asks[0].why)
    before = walk.right
    answer(walk, right=True)
    assert walk.right == before, "the first answer counts"


def test_the_score_shows_and_a_snapshot_does_not_disturb_a_walk(scene: Scene) -> None:
    page = scene[0]
    page.begin_quiz()
    walk = page.quiz
    pushed(scene, replace(FRESH, callers=(("fake-it", 1, 4),)))
    assert page.quiz is walk
    assert walk is not None
    for _ in range(10):
        answer(walk, right=True)
        walk.next.click()
    pushed(scene, replace(FRESH, right=10, asked=10, passed=True, seed="another"))
    shown = [label.text() for label in page.window.sheets["quiz"].findChildren(type(walk.why))]
    assert "10 题答对了 10 题。" in shown
    assert "通过了" in shown


def test_a_caller_speaks_turn_by_turn_and_nobody_is_told_how_it_went(scene: Scene) -> None:
    page, source, _ = scene
    page.window.choose("callers")
    page.practise["fake-it"].click()
    walk = page.caller
    assert walk is not None
    turns = len(walk._asks)
    for at in range(turns):
        assert sum(not choice.isHidden() for choice in walk.choices) == 3
        answer(walk, right=at > 0)
        assert walk.why.text()
        walk.next.click()
    assert source.posted[-1] == FinishCaller("fake-it", turns - 1, turns)
    assert page.caller is None
    assert page.practise["fake-it"].hasFocus()


def test_the_practice_call_is_a_drill_and_never_disturbs_a_real_one(scene: Scene) -> None:
    page, source, _ = scene
    page.window.choose("raise")
    source.now += 5
    page.hold.completed.emit()
    assert source.posted[-1] == RaiseAlarm(source.now, drill=True)
    pushed(scene, open=True, drill=True, sign=Sign.SHOWN)
    assert page.told.text() == "主管的屏幕上已经显示【演练】"
    count = len(source.posted)
    page.hold.completed.emit()
    assert len(source.posted) == count, "one is open already"
    told = page.told.text()
    pushed(scene, open=True, drill=False, sign=Sign.COMING)
    assert page.told.text() == told, "a real call for help changes nothing here"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_cut_and_every_control_has_a_name(scene: Scene, language: str) -> None:
    page = scene[0]
    face = replace(FRESH, callers=(("fake-it", 1, 4),), right=3, asked=10)
    pushed(scene, face, language, open=True, drill=True, sign=Sign.NOBODY)

    def whole() -> None:
        deliver()
        assert cut_labels(page.window) == []
        assert nameless_controls(page.window) == []

    for tab in page.window.tabs:
        page.window.choose(tab)
        whole()
    page.window.choose("quiz")
    page.begin_quiz()
    walk = page.quiz
    assert walk is not None
    for _ in range(10):
        whole()
        answer(walk, right=False)
        whole()
        assert all(choice.height() >= choice.heightForWidth(choice.width()) for choice in walk.choices if choice.isVisible())
        walk.next.click()
