import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.house.source import ROOT, name, python_files, tracked, tree

TOP_LEVEL = {"pyproject.toml", "app", "ui", "resources", "tests", "packaging", "README.md", "uv.lock", "LICENSE", "CHANGELOG.md"}
MODULE, CLASS, FUNCTION = 400, 250, 40

DATA_TABLES = {
    "app/protocol/records.py": "the registry of record types is one table of data",
}
"""Modules that may be longer than a module may be, each with its reason."""


def test_the_top_level_holds_only_what_was_agreed() -> None:
    found = {file.relative_to(ROOT).parts[0] for file in tracked()}
    assert {part for part in found if not part.startswith(".")} <= TOP_LEVEL


def test_no_module_grows_beyond_its_bound() -> None:
    long = {
        name(file): lines
        for file in python_files("app", "ui", "packaging")
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > MODULE and name(file) not in DATA_TABLES
    }
    assert not long, f"split these along their meaning, or declare a data table with its reason: {long}"


def definitions(file: Path) -> Iterator[tuple[str, int, int]]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ClassDef):
            yield f"{name(file)}: class {node.name}", own_lines(node), CLASS
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name(file)}: {node.name}()", own_lines(node), FUNCTION


def own_lines(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the definition without its docstring: a long explanation is no long function."""
    total = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def test_no_class_or_function_grows_beyond_its_bound() -> None:
    long = [
        f"{what} has {lines} lines, at most {bound}"
        for file in python_files("app", "ui", "packaging")
        for what, lines, bound in definitions(file)
        if lines > bound
    ]
    assert not long, "split these along their meaning:\n" + "\n".join(long)


def test_every_folder_states_its_charter() -> None:
    folders = {file.parent for file in python_files("app", "ui", "tests")}
    bare = []
    for folder in sorted(folders):
        charter = folder / "__init__.py"
        if not charter.exists() or not ast.get_docstring(tree(charter)):
            bare.append(name(folder))
    assert not bare, f"write what lives here and what may not into __init__.py of {bare}"


def test_packaging_is_no_package_because_the_name_belongs_to_a_library() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()


def test_nothing_names_a_machine_or_an_index() -> None:
    banned = [
        re.compile(r"files\.pyth" + r"onhosted|pypi\." + r"org|deb\.deb" + r"ian\.org|registry\.npm" + r"js"),
        re.compile(r"(?<![\w.])/(?:wo" + r"rk/(?:main|shared)|tmp/br" + r"ief|home/\w+/|root/)"),
    ]
    told = []
    for file in tracked():
        if file.suffix in {".png", ".wav", ".bin", ".db", ".ico"}:
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            told += [f"{name(file)}:{number}: {line.strip()[:100]}" for pattern in banned if pattern.search(line)]
    assert not told, "take mirrors from the machine's configuration and paths from the caller:\n" + "\n".join(told)


def test_every_skip_ignore_and_noqa_gives_its_reason() -> None:
    told = []
    for file in python_files("app", "ui", "tests", "packaging"):
        if file.parent.name == "house":
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            mark = re.search(r"#\s*(type: ignore(\[[\w, -]+\])?|noqa(: ?[A-Z0-9, ]+)?)(.*)$", line)
            if mark and not re.search(r"[a-z]{3,}.* [a-z]{2,}", mark.group(4)):
                told.append(f"{name(file)}:{number}: {line.strip()[:100]}")
            if re.search(r"pytest\.(skip|mark\.skip|mark\.xfail)\(\s*\)|mark\.skip$", line):
                told.append(f"{name(file)}:{number}: {line.strip()[:100]}")
    assert not told, "say in the same line why:\n" + "\n".join(told)


def test_tests_await_events_instead_of_sleeping() -> None:
    allowed = {"tests/unit/house/test_house_rules.py"}
    told = []
    for file in python_files("tests"):
        if name(file) in allowed:
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"\btime\.sleep\(", line) and "# poll" not in line:
                told.append(f"{name(file)}:{number}")
    assert not told, f"await an event, or mark a bounded poll of a foreign program with '# poll: reason': {told}"


@pytest.mark.parametrize("folder", ["app", "ui"])
def test_no_module_prints_but_the_command_line(folder: str) -> None:
    """Ruff's T20 holds this too; here the allowed places are named in one list."""
    allowed = re.compile(r"app/(cli|.*/cli|server/(main|token|.*_cli)|tools/.*|health/.*)\.py$|app/journal/tool\.py")
    told = [
        f"{name(file)}:{node.lineno}"
        for file in python_files(folder)
        if not allowed.search(name(file))
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not told, f"use the log, or move the output to the command line: {told}"
