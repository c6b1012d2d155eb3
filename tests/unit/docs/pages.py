"""The shipped pages as text and the few things that tests read out of them."""

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "resources" / "docs"


@cache
def text(*parts: str) -> str:
    """The text of a page below `resources/docs`."""
    return DOCS.joinpath(*parts).read_text(encoding="utf-8")


def pages() -> list[Path]:
    """Every Markdown page below `resources/docs`."""
    return sorted(DOCS.rglob("*.md"))


def page_id(page: Path) -> str:
    """The page's name in a test's id."""
    return page.relative_to(DOCS).as_posix()


@cache
def sections(*parts: str) -> dict[str, str]:
    """Each `### ` section of a page by its title without backticks, up to the next heading of any level."""
    found: dict[str, str] = {}
    title = ""
    for line in text(*parts).splitlines():
        if line.startswith("#"):
            title = line.removeprefix("### ").replace("`", "") if line.startswith("### ") else ""
        elif title:
            found[title] = found.get(title, "") + line + "\n"
    return found


def code_words(source: str) -> set[str]:
    """Everything that stands in single backticks, outside fenced blocks."""
    return set(re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", source, flags=re.M | re.S)))
