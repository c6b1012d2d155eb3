"""Reads the sources of a pack: a folder of TOML files as writers keep them. For checking and building, not for the tray."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from app.content.check import Fault, check_all
from app.content.errors import ContentError
from app.content.head import about_faults
from app.content.shapes import KINDS

FILE_MAX = 256 * 1024
"""Bytes of one source file."""
BUILT = "built"
"""The folder of a pack that holds what is generated."""

Entries = dict[str, dict[str, dict[str, object]]]
"""kind -> id -> what stands in the file, in all languages."""


@dataclass(frozen=True, slots=True)
class Source:
    """A pack as written. `site` holds a site's own values (field -> text), `removed` ids as "cards/fire"."""

    name: str
    version: int
    entries: Entries
    removed: tuple[str, ...] = ()
    site: Mapping[str, str] = field(default_factory=dict)
    reviewed_on: str = ""


def read_pack(folder: Path) -> tuple[Source, list[Fault]]:
    """The pack in a folder with all its faults; ContentError if there is no pack, OSError if it cannot be read."""
    if not folder.is_dir():
        raise ContentError(f"{folder} is not a folder.")
    faults: list[Fault] = []
    about = _toml(folder, folder / "pack.toml", faults) if (folder / "pack.toml").is_file() else None
    if about is None and not faults:
        faults.append(Fault("pack.toml", "", "is missing"))
    source = _source(about or {}, _entries(folder, faults), faults)
    faults += check_all(source.entries)
    return source, sorted(set(faults))


def _entries(folder: Path, faults: list[Fault]) -> Entries:
    found: Entries = {}
    for entry in sorted(folder.iterdir()):
        if entry.name in ("pack.toml", BUILT) or entry.name.startswith("."):
            continue
        if entry.name not in KINDS or not entry.is_dir():
            faults.append(Fault(entry.name, "", f"does not belong into a pack; its folders are {', '.join(KINDS)}"))
            continue
        files = found.setdefault(entry.name, {})
        for file in sorted(entry.iterdir()):
            if file.suffix != ".toml":
                faults.append(Fault(f"{entry.name}/{file.name}", "", "is not a TOML file"))
            elif (data := _toml(folder, file, faults)) is not None:
                files[file.stem] = data
    return found


def _toml(folder: Path, file: Path, faults: list[Fault]) -> dict[str, object] | None:
    name = file.relative_to(folder).as_posix()
    data = file.read_bytes()
    if len(data) > FILE_MAX:
        faults.append(Fault(name, "", f"has {len(data)} bytes, at most {FILE_MAX}"))
        return None
    try:
        return {key: _days_as_text(value) for key, value in tomllib.loads(data.decode("utf-8")).items()}
    except UnicodeDecodeError:
        faults.append(Fault(name, "", "is not UTF-8"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        faults.append(Fault(name, "", f"is not TOML: {error}"))
    return None


def _days_as_text(value: object) -> object:
    return value.isoformat() if type(value) is date else value


def _source(about: Mapping[str, object], entries: Entries, faults: list[Fault]) -> Source:
    found = {key: about.get(key) for key in ("schema", "id", "version", "removed", "site", "reviewed_on")}
    if about:
        faults += [Fault("pack.toml", what, why) for what, why in about_faults(about)]
    bad = {fault.key.partition(".")[0] for fault in faults if fault.file == "pack.toml"}
    name, version = found["id"], found["version"]
    removed, site, reviewed = found["removed"], found["site"], found["reviewed_on"]
    return Source(
        name=name if isinstance(name, str) else "",
        version=version if isinstance(version, int) else 0,
        entries=entries,
        removed=tuple(map(str, removed)) if isinstance(removed, list) and "removed" not in bad else (),
        site={str(key): str(text) for key, text in site.items()} if isinstance(site, dict) and "site" not in bad else {},
        reviewed_on=reviewed if isinstance(reviewed, str) else "",
    )
