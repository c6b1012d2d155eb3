"""The rules against the sentences in tests/data/masking/own.txt: nothing missed, nothing taken that should stay."""

import re
from collections import Counter
from pathlib import Path

from app.privacy.masking import mask

OWN = Path(__file__).parents[3] / "data" / "masking" / "own.txt"
MARKED = re.compile(r"<([a-z_]+)\|([^>]*)>")


def sentences(path: Path) -> list[tuple[str, list[tuple[str, int, int]]]]:
    """Each sentence with its data: kind, start, end."""
    read = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#") or not line:
            continue
        places, text, position = [], "", 0
        for hit in MARKED.finditer(line):
            text += line[position : hit.start()]
            places.append((hit[1], len(text), len(text) + len(hit[2])))
            text += hit[2]
            position = hit.end()
        read.append((text + line[position:], places))
    return read


def measured(path: Path) -> tuple[Counter[str], Counter[str], Counter[str], list[str]]:
    """By kind: found, missed (not wholly covered), taken wrongly; and the sentences with a fault."""
    found: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    faults = []
    for text, places in sentences(path):
        spans = mask(text).spans
        for kind, start, end in places:
            hit = any(span.start <= start and end <= span.end for span in spans)
            (found if hit else missed)[kind] += 1
        extra = [span for span in spans if not any(span.start < end and start < span.end for _, start, end in places)]
        wrong.update(span.kind.value for span in extra)
        if extra or sum(1 for _ in spans) != len(places):
            faults.append(f"{text} -> {mask(text).text}")
    return found, missed, wrong, faults


def test_own_sentences_are_masked_wholly_and_nothing_else_is() -> None:
    found, missed, wrong, faults = measured(OWN)
    assert (dict(missed), dict(wrong), faults) == ({}, {}, [])
    assert len(found) >= 10
