"""Builds what the tray loads: one file per language and kind, and the search index with its pinyin.

Deterministic: the same sources give the same bytes, which a test holds against what is checked in.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from app.content.errors import ContentError
from app.content.project import projected
from app.content.search import entry_of
from app.content.shapes import KINDS, LANGUAGES
from app.content.source import BUILT, Source, read_pack
from app.tools.packs.pinyin import script_readings, sounds


def built(source: Source) -> dict[str, str]:
    """Path below `built/` -> text, for a pack without faults; kinds that the pack lacks are empty."""
    made: dict[str, str] = {}
    for language in LANGUAGES:
        for kind, shape in KINDS.items():
            files = source.entries.get(kind, {})
            made[f"{language}/{kind}.json"] = _lines(
                (name, projected(shape, files[name], language)) for name in sorted(files)
            )
    made["search.json"] = _lines((name, _entry(name, data)) for name, data in sorted(source.entries.get("scripts", {}).items()))
    made["sounds.txt"] = sounds()
    return made


def build(folder: Path) -> list[Path]:
    """Write `built/` of the pack in `folder`; returns what changed. ContentError tells the first fault, if there is one."""
    source, faults = read_pack(folder)
    if faults:
        raise ContentError(f"{faults[0]} ({len(faults)} fault{'s' * (len(faults) != 1)} in all; see content check).")
    made, changed = built(source), []
    below = folder / BUILT
    for name, text in made.items():
        file = below / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
            changed.append(file)
    for file in sorted(below.rglob("*.*")):
        if file.relative_to(below).as_posix() not in made:
            file.unlink()
            changed.append(file)
    return changed


def _entry(name: str, script: Mapping[str, Any]) -> dict[str, Any]:
    entry = entry_of(name, script, script_readings(script))
    return {"order": entry.order, "sections": dict(entry.sections)}


def _lines(entries: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """One JSON object, one entry a line: small, and a change shows as the line that it is."""
    lines = [f"{json.dumps(name)}:{json.dumps(data, ensure_ascii=False, separators=(',', ':'))}" for name, data in entries]
    return "{\n" + ",\n".join(lines) + "\n}\n"
