"""Fixtures of the gui tests: one real X screen with a window manager and a tray, one QApplication on it."""

import os
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.tools.stage import Setup, Stage
from tests.helpers.qt import QUIET, deliver
from ui.theme.theme import forget_theme, theme


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """A screen of 1280 × 800 with openbox and trayer; gone after the tests."""
    with Stage(Setup(vault=False, notices=False, locker=False)) as made:
        before = dict(os.environ)
        os.environ.update(made.env, **QUIET)
        yield made
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="session")
def qapp(stage: Stage) -> Iterator[QApplication]:
    """The program's QApplication; shut down before its screen goes."""
    assert stage.display
    app = QApplication(["safeseat-test"])
    app.setQuitOnLastWindowClosed(False)
    yield app
    forget_theme()
    app.shutdown()


@pytest.fixture(autouse=True)
def tidy(qapp: QApplication) -> Iterator[None]:
    """Every test begins with the light theme and leaves no window behind."""
    theme().choose("light", "zh_CN", reduce_motion=False)
    yield
    for window in qapp.topLevelWidgets():
        window.close()
        window.deleteLater()
    deliver()
