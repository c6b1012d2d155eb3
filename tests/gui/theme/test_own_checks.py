"""Own checks over the source of ui: no default-format labels, no tooltips past `set_tip`, no colour or size literals."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

UI = Path(__file__).resolve().parents[3] / "ui"
SOURCES = sorted(UI.rglob("*.py"))
RICH = {"QLabel", "QMessageBox", "QTextEdit", "QTextBrowser", "QErrorMessage", "QWhatsThis"}
PLAIN = UI / "widgets/plain.py"


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def is_plain(argument: ast.expr) -> bool:
    return isinstance(argument, ast.Call) and getattr(argument.func, "id", "") == "plain"


def faults_of(path: Path, source: str) -> list[str]:
    """What the rule "data is plain text" finds in one module."""
    found = []
    for name, call in calls(ast.parse(source)):
        if name in RICH and path != PLAIN:
            found.append(f"{name} at line {call.lineno}: use PlainLabel")
        if name in ("setToolTip", "setWhatsThis") and path != PLAIN and not _tray_line(call):
            found.append(f"{name} at line {call.lineno}: use set_tip")
        if name == "showText" and not (len(call.args) > 1 and is_plain(call.args[1])):
            found.append(f"showText at line {call.lineno}: wrap the text in plain()")
        if name in ("setHtml", "insertHtml", "setMarkdown"):
            found.append(f"{name} at line {call.lineno}")
    return found


def _tray_line(call: ast.Call) -> bool:
    """The tray icon's own tooltip, whose text was made by plain()."""
    return isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "self.icon"


@pytest.mark.parametrize("path", SOURCES, ids=[str(path.relative_to(UI)) for path in SOURCES])
def test_every_label_and_tooltip_is_plain_text(path: Path) -> None:
    assert faults_of(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    ["QLabel(name)", "w.setToolTip(name)", "QToolTip.showText(p, name)", "QtWidgets.QMessageBox.about(w, 'a', n)"],
)
def test_the_check_finds_what_it_is_for(line: str) -> None:
    bad = line if "QMessageBox" not in line else "QMessageBox(w)"
    assert faults_of(UI / "surfaces/x.py", bad)


@pytest.mark.parametrize("path", SOURCES, ids=[str(path.relative_to(UI)) for path in SOURCES])
def test_colours_come_by_role_and_never_as_literals(path: Path) -> None:
    if path == UI / "theme/tokens.py":
        return
    source = path.read_text(encoding="utf-8")
    assert not re.findall(r"[\"'\s:]#[0-9a-fA-F]{6}\b|GlobalColor\.(?!transparent|color[01])\w+|QColor\(\s*\d", source)


@pytest.mark.parametrize("path", SOURCES, ids=[str(path.relative_to(UI)) for path in SOURCES])
def test_no_surface_imports_another(path: Path) -> None:
    parts = path.relative_to(UI).parts
    if parts[0] != "surfaces" or len(parts) < 3:
        return
    imported = re.findall(r"ui\.surfaces\.(\w+)", path.read_text(encoding="utf-8"))
    assert set(imported) <= {parts[1]}
