"""How a value comes about: layers from weak to strong, each accepted on top of a policy that is already sound.

A bad value stays on its item: it is reported with key, source and bound, and the next lower good value holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from app.policy.setting import PolicyError, Value, shown
from app.policy.settings import LIMITS, RENAMED, SETTINGS, Settings, as_mapping


class Source(IntEnum):
    """Where a value comes from, weak to strong."""

    BUILT_IN = 0
    FILE = 1
    COMMAND_LINE = 2
    USER_REGISTRY = 5
    MACHINE_REGISTRY = 6
    DOCUMENT = 9


@dataclass(frozen=True, slots=True)
class Layer:
    """The raw values of one source; keys dotted, or nested tables as TOML reads dotted keys; `name` is for people."""

    source: Source
    name: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the value that holds comes from."""

    source: Source
    name: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One value that was not taken, or taken under an old name (`taken`); `text` is a whole sentence."""

    key: str
    origin: Origin
    text: str
    taken: bool = False


BUILT_IN = Origin(Source.BUILT_IN, "built in")


@dataclass(frozen=True, slots=True)
class Resolved:
    """The policy that holds, where each value comes from, and every value that did not make it."""

    values: Settings
    origins: Mapping[str, Origin]
    problems: tuple[Problem, ...] = ()

    def origin(self, key: str) -> Origin:
        """Where the value of `key` comes from."""
        return self.origins.get(key, BUILT_IN)

    def problems_of(self, key: str) -> tuple[Problem, ...]:
        """What was wrong with values given for `key`."""
        return tuple(problem for problem in self.problems if problem.key == key)


def merge(layers: Iterable[Layer], *, lab: bool = False) -> Resolved:
    """Lay the layers over the built-in values in the order of their sources; never raises for a bad value.

    With `lab` the lower bounds of times are those of the lab scope: only for the simulated desktop and the demo.
    """
    held = Resolved(Settings(), {}, ())
    for layer in sorted(layers, key=lambda layer: layer.source):
        held = _laid(held, layer, lab=lab)
    return held


def flattened(values: Mapping[str, object], prefix: str = "") -> list[tuple[str, object]]:
    """Pairs of dotted key and value; `a.b = 1` and `"a.b" = 1` of a TOML file both give `a.b`."""
    pairs: list[tuple[str, object]] = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            pairs += flattened(value, f"{prefix}{name}.")
        else:
            pairs.append((prefix + name, value))
    return pairs


def _laid(held: Resolved, layer: Layer, *, lab: bool) -> Resolved:
    origin = Origin(layer.source, layer.name)
    problems = list(held.problems)
    wanted: dict[str, Value] = {}
    for given, raw in flattened(layer.values):
        key = RENAMED.get(given, given)
        if key not in SETTINGS:
            problems.append(Problem(given, origin, f"{given} is not a setting."))
            continue
        if key in wanted:
            problems.append(Problem(key, origin, f"{key} is given twice; the first value holds."))
            continue
        if given != key:
            problems.append(Problem(key, origin, f"{given} is now called {key}.", taken=True))
        try:
            wanted[key] = SETTINGS[key].checked(raw, lab=lab)
        except PolicyError as error:
            problems.append(Problem(key, origin, str(error)))
    good, crossed = _without_crossings(held.values, wanted)
    problems += [Problem(key, origin, text) for key, text in crossed]
    return Resolved(_with(held.values, good), {**held.origins, **dict.fromkeys(good, origin)}, tuple(problems))


def _with(settings: Settings, values: Mapping[str, Value]) -> Settings:
    named: dict[str, Any] = {SETTINGS[key].name: value for key, value in values.items()}
    return replace(settings, **named)


def _without_crossings(below: Settings, wanted: Mapping[str, Value]) -> tuple[dict[str, Value], list[tuple[str, str]]]:
    """Drop values of this layer until every bound between two settings holds; `below` alone is always sound."""
    good, dropped = dict(wanted), list[tuple[str, str]]()
    while True:
        together = as_mapping(_with(below, good))
        for limit in LIMITS:
            value, other = together[limit.key], together[limit.other]
            assert isinstance(value, int)
            assert isinstance(other, int)
            if not limit.holds(value, other):
                guilty = limit.key if limit.key in good else limit.other
                text = f"{guilty} = {shown(good.pop(guilty))}: {limit.key} must be {limit.words()}"
                known = f"{limit.other} is {other}" if guilty == limit.key else f"{limit.key} is {value}"
                dropped.append((guilty, f"{text}, and {known}."))
                break
        else:
            return good, dropped
