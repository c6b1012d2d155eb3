"""The list of pictures to take: each surface registers its states; `tests/gui/pictures.py` builds and grabs them.

A module `tests/gui/<surface>/picture_states.py` calls `register` at import; the picture script imports every such module.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Build = Callable[[str], list[Any]]
"""Given the state's name: build and show the windows (QWidgets, at their final place), return them. The theme, the
language (`theme().language`) and motion are set before; use `tests.helpers.qt.picture_snapshot` for the Snapshot."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One surface's pictures; `margin` is how many px of the screen around the windows are grabbed with them."""

    name: str
    states: tuple[str, ...]
    build: Build
    margin: int = 24
    whole_screen: bool = False


REGISTERED: dict[str, Entry] = {}


def register(name: str, states: Sequence[str], build: Build, *, margin: int = 24, whole_screen: bool = False) -> None:
    """Register a surface's states; `build(state)` is called once per state, theme and language, on the Qt thread."""
    REGISTERED[name] = Entry(name, tuple(states), build, margin, whole_screen)
