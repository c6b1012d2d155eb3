"""Reads the sources of a pack: a folder of TOML files as writers keep them. For checking and building, not for the tray."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from app.content.check import ID, Fault, check_all, is_day
from app.content.errors import ContentError
from app.content.shapes import KINDS, PHONES, PLACES

SCHEMA = 1
FILE_MAX = 256 * 1024
"""Bytes of one source file."""
SITE_VALUE_MAX = 120
"""Characters of a site's own value, such as where the assembly point is."""
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


def about_faults(about: Mapping[str, object]) -> list[tuple[str, str]]:
    """What is wrong with the head of a pack (`pack.toml`), as key and clause."""
    known = ("schema", "id", "version", "removed", "site", "reviewed_on")
    found = [(str(key)[:60], "is not a known key") for key in about if key not in known]
    if about.get("schema") != SCHEMA:
        found.append(("schema", f"must be {SCHEMA}"))
    name, version = about.get("id"), about.get("version")
    if not isinstance(name, str) or not ID.match(name):
        found.append(("id", "must be an id of small letters, digits and dashes"))
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version < 1 << 53:
        found.append(("version", "must be a whole number from 1"))
    removed = about.get("removed", [])
    if not isinstance(removed, list) or not all(isinstance(one, str) and _is_entry(one) for one in removed):
        found.append(("removed", "must be a list of entries such as “cards/fire”"))
    if "reviewed_on" in about and not is_day(about["reviewed_on"]):
        found.append(("reviewed_on", "must be a day such as 2026-11-01"))
    return found + _site_faults(about.get("site", {}))


def _is_entry(name: str) -> bool:
    kind, _, rest = name.partition("/")
    return kind in KINDS and ID.match(rest) is not None


def _site_faults(site: object) -> list[tuple[str, str]]:
    if not isinstance(site, dict):
        return [("site", "is not a table")]
    found = []
    for key, value in site.items():
        at = f"site.{str(key)[:40]}"
        if key not in PLACES + PHONES:
            found.append((at, f"is not known; known are {', '.join(PLACES + PHONES)}"))
        elif not isinstance(value, str) or not 0 < len(value) <= SITE_VALUE_MAX or not value.isprintable():
            found.append((at, f"must be one plain line of at most {SITE_VALUE_MAX} characters"))
        elif key in PHONES and not set(value) <= set("0123456789+-*# ()"):
            found.append((at, "must be a phone number: digits and + - * # ( )"))
    return found
