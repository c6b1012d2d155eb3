"""Notices by the tray icon: which thread, when not, and never while a call for help is open."""

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from app.agent.ports import BOARD
from app.agent.snapshot import Sign, Snapshot
from tests.helpers.qt import bridge_for, deliver, snapshot_of
from ui.bridge import Bridge
from ui.surfaces.tray.surface import Tray


@pytest.fixture
def made(qtbot: QtBot) -> Iterator[Callable[[Snapshot], Tray]]:
    trays: list[tuple[Tray, Bridge]] = []

    def make(snapshot: Snapshot) -> Tray:
        bridge, source = bridge_for(snapshot)
        tray = Tray(bridge)
        trays.append((tray, bridge))
        tray.show_snapshot(source.snapshot)
        qtbot.waitUntil(lambda: tray.icon.isVisible() and tray.icon.geometry().width() > 0)
        return tray

    yield make
    for tray, bridge in trays:
        tray.close()
        bridge.close()
    deliver()


def asked_elsewhere(qtbot: QtBot) -> bool:
    """Ask the board on another thread, as the agent's lane does, while the Qt thread turns."""
    answers: list[bool] = []
    lane = threading.Thread(target=lambda: answers.append(BOARD.show("安席", "没锁上")))
    lane.start()
    qtbot.waitUntil(lambda: bool(answers))
    lane.join(5)
    return answers[0]


def test_the_icon_takes_a_notice_from_any_thread(made: Callable[[Snapshot], Tray], qtbot: QtBot) -> None:
    made(snapshot_of())
    assert asked_elsewhere(qtbot)
    assert BOARD.show("安席", "没锁上")


def test_a_hidden_icon_refuses_so_that_another_way_is_taken(made: Callable[[Snapshot], Tray], qtbot: QtBot) -> None:
    tray = made(snapshot_of())
    tray.icon.hide()
    assert not asked_elsewhere(qtbot)


def test_nothing_is_shown_by_any_way_while_a_call_for_help_is_open(
    made: Callable[[Snapshot], Tray], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    tray = made(snapshot_of(help_={"sign": Sign.KEPT, "open": True}))
    shown: list[tuple[object, ...]] = []
    monkeypatch.setattr(tray.icon, "showMessage", lambda *words: shown.append(words))
    assert asked_elsewhere(qtbot)
    assert shown == []


def test_a_face_that_does_not_answer_gives_up_and_shows_nothing_later(
    made: Callable[[Snapshot], Tray], monkeypatch: pytest.MonkeyPatch
) -> None:
    tray = made(snapshot_of())
    shown: list[tuple[object, ...]] = []
    monkeypatch.setattr(tray.icon, "showMessage", lambda *words: shown.append(words))
    answers: list[bool] = []
    lane = threading.Thread(target=lambda: answers.append(BOARD.show("安席", "没锁上")))
    lane.start()
    lane.join(10)  # the Qt thread is busy here, so nobody answers
    QCoreApplication.processEvents()
    assert answers == [False]
    assert shown == []


def test_a_closed_tray_leaves_the_board(made: Callable[[Snapshot], Tray]) -> None:
    tray = made(snapshot_of())
    tray.close()
    assert not BOARD.show("安席", "没锁上")
    assert not tray.notices.show("安席", "没锁上")
