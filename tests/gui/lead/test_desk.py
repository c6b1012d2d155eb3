"""The desk: who called, what the one button does, what is never said or shown."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.agent.commands import DeskAct
from app.content.texts import LANGUAGES
from app.domain.moment import NS
from tests.gui.lead.scene import Scene, row
from tests.helpers.qt import cut_labels, deliver, nameless_controls, snapshot_of

HOSTILE = ("<img src='/etc/passwd'>", "名" * 200, "a\nb\tc", "\u202eevil\u202c", "שלום עולם", "&amp;<b>x</b>", "")


def texts(scene: Scene) -> str:
    return "\n".join(label.text() for label in scene.desk.findChildren(QLabel) if label.isVisibleTo(scene.desk))


def test_desk_is_1120_by_720_and_not_smaller_than_900_by_600(scene: Scene) -> None:
    scene.show()
    assert (scene.desk.width(), scene.desk.height()) == (1120, 720)
    assert (scene.desk.minimumWidth(), scene.desk.minimumHeight()) == (900, 600)


def test_nothing_open_is_one_calm_page(scene: Scene) -> None:
    scene.show()
    assert scene.desk.pages.currentWidget() is scene.desk.calm
    assert "都好：30 个座位都能求助，3 人在线" in texts(scene)
    assert "上次试通：" in texts(scene)
    assert scene.desk.windowTitle() == "安席"


def test_calm_page_never_says_all_is_well_when_it_is_not_known(scene: Scene) -> None:
    scene.show(uncovered=("A-17", "B-03"))
    assert "30 个座位能求助，2 个不能" in texts(scene)
    assert "A-17" in texts(scene)
    scene.show(connected=False)
    assert "连不上服务器" in texts(scene)
    scene.show(seats_covered=0, last_tested_ms=None)
    assert "还没有试过" in texts(scene)
    assert "都好" not in texts(scene)


def test_a_call_for_help_says_who_where_how_long_and_whether_on_a_call(scene: Scene) -> None:
    scene.show(row(1, ago=65))
    assert scene.desk.pages.currentWidget() is scene.desk.work
    for words in ("3 楼 A-11", "李丽 · 投诉一组", "已等 1:05", "二级", "通话中", "还没人接"):
        assert words in texts(scene)
    spoken = scene.desk.list.entries.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "二级, 3 楼 A-11, 李丽 · 投诉一组, 已等 1 分 5 秒, 还没人接 · 通话中"


def test_waiting_time_goes_on(scene: Scene, qtbot: QtBot) -> None:
    scene.show(row(1, ago=65))
    scene.source.now += 10 * NS
    qtbot.waitUntil(lambda: scene.desk.detail.waited.text() == "已等 1:15", timeout=5000)


def test_title_bar_says_only_how_many_wait(scene: Scene) -> None:
    scene.show(row(1, level=1), row(2), row(3, state="taken", taken_by="张主管"))
    assert scene.desk.windowTitle() == "安席：有 2 件事等你"
    assert scene.desk.windowIconText() == "安席：有 2 件事等你"


def test_one_button_goes_from_mine_to_there_to_settled_without_moving(scene: Scene) -> None:
    scene.show(row(1))
    button = scene.desk.detail.act
    deliver()
    place = button.mapTo(scene.desk, button.rect().topLeft())
    assert button.height() == 48
    for action, state, word, act in (
        ("take", "delivered", "我来", "take"), ("on_spot", "taken", "已到场", "on_spot"), ("settle", "on_spot", "已处理", "settle"),
    ):
        scene.show(row(1, state=state, mine=action != "take", taken_by="" if action == "take" else "我", next_action=action))
        deliver()
        assert button.text() == word
        assert button.mapTo(scene.desk, button.rect().topLeft()) == place
        scene.settle()
        button.click()
        assert scene.acts[-1] == DeskAct(row(1).alarm, act)


def test_a_double_click_does_not_say_on_the_spot_by_accident(scene: Scene) -> None:
    scene.show(row(1))
    scene.settle()
    scene.desk.detail.act.click()
    scene.show(row(1, state="taken", mine=True, taken_by="我", next_action="on_spot"))
    scene.desk.detail.act.click()
    assert [act.act for act in scene.acts] == ["take"]
    scene.settle()
    scene.desk.detail.act.click()
    assert [act.act for act in scene.acts] == ["take", "on_spot"]


def test_a_press_meant_for_a_settled_alarm_does_not_take_the_next_one(scene: Scene) -> None:
    scene.show(row(1), row(2))
    scene.settle()
    scene.show(row(2))
    scene.desk.detail.act.click()
    assert scene.acts == []


def test_pressing_twice_posts_once(scene: Scene) -> None:
    scene.show(row(1))
    scene.settle()
    scene.desk.detail.act.click()
    scene.desk.detail.act.click()
    assert len(scene.acts) == 1
    assert "正在告诉对方" in texts(scene)


def test_level_1_is_raised_only_by_two_presses(scene: Scene) -> None:
    scene.show(row(1))
    scene.desk.detail.higher.click()
    assert scene.acts == []
    assert scene.desk.detail.higher.text() == "再点一次：升为一级"
    scene.desk.detail.higher.click()
    assert scene.acts == [DeskAct(row(1).alarm, "raise_level")]
    scene.show(row(1, level=1))
    assert not scene.desk.detail.higher.isVisible()


def test_a_ready_sentence_goes_to_the_agent(scene: Scene) -> None:
    scene.show(row(1))
    scene.desk.detail.say.click()
    assert [button.text() for button in scene.desk.detail.sentences.values()] == ["我马上到", "先让客户等等", "可以挂断"]
    scene.desk.detail.sentences[3].click()
    assert scene.acts == [DeskAct(row(1).alarm, "say", 3)]
    assert "已发出：可以挂断" in texts(scene)


def test_who_else_answers_is_said(scene: Scene) -> None:
    scene.show(row(1, state="taken", taken_by="张主管", others=("刘主管", "何主管")))
    assert "张主管接了" in texts(scene)
    assert "也在回应：刘主管, 何主管" in texts(scene)


def test_taken_back_is_still_checked_and_nothing_can_be_written(scene: Scene) -> None:
    scene.show(row(1, taken_back=True))
    assert "不要打电话，不要写消息，不要说出口" in texts(scene)
    assert not scene.desk.detail.say.isVisible()
    assert scene.desk.detail.act.isEnabled()


def test_a_drill_is_marked_in_row_and_detail(scene: Scene) -> None:
    scene.show(row(1, drill=True))
    assert "【演练】" in texts(scene)
    assert str(scene.desk.list.entries.index(0).data(Qt.ItemDataRole.AccessibleTextRole)).startswith("【演练】")


def test_unverified_is_marked_and_still_to_be_looked_at(scene: Scene) -> None:
    scene.show(row(1, unverified=True, who="", seat="", floor=""))
    for words in ("未核实", "照样去看", "位置不明", "还不知道是谁"):
        assert words in texts(scene)


def test_level_1_waits_for_a_second_person(scene: Scene) -> None:
    scene.show(row(1, level=1, mine=True, state="on_spot", taken_by="我", next_action="none", waits_for_second=True))
    assert not scene.desk.detail.act.isEnabled()
    assert "一级要两个人确认" in texts(scene)


def test_the_chosen_row_stays_chosen_when_a_new_one_comes(scene: Scene) -> None:
    scene.show(row(1), row(2))
    scene.desk.list.choose(row(2).alarm)
    scene.show(row(3), row(1), row(2))
    assert scene.desk.detail.entry is not None
    assert scene.desk.detail.entry.first.alarm == row(2).alarm


def test_rows_that_stay_are_not_touched_when_one_comes(scene: Scene) -> None:
    scene.show(*(row(n, ago=200 * n) for n in range(1, 20)))
    resets: list[str] = []
    scene.desk.list.entries.modelReset.connect(lambda: resets.append("reset"))
    scene.desk.list.entries.dataChanged.connect(lambda *_: resets.append("changed"))
    scene.show(row(30, ago=1), *(row(n, ago=200 * n) for n in range(1, 20)))
    assert resets == []
    assert scene.desk.list.entries.rowCount() == 20


def test_keyboard_goes_through_rows_and_enter_goes_to_the_button(scene: Scene, qtbot: QtBot) -> None:
    scene.show(row(1, ago=10), row(2, ago=500))
    scene.surface.open(scene.desk.rect())
    qtbot.waitUntil(scene.desk.isActiveWindow, timeout=5000)
    scene.desk.list.setFocus()
    QTest.keyClick(scene.desk.list, Qt.Key.Key_Down)
    assert scene.desk.detail.entry is not None
    assert scene.desk.detail.entry.first.alarm == row(2).alarm
    QTest.keyClick(scene.desk.list, Qt.Key.Key_Return)
    assert scene.desk.detail.act.hasFocus()
    QTest.keyClick(scene.desk.detail.act, Qt.Key.Key_Space)
    assert scene.acts == [DeskAct(row(2).alarm, "take")]
    order = []
    for _ in range(4):
        order.append(scene.desk.focusWidget())
        QTest.keyClick(scene.desk.focusWidget(), Qt.Key.Key_Tab)
    detail = scene.desk.detail
    assert order[:3] == [detail.act, detail.higher, detail.say]


def test_closing_the_window_only_hides_it_and_a_call_for_help_brings_it_back(scene: Scene) -> None:
    scene.show()
    scene.desk.close()
    assert not scene.desk.isVisible()
    scene.show(row(1))
    assert scene.desk.isVisible()


def test_a_person_who_leads_nobody_has_no_desk(scene: Scene) -> None:
    scene.surface.show_snapshot(snapshot_of())
    assert scene.surface.desk is None
    assert scene.surface.at_rest


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_control_has_a_name_and_nothing_is_cut_in_every_language(language: str, qtbot: QtBot) -> None:
    scene = Scene(language)
    scene.show(row(1, unverified=True, drill=True, taken_by="张主管", others=("刘主管",)), uncovered=("A-17",))
    with qtbot.waitExposed(scene.desk):
        pass
    scene.desk.resize(900, 600)
    qtbot.waitUntil(lambda: scene.desk.width() == 900, timeout=5000)
    scene.desk.detail.say.click()
    deliver()
    assert nameless_controls(scene.desk) == []
    assert cut_labels(scene.desk) == []
    detail = scene.desk.detail
    for button in (detail.act, detail.higher, detail.say, *detail.sentences.values()):
        assert button.width() >= button.minimumSizeHint().width()
        assert button.mapTo(scene.desk, button.rect().bottomRight()).x() < scene.desk.width()
    scene.show(row(1, taken_back=True))
    deliver()
    assert cut_labels(scene.desk) == []
    scene.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_shown_as_they_are_and_harm_nothing(scene: Scene, name: str) -> None:
    scene.show(row(1, who=name, team=name, seat=name, floor=name, taken_by=name, state="taken", others=(name,)), uncovered=(name,))
    scene.desk.grab()
    for label in scene.desk.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText
    for label in (scene.desk.detail.place, scene.desk.detail.who):
        assert "\n" not in label.text()
        assert "\u202e" not in label.text()
    scene.show(uncovered=(name,))
    scene.desk.grab()
    assert scene.desk.width() == 1120


@pytest.mark.parametrize("name", ["W" * 200, "名" * 200, "a-" * 100])
def test_a_word_longer_than_a_line_is_broken_not_cut(scene: Scene, qtbot: QtBot, name: str) -> None:
    scene.show(row(1, seat=name, who=name))
    with qtbot.waitExposed(scene.desk):
        pass
    scene.desk.resize(900, 600)
    qtbot.waitUntil(lambda: scene.desk.width() == 900 and scene.desk.detail.width() <= 500, timeout=5000)
    deliver()
    for label in (scene.desk.detail.place, scene.desk.detail.who):
        longest = max(label.fontMetrics().horizontalAdvance(part) for part in label.text().replace("\u200b", " ").split())
        assert longest <= label.width()
        assert label.heightForWidth(label.width()) <= label.height()


def test_a_name_without_an_end_is_shortened() -> None:
    from ui.surfaces.lead.words import LONGEST, clean

    assert len(clean("名" * 500)) == LONGEST
    assert clean("<img src='x'>") == "<img src='x'>"
    assert clean(" a\n\u202eb ") == "a b"


def test_desk_follows_language_and_theme_at_once() -> None:
    scene = Scene("zh_CN")
    scene.show(row(1))
    scene.close()
    scene = Scene("en", "dark")
    scene.show(row(1))
    assert scene.desk.detail.act.text() == "I'm on it"
    assert scene.desk.windowTitle() == "SafeSeat: 1 waiting for you"
    scene.close()
