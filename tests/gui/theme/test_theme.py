import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.content.shipped import shipped
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
