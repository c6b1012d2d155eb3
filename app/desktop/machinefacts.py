"""What every system tells alike about itself: room on the disk, the network; and how facts are asked for safely."""

import logging
from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)

Facts = tuple[tuple[str, bool | None], ...]
ROOM = 1_000_000_000
"""Free bytes on the person's disk below which work is at risk: updates and records need some room."""


def asked(questions: Mapping[str, Callable[[], bool | None]]) -> Facts:
    """Each fact by name; one that cannot be found out is None, whatever went wrong. Blocking."""
    found: list[tuple[str, bool | None]] = []
    for name, ask in questions.items():
        try:
            found.append((name, ask()))
        except Exception as fault:  # a driver or a broken file must not cost the other facts
            log.info("%s cannot be told: %s", name, fault)
            found.append((name, None))
    return tuple(found)


def room_on(folder: str) -> bool:
    """Whether the disk of a folder has room."""
    import psutil

    return bool(psutil.disk_usage(folder).free >= ROOM)


def network_up() -> bool:
    """Whether some connection beside the PC's own loop is up and has an address."""
    import socket

    import psutil

    stats, addresses = psutil.net_if_stats(), psutil.net_if_addrs()
    usable = (socket.AF_INET, socket.AF_INET6)
    return any(
        about.isup and any(one.family in usable and not _own(one.address) for one in addresses.get(name, ()))
        for name, about in stats.items()
    )


def _own(address: str) -> bool:
    return address.startswith(("127.", "169.254.")) or address.partition("%")[0].lower() in ("::1",) or address.lower().startswith("fe80")
