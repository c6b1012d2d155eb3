"""The surface of breaks: an offer's card, the running break, a last kind word; one at a time, from the Snapshot."""

from PySide6.QtCore import QRect, QTimer
from PySide6.QtWidgets import QWidget

from app.agent.commands import AnswerOffer, HoldOffer
from app.agent.snapshot import BreakView, OfferView, Snapshot
from ui.bridge import Bridge, Surface
from ui.surfaces.breaks import words
from ui.surfaces.breaks.cards import BreakCard, EyesCard, EyesRing, OfferCard, RunningCard, text_cursor
from ui.theme.theme import theme
from ui.widgets.card import place_in, screen_of_input
from ui.widgets.motion import come_in, go_out
from ui.widgets.ticking import Ticking, seconds_left

NS = 1_000_000_000
SMOOTH_MS = 100
DONE_MS = 4000
"""How long the word at the end of a break stays."""


class BreaksSurface:
    """Draws `seat.offer` and `seat.running`; posts answers and holds. Qt thread only."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._offer: OfferView | None = None
        self._running: BreakView | None = None
        self._length = NS
        self._held = False
        self._eyes: EyesCard | None = None
        self._card: OfferCard | None = None
        self._going: RunningCard | None = None
        self._ring: EyesRing | None = None
        self._done = QTimer(singleShot=True, interval=DONE_MS)
        self._done.timeout.connect(self._end_word)
        self._ticking = Ticking(bridge.boot)
        self._ticking.ticked.connect(self._tick)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw what the seat says; the same Snapshot twice changes nothing."""
        seat = snapshot.seat
        self._follow_running(seat.running)
        self._follow_offer(seat.offer, seat.reason_seconds)
        shown = self._running or self._offer
        if shown is None:
            self._ticking.stop()
        else:
            smooth = not theme().reduce_motion and shown.kind == "eyes"
            self._ticking.run(shown.until_boot, SMOOTH_MS if smooth else 1000)
            self._tick()

    @property
    def at_rest(self) -> bool:
        """Nothing on screen."""
        return not any(window.isVisible() for window in self._windows())

    @property
    def on_screen(self) -> QWidget | None:
        """The card or ring that is on screen now."""
        return next((window for window in self._windows() if window.isVisible()), None)

    def open(self, anchor: QRect) -> None:
        """The person asked for the card on screen (Ctrl+Alt+4): its first button takes the focus."""
        card = self.on_screen
        if isinstance(card, BreakCard):
            card.enter()

    def close(self) -> None:
        """Nothing of it stays."""
        self._ticking.stop()
        self._done.stop()
        for window in self._windows():
            window.hide()
            window.deleteLater()
        self._eyes = self._card = self._going = self._ring = None

    def _windows(self) -> list[QWidget]:
        return [window for window in (self._eyes, self._card, self._going, self._ring) if window is not None]

    def _answer(self, answer: str) -> None:
        self._bridge.post(AnswerOffer(answer))

    def _hold(self, on: bool) -> None:
        if self._offer is not None and on != self._held:
            self._held = on
            self._bridge.post(HoldOffer(on))

    # offers

    def _follow_offer(self, offer: OfferView | None, reason: int) -> None:
        old, self._offer = self._offer, offer
        if offer is None:
            self._held = False
            for card in (self._eyes, self._card):
                if card is not None:
                    card.dismiss()
            return
        if old is None or old.kind != offer.kind:
            self._end_word()
            self._held = False
            self._length = max(NS, offer.until_boot - self._bridge.boot())
        if offer.kind == "eyes":
            self._show_eyes(offer, reason)
        else:
            self._show_card(offer, reason)

    def _show_eyes(self, offer: OfferView, reason: int) -> None:
        if self._card is not None:
            self._card.dismiss()
        if self._eyes is None:
            self._eyes = EyesCard(self._answer)
            self._eyes.held.connect(self._hold)
        title = words.title(self._bridge.t, offer, reason)
        self._eyes.words.setText(title)
        self._word_answers(self._eyes, offer, self._bridge.t("breaks.skip_short"))
        self._eyes.say(title)

    def _show_card(self, offer: OfferView, reason: int) -> None:
        if self._eyes is not None:
            self._eyes.dismiss()
        if self._card is None:
            self._card = OfferCard(self._answer)
            self._card.held.connect(self._hold)
        title = words.title(self._bridge.t, offer, reason)
        self._card.title.setText(title)
        self._card.reason.setText(words.reason(self._bridge.t, offer))
        self._word_answers(self._card, offer, words.skip(self._bridge.t, offer))
        self._card.fit()
        self._card.say(title)

    def _word_answers(self, card: BreakCard, offer: OfferView, skip: str) -> None:
        t = self._bridge.t
        card.word("start", t("breaks.start"))
        card.word("later", t("breaks.later"), shown=offer.postpones_left != 0)
        card.word("skip", skip, words.skip(t, offer), shown=offer.skips_left != 0)

    # the running break

    def _follow_running(self, running: BreakView | None) -> None:
        old, self._running = self._running, running
        if running is None:
            if self._ring is not None and self._ring.isVisible():
                go_out(self._ring)
            if old is not None and old.kind != "eyes" and self._going is not None:
                self._say_done(old)
            return
        self._done.stop()
        self._length = max(NS, running.until_boot - running.began_boot)
        if running.kind == "eyes":
            self._show_ring()
        else:
            self._show_running(running)

    def _show_ring(self) -> None:
        if self._ring is None:
            self._ring = EyesRing()
        self._ring.setAccessibleName(self._bridge.t("breaks.eyes_running"))
        if not self._ring.isVisible():
            area = screen_of_input().availableGeometry()
            come_in(self._ring, place_in(area, self._ring.size(), avoid=text_cursor()))

    def _show_running(self, running: BreakView) -> None:
        if self._going is None:
            self._going = RunningCard(self._answer)
        self._going.title.setText(self._bridge.t(f"breaks.{running.kind}_running"))
        self._going.word("back", self._bridge.t("breaks.back"))
        self._going.running(True)
        self._going.say(self._going.title.text())

    def _say_done(self, ended: BreakView) -> None:
        """A break that came to its end gets a kind word; one that was cut short just goes."""
        if self._going is None or not self._going.isVisible():
            return
        if self._bridge.boot() < ended.until_boot - NS:
            self._going.dismiss()
            return
        self._going.title.setText(self._bridge.t("breaks.done"))
        self._going.running(False)
        self._going.say(self._going.title.text())
        self._done.start()

    def _end_word(self) -> None:
        self._done.stop()
        if self._going is not None and self._running is None:
            self._going.dismiss()
            QTimer.singleShot(2 * theme().motion_out_ms, self._bridge, self._bridge.rested.emit)

    # time

    def _tick(self) -> None:
        now = self._bridge.boot()
        if self._running is not None:
            left = seconds_left(self._running.until_boot, now)
            part = (self._running.until_boot - now) / self._length
            if self._running.kind == "eyes" and self._ring is not None:
                self._ring.ring.show_progress(part, str(left))
            elif self._going is not None:
                self._going.left.setText(words.clock(left))
                self._going.left.setAccessibleName(self._bridge.t("breaks.time_left", time=words.clock(left)))
                self._going.part.show_progress(part, "")
        elif self._offer is not None and self._offer.kind == "eyes" and self._eyes is not None and not self._held:
            self._eyes.ring.show_progress((self._offer.until_boot - now) / self._length, "")


def build(bridge: Bridge) -> Surface:
    """The surface of breaks for the registry."""
    return BreaksSurface(bridge)
