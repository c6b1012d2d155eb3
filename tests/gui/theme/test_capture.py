"""What stays out of screen shares; the call itself is looked at under Wine 10 (`dev.py test --windows --wine10`)."""

import sys

import pytest
from PySide6.QtWidgets import QWidget

from ui.widgets.capture import COUNTS, FIRST_BUILD, leave_out_of_captures, windows_build


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows the call is made")
def test_elsewhere_nothing_is_asked_of_the_system(qapp: object) -> None:
    before = (COUNTS.asked, COUNTS.refused)
    window = QWidget()
    leave_out_of_captures(window)
    window.show()
    assert (COUNTS.asked, COUNTS.refused) == before
    assert windows_build() < FIRST_BUILD
