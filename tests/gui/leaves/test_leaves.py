"""The page on what leaves this PC: the generated table, entries as sent, reachable by keyboard alone, nothing cut."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.agent.commands import ClosePage, ExportMine, OpenPage
from app.agent.leavetable import table_rows
from app.agent.pagefaces import PagesFace
from app.content.texts import LANGUAGES
from tests.gui.leaves.picture_states import FACES
from tests.helpers.qt import FakeSource, bridge_for, cut_labels, deliver, nameless_controls, snapshot_of
from ui.bridge import Bridge
from ui.surfaces.leaves.surface import TABS, Leaves, breakable
from ui.theme.theme import theme

Scene = tuple[Leaves, FakeSource, Bridge]


@pytest.fixture
def scene(qtbot: QtBot) -> Iterator[Scene]:
    bridge, source = bridge_for(snapshot_of(pages=PagesFace(leaves=FACES["leaves"])))
    page = Leaves(bridge)
    page.show_snapshot(source.snapshot)
    page.open(QRect())
    qtbot.waitExposed(page.window)
    qtbot.waitUntil(page.window.isActiveWindow)
    yield page, source, bridge
    page.close()
    bridge.close()


def key(pressed: Qt.Key) -> QWidget:
    """Press a key where the focus is; what has it afterwards."""
    before = QApplication.focusWidget()
    assert before is not None
    QTest.keyClick(before, pressed)
    after = QApplication.focusWidget()
    assert after is not None
    return after


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_every_row_that_is_generated_and_no_other(scene: Scene, language: str) -> None:
    page, source, bridge = scene
    source.push(snapshot_of(language=language, pages=PagesFace(leaves=FACES["leaves"])))
    deliver()
    theme().choose("light", language)
    page.show_snapshot(bridge.snapshot)
    rows = table_rows(language)
    for place in ("leaves", "stays"):
        shown = texts(page.window.sheets[place])
        assert [text for text in shown if text in {row.what for row in rows if row.place == place}] == [
            row.what for row in rows if row.place == place
        ]
    leaving = " ".join(texts(page.window.sheets["leaves"]))
    assert all(name in leaving for row in rows if row.place == "leaves" for name in row.fields)


def test_entries_stand_newest_first_as_they_were_sent(scene: Scene) -> None:
    shown = texts(scene[0].window.sheets["sent"])
    found = [text.replace("\u200b", "") for text in shown if text.startswith("{")]
    assert found == [entry.text for entry in FACES["sent"].entries]
    assert [text for text in shown if text in ("已送达", "待传")] == ["待传", "已送达", "已送达", "已送达"]


def test_the_agent_reads_while_it_is_open_and_not_longer(scene: Scene) -> None:
    page, source, _ = scene
    QTest.keyClick(page.window, Qt.Key.Key_Escape)
    assert page.at_rest
    assert source.posted == [OpenPage("leaves"), ClosePage("leaves")]


def test_the_keyboard_reaches_tabs_sheet_and_exports_in_order(scene: Scene) -> None:
    page = scene[0]
    window = page.window
    assert QApplication.focusWidget() is window.tabs["leaves"]
    for name in TABS[1:]:
        assert key(Qt.Key.Key_Right) is window.tabs[name]
        assert window.stack.currentWidget() is window.sheets[name]
    key(Qt.Key.Key_Right)
    assert window.stack.currentWidget() is window.sheets["leaves"], "the last leads to the first again"
    window.tabs["readers"].setFocus()
    walked = [key(Qt.Key.Key_Tab) for _ in range(3)]
    assert walked == [window.sheets["leaves"], page.exports["json"], page.exports["csv"]]
    bar = window.sheets["leaves"].verticalScrollBar()
    window.sheets["leaves"].setFocus()
    QTest.keyClick(window.sheets["leaves"], Qt.Key.Key_PageDown)
    assert bar.value() > 0


def test_an_export_goes_where_the_person_said_and_its_end_is_told(scene: Scene) -> None:
    page, source, bridge = scene
    page.save_to("/somewhere/mine.csv", "csv")
    assert source.posted[-1] == ExportMine("/somewhere/mine.csv", "csv")
    source.push(snapshot_of(pages=PagesFace(leaves=replace(FACES["leaves"], exported="unwritten"))))
    deliver()
    page.show_snapshot(bridge.snapshot)
    assert "换个文件夹" in page.outcome.text()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tab", TABS)
def test_no_text_is_cut_and_every_control_has_a_name(scene: Scene, tab: str, language: str) -> None:
    page, source, bridge = scene
    source.push(snapshot_of(language=language, pages=PagesFace(leaves=FACES["stays"])))
    deliver()
    theme().choose("dark", language)
    page.show_snapshot(bridge.snapshot)
    page.window.choose(tab)
    deliver()
    assert cut_labels(page.window) == []
    assert nameless_controls(page.window) == []


def test_a_long_word_may_break_and_loses_nothing() -> None:
    text = '{"h": "' + "A" * 200 + '"}'
    assert breakable(text).replace("\u200b", "") == text
    assert max(len(part) for part in breakable(text).replace("\u200b", " ").split()) <= 48
