"""Fonts of the widgets that a system would give a font of its own."""

import pytest
from PySide6.QtWidgets import QApplication

from ui.theme.theme import SYSTEM_SIZED, theme


@pytest.mark.parametrize("kind", SYSTEM_SIZED)
def test_menus_and_tooltips_have_the_program_s_font(kind: str, qapp: QApplication) -> None:
    qapp.setFont(theme().font(12), kind)  # type: ignore[arg-type]  # PySide takes text, its stub says bytes
    theme().choose("dark", "en")
    given = QApplication.font(kind)  # type: ignore[call-overload]  # the stub says bytes here too
    assert given.pixelSize() == 14
