"""The person's own pages: whole at every scale, in the menu exactly when they exist, gone from memory when closed."""

import importlib
import subprocess
import sys

import pytest
from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from app.content.texts import LANGUAGES, Texts
from app.tools.stage import Setup, Stage
from tests.gui.pages.cut_check import STATES
from tests.helpers.qt import QUIET, bridge_for, deliver, snapshot_of
from ui.faces import REGISTRY, Faces
from ui.menu import PAGES


@pytest.mark.slow
@pytest.mark.parametrize("scale", [1.3, 1.5, 2.0])
def test_nothing_is_cut_at_any_scale_in_any_language(scale: float) -> None:
    with Stage(Setup(1600, 1200, scale=scale, vault=False, notices=False, locker=False)) as stage:
        done = subprocess.run(
            [sys.executable, "-m", "tests.gui.pages.cut_check"], env={**stage.env, **QUIET}, capture_output=True,
            text=True, timeout=200, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(STATES * len(LANGUAGES))], done.stdout


def test_the_menu_names_pages_that_exist_in_every_language() -> None:
    assert set(PAGES) <= {entry.name for entry in REGISTRY}
    for page in PAGES:
        assert importlib.import_module(f"ui.surfaces.{page}.surface").build
        for language in LANGUAGES:
            assert Texts(language).t(f"{page}.menu")


@pytest.mark.parametrize("page", PAGES)
def test_a_closed_page_is_dropped(page: str, qtbot: QtBot) -> None:
    bridge, _ = bridge_for(snapshot_of())
    faces = Faces(bridge, tuple(entry for entry in REGISTRY if entry.name == page))
    faces.open(page, QRect())
    surface = faces.built[page]
    window = surface.window  # type: ignore[attr-defined]  # each of them has one
    qtbot.waitExposed(window)
    window.close()
    deliver()
    assert page not in faces.built
    faces.close()
    bridge.close()
