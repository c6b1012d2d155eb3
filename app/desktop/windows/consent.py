"""Who records from the microphone, read from what Windows keeps for its privacy page; pure.

Each program has LastUsedTimeStart and LastUsedTimeStop (FILETIME); a stop of 0 means that it records now. After a
crash or a power cut the 0 stays for ever, so it counts only with a live process that was there when recording
began, and only for a start after this boot.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SLACK = 2 * 10_000_000
"""100 ns units by which the wall clock may have been set since the entry was written."""


@dataclass(frozen=True, slots=True)
class Use:
    """One entry of the store: its key's name, whether it stands under NonPackaged, and the two FILETIMEs."""

    name: str
    packaged: bool
    started: int
    stopped: int


@dataclass(frozen=True, slots=True)
class Process:
    """A live process: path of its program and the FILETIME at which it began."""

    path: str
    began: int


def open_uses(uses: Iterable[Use], boot: int) -> tuple[Use, ...]:
    """The entries that may be recording: no stop, and a start after `boot` (FILETIME)."""
    return tuple(use for use in uses if use.stopped == 0 and use.started > 0 and use.started >= boot - SLACK)


def recording(uses: Iterable[Use], processes: Iterable[Process]) -> frozenset[str]:
    """Lower-case program names of the live processes that an open entry names; a younger process is a new one."""
    alive = tuple(processes)
    return frozenset(name for use in uses for name in _programs(use, alive))


def _programs(use: Use, processes: tuple[Process, ...]) -> Iterator[str]:
    for process in processes:
        path = process.path.lower()
        if process.began <= use.started + SLACK and (_of_package(use.name, path) if use.packaged else _path_of(use.name) == path):
            yield path.rsplit("\\", 1)[-1]


def _path_of(name: str) -> str:
    r"""The path that a key below NonPackaged stands for: `C:#Program Files#x.exe`."""
    return name.replace("#", "\\").lower()


def _of_package(family: str, path: str) -> bool:
    r"""Whether a program lies in the folder of a package family: `Name_publisher` is in `...\Name_1.2_x64__publisher\`."""
    name, _, publisher = family.lower().rpartition("_")
    folders = path.split("\\")[:-1]
    return any(folder.startswith(name + "_") and folder.endswith("__" + publisher) for folder in folders)
