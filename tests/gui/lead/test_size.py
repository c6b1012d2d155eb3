"""The desk's first size: a PC's screen at 125 or 150 % is smaller than the desk."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.content.texts import LANGUAGES
from tests.gui.lead.scene import Scene, fresh
from tests.helpers.qt import deliver
from ui.surfaces.lead.desk import LEAST, first_size


@pytest.mark.parametrize(
    ("screen", "size"),
    [((1920, 1040), (1120, 720)), ((1536, 824), (1120, 720)), ((1280, 680), (1120, 640)), ((1092, 574), (1076, 600)), ((800, 560), (900, 600))],
    ids=["1920×1080", "at 125 %", "at 150 %", "a laptop at 125 %", "too small for any desk"],
)
def test_the_desk_fits_the_screen_as_long_as_it_can_be_read(screen: tuple[int, int], size: tuple[int, int]) -> None:
    assert first_size(QSize(*screen)) == QSize(*size)


def on_desk(scene: Scene, button: QAbstractButton) -> QRect:
    return QRect(button.mapTo(scene.desk, QPoint(0, 0)), button.size())


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_the_smallest_desk_every_button_is_whole_and_none_moves_when_its_words_change(language: str, qtbot: QtBot) -> None:
    scene = Scene(language)
    scene.show(fresh(1, level=3))
    with qtbot.waitExposed(scene.desk):
        pass
    scene.desk.resize(*LEAST)
    qtbot.waitUntil(lambda: scene.desk.width() == LEAST[0], timeout=5000)
    deliver()
    detail = scene.desk.detail
    buttons = (detail.act, detail.higher, detail.say)
    before = [on_desk(scene, button) for button in buttons]
    detail.higher.click()
    deliver()
    assert [on_desk(scene, button) for button in buttons] == before
    for button, place in zip(buttons, before, strict=True):
        assert scene.desk.rect().contains(place)
        assert place.width() >= button.minimumSizeHint().width()
        assert not [other for other in before if other is not place and other.intersects(place)]
    scene.show(fresh(2, level=1))
    deliver()
    assert detail.higher.isHidden()
    assert on_desk(scene, detail.act) == before[0], "the one button is always in the same place"
    scene.close()
