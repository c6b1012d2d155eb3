"""Why a stop signal came: systemd ends the session, the machine shuts down, or somebody asked."""

from collections.abc import Callable

from app.desktop.linux.bus import Bus, BusError
from app.desktop.linux.logind import MANAGER, own_session


class LinuxEnding:
    """Asks logind at the moment of the signal; nothing is watched, so nothing wakes up at rest."""

    def watch(self, ends: Callable[[str], None]) -> None:
        """The end comes as a stop signal."""

    def why(self) -> str:
        """What logind says; "asked" without logind or a session."""
        try:
            with Bus("SYSTEM") as bus:
                if bus.get(MANAGER, "PreparingForShutdown"):
                    return "shutdown"
                return "signed_off" if bus.get(own_session(bus), "State") == "closing" else "asked"
        except BusError:
            return "asked"

    def close(self) -> None:
        """Nothing to release."""
