"""The registry of surfaces: builds each on first use, hands Snapshots on, drops what is at rest."""

import importlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QObject, QRect, Qt, QTimer

from app.agent.snapshot import Snapshot
from ui.bridge import Bridge, Opened, Surface, language_of
from ui.theme.theme import theme

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """A surface of `ui/surfaces/NAME/surface.py`, and when a Snapshot calls for it (never: a person opens it)."""

    name: str
    wanted: Callable[[Snapshot], bool]


REGISTRY = (
    Entry("tray", lambda _: True),
    Entry("handle", lambda s: s.settings.handle_shown),
    Entry("flyout", lambda _: False),
    Entry("scripts", lambda _: False),
    Entry("cards", lambda _: False),
    Entry("incidents", lambda _: False),
    Entry("firststart", lambda s: s.first_start),
    Entry("leaves", lambda _: False),
    Entry("day", lambda _: False),
    Entry("training", lambda _: False),
    Entry("checks", lambda s: bool(s.pages.checks.offered)),
    Entry("lock", lambda s: s.seat.warning_until_boot is not None or s.seat.lock_failed or s.seat.leaving_until_boot is not None),
    Entry("breaks", lambda s: s.seat.offer is not None or s.seat.running is not None),
    Entry("lead", lambda s: s.desk is not None),
)


class Faces(QObject):
    """Owns the surfaces that exist now; Qt thread only. A surface that fails is dropped and the others go on."""

    def __init__(self, bridge: Bridge, registry: tuple[Entry, ...] = REGISTRY) -> None:
        super().__init__()
        self._bridge = bridge
        self._registry = {entry.name: entry for entry in registry}
        self.built: dict[str, Surface] = {}
        self._failed: set[str] = set()
        self._chords = _chords(bridge.snapshot)
        bridge.changed.connect(self.show_snapshot)
        bridge.opened.connect(self.open)
        bridge.rested.connect(self.sweep, Qt.ConnectionType.QueuedConnection)
        theme().changed.connect(self._again)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw a Snapshot: language and theme first, then every surface that it calls for."""
        settings = snapshot.settings
        theme().choose(settings.theme, language_of(snapshot), settings.reduce_motion)
        before, self._chords = self._chords, _chords(snapshot)
        for entry in self._registry.values():
            if entry.name not in self.built and entry.name not in self._failed and entry.wanted(snapshot):
                self._build(entry.name)
            surface = self.built.get(entry.name)
            if surface is not None:
                self._show(entry, surface, snapshot)
        for name, boot in self._chords.items():
            # a card on screen is stepped into; palette and cards are opened by their chord
            if boot > before[name] and (name in self.built if name == "breaks" else name in self._registry):
                self.open(name, QRect())

    def open(self, name: str, anchor: QRect) -> None:
        """Open a surface that a person asked for."""
        self._failed.discard(name)
        surface = self.built.get(name) or self._build(name)
        if surface is not None:
            surface.show_snapshot(self._bridge.snapshot)
            cast(Opened, surface).open(anchor)

    def close(self) -> None:
        """Close every surface."""
        for surface in self.built.values():
            surface.close()
        self.built.clear()

    def sweep(self) -> None:
        """Drop surfaces that are at rest and not called for."""
        for name, surface in tuple(self.built.items()):
            if surface.at_rest and not self._registry[name].wanted(self._bridge.snapshot):
                surface.close()
                del self.built[name]

    def _again(self) -> None:
        QTimer.singleShot(0, self, lambda: self.show_snapshot(self._bridge.snapshot))

    def _show(self, entry: Entry, surface: Surface, snapshot: Snapshot) -> None:
        try:
            surface.show_snapshot(snapshot)
        except Exception:
            log.exception("surface %s failed", entry.name)
            self._failed.add(entry.name)
            self.built.pop(entry.name).close()
            return
        if surface.at_rest and not entry.wanted(snapshot):
            surface.close()
            del self.built[entry.name]

    def _build(self, name: str) -> Surface | None:
        try:
            made: Surface = importlib.import_module(f"ui.surfaces.{name}.surface").build(self._bridge)
        except Exception:
            log.exception("surface %s could not be built", name)
            self._failed.add(name)
            return None
        self.built[name] = made
        return made


def _chords(snapshot: Snapshot) -> dict[str, int]:
    """Surface -> when its chord was pressed last."""
    guide = snapshot.guide
    return {"breaks": snapshot.seat.card_boot, "scripts": guide.scripts_boot, "cards": guide.cards_boot}
