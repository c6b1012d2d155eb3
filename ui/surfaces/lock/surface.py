"""The lock's surface: which of its three sentences is on screen, from the Snapshot alone."""

from app.agent.snapshot import Snapshot
from ui.bridge import Bridge, Surface
from ui.surfaces.lock.card import LockCard
from ui.theme.theme import theme
from ui.widgets.ticking import Ticking, seconds_left

NS = 1_000_000_000
SMOOTH_MS = 50
"""Step of the shrinking bar; with reduced motion it moves once a second with the number."""

_MARK = "\x00"


class LockSurface:
    """Warning, failed lock, clean-desk reminder: the first that holds, nothing otherwise. Qt thread only."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._until: int | None = None
        self._length = 1
        self._card: LockCard | None = None
        self._ticking = Ticking(bridge.boot)
        self._ticking.ticked.connect(self._tick)

    @property
    def card(self) -> LockCard:
        """The card, made when it is first needed."""
        if self._card is None:
            self._card = LockCard()
        return self._card

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw what the seat says; the same Snapshot twice changes nothing."""
        seat = snapshot.seat
        if seat.warning_until_boot is not None:
            self._until, self._length = seat.warning_until_boot, max(1, seat.warning_seconds)
            self._ticking.run(self._until, 1000 if theme().reduce_motion else SMOOTH_MS)
            self._tick()
            return
        self._until = None
        self._ticking.stop()
        if seat.lock_failed:
            self.card.show_words(self._bridge.t("lock.failed"))
        elif seat.leaving_until_boot is not None:
            self.card.show_words(self._bridge.t("lock.leave"))
        elif self._card is not None:
            self._card.withdraw()

    @property
    def at_rest(self) -> bool:
        """Nothing on screen: the card may be dropped."""
        return self._card is None or not self._card.isVisible()

    def close(self) -> None:
        """Nothing of it stays."""
        self._ticking.stop()
        if self._card is not None:
            self._card.withdraw()
            self._card.deleteLater()
            self._card = None

    def _tick(self) -> None:
        if self._until is not None:
            now = self._bridge.boot()
            left = seconds_left(self._until, now)
            before, after = self._bridge.t("lock.warning", seconds=_MARK).split(_MARK)
            part = (self._until - now) / (self._length * NS)
            self.card.show_count(f"{before}{left}{after}", before, left, after, part)


def build(bridge: Bridge) -> Surface:
    """The lock's surface for the registry."""
    return LockSurface(bridge)
