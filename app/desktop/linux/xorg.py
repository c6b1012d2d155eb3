"""Connections to the X server that end for certain."""

import contextlib
import os
import socket
import sys
from typing import Any

from Xlib.display import Display


def connect(name: str | None = None) -> Any:
    """A connection of one's own, None if there is no server; may block while the server is stopped."""
    name = name or os.environ.get("DISPLAY", "")
    if name.startswith(":") and not _listens(name[1:].split(".")[0]):
        return None
    try:
        return Display(name)
    except Exception:  # Xlib raises its own kinds, socket errors and plain ones from broken replies
        return None


def _listens(number: str) -> bool:
    """Whether a local server is there: Xlib would try the network next, and leave its sockets open."""
    if sys.platform == "win32":
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        paths = (f"{start}/tmp/.X11-unix/X{number}" for start in ("", "\0"))  # noqa: S108 - where X servers listen
        return any(probe.connect_ex(path) == 0 for path in paths)


def disconnect(display: Any) -> None:
    """Close it whatever state it is in: Xlib leaves the socket open when the server has gone meanwhile."""
    with contextlib.suppress(Exception):
        display.close()
    with contextlib.suppress(Exception):
        display.display.socket.close()
