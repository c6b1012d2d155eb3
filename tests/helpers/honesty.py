"""An outside checker: joins what the help sign showed with what the lead's screen painted, and says where it claimed too much.

It trusts neither the agent nor the server: the sign's log is read from the agent's own encrypted file (run as a program
inside the desktop session, where the vault is), the paintings come from the lead's window.
"""

import base64
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

SLACK_MS = 60
"""Two clocks are joined here (wall and boot, read one after the other), and records carry whole milliseconds."""
NEWS_MS = 3000
"""How long the news of a painting may take to the agent before "nobody" counts as untrue; a mute path may take 3 s."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One change of the sign, from the agent's local file."""

    ms: int
    alarm: str
    sign: str


@dataclass(slots=True)
class Screen:
    """What the lead's screen and hands did about one alarm, in wall milliseconds."""

    raised_ms: int
    painted_ms: list[int] = field(default_factory=list)
    claimed_ms: list[int] = field(default_factory=list)
    ended_ms: list[int] = field(default_factory=list)


def untruths(log: Sequence[Shown], screens: dict[str, Screen]) -> list[str]:
    """Every claim of the sign that the lead's screen does not bear out; empty when it was honest throughout."""
    told = []
    for one in log:
        screen = screens.get(one.alarm)
        if screen is None:
            told.append(f"{one.sign} at {one.ms}: nobody raised {one.alarm[:8]}")
        elif fault := _untrue(one, screen):
            told.append(f"{one.sign} at {one.ms}: {fault}")
    return told


def _untrue(one: Shown, screen: Screen) -> str:
    soon = one.ms + SLACK_MS
    painted = min(screen.painted_ms, default=None)
    match one.sign:
        case "delivered" if painted is None or painted > soon:
            return f"first painted at {painted}"
        case "coming" if not any(ms <= soon for ms in screen.claimed_ms):
            return f"claimed at {screen.claimed_ms}"
        case "nobody" if one.ms + SLACK_MS < screen.raised_ms + 6000:
            return f"raised at {screen.raised_ms}, too early to say"
        case "nobody" if painted is not None and painted + NEWS_MS < one.ms:
            return f"painted at {painted} already"
        case "kept" if soon < screen.raised_ms:
            return f"raised at {screen.raised_ms} only"
        case "none" if not any(ms <= soon for ms in screen.ended_ms):
            return f"ended at {screen.ended_ms}"
        case _:
            return ""


def wall_ms(boot_ns: int) -> int:
    """The wall instant of a boot instant of this machine."""
    return (time.time_ns() - time.clock_gettime_ns(time.CLOCK_BOOTTIME) + boot_ns) // 1_000_000


def read_log(rows: str) -> list[Shown]:
    """What `main` printed."""
    return [Shown(**json.loads(line)) for line in rows.splitlines() if line]


def main(argv: Sequence[str]) -> int:
    """Print the sign's log of the profile in `argv[0]` as JSON lines; the agent must not run."""
    from app.agent.files import VAULT_TIMEOUT
    from app.desktop.open import open_desktop
    from app.journal.keys import vault_names
    from app.journal.local import LocalStore

    folder = Path(argv[0])
    desktop = open_desktop()
    try:
        assert desktop.vault is not None
        key = desktop.vault.get(vault_names(folder)["local"], VAULT_TIMEOUT)
        assert key is not None
        store = LocalStore.open(folder / "local.db", key, now=desktop.clock.now())
        try:
            for row in store.rows("alarm.sign"):
                record = row["record"]
                assert isinstance(record, dict)
                alarm = base64.b64decode(record["alarm"]).hex()
                sys.stdout.write(json.dumps({"ms": record["ms"], "alarm": alarm, "sign": record["sign"]}) + "\n")
        finally:
            store.close()
    finally:
        desktop.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
