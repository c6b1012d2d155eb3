"""What may stand in each kind of content: one declarative table, which checker, projection and builder walk.

Every text is given in three languages side by side. `han` counts Han characters (a run of Latin letters or digits is one),
`words` English words; `marks` also counts punctuation, where a text has to fit the palette's width (ux measures).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

LANGUAGES = ("zh_CN", "zh_TW", "en")
VARIABLES = ("company", "agent", "name", "order", "amount", "number", "deadline", "lead")
"""What a sentence may have filled in; the values are never stored."""


@dataclass(frozen=True, slots=True)
class Text:
    """A plain text in every language; `free` ones need not hold Han characters, `slots` may hold variables."""

    han: int
    words: int
    marks: bool = False
    slots: bool = False
    free: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of plain texts in every language, of `least` to `most` items."""

    item: Text
    least: int
    most: int
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number within bounds."""

    least: int
    most: int
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    optional: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day."""

    optional: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """An id: small letters, digits and dashes."""

    optional: bool = False


@dataclass(frozen=True, slots=True)
class OneOf:
    """One word out of a list."""

    values: tuple[str, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class SomeOf:
    """Several words out of a list, each once."""

    values: tuple[str, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of tables of one shape."""

    shape: "Shape"
    least: int
    most: int
    optional: bool = False


Spec: TypeAlias = Text | Texts | Number | Flag | Day | Name | OneOf | SomeOf | Rows
Shape: TypeAlias = Mapping[str, Spec]

GROUPS = ("emotion", "abuse", "threat", "fraud", "privacy", "verify", "remote", "crisis", "hard", "notice", "counter")
ICONS = ("fire", "power", "outage", "harassment", "leak", "violence", "medical", "quake", "bomb", "intruder")
NUMBERS = ("police", "fire", "ambulance", "guards", "internal")
PHONES = ("internal_phone", "guards_phone", "it_phone", "utility_phone")
PLACES = ("assembly_point", "exit_map", "aed", "first_aid_kit", "extinguishers", "wardens")
FACTS = (
    "headset", "microphone", "disk", "updates", "antivirus", "disk_encryption", "removable_storage", "lock_test", "network",
)  # fmt: skip
ORDER = Number(0, 9999)
TITLE = Text(16, 9)
SENTENCE = Text(90, 55)

SCRIPT: Shape = {
    "group": OneOf(GROUPS),
    "order": ORDER,
    "tile": Number(1, 6, optional=True),
    "title": Text(12, 5),
    "words": Texts(Text(14, 6, free=True), 4, 10),
    "signs": Texts(Text(30, 16), 3, 5),
    "aim": SENTENCE,
    "end": Text(140, 80),
    "write": Texts(Text(60, 36), 2, 5),
    "fill": SomeOf(VARIABLES, optional=True),
    "raise": Rows({"level": Number(1, 3), "when": SENTENCE}, 0, 3, optional=True),
    "step": Rows(
        {
            "name": Text(10, 4),
            "say": Text(40, 22, marks=True, slots=True),
            "avoid": Texts(Text(20, 10), 2, 2),
            "do": Text(40, 26, optional=True),
            "warn": Number(1, 3, optional=True),
        },
        3,
        7,
    ),
}
FRAMEWORK: Shape = {
    "order": ORDER,
    "title": TITLE,
    "aim": SENTENCE,
    "step": Rows({"name": Text(14, 7, free=True), "text": Text(70, 42)}, 4, 6),
}
CARD: Shape = {
    "order": ORDER,
    "icon": OneOf(ICONS),
    "level": Number(1, 3),
    "title": TITLE,
    "when": SENTENCE,
    "who": SENTENCE,
    "numbers": SomeOf(NUMBERS),
    "site": SomeOf(PLACES + PHONES),
    "reviewed_on": Day(optional=True),
    "step": Rows({"text": Text(36, 20)}, 5, 9),
    "never": Rows({"text": Text(36, 20)}, 1, 3),
    "form": Rows(
        {"label": Text(36, 20), "choices": Texts(Text(20, 10, free=True), 2, 16, optional=True)}, 1, 24, optional=True
    ),
}
EXERCISE: Shape = {
    "order": ORDER,
    "kind": OneOf(("breathing", "stretch", "mind", "move")),
    "seconds": Number(5, 1800),
    "rounds": Number(1, 20, optional=True),
    "title": TITLE,
    "aim": SENTENCE,
    "phase": Rows({"name": Text(14, 7), "seconds": Number(1, 600), "text": Text(70, 42)}, 1, 16),
}
CHECKLIST: Shape = {
    "order": ORDER,
    "title": TITLE,
    "item": Rows(
        {
            "id": Name(),
            "text": Text(50, 30),
            "fact": OneOf(FACTS, optional=True),
            "repair": Flag(optional=True),
            "last_out": Flag(optional=True),
        },
        1,
        40,
    ),
}
CALLER: Shape = {
    "order": ORDER,
    "title": TITLE,
    "story": Text(200, 120),
    "turn": Rows(
        {
            "caller": Text(90, 55),
            "answer": Rows({"text": Text(70, 42), "good": Flag(), "why": SENTENCE}, 3, 3),
        },
        3,
        5,
    ),
}
QUIZ: Shape = {
    "order": Number(0, 9999, optional=True),
    "title": TITLE,
    "question": Rows(
        {
            "id": Name(),
            "text": Text(90, 55),
            "why": Text(110, 66),
            "answer": Rows({"text": Text(60, 36, free=True), "right": Flag()}, 4, 4),
        },
        1,
        200,
    ),
}
KINDS: Mapping[str, Shape] = {
    "scripts": SCRIPT,
    "frameworks": FRAMEWORK,
    "cards": CARD,
    "exercises": EXERCISE,
    "checklists": CHECKLIST,
    "callers": CALLER,
    "quiz": QUIZ,
}
"""Folder of a pack -> what its files hold."""
