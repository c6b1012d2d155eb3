"""Reads files shipped inside the `resources` package, wherever it was installed."""

from importlib import resources
from importlib.resources.abc import Traversable


def shipped(*parts: str) -> Traversable:
    """The shipped file or folder at `parts` below `resources`; raises FileNotFoundError if it does not exist."""
    found = resources.files("resources").joinpath(*parts)
    if not (found.is_file() or found.is_dir()):
        raise FileNotFoundError("resources/" + "/".join(parts))
    return found


def shipped_text(*parts: str) -> str:
    """The UTF-8 text of a shipped file."""
    return shipped(*parts).read_text(encoding="utf-8")


def shipped_bytes(*parts: str) -> bytes:
    """The bytes of a shipped file."""
    return shipped(*parts).read_bytes()
