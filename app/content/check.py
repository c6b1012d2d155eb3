"""Holds content against its shapes: every fault as one sentence with file, key and what is wrong; pure.

The same check stands before the shipped pack is built and before a site's signed pack is taken.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app.content import rules
from app.content.shapes import (
    KINDS,
    LANGUAGES,
    Day,
    Flag,
    Name,
    Number,
    OneOf,
    Rows,
    Shape,
    SomeOf,
    Spec,
    Text,
    Texts,
)

ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")
ID_MAX = 48


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong: `file` in the pack, `key` in it (empty for the whole file) and what."""

    file: str
    key: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.what}." if self.key else f"{self.file}: {self.what}."


def check_entry(kind: str, name: str, data: Mapping[str, object]) -> list[Fault]:
    """The faults of one file: `kind` its folder, `name` its id, `data` what stands in it."""
    file = f"{kind}/{shown(name)}.toml"
    found: list[Fault] = []
    if not ID.match(name) or len(name) > ID_MAX:
        found.append(Fault(file, "", "the name must be an id of small letters, digits and dashes"))
    found += [Fault(file, key, what) for key, what in _table(KINDS[kind], data, "")]
    if not found:
        found += [Fault(file, key, what) for key, what in _beyond(kind, data)]
    return found


def check_all(entries: Mapping[str, Mapping[str, Mapping[str, object]]]) -> list[Fault]:
    """The faults of a whole pack (kind -> id -> data) that single files cannot show, after those of the files."""
    found = [fault for kind, files in entries.items() for name, data in files.items() for fault in check_entry(kind, name, data)]
    for kind, files in entries.items():
        found += _twice(kind, files, "order")
    found += _twice("scripts", entries.get("scripts", {}), "tile")
    asked = Counter(str(row.get("id")) for one in entries.get("quiz", {}).values() for row in rows(one, "question"))
    found += [Fault("quiz", "question.id", f"“{shown(name)}” stands {count} times") for name, count in asked.items() if count > 1]
    return found


def shown(key: object) -> str:
    """A key of unknown origin for a message: short, one line, nothing invisible."""
    text = str(key)[:60]
    return text if text.isprintable() else ascii(text)


def rows(data: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    """The tables under `key`, an empty list if there is none."""
    found = data.get(key, [])
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _twice(kind: str, files: Mapping[str, Mapping[str, object]], key: str) -> Iterator[Fault]:
    seen: dict[object, str] = {}
    for name, data in sorted(files.items()):
        value = data.get(key)
        if isinstance(value, int):
            if value in seen:
                yield Fault(f"{kind}/{shown(name)}.toml", key, f"{value} is also that of {shown(seen[value])}")
            seen.setdefault(value, name)


def _table(shape: Shape, data: object, above: str) -> Iterator[tuple[str, str]]:
    if not isinstance(data, Mapping):
        yield above, "is not a table"
        return
    prefix = f"{above}, " if above else ""
    for key in data:
        if key not in shape:
            yield f"{prefix}{shown(key)}", "is not a known key"
    for key, spec in shape.items():
        if key in data:
            yield from _value(spec, data[key], prefix + key)
        elif not spec.optional:
            yield prefix + key, "is missing"


def _value(spec: Spec, value: object, key: str) -> Iterator[tuple[str, str]]:
    match spec:
        case Text() | Texts():
            yield from _languages(spec, value, key)
        case Rows():
            yield from _rows(spec, value, key)
        case _:
            if what := _plain(spec, value):
                yield key, what


def _languages(spec: Text | Texts, value: object, key: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, Mapping):
        name = key.rpartition(" ")[2]
        yield key, f"needs its languages: {', '.join(f'{name}.{one}' for one in LANGUAGES)}"
        return
    for language in value:
        if language not in LANGUAGES:
            yield f"{key}.{shown(language)}", "is not one of the three languages"
    for language in LANGUAGES:
        at = f"{key}.{language}"
        if language not in value:
            yield at, "is missing"
        elif isinstance(spec, Text):
            yield from ((at, what) for what in rules.faults(value[language], spec, language))
        else:
            yield from _list(spec, value[language], at, language)


def _list(spec: Texts, value: object, key: str, language: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list):
        yield key, "is not a list of texts"
        return
    if not spec.least <= len(value) <= spec.most:
        yield key, f"has {len(value)} entries, {_span(spec.least, spec.most)} are right"
    for number, text in enumerate(value, 1):
        yield from ((f"{key}, entry {number}", what) for what in rules.faults(text, spec.item, language))
    texts = [text.casefold() for text in value if isinstance(text, str)]
    if len(set(texts)) < len(texts):
        yield key, "says the same twice"


def _rows(spec: Rows, value: object, key: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list):
        yield key, f"is not a list of tables; write [[{key.rpartition(' ')[2]}]]"
        return
    if not spec.least <= len(value) <= spec.most:
        yield key, f"stands {len(value)} times, {_span(spec.least, spec.most)} are right"
    for number, row in enumerate(value, 1):
        yield from _table(spec.shape, row, f"{key} {number}")


def _span(least: int, most: int) -> str:
    return str(least) if least == most else f"{least} to {most}"


def _plain(spec: Spec, value: object) -> str:
    match spec:
        case Number(least, most):
            well = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
            return "" if well else f"must be a whole number from {least} to {most}"
        case Flag():
            return "" if isinstance(value, bool) else "must be true or false"
        case Name():
            well = isinstance(value, str) and len(value) <= ID_MAX and ID.match(value) is not None
            return "" if well else "must be an id of small letters, digits and dashes"
        case Day():
            return "" if is_day(value) else "must be a day such as 2026-11-01"
        case OneOf(values):
            return "" if value in values else f"must be one of {', '.join(values)}"
        case SomeOf(values):
            if not isinstance(value, list) or any(not isinstance(one, str) or one not in values for one in value):
                return f"must be a list of words out of {', '.join(values)}"
            return "names one of them twice" if len(set(value)) < len(value) else ""
    raise AssertionError(spec)


def is_day(value: object) -> bool:
    """Whether this is a day as the packs write it, YYYY-MM-DD."""
    if not isinstance(value, str) or len(value) != 10:
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _beyond(kind: str, data: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Rules across the keys of one well-formed file."""
    match kind:
        case "scripts":
            yield from _script(data)
        case "cards":
            if data.get("form") and data["icon"] != "bomb":
                yield "form", "only the card for a bomb threat has one"
        case "exercises":
            rounds, lasts = data.get("rounds", 1), sum(_ints(rows(data, "phase"), "seconds"))
            if isinstance(rounds, int) and data["seconds"] != rounds * lasts:
                yield "seconds", f"is {data['seconds']}, but {rounds} rounds of {lasts} s make {rounds * lasts}"
        case "checklists":
            yield from _ids(rows(data, "item"), "item")
        case "callers":
            for number, turn in enumerate(rows(data, "turn"), 1):
                yield from _exactly_one(rows(turn, "answer"), "good", f"turn {number}")
        case "quiz":
            for number, question in enumerate(rows(data, "question"), 1):
                yield from _exactly_one(rows(question, "answer"), "right", f"question {number}")


def _ints(tables: Iterable[Mapping[str, object]], key: str) -> Iterator[int]:
    for row in tables:
        value = row[key]
        assert isinstance(value, int)
        yield value


def _ids(tables: list[Mapping[str, object]], key: str) -> Iterator[tuple[str, str]]:
    for name, count in Counter(row["id"] for row in tables).items():
        if count > 1:
            yield f"{key}.id", f"“{name}” stands {count} times"


def _exactly_one(tables: list[Mapping[str, object]], key: str, above: str) -> Iterator[tuple[str, str]]:
    right = sum(row[key] is True for row in tables)
    if right != 1:
        yield f"{above}, answer.{key}", f"is true for {right} answers, exactly one is right"


def _script(data: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    filled = data.get("fill", [])
    assert isinstance(filled, list)
    used: set[str] = set()
    for step in rows(data, "step"):
        say = step["say"]
        assert isinstance(say, Mapping)
        used |= {name for text in say.values() for name in rules.variables(text)}
    if set(filled) != used:
        yield "fill", f"names {', '.join(filled) or 'nothing'}, but say uses {', '.join(sorted(used)) or 'none'}"
    warned = list(_ints((step for step in rows(data, "step") if "warn" in step), "warn"))
    if warned != sorted(set(warned)):
        yield "step.warn", "must rise from step to step, each number once"
