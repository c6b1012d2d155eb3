"""The rules look nothing up: no clock, no file, no chance, no operating system; all of that arrives as input."""

import ast
from pathlib import Path

import pytest

import app.domain

ROOT = Path(app.domain.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))

ALLOWED = {
    "collections", "collections.abc", "dataclasses", "datetime", "enum", "fractions", "functools", "math", "typing",
}  # fmt: skip
"""The standard library that rules may use (design, section 2); of datetime only the types."""
BANNED_CALLS = {
    "open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint",
    # identity and hashes differ from run to run, and with them the order of what was decided
    "id", "hash",
}  # fmt: skip
BANNED_ATTRIBUTES = {
    "now",
    "today",
    "utcnow",
    "fromtimestamp",
    "utcfromtimestamp",
    "astimezone",
    "read_text",
    "write_text",
}


CLOCK_TYPES = {"datetime", "date", "time"}


def impurities(tree: ast.AST) -> list[str]:
    """Line and reason of everything in a module that could look something up."""
    found: list[str] = []
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = {alias.name for node in froms if _own(node.module or "") for alias in node.names}
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""] if node.level == 0 else ["." * node.level]
        line = getattr(node, "lineno", 0)
        found += [f"{line}: import of {name}" for name in names if name not in ALLOWED and not _own(name)]
        # a draft may carry its instant as a field `now`; asking a clock for it is a call, or a clock type's method
        asked = node.func if isinstance(node, ast.Call) else node
        if isinstance(asked, ast.Attribute) and asked.attr in BANNED_ATTRIBUTES:
            owner = asked.value.id if isinstance(asked.value, ast.Name) else ""
            if owner in CLOCK_TYPES or (isinstance(node, ast.Call) and owner not in ours):
                found.append(f"{asked.lineno}: .{asked.attr}")
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in BANNED_CALLS:
            found.append(f"{node.lineno}: {node.id}")
    return found


def _own(name: str) -> bool:
    return name == "app.domain" or name.startswith("app.domain.")


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_rule_looks_nothing_up(file: Path) -> None:
    found = impurities(ast.parse(file.read_text(encoding="utf-8")))
    assert not found, f"{file.name}: let it arrive as input (time as Moment, ids and chance as values): {found}"


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "import random",
        "from os import path",
        "from app.protocol import wire",
        "from ..policy import load",
        "from datetime import datetime\ndatetime.now()",
        "x = date.today()",
        "ask = datetime.now",
        "x = clock.now()",
        "open('x')",
        "y = hash(x)",
        "import collections.abc, secrets",
    ],
)
def test_the_check_finds_what_it_is_for(source: str) -> None:
    assert len(set(impurities(ast.parse(source)))) == 1


def test_the_check_lets_pure_code_pass() -> None:
    source = "import math\nfrom app.domain.ids import AlarmId\nfrom app.domain.seat import offers\nmath.floor(draft.now)\noffers.now(draft)"
    assert impurities(ast.parse(source)) == []
