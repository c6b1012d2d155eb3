"""Shift checks: the quiet offer, the PC's answers, faults with repair, the last one out, by keyboard and in every language."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.agent.commands import ClosePage, FinishCheck, OpenPage, PutOffCheck
from app.agent.pagefaces import ChecksFace, PagesFace
from app.agent.snapshot import DeskFace
from app.content.texts import LANGUAGES
from tests.gui.checks.picture_states import FACTS
from tests.helpers.qt import FakeSource, bridge_for, cut_labels, deliver, nameless_controls, snapshot_of
from ui.bridge import Bridge
from ui.surfaces.checks.surface import Checks
from ui.theme.theme import theme
from ui.widgets.page import PageWindow

Scene = tuple[Checks, FakeSource, Bridge]


@pytest.fixture
def scene(qtbot: QtBot) -> Iterator[Scene]:
    bridge, source = bridge_for(snapshot_of())
    checks = Checks(bridge)
    checks.show_snapshot(source.snapshot)
    yield checks, source, bridge
    checks.close()
    bridge.close()


def pushed(scene: Scene, face: ChecksFace, language: str = "zh_CN", desk: DeskFace | None = None) -> None:
    checks, source, bridge = scene
    source.push(snapshot_of(language=language, pages=PagesFace(checks=face), desk=desk))
    deliver()
    theme().choose("light", language)
    checks.show_snapshot(bridge.snapshot)
    deliver()


def opened(scene: Scene, qtbot: QtBot, face: ChecksFace | None = None) -> PageWindow:
    pushed(scene, face or ChecksFace(facts=FACTS))
    scene[0].open(QRect())
    window = scene[0].window
    assert window is not None
    qtbot.waitExposed(window)
    qtbot.waitUntil(window.isActiveWindow)
    return window


def test_the_offer_takes_no_focus_and_both_answers_work(scene: Scene, qtbot: QtBot) -> None:
    checks, source, bridge = scene
    field = QWidget()
    field.show()
    qtbot.waitExposed(field)
    field.activateWindow()
    qtbot.waitUntil(field.isActiveWindow)
    pushed(scene, ChecksFace(offered="shift-start"))
    card = checks.card
    assert card is not None
    qtbot.waitUntil(card.isVisible)
    assert field.isActiveWindow(), "typing goes on"
    assert (card.title.text(), card.size().toTuple()) == ("上班前看一看", (320, 120))
    with qtbot.waitSignal(bridge.opened) as asked:
        card.start.click()
    assert asked.args[0] == "checks"
    card.later.click()
    assert source.posted[-1] == PutOffCheck("shift-start")
    pushed(scene, ChecksFace())
    qtbot.waitUntil(lambda: not card.isVisible())
    assert checks.at_rest


def test_what_the_pc_knows_is_answered_and_a_person_may_know_better(scene: Scene, qtbot: QtBot) -> None:
    opened(scene, qtbot, ChecksFace(asking=True))
    rows = {row.item.fact: row for row in scene[0].lists["shift-start"].rows if row.item.fact}
    assert {row.well for row in rows.values()} == {None}
    assert rows["disk"].fact.text() == "电脑正在看…"
    pushed(scene, ChecksFace(facts=FACTS))
    assert (rows["disk"].well, rows["updates"].well, rows["antivirus"].well) == (True, False, None)
    assert "看不出来" in rows["antivirus"].fact.text()
    rows["disk"].answers.button(0).click()
    pushed(scene, ChecksFace(facts=tuple(FACTS)))
    assert rows["disk"].well is False, "what a person said stays"


def test_a_fault_asks_for_repair_unless_the_person_does_not_want_it(scene: Scene, qtbot: QtBot) -> None:
    checks, source, _ = scene
    window = opened(scene, qtbot)
    assert not checks.finish.isEnabled()
    checks.rest.click()
    assert checks.finish.isEnabled()
    assert checks.repair.isVisible()
    assert "4 小时" in checks.told.text()
    checks.finish.click()
    sent = source.posted[-2]
    assert isinstance(sent, FinishCheck)
    assert (sent.checklist, sent.repair, dict(sent.items)["updates"]) == ("shift-start", True, False)
    assert len(sent.items) == len(checks.lists["shift-start"].rows)
    assert source.posted[-1] == ClosePage("checks")
    assert not window.isVisible()
    opened(scene, qtbot)
    checks.rest.click()
    checks.repair.click()
    checks.finish.click()
    assert isinstance(source.posted[-2], FinishCheck)
    assert not source.posted[-2].repair


def test_only_the_last_one_out_is_asked_for_doors_and_windows(scene: Scene, qtbot: QtBot) -> None:
    window = opened(scene, qtbot)
    window.choose("shift-end")
    listing = scene[0].lists["shift-end"]
    before = {row.item.id for row in listing.asked}
    assert "doors" not in before
    listing.last.click()
    assert {row.item.id for row in listing.asked} - before == {row.item.id for row in listing.rows if row.item.last_out}


def test_leads_have_their_weekly_list_and_others_do_not(scene: Scene, qtbot: QtBot) -> None:
    opened(scene, qtbot)
    assert "lead-weekly" not in scene[0].lists
    assert scene[0].window is not None
    scene[0].window.close()
    pushed(scene, ChecksFace(), desk=DeskFace())
    scene[0].open(QRect())
    assert "lead-weekly" in scene[0].lists


def test_a_lead_sees_the_seats_of_the_week_above_the_list_or_that_no_server_told_them(scene: Scene, qtbot: QtBot) -> None:
    checks = scene[0]
    pushed(scene, ChecksFace(sample_state="asking"), desk=DeskFace())
    checks.open(QRect())
    window, seats = checks.window, checks.seats
    assert window is not None
    assert seats is not None
    window.choose("lead-weekly")
    qtbot.waitUntil(seats.isVisible)
    assert "正在问服务器" in seats.seats.text()
    pushed(scene, ChecksFace(sample_state="unreachable"), desk=DeskFace())
    assert "连不上服务器" in seats.seats.text()
    assert not seats.how.isVisible()
    pushed(scene, ChecksFace(sample_state="told", sample=(("A-01", "3"), ("B-02", ""))), desk=DeskFace())
    assert seats.seats.text() == "A-01（3 层） · B-02"
    assert seats.how.isVisible()
    assert seats.mapTo(window, seats.rect().bottomLeft()).y() <= checks.lists["lead-weekly"].mapTo(window, QPoint()).y()
    pushed(scene, ChecksFace(sample_state="told"), desk=DeskFace())
    assert "没有要看的座位" in seats.seats.text()


def test_nobody_but_a_lead_sees_seats(scene: Scene, qtbot: QtBot) -> None:
    opened(scene, qtbot)
    assert scene[0].seats is None


def test_another_language_keeps_the_answers(scene: Scene, qtbot: QtBot) -> None:
    opened(scene, qtbot)
    scene[0].lists["shift-start"].rows[0].answer(False)
    pushed(scene, ChecksFace(facts=FACTS), "en")
    rows = scene[0].lists["shift-start"].rows
    assert (rows[0].well, rows[0].text.text()) == (False, "Exits and aisles are free")


def test_the_keyboard_alone_goes_through_a_list(scene: Scene, qtbot: QtBot) -> None:
    checks, source, _ = scene
    window = opened(scene, qtbot)
    first = checks.lists["shift-start"].rows[0]

    def focus() -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    for _ in range(len(window.tabs) + 2):
        if focus() in first.answers.buttons():
            break
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
    assert focus() in first.answers.buttons()
    QTest.keyClick(focus(), Qt.Key.Key_Space)
    assert first.well is not None
    for _ in range(80):
        if focus() is checks.rest:
            break
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
    assert focus() is checks.rest
    QTest.keyClick(checks.rest, Qt.Key.Key_Space)
    assert focus() is checks.finish
    QTest.keyClick(checks.finish, Qt.Key.Key_Space)
    assert isinstance(source.posted[-2], FinishCheck)
    assert source.posted[0] == OpenPage("checks")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_cut_and_every_control_has_a_name(scene: Scene, qtbot: QtBot, language: str) -> None:
    opened(scene, qtbot)
    told = ChecksFace(facts=FACTS, sample_state="told", sample=tuple((f"B-{number}", "3") for number in range(30)))
    pushed(scene, told, language, DeskFace())
    checks = scene[0]
    assert checks.window is not None
    for name, listing in checks.lists.items():
        checks.window.choose(name)
        listing.last.setChecked(True)
        checks.rest.click()
        deliver()
        assert cut_labels(checks.window) == []
        assert nameless_controls(checks.window) == []
    checks.window.close()
    for offered in ("shift-start", "shift-end"):
        pushed(scene, replace(ChecksFace(), offered=offered), language)
        assert checks.card is not None
        assert cut_labels(checks.card) == []
        assert nameless_controls(checks.card) == []
