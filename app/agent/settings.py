"""What holds on this PC: the policy of IT with the person's own choices where the policy leaves them free."""

import contextlib
import logging
import tomllib
from typing import TYPE_CHECKING

from app.agent.profile import Profile
from app.agent.snapshot import Settings as Shown
from app.domain.errors import UsageError
from app.domain.rules import Rules
from app.policy.load import command_line_layer, file_layer, rules_of
from app.policy.merge import Layer, Resolved, Source, merge
from app.policy.registry import registry_layers
from app.policy.setting import PolicyError, Scope
from app.policy.settings import SETTINGS, Settings

if TYPE_CHECKING:
    from app.agent.start import AgentOptions

log = logging.getLogger(__name__)

OWN = "own choice"
HOTKEYS = (("help", "hotkey.help"), ("card", "hotkey.card"), ("sign", "hotkey.sign"))


class Preferences:
    """Resolves policy and choices; `change` and `keep` run on different threads, so each swaps whole values."""

    def __init__(self, profile: Profile, options: "AgentOptions", *, lab: bool) -> None:
        self._profile = profile
        self._lab = lab
        self._layers = [] if options.policy is None else [file_layer(options.policy)]
        self._layers += [command_line_layer(options.settings), *registry_layers()]
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
        resolved = self._resolve(choices)
        if resolved.problems_of(key):
            return None
        self._choices, self.resolved = choices, resolved
        return self.settings()

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
