"""Rules that changed while the agent runs."""

from dataclasses import dataclass

from app.agent.snapshot import Settings
from app.domain.rules import Rules


@dataclass(frozen=True, slots=True)
class PolicyHolds:
    """These rules hold from now on; `keys` names the settings that changed, `source` where from.

    `broken`: something that IT has given cannot be used, and what held before stays in its place.
    """

    rules: Rules
    settings: Settings
    servers: tuple[str, ...]
    help_number: str
    keep_lock_times: bool
    keys: tuple[str, ...]
    source: str
    broken: bool
