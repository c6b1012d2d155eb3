"""The settings that faces need: policy merged with the person's own choices, changed at once and kept."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from app.agent import commands
from app.agent.events import BindHotkeys, Commit, HotkeyPressed, KeepChoice, Started
from app.agent.events.policy import PolicyHolds
from app.agent.snapshot import Settings, Snapshot
from app.domain.moment import NS, Moment
from app.protocol.record_kinds import PolicyChanged

TWICE_WITHIN = 3 * NS // 2
"""The help chord counts when it comes twice within 1.5 s (ux, keys)."""


@dataclass(slots=True)
class ChoicesPart:
    """Owns the merged settings and the chords; `resolve` merges a personal choice, None when the policy refuses it."""

    settings: Settings
    resolve: Callable[[str, str], Settings | None]
    first_start: bool = False
    name: str = field(default="choices", init=False)
    _help_pressed: int | None = field(default=None, init=False)
    _told_boot: int = field(default=0, init=False)
    _card_boot: int = field(default=0, init=False)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: ChangeSetting, PolicyHolds, HotkeyPressed; outputs: RaiseAlarm, KeepChoice, BindHotkeys."""
        match item:
            case Started():
                return (BindHotkeys(self.settings.hotkeys),)
            case PolicyHolds():
                return self._policy(item, now)
            case commands.ChangeSetting("first_start"):
                self.first_start = False
            case commands.ChangeSetting(key, value):
                return self._change(key, value)
            case HotkeyPressed("help", boot):
                return self._help(boot)
            case HotkeyPressed("sign", boot):
                self._told_boot = boot
            case HotkeyPressed("card", boot):
                self._card_boot = boot
            case _:
                pass
        return ()

    def due(self) -> int | None:
        """Nothing here happens by itself."""
        return None

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Fill in the settings."""
        face = replace(shown.help, told_boot=self._told_boot)
        seat = replace(shown.seat, card_boot=self._card_boot)
        return replace(shown, settings=self.settings, help=face, seat=seat, first_start=self.first_start)

    def _help(self, boot: int) -> tuple[object, ...]:
        first, self._help_pressed = self._help_pressed, boot
        if first is None or boot - first > TWICE_WITHIN:
            return ()
        self._help_pressed = None
        return (commands.RaiseAlarm(boot),)

    def _policy(self, new: PolicyHolds, now: Moment) -> tuple[object, ...]:
        """Other rules hold: chords are bound anew if they differ, and that it happened is a record."""
        rebound = (BindHotkeys(new.settings.hotkeys),) if new.settings.hotkeys != self.settings.hotkeys else ()
        self.settings = new.settings
        if not new.keys:
            return rebound
        return (*rebound, Commit((PolicyChanged(ms=now.wall_ms, source=new.source, version=0, keys=new.keys),)))

    def _change(self, key: str, value: str) -> tuple[object, ...]:
        changed = self.resolve(key, value)
        if changed is None or changed == self.settings:
            return ()
        rebound = (BindHotkeys(changed.hotkeys),) if changed.hotkeys != self.settings.hotkeys else ()
        self.settings = changed
        return (KeepChoice(key, value), *rebound)
