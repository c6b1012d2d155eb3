"""The lead's surface: the desk's window and its tone, both from `snapshot.desk`; nothing for people who lead nobody."""

from PySide6.QtCore import QRect

from app.agent.snapshot import Snapshot
from ui.bridge import Bridge, Surface
from ui.surfaces.lead.desk import Desk
from ui.surfaces.lead.player import Tone, Voice
from ui.theme.theme import theme


class LeadSurface:
    """Made by the registry; the desk opens with the first Snapshot that holds one. Qt thread only."""

    def __init__(self, bridge: Bridge, voice: Voice | None = None) -> None:
        self._bridge = bridge
        self._voice = voice
        self.desk: Desk | None = None
        self.tone: Tone | None = None
        self._spoken = ("", "")

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the desk; the same Snapshot twice changes nothing."""
        face = snapshot.desk
        if face is None:
            self._drop()
            return
        first = self.desk is None
        if self.desk is None:
            self.desk = Desk(self._bridge.t, self._bridge.boot, self._bridge.post)
            self.tone = Tone(self._sound_changed, self._voice)
            self.tone.probe()
        spoken = (self._bridge.texts.language, theme().palette.name)
        if spoken != self._spoken:
            self._spoken = spoken
            self.desk.retext()
        self.desk.show_face(face, self._no_sound)
        if self.tone is not None:
            self.tone.sound(face.sounding)
        if first:
            self.desk.come_up()

    @property
    def at_rest(self) -> bool:
        """A lead's desk is never dropped: what was seen on it is kept."""
        return self.desk is None

    def open(self, anchor: QRect) -> None:
        """The person asked for the desk."""
        if self.desk is not None:
            self.desk.open()

    def close(self) -> None:
        """Quiet, hidden, no child process left."""
        self._drop()

    @property
    def _no_sound(self) -> bool:
        return self.tone is not None and self.tone.fault

    def _sound_changed(self) -> None:
        face = self._bridge.snapshot.desk
        if self.desk is not None and face is not None:
            self.desk.show_face(face, self._no_sound)

    def _drop(self) -> None:
        if self.tone is not None:
            self.tone.close()
            self.tone = None
        if self.desk is not None:
            self.desk.hide()
            self.desk.deleteLater()
            self.desk = None


def build(bridge: Bridge) -> Surface:
    """The lead's surface for the registry."""
    return LeadSurface(bridge)
