"""What the system knows of this process besides its windows: its name, and that it runs in this session."""

import sys
from typing import Protocol

from app.agent.commands import Quit


class Posts(Protocol):
    """What takes commands: the running agent."""

    def post(self, command: object) -> None: ...


def take_name() -> None:
    """Give the process its name and icon, before its first window. On Windows only; never raises."""
    if sys.platform == "win32":
        from pathlib import Path

        from app.content.shipped import shipped
        from app.desktop.windows.appid import take_app_id

        try:
            icon = Path(str(shipped("icons", "safeseat.png")))
        except FileNotFoundError:
            icon = None
        take_app_id(icon)


def present(agent: Posts) -> None:
    """Tell the installer that SafeSeat runs in this session, and end in order (cause "update") when it asks.

    On Windows only. The names stay taken until the process has ended, so that files are replaced only then.
    """
    if sys.platform == "win32":
        from app.desktop.windows.instance import Presence

        Presence(lambda: agent.post(Quit("update")))
