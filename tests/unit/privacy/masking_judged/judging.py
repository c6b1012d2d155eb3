"""Counts what masking found of the judged sentences, what it missed and what it hid without need."""

import json
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from app.privacy.masking import mask

ROOT = Path(__file__).resolve().parents[4]
DATA = ROOT / "tests" / "data" / "masking" / "judged.toml"
SECOND = ROOT / "tests" / "data" / "masking" / "judged2.toml"
TABLE = ROOT / "build" / "masking.json"
SECOND_TABLE = ROOT / "build" / "masking2.json"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part of a sentence that must be hidden: its kind and where it stands."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence with all that must be hidden in it; nothing wanted means: it stays as it is."""

    text: str
    wanted: tuple[Wanted, ...]


@dataclass(slots=True)
class Figures:
    """The counts over all sentences; `misses` and `needless` show each failure in full."""

    wanted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    called: dict[str, Counter[str]] = field(default_factory=dict)
    spans: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)
    needless: list[str] = field(default_factory=list)
    letters_hidden: int = 0
    letters_right: int = 0
    plain: int = 0
    plain_kept: int = 0

    def recall(self) -> float:
        """Share of the wanted parts that are hidden to the last letter and digit."""
        return self.found.total() / self.wanted.total()

    def recall_of(self, kind: str) -> float:
        """The same for one kind of the sentences."""
        return self.found[kind] / self.wanted[kind]

    def precision(self) -> float:
        """Share of the hidden spans of which at least half the letters and digits were wanted."""
        return self.right.total() / self.spans.total()

    def letter_precision(self) -> float:
        """Share of the hidden letters and digits that were wanted."""
        return self.letters_right / self.letters_hidden


def cases(data: Path = DATA) -> list[Case]:
    """All judged sentences; each wanted part stands exactly once in its sentence."""
    made = []
    for entry in tomllib.loads(data.read_text(encoding="utf-8"))["case"]:
        text = entry["text"]
        wanted = []
        for span in entry.get("span", []):
            assert text.count(span["text"]) == 1, f"not exactly once: {span['text']!r} in {text!r}"
            start = text.index(span["text"])
            wanted.append(Wanted(span["kind"], start, start + len(span["text"])))
        made.append(Case(text, tuple(wanted)))
    return made


def _letters(text: str, start: int, end: int) -> set[int]:
    return {at for at in range(start, end) if text[at].isalnum()}


def _judge(case: Case, figures: Figures) -> None:
    spans = mask(case.text).spans
    hidden: set[int] = set()
    for span in spans:
        hidden |= _letters(case.text, span.start, span.end)
    asked: set[int] = set()
    for part in case.wanted:
        letters = _letters(case.text, part.start, part.end)
        asked |= letters
        figures.wanted[part.kind] += 1
        if letters <= hidden:
            figures.found[part.kind] += 1
        else:
            left = "".join(case.text[at] for at in sorted(letters - hidden))
            figures.misses.append(f"{part.kind}: {left!r} left open in {case.text!r}")
        names = figures.called.setdefault(part.kind, Counter())
        names.update(str(span.kind) for span in spans if span.start < part.end and part.start < span.end)
    for span in spans:
        letters = _letters(case.text, span.start, span.end)
        figures.spans[str(span.kind)] += 1
        if 2 * len(letters & asked) >= len(letters):
            figures.right[str(span.kind)] += 1
        else:
            figures.needless.append(f"{span.kind}: {case.text[span.start : span.end]!r} hidden in {case.text!r}")
    figures.letters_hidden += len(hidden)
    figures.letters_right += len(hidden & asked)
    if not case.wanted:
        figures.plain += 1
        figures.plain_kept += mask(case.text).text == case.text


def judge(data: Path = DATA) -> Figures:
    """The figures over all judged sentences of a file."""
    figures = Figures()
    for case in cases(data):
        _judge(case, figures)
    return figures


def write_table(figures: Figures, to: Path = TABLE) -> None:
    """Leaves the figures with every failure in a file under build, for people."""
    table = {
        "recall": round(figures.recall(), 4),
        "precision": round(figures.precision(), 4),
        "precision_by_letter": round(figures.letter_precision(), 4),
        "plain_sentences": figures.plain,
        "plain_sentences_kept": figures.plain_kept,
        "kinds": {
            kind: {
                "wanted": figures.wanted[kind],
                "found": figures.found[kind],
                "recall": round(figures.recall_of(kind), 4),
                "called": dict(figures.called[kind]),
            }
            for kind in sorted(figures.wanted)
        },
        "spans": {
            kind: {"hidden": count, "right": figures.right[kind], "precision": round(figures.right[kind] / count, 4)}
            for kind, count in sorted(figures.spans.items())
        },
        "misses": figures.misses,
        "needless": figures.needless,
    }
    to.parent.mkdir(exist_ok=True)
    to.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
