"""What the palette shows of a script or a framework: one page of rows, made from the pack; no Qt.

Also the rule of the foot's button: which warning comes next, for scripts that have all three, two or only one of them.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from app.agent.snapshot import WarnStep
from app.content.library import Library
from app.content.model import Framework, Script
from app.content.texts import Texts

FRAMEWORK = "framework:"
"""Before the id of a framework, where scripts and frameworks stand in one list."""
RESULTS = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the left column: a numbered step, or (number 0) what is good to know around them as captions with lines."""

    number: int
    name: str
    say: str = ""
    avoid: tuple[str, ...] = ()
    do: str = ""
    warn: int = 0
    about: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A script or framework as the palette shows it; `script` is empty for a framework."""

    key: str
    script: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One line of a list: what opens with it, its title and a line under it."""

    key: str
    title: str
    line: str


def page_of(library: Library, key: str, texts: Texts) -> Page | None:
    """The page of a script's id or a framework's key; None if the pack has none."""
    if key.startswith(FRAMEWORK):
        name = key.removeprefix(FRAMEWORK)
        return next((_framework(one, texts) for one in library.frameworks if one.id == name), None)
    script = library.script(key)
    return None if script is None else _script(script, texts)


def _script(script: Script, texts: Texts) -> Page:
    rows = [
        Row(number, step.name, step.say, step.avoid, step.do, step.warn) for number, step in enumerate(script.steps, 1)
    ]
    raises = tuple(texts.t("scripts.raise_line", level=one.level, when=one.when) for one in script.raises)
    about = (
        ("aim", (script.aim,)), ("signs", script.signs), ("raise", raises), ("end", (script.end,)), ("write", script.write),
    )  # fmt: skip
    known = tuple((texts.t(f"scripts.about_{key}"), lines) for key, lines in about if lines)
    return Page(script.id, script.id, script.title, (*rows, Row(0, texts.t("scripts.about"), about=known)))


def _framework(framework: Framework, texts: Texts) -> Page:
    rows = [Row(number, point.name, point.text) for number, point in enumerate(framework.steps, 1)]
    about = ((texts.t("scripts.about_aim"), (framework.aim,)),)
    return Page(FRAMEWORK + framework.id, "", framework.title, (*rows, Row(0, texts.t("scripts.about"), about=about)))


def found_for(library: Library, text: str, used: dict[str, int], favourites: Iterable[str]) -> list[Found]:
    """What fits the typed text, best first: scripts, then frameworks."""
    hits = library.search().find(text, RESULTS, used, frozenset(favourites))
    scripts = [script for hit in hits if (script := library.script(hit.script_id)) is not None]
    return [*map(found_script, scripts), *(found_framework(one) for one in library.frameworks if _holds(one, text))]


def found_script(script: Script) -> Found:
    """A script as a line of a list."""
    return Found(script.id, script.title, script.signs[0])


def found_framework(framework: Framework) -> Found:
    """A framework as a line of a list."""
    return Found(FRAMEWORK + framework.id, framework.title, framework.aim)


def _holds(framework: Framework, text: str) -> bool:
    wanted = _folded(text)
    words = (framework.title, framework.aim, *(point.name for point in framework.steps))
    return bool(wanted) and any(wanted in _folded(one) for one in words)


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def next_warning(page: Page, warned: Iterable[WarnStep]) -> tuple[int, int] | None:
    """The next of this page's warnings as (row, warn), None when it has none left; gaps in its numbers are passed over."""
    said = max((one.warn for one in warned if one.script == page.script), default=0)
    left = sorted((row.warn, at) for at, row in enumerate(page.rows) if row.warn > said)
    return (left[0][1], left[0][0]) if left else None


def times_of(page: Page, warned: Iterable[WarnStep]) -> dict[int, int]:
    """Row -> wall ms at which its warning was said last."""
    return {one.step: one.ms for one in warned if one.script == page.script}
