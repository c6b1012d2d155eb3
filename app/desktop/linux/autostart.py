"""Start with the session by a file of the XDG autostart specification."""

import os
import sys
from pathlib import Path

FILE = "safeseat.desktop"
ENTRY = """[Desktop Entry]
Type=Application
Name=SafeSeat
Name[zh_CN]=安席
Name[zh_TW]=安席
Exec={command}
Terminal=false
X-GNOME-Autostart-enabled=true
"""
HIDDEN = "[Desktop Entry]\nType=Application\nName=SafeSeat\nHidden=true\n"


class XdgAutostart:
    """The person's own file wins over one that IT installed for everybody; any thread."""

    def __init__(self, command: str | None = None) -> None:
        self._command = command or _tray_command()

    def enabled(self) -> bool:
        """Whether the desktop starts the tray at the next login."""
        own = _own_folder() / FILE
        if own.exists():
            return _starts(own)
        return any(_starts(folder / FILE) for folder in _shared_folders())

    def set(self, on: bool) -> None:
        """Write or take away the person's own file; OSError if the folder cannot be written."""
        own = _own_folder() / FILE
        if on:
            _write(own, ENTRY.format(command=self._command))
        elif any((folder / FILE).exists() for folder in _shared_folders()):
            _write(own, HIDDEN)
        else:
            own.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def _own_folder() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "autostart"


def _shared_folders() -> list[Path]:
    return [Path(folder) / "autostart" for folder in (os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")]


def _starts(path: Path) -> bool:
    try:
        lines = {line.strip().lower() for line in path.read_text(encoding="utf-8").splitlines()}
    except (OSError, UnicodeDecodeError):
        return False
    return not lines & {"hidden=true", "x-gnome-autostart-enabled=false"}


def _tray_command() -> str:
    beside = Path(sys.executable).with_name("safeseat-tray")
    return _quoted(str(beside)) if beside.exists() else f"{_quoted(sys.executable)} -m ui"


def _quoted(text: str) -> str:
    """Quote an argument as the desktop entry specification asks, `%` doubled."""
    for character in '\\"`$':
        text = text.replace(character, "\\" + character)
    return '"' + text.replace("%", "%%") + '"'
