"""What holds on this PC: the policy of IT with the person's own choices where the policy leaves them free."""

import contextlib
import logging
import threading
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from app.agent.events.policy import PolicyHolds
from app.agent.profile import Profile
from app.agent.snapshot import Settings as Shown
from app.domain.errors import UsageError
from app.domain.rules import Rules
from app.policy.load import command_line_layer, file_layer, rules_of
from app.policy.merge import Layer, Problem, Resolved, Source, flattened, merge
from app.policy.registry import registry_layers
from app.policy.setting import PolicyError, Scope
from app.policy.settings import SETTINGS, Settings, value_of

if TYPE_CHECKING:
    from app.agent.start import AgentOptions

log = logging.getLogger(__name__)

OWN = "own choice"
HOTKEYS = (
    ("help", "hotkey.help"), ("scripts", "hotkey.scripts"), ("cards", "hotkey.cards"), ("mark", "hotkey.mark"),
    ("card", "hotkey.card"), ("sign", "hotkey.sign"),
)
SITE = (
    "guards_phone", "internal_phone", "it_phone", "utility_phone", "assembly_point", "exit_map", "aed", "first_aid_kit",
    "extinguishers", "wardens",
)
"""What emergency cards show of the site; each is the setting site.NAME."""


class Preferences:
    """Resolves policy and choices; `change`, `keep` and `reload` run on different threads, so each swaps whole values."""

    def __init__(self, profile: Profile, options: "AgentOptions", *, lab: bool) -> None:
        self._profile = profile
        self._lab = lab
        self._file = options.policy
        self._given = command_line_layer(options.settings)
        self._layers = [] if options.policy is None else [file_layer(options.policy)]
        self._layers += [self._given, *registry_layers()]
        self._guard = threading.Lock()
        self._broken = False
        for assigned in options.settings:
            name = assigned.partition("=")[0].strip()
            if name not in SETTINGS:
                # a policy file may be newer than this program; somebody who types a key means one that exists
                raise UsageError(f"There is no setting {name}.")
        self._choices = self._read()
        self.resolved = self._resolve(self._choices)
        for problem in self.resolved.problems:
            log.warning("policy: %s", problem.text)

    @property
    def policy(self) -> Settings:
        """Every setting that holds now."""
        return self.resolved.values

    @property
    def rules(self) -> Rules:
        """The seat's rules."""
        return rules_of(self.policy)

    def settings(self) -> Shown:
        """What faces need of it."""
        policy = self.policy
        return Shown(
            language=policy.language,
            theme=policy.theme,
            reduce_motion=policy.reduce_motion == "on",
            handle_shown=policy.edge_handle,
            hotkeys=tuple((action, getattr(policy, SETTINGS[key].name)) for action, key in HOTKEYS),
            site=tuple((name, value) for name in SITE if (value := str(getattr(policy, f"site_{name}")))),
            cards_reviewed_on=policy.site_cards_reviewed_on,
        )

    def change(self, key: str, value: str) -> Shown | None:
        """Take a personal choice; None when the policy has set the key or the value is out of bounds."""
        setting = SETTINGS.get(key)
        if setting is None or setting.about.scope is not Scope.PERSONAL or self.resolved.origin(key).source > Source.BUILT_IN:
            return None
        try:
            choices = {**self._choices, key: setting.parsed(value)}
        except PolicyError:
            return None
        with self._guard:
            resolved = self._resolve(choices)
            if resolved.problems_of(key):
                return None
            self._choices, self.resolved = choices, resolved
        return self.settings()

    @property
    def files(self) -> tuple[Path, ...]:
        """The files whose change means other rules."""
        return () if self._file is None else (self._file,)

    def reload(self) -> PolicyHolds | None:
        """Read file and registry anew; None when all is as it was. Blocking, a few milliseconds.

        A file that cannot be read and a value that is not acceptable leave what held before in their place.
        """
        layers, broken = self._read_again()
        with self._guard:
            before, was_broken = self.resolved, self._broken
            self._layers, self._broken = layers, broken
            self.resolved = self._resolve(self._choices)
            keys = tuple(key for key in SETTINGS if value_of(before.values, key) != value_of(self.resolved.values, key))
            if not keys and broken is was_broken:
                return None
        source = max((max(self.resolved.origin(key).source, before.origin(key).source) for key in keys), default=Source.BUILT_IN)
        log.warning("policy: %s", ", ".join(keys) or ("cannot be used" if broken else "can be used again"))
        return self._holds(keys, source, broken)

    def _holds(self, keys: tuple[str, ...], source: Source, broken: bool) -> PolicyHolds:
        policy = self.policy
        return PolicyHolds(
            self.rules, self.settings(), policy.server_urls, policy.site_help_number, policy.privacy_lock_events,
            keys, source.name.lower(), broken,
        )  # fmt: skip

    def _read_again(self) -> tuple[list[Layer], bool]:
        """The layers as they are now, mended with those of before, and whether that was needed."""
        before = {layer.source: layer for layer in self._layers}
        layers, broken = [self._given, *registry_layers()], False
        if self._file is not None:
            try:
                layers.insert(0, file_layer(self._file))
            except PolicyError as fault:
                log.warning("policy: %s", fault)
                layers.insert(0, before[Source.FILE])
                broken = True
        bad = [one for one in merge(layers, lab=self._lab).problems if not one.taken and one.key in SETTINGS]
        for problem in bad:
            log.warning("policy: %s", problem.text)
        return [_mended(layer, before.get(layer.source), bad) for layer in layers], broken or bool(bad)

    def keep(self, key: str, value: str) -> None:
        """Write the choices down; blocking, in a lane."""
        lines = []
        for name, chosen in sorted(self._choices.items()):
            text = str(chosen).lower() if isinstance(chosen, bool) else f'"{chosen}"'
            lines.append(f'"{name}" = {text}\n')
        with contextlib.suppress(OSError):
            self._profile.write_private(self._profile.choices, "".join(lines).encode())

    def _resolve(self, choices: dict[str, object]) -> Resolved:
        own = Layer(Source.BUILT_IN, OWN, choices)
        return merge([own, *self._layers], lab=self._lab)

    def _read(self) -> dict[str, object]:
        """The kept choices; a damaged file costs the choices and nothing else."""
        try:
            found = tomllib.loads(self._profile.choices.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            log.warning("the personal choices could not be read and start anew")
            return {}
        return {key: value for key, value in found.items() if key in SETTINGS and SETTINGS[key].about.scope is Scope.PERSONAL}


def _mended(layer: Layer, before: Layer | None, bad: Iterable[Problem]) -> Layer:
    """The layer with what it said before in place of what it says badly now."""
    wrong = {problem.key for problem in bad if problem.origin.source is layer.source}
    known = dict(flattened(before.values)) if before is not None else {}
    values = {key: value for key, value in flattened(layer.values) if key not in wrong}
    return Layer(layer.source, layer.name, {**values, **{key: known[key] for key in wrong & known.keys()}})
