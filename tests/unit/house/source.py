"""The project's own source files and their syntax trees, for the house rules."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that git tracks or would add, as it stands in the work tree."""
    shown = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout.decode()
    return tuple(sorted({ROOT / name for name in shown.split("\0") if name and (ROOT / name).is_file()}))


def python_files(*tops: str) -> list[Path]:
    """The Python files below the given top-level folders."""
    return [file for file in tracked() if file.suffix == ".py" and file.relative_to(ROOT).parts[0] in tops]


@cache
def tree(file: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def name(file: Path) -> str:
    """The file's path from the project's root, for messages."""
    return file.relative_to(ROOT).as_posix()
