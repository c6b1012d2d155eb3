"""Where policies come from: built in, a TOML file, the command line, Windows' registry; and the seat's rules made of them."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path

from app.domain.rules import Rules
from app.policy.merge import Layer, Resolved, Source, merge
from app.policy.registry import registry_layers
from app.policy.setting import PolicyError
from app.policy.settings import RENAMED, SETTINGS, Settings

LARGEST_FILE = 1 << 20
"""Bytes of a policy file; a larger one is a mistake and is refused."""


def load(file: Path | None = None, assignments: Iterable[str] = (), *, lab: bool = False) -> Resolved:
    """The policy from a file (none: built in) and `KEY=VALUE` assignments of a command line, the latter stronger,
    and on Windows the registry, where IT speaks, stronger than both.

    Bad values stay on their items in `Resolved.problems`. Raises PolicyError when the file cannot be read as TOML or an
    assignment has no form. Blocks on the disk.
    """
    layers = [] if file is None else [file_layer(file)]
    return merge([*layers, command_line_layer(assignments), *registry_layers()], lab=lab)


def file_layer(file: Path) -> Layer:
    """Read a policy file (TOML, keys dotted or quoted); PolicyError if it is missing, too large or not TOML."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise PolicyError(f"The policy file {file} cannot be read: {error.strerror}.") from error
    if len(data) > LARGEST_FILE:
        raise PolicyError(f"The policy file {file} is larger than {LARGEST_FILE} bytes.")
    try:
        return Layer(Source.FILE, str(file), tomllib.loads(data.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise PolicyError(f"The policy file {file} is not UTF-8 text.") from error
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"The policy file {file} is not TOML: {error}.") from error


def command_line_layer(assignments: Iterable[str]) -> Layer:
    """Read `KEY=VALUE` assignments; a later one of the same key wins. PolicyError for one without `=`."""
    values: dict[str, object] = {}
    for words in assignments:
        key, equals, value = words.partition("=")
        key = RENAMED.get(key.strip(), key.strip())
        if not equals or not key:
            raise PolicyError(f"{words!r} is not of the form KEY=VALUE.")
        values[key] = SETTINGS[key].parsed(value.strip()) if key in SETTINGS else value
    return Layer(Source.COMMAND_LINE, "command line", values)


def rules_of(settings: Settings) -> Rules:
    """The part of a policy that the seat's rules need; `Rules` names its fields like `Settings` does."""
    return Rules(**{field.name: getattr(settings, field.name) for field in fields(Rules)})


def rules_from(overrides: Mapping[str, object], *, lab: bool = False) -> Rules:
    """The seat's rules with some policy values changed, for shift files and previews.

    `overrides` holds policy keys (dotted or nested). Raises PolicyError for the first value that a policy would not
    take: unknown key, wrong type, out of bounds. `lab` takes the lab scope's bounds (times only, never below 1 s).
    """
    resolved = merge([Layer(Source.COMMAND_LINE, "overrides", overrides)], lab=lab)
    for problem in resolved.problems:
        if not problem.taken:
            raise PolicyError(problem.text)
    return rules_of(resolved.values)
