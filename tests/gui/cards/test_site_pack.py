"""Cards and palette while a site's pack comes: what is open is drawn anew, an eleventh card has its tile."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.agent.snapshot import ContentFace
from app.content.library import Library
from app.content.site import SitePack
from tests.helpers.qt import FakeSource, deliver, snapshot_of
from tests.unit.content.samples import card, script, three
from ui.bridge import Bridge
from ui.surfaces.cards.surface import Cards
from ui.surfaces.scripts.surface import Palette


class Publishing(FakeSource):
    """An agent at whose site packs are published."""

    pack: SitePack | None = None

    def library(self, language: str) -> Library:
        return Library(language, self.pack)

    def publish(self, pack: SitePack) -> None:
        self.pack = pack
        self.push(snapshot_of(content=ContentFace(pack.name, pack.version)))
        deliver()


@pytest.fixture
def scene() -> Iterator[tuple[Bridge, Publishing]]:
    source = Publishing(snapshot_of())
    bridge = Bridge(source)
    yield bridge, source
    bridge.close()


def shown(surface: Cards | Palette, bridge: Bridge, source: Publishing) -> Callable[[SitePack], None]:
    def publish(pack: SitePack) -> None:
        source.publish(pack)
        surface.show_snapshot(bridge.snapshot)
        deliver()

    return publish


def test_an_open_card_is_drawn_with_the_new_pack_and_a_removed_one_gives_way_to_the_tiles(
    scene: tuple[Bridge, Publishing], qtbot: QtBot
) -> None:
    bridge, source = scene
    cards = Cards(bridge)
    publish = shown(cards, bridge, source)
    cards.show_snapshot(bridge.snapshot)
    cards.open(QRect())
    qtbot.waitExposed(cards.window)
    cards.open_card("fire")
    own = card(order=99, title=three("化学品", "化學品", "Chemicals"))
    publish(SitePack("harbour", 1, {"cards": {"fire": card(title=three("着火了", "失火了", "Fire here")), "own": own}}))
    assert cards.card is not None
    assert cards.card.title == cards.library.cards[0].title != Library(bridge.texts.language).cards[0].title
    assert len(cards.grid.tiles) == 11
    cards.open_card("own")
    assert cards.card.id == "own"
    publish(SitePack("harbour", 2))
    assert cards.card is None
    assert len(cards.grid.tiles) == 10
    cards.close()


def test_an_open_script_is_drawn_with_the_new_pack(scene: tuple[Bridge, Publishing], qtbot: QtBot) -> None:
    bridge, source = scene
    palette = Palette(bridge)
    publish = shown(palette, bridge, source)
    palette.show_snapshot(bridge.snapshot)
    palette.open(QRect())
    qtbot.waitExposed(palette.window)
    palette.window.search.setText("insults")
    palette._open_page("insults")
    publish(SitePack("harbour", 1, {"scripts": {"insults": script(title=three("本店情况", "本店情況", "Our case"))}}))
    assert palette.page is not None
    assert palette.page.title in {"本店情况", "本店情況", "Our case"}
    assert palette.window.findChildren(QLabel)
    palette.close()
