"""Counts what was seen: one line for each look, and what was there instead when it was not as expected."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

PATIENCE = 40.0
"""Seconds that the tray program may take for anything under Wine on a busy machine."""


@dataclass(slots=True)
class Looks:
    """`extra` is asked for the last lines of the logs when a look fails."""

    extra: Callable[[], str] = str
    failures: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def look(self, what: str, well: object, seen: object = "") -> bool:
        """Print one line; with `seen` and the last lines of the logs when it is not well."""
        print(f"[wine] {time.monotonic() - self.began:4.0f} s  {'well  ' if well else 'FAILED'} {what}", flush=True)
        if not well:
            self.failures.append(what)
            for text in (str(seen).strip()[-2500:], self.extra()):
                if text:
                    print("        " + text.replace("\n", "\n        "), flush=True)
        return bool(well)

    def wait(self, what: str, holds: Callable[[], object], seen: Callable[[], object] = str, limit: float = PATIENCE) -> bool:
        """Ask again and again until it holds, `limit` seconds at most."""
        end = time.monotonic() + limit
        while not (well := holds()) and time.monotonic() < end:
            time.sleep(0.2)
        return self.look(what, well, "" if well else seen())

    def close(self, well: str) -> None:
        """Print the last line."""
        said = f"{len(self.failures)} FAILED: " + "; ".join(self.failures) if self.failures else well
        print(f"[wine] {time.monotonic() - self.began:.0f} s: {said}", flush=True)
