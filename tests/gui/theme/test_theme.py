from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QStyleHints
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.content.shipped import shipped
from tests.helpers.qt import deliver
from ui.theme.icons import GRID, outline, path_of
from ui.theme.theme import theme
from ui.theme.tokens import PALETTES
from ui.widgets.plain import PlainLabel, plain, set_tip

ICONS = sorted(file.name.removesuffix(".svg") for file in shipped("icons").iterdir() if file.name.endswith(".svg"))


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_stays_inside_its_grid_and_draws_something(name: str) -> None:
    assert QRectF(1, 1, GRID - 2, GRID - 2).contains(outline(name).boundingRect())


def test_an_icon_path_that_the_parser_does_not_know_is_an_error() -> None:
    with pytest.raises(ValueError, match="not an icon path"):
        path_of("3 4 L5 6")


def test_a_chosen_theme_holds_at_once_in_every_widget(qapp: QApplication, qtbot: QtBot) -> None:
    label = PlainLabel("12")
    qtbot.addWidget(label)
    label.show()
    seen: list[str] = []
    theme().changed.connect(lambda: seen.append(theme().palette.name))
    for name in PALETTES:
        theme().choose(name)
        label.ensurePolished()
        assert label.palette().windowText().color() == theme().colour("text")
        assert qapp.palette().window().color() == theme().colour("surface")
    assert seen == [name for name in PALETTES if name != "light"]


@pytest.fixture
def drawn_by_the_system(monkeypatch: pytest.MonkeyPatch) -> Iterator[QStyleHints]:
    """As on Windows, where title bars and native menus take Qt's scheme."""
    monkeypatch.setattr("ui.theme.theme.SYSTEM_DRAWS", True)
    yield QGuiApplication.styleHints()
    theme().choose("system")


def test_the_systems_colours_follow_the_choice_and_leave_ours_alone(
    qapp: QApplication, qtbot: QtBot, drawn_by_the_system: QStyleHints
) -> None:
    hints, menu = drawn_by_the_system, QMenu()
    qtbot.addWidget(menu)
    menu.addAction("x")
    for name, scheme in (("dark", Qt.ColorScheme.Dark), ("light", Qt.ColorScheme.Light), ("contrast", Qt.ColorScheme.Dark)):
        theme().choose(name)
        qtbot.waitUntil(lambda wanted=scheme: hints.colorScheme() == wanted, timeout=5000)  # type: ignore[misc]  # a loop's value
        deliver()
        menu.ensurePolished()
        assert theme().palette.name == name
        assert qapp.palette().window().color() == theme().colour("surface")
        assert qapp.palette().text().color() == menu.palette().windowText().color() == theme().colour("text")
        assert menu.font().pixelSize() == 14
    theme().choose("system")
    qtbot.waitUntil(lambda: hints.colorScheme() != Qt.ColorScheme.Dark, timeout=5000)
    assert qapp.palette().window().color() == theme().colour("surface")


def test_an_unknown_theme_follows_the_system() -> None:
    theme().choose("pink")
    assert theme().palette.name in PALETTES


def test_figures_have_one_width(qapp: QApplication) -> None:
    metrics = QFontMetricsF(theme().font(20, tabular=True))
    assert len({metrics.horizontalAdvance(digit * 4) for digit in "0123456789"}) == 1


def test_a_size_outside_the_scale_is_an_error() -> None:
    with pytest.raises(ValueError, match="type scale"):
        theme().font(13)


def test_data_is_never_markup(qtbot: QtBot) -> None:
    evil = '<img src="/etc/hostname"><b>x</b>'
    label = PlainLabel(evil)
    widget = QWidget()
    qtbot.addWidget(label)
    qtbot.addWidget(widget)
    assert label.text() == evil
    assert label.sizeHint().width() > PlainLabel("x").sizeHint().width() * 5
    set_tip(widget, evil)
    assert "<img" not in widget.toolTip()
    assert plain("2 < 3 & 4") == "<span>2 &lt; 3 &amp; 4</span>"
    assert plain("3 & 4") == "3 & 4"
