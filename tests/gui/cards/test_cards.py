"""The emergency cards on a real screen: ten tiles, big steps, numbers to copy, the site's places, staleness, the call form."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.agent.commands import StartReport
from app.agent.snapshot import Settings
from app.content.library import Library
from app.content.shapes import PHONES, PLACES
from app.content.site import SitePack
from app.content.texts import LANGUAGES
from app.policy.settings import SETTINGS
from tests.gui.cards.picture_states import STATES, fill, settings_of
from tests.gui.scripts.looking import cut
from tests.helpers.qt import FakeSource, bridge_for, deliver, nameless_controls, snapshot_of
from ui.bridge import Bridge
from ui.surfaces.cards.cardview import StepRow
from ui.surfaces.cards.facts import is_stale, numbers_of, reviewed, site_values
from ui.surfaces.cards.surface import Cards

Scene = tuple[Cards, FakeSource, Bridge]


@pytest.fixture
def scene(qtbot: QtBot) -> Iterator[Scene]:
    bridge, source = bridge_for(snapshot_of(settings=settings_of("", "zh_CN")))
    cards = Cards(bridge)
    cards.show_snapshot(source.snapshot)
    cards.open(QRect())
    qtbot.waitExposed(cards.window)
    qtbot.waitUntil(cards.window.isActiveWindow)
    yield cards, source, bridge
    cards.close()
    bridge.close()


def pushed(scene: Scene, language: str = "zh_CN", **settings: Any) -> None:
    cards, source, bridge = scene
    source.push(snapshot_of(language=language, settings=settings or settings_of("", language)))
    deliver()
    cards.show_snapshot(bridge.snapshot)
    deliver()


def press(scene: Scene, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or scene[0].window, key)
        deliver()


def words(cards: Cards) -> str:
    return "\n".join(label.text() for label in cards.view.body.findChildren(QLabel) if label.isVisibleTo(cards.window))


def test_there_are_ten_cards_and_each_digit_opens_its_own(scene: Scene) -> None:
    cards = scene[0]
    assert [tile.digit for tile in cards.grid.tiles] == list("1234567890")
    keys = [getattr(Qt.Key, f"Key_{digit}") for digit in "1234567890"]
    for key, card in zip(keys, cards.library.cards, strict=True):
        press(scene, key)
        assert cards.card is not None
        assert cards.card.id == card.id


def test_arrows_walk_tiles_and_cards_and_the_way_back_is_where_one_was(scene: Scene) -> None:
    cards = scene[0]
    names = [card.id for card in cards.library.cards]
    press(scene, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Space)
    assert cards.card is not None
    assert cards.card.id == names[6]
    press(scene, Qt.Key.Key_Right)
    assert cards.card.id == names[7]
    press(scene, Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert cards.card.id == names[5]
    press(scene, Qt.Key.Key_Backspace)
    assert cards.card is None
    assert QApplication.focusWidget() is cards.grid.tiles[5]


def test_steps_are_numbered_and_large(scene: Scene) -> None:
    cards = scene[0]
    for card in cards.library.cards:
        cards.open_card(card.id)
        deliver()
        rows = cards.view.body.findChildren(StepRow)
        assert [row.label.text() for row in rows] == [*card.steps, *card.never]
        assert {row.label.font().pixelSize() for row in rows} == {20}
        assert rows[0].label.accessibleName() == f"1. {card.steps[0]}"
        sizes = {label.font().pixelSize() for label in cards.window.findChildren(QLabel) if label.text()} | {28}
        assert sizes <= {14, 20, 28}, "at most three sizes in a window"


def test_a_number_is_copied_by_a_press_and_says_so_for_a_second(scene: Scene, qtbot: QtBot) -> None:
    cards = scene[0]
    cards.open_card("fire")
    numbers = cards.view.body.numbers
    assert [row.number for row in numbers] == ["119", "8110", "6688", "120"]
    QTest.mouseClick(numbers[1], Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "8110"
    assert numbers[1].says_copied
    qtbot.waitUntil(lambda: not numbers[1].says_copied, timeout=3000)


def test_the_site_s_places_stand_there_and_what_it_did_not_give_is_told_quietly(scene: Scene) -> None:
    cards = scene[0]
    cards.open_card("fire")
    assert "大楼西侧停车场，樱花树下" in words(cards)
    assert "职场还没填" not in words(cards)
    pushed(scene, cards_reviewed_on="2026-11-02")
    assert cards.card is not None
    assert [row.number for row in cards.view.body.numbers] == ["119", "120"]
    assert "职场还没填：内部应急电话、安保、集合点" in words(cards)


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-11-02", "2026-11-02 核对过"), ("2026-03-02", "超过三个月"), ("", "不知道什么时候核对过"), ("2026-13-99", "不知道什么时候核对过")],
)
def test_a_card_says_when_it_was_checked_and_when_that_is_too_long_ago(scene: Scene, day: str, said: str) -> None:
    cards = scene[0]
    pushed(scene, cards_reviewed_on=day)
    cards.open_card("medical")
    assert said in words(cards)


def test_three_months_are_the_limit_and_the_pack_s_own_day_goes_first() -> None:
    assert not is_stale(date(2026, 8, 21), date(2026, 11, 21))
    assert is_stale(date(2026, 8, 20), date(2026, 11, 21))
    pack = SitePack("site", 1, site={"guards_phone": "1", "aed": ""}, reviewed_on="2026-10-01")
    library = Library("en", pack)
    card = library.cards[0]
    settings = Settings(site=(("guards_phone", "2"), ("aed", "hall")), cards_reviewed_on="2026-01-01")
    assert reviewed(card, settings) == date(2026, 10, 1)
    assert site_values(settings, library.site) == {"guards_phone": "1", "aed": "hall"}
    assert "1" in [line.value for line in numbers_of(card, site_values(settings, library.site))]


def test_the_call_form_keeps_what_is_typed_until_it_goes_into_a_report(scene: Scene, qtbot: QtBot) -> None:
    cards, source, bridge = scene
    cards.open_card("bomb-threat")
    form = cards.view.body.form
    assert form is not None
    assert not form.take.isEnabled()
    first = form.fields[0]
    assert isinstance(first, QLineEdit)
    first.setFocus()
    QTest.keyClicks(first, "at 12 by the lift")
    assert cards.card is not None
    assert cards.card.id == "bomb-threat", "digits in a field are text"
    press(scene, Qt.Key.Key_Escape)
    assert not cards.window.isVisible()
    assert not cards.at_rest, "what was typed is not lost by closing"
    cards.open(QRect())
    cards.open_card("bomb-threat")
    again = cards.view.body.form
    assert again is not None
    assert isinstance(again.fields[0], QLineEdit)
    assert again.fields[0].text() == "at 12 by the lift"
    fill(cards)
    opened: list[str] = []
    bridge.opened.connect(lambda name, _anchor: opened.append(name))
    QTest.mouseClick(again.take, Qt.MouseButton.LeftButton)
    command = source.posted[-1]
    assert isinstance(command, StartReport)
    assert command.kind == "threat"
    assert "声音像：男" in command.text
    assert "声音像" not in repr(command)
    assert opened == ["incidents"]
    assert cards.at_rest


def test_clearing_the_form_forgets_it(scene: Scene) -> None:
    cards = scene[0]
    cards.open_card("bomb-threat")
    fill(cards)
    form = cards.view.body.form
    assert form is not None
    QTest.mouseClick(form.clear, Qt.MouseButton.LeftButton)
    assert cards.drafts["bomb-threat"] == {}
    assert not form.take.isEnabled()


def test_escape_closes_from_tiles_and_card_and_the_chord_too(scene: Scene, qtbot: QtBot) -> None:
    cards = scene[0]
    press(scene, Qt.Key.Key_Escape)
    assert cards.at_rest
    cards.open(QRect())
    qtbot.waitUntil(cards.window.isActiveWindow)
    assert cards.card is None
    press(scene, Qt.Key.Key_1, Qt.Key.Key_Escape)
    assert cards.at_rest
    cards.open(QRect())
    qtbot.waitUntil(cards.window.isActiveWindow)
    cards.open(QRect())
    assert cards.at_rest


def test_tab_reaches_numbers_form_and_the_way_back(scene: Scene) -> None:
    cards = scene[0]
    cards.open_card("fire")
    deliver()
    seen: list[str] = []
    for _ in range(8):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused.objectName() in seen:
            break
        seen.append(focused.objectName())
        press(scene, Qt.Key.Key_Tab)
    assert set(seen) == {"cards.text", "cards.fire", "cards.internal_phone", "cards.guards_phone", "cards.ambulance", "cards.back"}


def test_there_is_no_place_for_a_code_word() -> None:
    assert not [key for key in (*PLACES, *PHONES, *(key for key in SETTINGS if key.startswith("site."))) if "code" in key or "word" in key]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_no_text_is_cut_and_every_control_has_a_name(scene: Scene, state: str, language: str) -> None:
    cards = scene[0]
    pushed(scene, language, **settings_of(state, language))
    for name in [STATES[state]] if STATES[state] else [card.id for card in cards.library.cards]:
        cards.open_card(name)
        deliver()
        assert cut(cards.window) == []
        assert nameless_controls(cards.window) == []
    cards.go_back()
    deliver()
    assert cut(cards.window) == []
    assert nameless_controls(cards.window) == []


def test_the_language_changes_at_once_and_the_card_stays(scene: Scene) -> None:
    cards = scene[0]
    cards.open_card("fire")
    pushed(scene, "en")
    assert cards.card is not None
    assert cards.card.title == "Fire"
    assert cards.view.back_button.text() == "All cards"
