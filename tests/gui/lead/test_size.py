"""The desk's first size: a PC's screen at 125 or 150 % is smaller than the desk."""

import pytest
from PySide6.QtCore import QSize

from ui.surfaces.lead.desk import first_size


@pytest.mark.parametrize(
    ("screen", "size"),
    [((1920, 1040), (1120, 720)), ((1536, 824), (1120, 720)), ((1280, 680), (1120, 640)), ((1092, 574), (1076, 600)), ((800, 560), (960, 600))],
    ids=["1920×1080", "at 125 %", "at 150 %", "a laptop at 125 %", "too small for any desk"],
)
def test_the_desk_fits_the_screen_as_long_as_it_can_be_read(screen: tuple[int, int], size: tuple[int, int]) -> None:
    assert first_size(QSize(*screen)) == QSize(*size)
