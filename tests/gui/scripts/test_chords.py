"""Chord, palette, Esc with real key events beside another program: focus comes only by the person and goes back."""

import gc
from collections.abc import Iterator
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from app.agent.snapshot import GuideFace, Snapshot
from app.content.library import Library
from app.tools.stage import Stage
from tests.helpers.qt import FakeSource, bridge_for, deliver, snapshot_of
from tests.helpers.qt_focus import Typist, typist_on
from ui.faces import Entry, Faces
from ui.surfaces.cards.surface import Cards
from ui.surfaces.scripts.surface import Palette

CHORDS = (Entry("scripts", lambda _: False), Entry("cards", lambda _: False))
Room = tuple[Faces, FakeSource, Typist]


@pytest.fixture
def room(stage: Stage) -> Iterator[Room]:
    bridge, source = bridge_for(snapshot_of())
    faces = Faces(bridge, CHORDS)
    with typist_on(stage) as typist:
        yield faces, source, typist
    faces.close()
    bridge.close()
    deliver()


def pushed(source: FakeSource, **boots: int) -> Snapshot:
    source.push(snapshot_of(guide=GuideFace(**boots)))  # type: ignore[arg-type]  # instants only
    deliver()
    return source.snapshot


def test_a_chord_opens_the_palette_with_the_keyboard_and_escape_gives_it_back(room: Room, stage: Stage, qtbot: QtBot) -> None:
    faces, source, typist = room
    typist.type_and_check("ab")
    pushed(source, scripts_boot=1)
    palette = cast(Palette, faces.built["scripts"])
    qtbot.waitUntil(palette.window.isActiveWindow, timeout=5000)
    stage.type_text("mr")
    qtbot.waitUntil(lambda: palette.window.search.text() == "mr", timeout=5000)
    stage.keys("Escape")
    qtbot.waitUntil(lambda: "scripts" not in faces.built, timeout=5000)
    typist.type_and_check("cd")


def test_cards_open_by_their_chord_and_give_the_keyboard_back(room: Room, stage: Stage, qtbot: QtBot) -> None:
    faces, source, typist = room
    typist.type_and_check("ab")
    pushed(source, cards_boot=1)
    cards = cast(Cards, faces.built["cards"])
    qtbot.waitUntil(cards.window.isActiveWindow, timeout=5000)
    stage.keys("1")
    qtbot.waitUntil(lambda: cards.card is not None, timeout=5000)
    stage.keys("Escape")
    qtbot.waitUntil(lambda: "cards" not in faces.built, timeout=5000)
    typist.type_and_check("cd")


def test_no_other_snapshot_opens_or_focuses_anything(room: Room) -> None:
    faces, source, typist = room
    pushed(source, scripts_boot=0)
    source.push(snapshot_of(seat={"on_call": True}, help_={"open": True}, guide=GuideFace(marks=(1, 2))))
    deliver()
    assert faces.built == {}
    typist.type_and_check("ef")


def test_an_open_palette_takes_no_focus_again_when_something_changes(room: Room, stage: Stage, qtbot: QtBot) -> None:
    faces, source, typist = room
    pushed(source, scripts_boot=1)
    palette = cast(Palette, faces.built["scripts"])
    qtbot.waitUntil(palette.window.isActiveWindow, timeout=5000)
    stage.click(120, 90)
    qtbot.waitUntil(lambda: not palette.window.isActiveWindow(), timeout=5000)
    source.push(snapshot_of(guide=GuideFace(scripts_boot=1, marks=(5,), recent=("angry",))))
    deliver()
    assert not palette.at_rest
    typist.type_and_check("gh")


def test_what_is_closed_is_dropped_and_its_content_with_it(room: Room, qtbot: QtBot) -> None:
    faces, source, _ = room
    for boot in range(1, 4):
        pushed(source, scripts_boot=boot, cards_boot=boot)
        palette, cards = cast(Palette, faces.built["scripts"]), cast(Cards, faces.built["cards"])
        palette.window.search.setText("rm")
        cards.open_card("fire")
        palette.leave()
        cards.leave()
        del palette, cards
        qtbot.waitUntil(lambda: not faces.built, timeout=5000)
    deliver()
    gc.collect()
    held = [one for one in gc.get_objects() if isinstance(one, Palette | Cards | Library)]
    assert held == []
