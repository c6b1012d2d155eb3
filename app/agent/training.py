"""Which ten questions a person gets this quarter, and in which order the answers stand; pure, the same every time."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

from app.content.model import Answer, Question, Quiz

TEN = 10
PASS = 8
"""Right answers of ten that pass."""
T = TypeVar("T")


def quarter_of(day: str) -> str:
    """The quarter of a day written YYYY-MM-DD, as 2026Q4."""
    return f"{day[:4]}Q{(int(day[5:7]) - 1) // 3 + 1}"


def seed_of(stream: bytes, quarter: str, attempt: int) -> str:
    """What the choice depends on: this account on this PC, the quarter, and how often it was tried."""
    return hashlib.sha256(b"quiz" + stream + f"{quarter}/{attempt}".encode()).hexdigest()[:32]


def questions_of(bank: Sequence[Quiz], seed: str, count: int = TEN) -> tuple[tuple[Quiz, Question], ...]:
    """`count` questions, spread over the topics as evenly as they go, each with its topic; fewer if the bank has fewer."""
    piles = [(topic, _mixed(topic.questions, seed, [one.id for one in topic.questions])) for topic in bank]
    piles = _mixed(piles, seed, [topic.id for topic, _ in piles])
    chosen: list[tuple[Quiz, Question]] = []
    deepest = max((len(pile) for _, pile in piles), default=0)
    for depth in range(deepest):
        chosen += [(topic, pile[depth]) for topic, pile in piles if depth < len(pile)]
    return tuple(chosen[:count])


def answers_of(name: str, answers: Sequence[Answer], seed: str) -> tuple[Answer, ...]:
    """The answers of one question in an order that tells nothing, and that does not depend on the language."""
    return tuple(_mixed(answers, seed, [f"{name}/{at}" for at in range(len(answers))]))


def passed(right: int, asked: int) -> bool:
    """Whether it is enough: four of five."""
    return asked > 0 and right * TEN >= asked * PASS


def _mixed(things: Sequence[T], seed: str, names: Sequence[str]) -> list[T]:
    ranked = sorted(range(len(things)), key=lambda at: hashlib.sha256(f"{seed}/{names[at]}".encode()).digest())
    return [things[at] for at in ranked]
