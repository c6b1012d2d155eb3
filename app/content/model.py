"""Content in one language as the surfaces show it: frozen values, plain text only, in the order in which they stand.

Lengths and counts are those of `app.content.shapes`; an empty text or zero means that the optional key is not there.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Raise:
    """When to raise which level of help; 1 is the gravest."""

    level: int
    when: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `say` is one thought and may hold {variables}; `warn` 1, 2: warnings, 3: announces the end of the call."""

    name: str
    say: str
    avoid: tuple[str, ...]
    do: str = ""
    warn: int = 0


@dataclass(frozen=True, slots=True)
class Script:
    """A situation and how to talk in it; `tile` 1..6 if it stands on one of the palette's tiles."""

    id: str
    group: str
    order: int
    title: str
    words: tuple[str, ...]
    signs: tuple[str, ...]
    aim: str
    end: str
    write: tuple[str, ...]
    steps: tuple[Step, ...]
    fill: tuple[str, ...] = ()
    raises: tuple[Raise, ...] = ()
    tile: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """One step of a framework."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Framework:
    """A way of working as a short card."""

    id: str
    order: int
    title: str
    aim: str
    steps: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class FormLine:
    """One line of the bomb threat's call form; without choices it is written freely."""

    label: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """An emergency card. `numbers` and `site` are keys; the site's values come from `Library.site`.

    `reviewed_on` is the day (YYYY-MM-DD) on which the site last went through the card, empty if it never said.
    """

    id: str
    order: int
    icon: str
    level: int
    title: str
    when: str
    who: str
    numbers: tuple[str, ...]
    site: tuple[str, ...]
    steps: tuple[str, ...]
    never: tuple[str, ...]
    form: tuple[FormLine, ...] = ()
    reviewed_on: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of an exercise, in seconds."""

    name: str
    seconds: int
    text: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """A short exercise: `rounds` times its phases, `seconds` in all."""

    id: str
    order: int
    kind: str
    seconds: int
    title: str
    aim: str
    phases: tuple[Phase, ...]
    rounds: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist; `fact` names what the PC can answer itself."""

    id: str
    text: str
    fact: str = ""
    repair: bool = False
    last_out: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist of a shift."""

    id: str
    order: int
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a practice caller or a question; `why` is empty for a question, which has one reason for all."""

    text: str
    right: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a practice caller says, and three answers of which one is good."""

    caller: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Caller:
    """A practice caller."""

    id: str
    order: int
    title: str
    story: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the quiz with four answers, one of them right, and the reason."""

    id: str
    text: str
    answers: tuple[Answer, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Quiz:
    """The questions on one topic."""

    id: str
    title: str
    questions: tuple[Question, ...]
    order: int = 0
