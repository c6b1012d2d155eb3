"""The cards of breaks: what they say and let one answer, that they hold still under the pointer, that clicks pass the ring."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor, QGuiApplication
from pytestqt.qtbot import QtBot

from app.agent.commands import AnswerOffer, HoldOffer
from app.agent.snapshot import BreakView, OfferView
from app.content.texts import LANGUAGES
from app.domain.moment import NS
from app.tools.stage import Stage
from tests.gui.lead.other_program import other_program
from tests.helpers.qt import START, bridge_for, cut_labels, nameless_controls, snapshot_of
from ui.surfaces.breaks.cards import EyesCard, EyesRing, OfferCard, RunningCard
from ui.surfaces.breaks.surface import BreaksSurface

KINDS = {"rest": (600, 3600), "talk": (300, 2100), "calm": (180, 0)}


def offer(kind: str, seconds: int = 20, *, until: int = 10, skips: int = 2, postpones: int = 2) -> OfferView:
    return OfferView(kind, seconds, START.boot + until * NS, skips, postpones, kind == "eyes")


class Scene:
    """A surface of breaks fed with seats; the pointer is far from every card."""

    def __init__(self, language: str = "zh_CN", look: str = "light") -> None:
        QCursor.setPos(QPoint(640, 300))
        self.language, self.look = language, look
        self.bridge, self.source = bridge_for(snapshot_of(language=language, look=look))
        self.surface = BreaksSurface(self.bridge)

    def seat(self, **seat: Any) -> None:
        self.surface.show_snapshot(snapshot_of(language=self.language, look=self.look, seat=seat))

    def shown(self, kind: type) -> Any:
        found = self.surface.on_screen
        assert isinstance(found, kind)
        return found


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    yield made
    made.surface.close()
    made.bridge.close()


def test_eyes_card_is_one_line_and_a_ring_until_the_pointer_comes(scene: Scene) -> None:
    scene.seat(offer=offer("eyes"))
    card = scene.shown(EyesCard)
    assert (card.width(), card.height()) == (240, 56)
    assert card.words.text() == "看看远处，20 秒"
    assert card.ring.fraction == 1.0
    assert not card.button("start").isVisible()


def test_pointer_opens_the_buttons_upwards_and_stops_the_clock_once(scene: Scene, stage: Stage, qtbot: QtBot) -> None:
    scene.seat(offer=offer("eyes"))
    card = scene.shown(EyesCard)
    with qtbot.waitExposed(card):
        pass
    qtbot.waitUntil(lambda: card.windowOpacity() == 1.0, timeout=5000)
    bottom = card.frameGeometry().bottom()
    middle = card.frameGeometry().center()
    stage.move(middle.x(), middle.y())
    qtbot.waitUntil(lambda: card.button("start").isVisible(), timeout=5000)
    assert card.frameGeometry().bottom() == bottom
    stage.move(640, 300)
    qtbot.waitUntil(lambda: not card.button("start").isVisible(), timeout=5000)
    assert scene.source.posted == [HoldOffer(True), HoldOffer(False)]


def test_ring_stands_still_while_the_card_is_held(scene: Scene, qtbot: QtBot) -> None:
    scene.seat(offer=offer("eyes"))
    card = scene.shown(EyesCard)
    scene.source.now += 4 * NS
    qtbot.waitUntil(lambda: card.ring.fraction == pytest.approx(0.6, abs=0.02), timeout=5000)
    card.held.emit(True)
    scene.source.now += 3 * NS
    scene.seat(offer=offer("eyes"))
    assert card.ring.fraction == pytest.approx(0.6, abs=0.02)


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_card_says_why_and_offers_three_answers(scene: Scene, kind: str) -> None:
    seconds, reason = KINDS[kind]
    scene.seat(offer=offer(kind, seconds, until=120), reason_seconds=reason)
    card = scene.shown(OfferCard)
    says = {
        "rest": "忙了一小时，起来走走？10 分钟", "talk": "连着说了 35 分钟，歇 5 分钟吧", "calm": "刚才那通不容易，先缓一缓",
    }
    assert card.title.text() == says[kind]
    assert "先把状态切到小休" in card.reason.text()
    assert (card.width(), card.height()) == (320, 120)
    assert card.button("skip").text() == "这次跳过（还可 2 次）"
    for answer in ("start", "later", "skip"):
        assert card.button(answer).height() == 32
        card.button(answer).click()
    assert scene.source.posted == [AnswerOffer("start"), AnswerOffer("later"), AnswerOffer("skip")]


def test_answers_that_are_used_up_are_not_offered(scene: Scene) -> None:
    scene.seat(offer=offer("rest", 600, skips=0, postpones=0), reason_seconds=3600)
    card = scene.shown(OfferCard)
    assert card.button("start").isVisible()
    assert not card.button("later").isVisible()
    assert not card.button("skip").isVisible()


def test_a_skip_without_limit_names_no_count(scene: Scene) -> None:
    scene.seat(offer=offer("rest", 600, skips=-1), reason_seconds=3600)
    assert scene.shown(OfferCard).button("skip").text() == "这次跳过"


def test_a_withdrawn_offer_goes_without_a_word(scene: Scene, qtbot: QtBot) -> None:
    scene.seat(offer=offer("rest", 600))
    scene.seat()
    qtbot.waitUntil(lambda: scene.surface.at_rest, timeout=5000)
    assert scene.source.posted == []
    assert not scene.surface._ticking.running


def test_an_offer_that_comes_back_while_the_card_fades_is_shown(scene: Scene, qtbot: QtBot) -> None:
    scene.seat(offer=offer("rest", 600))
    scene.seat()
    scene.seat(offer=offer("rest", 600))
    qtbot.wait(400)
    assert scene.shown(OfferCard).windowOpacity() == 1.0


def test_running_eyes_ring_counts_down_and_lets_a_click_through(scene: Scene, stage: Stage, qtbot: QtBot) -> None:
    with other_program(stage.display) as other:
        other.show(0, 0, 1280, 800)
        scene.seat(running=BreakView("eyes", START.boot, START.boot + 20 * NS))
        ring = scene.shown(EyesRing)
        with qtbot.waitExposed(ring):
            pass
        assert ring.ring.text == "20"
        assert (ring.ring.width(), ring.ring.height()) == (120, 120)
        scene.source.now += 7 * NS + 1
        qtbot.waitUntil(lambda: ring.ring.text == "13", timeout=5000)
        middle = ring.frameGeometry().center()
        stage.click(middle.x(), middle.y())
        qtbot.waitUntil(lambda: other.look().clicks == 1, timeout=5000)
        assert other.focused


def test_running_rest_shows_the_time_left_and_the_way_back(scene: Scene, qtbot: QtBot) -> None:
    scene.seat(running=BreakView("rest", START.boot, START.boot + 600 * NS))
    card = scene.shown(RunningCard)
    assert card.left.text() == "10:00"
    scene.source.now += 100 * NS + 1
    qtbot.waitUntil(lambda: card.left.text() == "8:20", timeout=5000)
    assert card.button("back").text() == "我得回去了"
    card.button("back").click()
    assert scene.source.posted == [AnswerOffer("back")]


def test_a_rest_that_came_to_its_end_gets_a_kind_word(scene: Scene) -> None:
    scene.seat(running=BreakView("rest", START.boot, START.boot + 600 * NS))
    scene.source.now = START.boot + 600 * NS
    scene.seat()
    card = scene.shown(RunningCard)
    assert card.title.text() == "好了，慢慢来"
    assert not card.button("back").isVisible()


def test_a_rest_that_was_cut_short_just_goes(scene: Scene, qtbot: QtBot) -> None:
    scene.seat(running=BreakView("talk", START.boot, START.boot + 300 * NS))
    scene.source.now += 50 * NS
    scene.seat()
    qtbot.waitUntil(lambda: scene.surface.at_rest, timeout=5000)


@pytest.mark.parametrize("seat", [
    {"offer": offer("eyes")}, {"offer": offer("rest", 600)}, {"running": BreakView("eyes", START.boot, START.boot + 20 * NS)},
    {"running": BreakView("calm", START.boot, START.boot + 180 * NS)},
])
def test_no_card_takes_the_keyboard(scene: Scene, stage: Stage, qtbot: QtBot, seat: dict[str, Any]) -> None:
    with other_program(stage.display) as other:
        scene.seat(**seat)
        window = scene.surface.on_screen
        assert window is not None
        with qtbot.waitExposed(window):
            pass
        stage.keys("a", "b")
        qtbot.waitUntil(lambda: other.look().keys == 2, timeout=5000)
        assert other.focused
        assert other.focus_lost == 0


def test_a_click_on_a_card_leaves_the_keyboard_where_it_was(scene: Scene, stage: Stage, qtbot: QtBot) -> None:
    with other_program(stage.display) as other:
        scene.seat(offer=offer("rest", 600))
        card = scene.shown(OfferCard)
        with qtbot.waitExposed(card):
            pass
        qtbot.waitUntil(lambda: card.windowOpacity() == 1.0, timeout=5000)
        spot = card.button("later").mapToGlobal(QPoint(10, 10))
        stage.click(spot.x(), spot.y())
        qtbot.waitUntil(lambda: AnswerOffer("later") in scene.source.posted, timeout=5000)
        assert other.focused


def test_the_hotkey_goes_into_the_card_and_escape_out_again(scene: Scene, stage: Stage, qtbot: QtBot) -> None:
    scene.seat(offer=offer("rest", 600))
    card = scene.shown(OfferCard)
    with qtbot.waitExposed(card):
        pass
    scene.surface.open(card.geometry())
    qtbot.waitUntil(lambda: card.button("start").hasFocus() and card.isActiveWindow(), timeout=5000)
    assert HoldOffer(True) in scene.source.posted
    stage.keys("Tab", "space")
    qtbot.waitUntil(lambda: AnswerOffer("later") in scene.source.posted, timeout=5000)
    stage.keys("Escape")
    qtbot.waitUntil(lambda: not card.isActiveWindow(), timeout=5000)
    assert card.isVisible()
    assert scene.source.posted[-1] == HoldOffer(False)


def test_cards_stand_24_px_from_the_corner_and_opposite_when_the_pointer_is_there(scene: Scene) -> None:
    area = QGuiApplication.primaryScreen().availableGeometry()
    scene.seat(offer=offer("eyes"))
    card = scene.shown(EyesCard)
    assert area.right() - card.geometry().right() == 24
    scene.seat()
    card.hide()
    QCursor.setPos(area.bottomRight() - QPoint(60, 40))
    scene.seat(offer=offer("eyes"))
    assert card.x() - area.left() == 24
    assert card.geometry().center().y() < area.center().y()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["eyes", *KINDS])
def test_nothing_is_cut_and_every_control_has_a_name(language: str, kind: str) -> None:
    scene = Scene(language)
    seconds, reason = KINDS.get(kind, (20, 0))
    scene.seat(offer=offer(kind, seconds), reason_seconds=reason)
    card = scene.surface.on_screen
    assert isinstance(card, EyesCard | OfferCard)
    if isinstance(card, EyesCard):
        card.open(True)
    assert cut_labels(card) == []
    assert nameless_controls(card) == []
    for answer in ("start", "later", "skip"):
        button = card.button(answer)
        assert button.width() >= button.minimumSizeHint().width()
        assert card.rect().contains(button.geometry().bottomRight() if not isinstance(card, EyesCard) else button.pos())
    scene.surface.close()


@pytest.mark.parametrize("seconds", [30, 60, 95, 600, 3600])
def test_lengths_are_said_in_words_that_fit(scene: Scene, seconds: int) -> None:
    scene.seat(offer=offer("rest", seconds), reason_seconds=4 * seconds)
    title = scene.shown(OfferCard).title.text()
    assert "  " not in title
    assert "{" not in title
