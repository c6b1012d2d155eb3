"""The lock's card: what it says, that it never takes the keyboard, and that it goes at once."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtGui import QAccessible, QGuiApplication
from pytestqt.qtbot import QtBot

from app.content.texts import LANGUAGES, Texts
from app.domain.moment import NS
from app.tools.stage import Stage
from tests.gui.lead.other_program import other_program
from tests.helpers.qt import START, FakeSource, bridge_for, cut_labels, snapshot_of
from ui.surfaces.lock.card import HEIGHT, WIDTH
from ui.surfaces.lock.surface import LockSurface

UNTIL = START.boot + 15 * NS


class Scene:
    """A lock surface fed with seats."""

    def __init__(self, language: str = "zh_CN", look: str = "light") -> None:
        self.language, self.look = language, look
        self.bridge, self.source = bridge_for(snapshot_of(language=language, look=look))
        self.surface = LockSurface(self.bridge)

    def seat(self, **seat: Any) -> None:
        self.surface.show_snapshot(snapshot_of(language=self.language, look=self.look, seat=seat))

    def warn(self) -> None:
        self.seat(warning_until_boot=UNTIL)

    @property
    def clock(self) -> FakeSource:
        return self.source


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    yield made
    made.surface.close()
    made.bridge.close()


def test_warning_stands_at_the_bottom_middle_with_the_seconds(scene: Scene) -> None:
    scene.warn()
    card = scene.surface.card
    area = QGuiApplication.primaryScreen().availableGeometry()
    assert (card.width(), card.height()) == (WIDTH, HEIGHT)
    assert card.isVisible()
    assert abs(card.geometry().center().x() - area.center().x()) <= 1
    assert card.line.figure == "15"
    assert card.accessibleName() == "15 秒后锁屏，动一下就继续"


def test_seconds_and_bar_follow_the_clock_and_never_go_below_zero(scene: Scene, qtbot: QtBot) -> None:
    scene.warn()
    card = scene.surface.card
    assert card.bar_box().width() == card.width()
    scene.clock.now += 5 * NS + 1
    qtbot.waitUntil(lambda: card.line.figure == "10", timeout=5000)
    assert card.bar_box().width() == pytest.approx(card.width() * 2 / 3, abs=1)
    scene.clock.now = UNTIL + NS
    qtbot.waitUntil(lambda: card.line.figure == "0", timeout=5000)
    assert card.bar_box().width() == 0
    assert card.isVisible()


def test_warning_is_gone_as_soon_as_the_agent_withdraws_it(scene: Scene) -> None:
    scene.warn()
    scene.seat(warning_until_boot=None)
    assert not scene.surface.card.isVisible()
    assert scene.surface.at_rest


def test_nothing_ticks_while_no_warning_is_up(scene: Scene) -> None:
    assert not scene.surface._ticking.running
    scene.warn()
    assert scene.surface._ticking.running
    scene.seat(lock_failed=True)
    assert not scene.surface._ticking.running


def test_warning_takes_no_keystroke_and_no_focus_from_another_program(scene: Scene, stage: Stage, qtbot: QtBot) -> None:
    with other_program(stage.display) as other:
        scene.warn()
        with qtbot.waitExposed(scene.surface.card):
            pass
        stage.keys("a", "b", "c")
        qtbot.waitUntil(lambda: other.look().keys == 3, timeout=5000)
        scene.seat(warning_until_boot=None)
        assert other.focused
        assert other.focus_lost == 0


def test_the_same_snapshot_twice_changes_nothing(scene: Scene) -> None:
    scene.warn()
    before = scene.surface.card.geometry(), scene.surface.card.line.figure
    scene.warn()
    assert (scene.surface.card.geometry(), scene.surface.card.line.figure) == before


def test_a_screen_reader_hears_the_warning_and_not_every_second_of_it(scene: Scene, qtbot: QtBot) -> None:
    QAccessible.setActive(True)
    scene.warn()
    said = scene.surface.card.accessibleName()
    scene.clock.now += 3 * NS
    qtbot.waitUntil(lambda: scene.surface.card.line.figure == "12", timeout=5000)
    assert scene.surface.card.accessibleName() == said
    scene.seat(lock_failed=True)
    assert scene.surface.card.accessibleName() == "没锁上，请按 Win+L。 这是设备问题，不算你的"


def test_a_failed_lock_stays_said_until_it_is_mended_and_blames_nobody(scene: Scene) -> None:
    scene.seat(lock_failed=True)
    assert "不算你的" in scene.surface.card.words.text()
    assert scene.surface.card.bar_box().isEmpty()
    scene.seat(lock_failed=False)
    assert scene.surface.at_rest


def test_lock_and_leave_reminds_of_the_papers(scene: Scene) -> None:
    scene.seat(leaving_until_boot=START.boot + 2 * NS)
    assert scene.surface.card.words.text() == "纸质资料收好，马上锁屏"
    scene.seat()
    assert scene.surface.at_rest


def test_a_warning_comes_before_the_reminder_of_a_failed_lock(scene: Scene) -> None:
    scene.seat(lock_failed=True, warning_until_boot=UNTIL)
    assert scene.surface.card.line.isVisible()
    assert not scene.surface.card.words.isVisible()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seat", [{"lock_failed": True}, {"leaving_until_boot": 1}, {"warning_until_boot": UNTIL + 45 * NS}])
def test_no_word_is_cut_in_any_language(language: str, seat: dict[str, Any]) -> None:
    scene = Scene(language)
    scene.seat(**seat)
    card = scene.surface.card
    assert cut_labels(card) == []
    assert card.line.isHidden() or card.line.sizeHint().width() <= card.line.width()
    scene.surface.close()


def test_all_words_of_the_lock_exist_in_every_language() -> None:
    for language in LANGUAGES:
        words = Texts(language)
        assert "15" in words.t("lock.warning", seconds=15)
        assert words.t("lock.failed")
        assert words.t("lock.leave")


def test_closing_leaves_no_window(scene: Scene) -> None:
    scene.warn()
    card = scene.surface.card
    scene.surface.close()
    assert not card.isVisible()
    assert scene.surface.at_rest
