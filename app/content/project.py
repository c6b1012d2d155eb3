"""From checked content in three languages to the model in one: `projected` drops languages, `MAKERS` make the values.

Both expect what `app.content.check` found well.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from app.content.model import (
    Answer,
    Caller,
    Card,
    Checklist,
    Exercise,
    FormLine,
    Framework,
    Item,
    Phase,
    Point,
    Question,
    Quiz,
    Raise,
    Script,
    Step,
    Turn,
)
from app.content.shapes import Rows, Shape, Text, Texts

Table: TypeAlias = Mapping[str, Any]
"""A checked table of one language: plain texts, numbers, flags, lists and tables of these."""


def projected(shape: Shape, data: Table, language: str) -> dict[str, Any]:
    """The same table with the texts of one language in place of the three."""
    found: dict[str, Any] = {}
    for key, value in data.items():
        match shape[key]:
            case Text() | Texts():
                found[key] = value[language]
            case Rows(inner):
                found[key] = [projected(inner, row, language) for row in value]
            case _:
                found[key] = value
    return found


def _script(name: str, data: Table) -> Script:
    return Script(
        id=name, group=data["group"], order=data["order"], tile=data.get("tile", 0), title=data["title"],
        words=tuple(data["words"]), signs=tuple(data["signs"]), aim=data["aim"], end=data["end"],
        write=tuple(data["write"]), fill=tuple(data.get("fill", ())),
        raises=tuple(Raise(row["level"], row["when"]) for row in data.get("raise", ())),
        steps=tuple(
            Step(row["name"], row["say"], tuple(row["avoid"]), row.get("do", ""), row.get("warn", 0)) for row in data["step"]
        ),
    )  # fmt: skip


def _framework(name: str, data: Table) -> Framework:
    steps = tuple(Point(row["name"], row["text"]) for row in data["step"])
    return Framework(name, data["order"], data["title"], data["aim"], steps)


def _card(name: str, data: Table) -> Card:
    return Card(
        id=name, order=data["order"], icon=data["icon"], level=data["level"], title=data["title"], when=data["when"],
        who=data["who"], numbers=tuple(data["numbers"]), site=tuple(data["site"]),
        steps=tuple(row["text"] for row in data["step"]), never=tuple(row["text"] for row in data["never"]),
        form=tuple(FormLine(row["label"], tuple(row.get("choices", ()))) for row in data.get("form", ())),
        reviewed_on=data.get("reviewed_on", ""),
    )  # fmt: skip


def _exercise(name: str, data: Table) -> Exercise:
    phases = tuple(Phase(row["name"], row["seconds"], row["text"]) for row in data["phase"])
    about = (data["order"], data["kind"], data["seconds"], data["title"], data["aim"])
    return Exercise(name, *about, phases, data.get("rounds", 1))


def _checklist(name: str, data: Table) -> Checklist:
    items = tuple(
        Item(row["id"], row["text"], row.get("fact", ""), row.get("repair", False), row.get("last_out", False))
        for row in data["item"]
    )
    return Checklist(name, data["order"], data["title"], items)


def _caller(name: str, data: Table) -> Caller:
    turns = tuple(
        Turn(row["caller"], tuple(Answer(one["text"], one["good"], one["why"]) for one in row["answer"]))
        for row in data["turn"]
    )
    return Caller(name, data["order"], data["title"], data["story"], turns)


def _quiz(name: str, data: Table) -> Quiz:
    questions = tuple(
        Question(row["id"], row["text"], tuple(Answer(one["text"], one["right"]) for one in row["answer"]), row["why"])
        for row in data["question"]
    )
    return Quiz(name, data["title"], questions, data.get("order", 0))


MAKERS: Mapping[str, Callable[[str, Table], Any]] = {
    "scripts": _script,
    "frameworks": _framework,
    "cards": _card,
    "exercises": _exercise,
    "checklists": _checklist,
    "callers": _caller,
    "quiz": _quiz,
}
