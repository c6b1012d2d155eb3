"""The files of the staged program as WiX components: one for each file, with ids that stay the same for ever.

Windows Installer counts components by their GUID across versions; a GUID is made of the file's path, so an upgrade and
a repair know every file again. Standard library only.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

NAMESPACE = uuid.UUID("39E089E2-4A5D-4EB1-A681-FCFDC21E6CBA")
"""Of every component id; changing it would break upgrades and repairs of what is installed."""

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">'


def harvested(stage: Path) -> str:
    """The WiX source of the component group `Payload` below INSTALLDIR, for a wixl that runs in the folder above `stage`."""
    names: list[str] = []
    body = "\n".join(_folder(stage, stage, names))
    group = "\n".join(f'<ComponentRef Id="{name}"/>' for name in names)
    return (
        f'{HEAD}\n<Fragment><DirectoryRef Id="INSTALLDIR">\n{body}\n</DirectoryRef></Fragment>\n'
        f'<Fragment><ComponentGroup Id="Payload">\n{group}\n</ComponentGroup></Fragment>\n</Wix>\n'
    )


def component_guid(path: str) -> str:
    """The GUID of the component of a file, from its path below the program folder (forward slashes)."""
    return str(uuid.uuid5(NAMESPACE, path)).upper()


def identifier(kind: str, path: str) -> str:
    """A WiX identifier for a path; `kind` keeps files, folders and components apart."""
    return kind + hashlib.sha256(path.encode()).hexdigest()[:24]


def _folder(folder: Path, stage: Path, names: list[str]) -> Iterator[str]:
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    for file in entries:
        if file.is_file():
            path = file.relative_to(stage).as_posix()
            names.append(identifier("c", path))
            yield (
                f'<Component Id="{names[-1]}" Guid="{component_guid(path)}" Win64="yes">'
                f'<File Id="{identifier("f", path)}" Name={quoteattr(file.name)} Source={quoteattr(stage.name + "/" + path)} KeyPath="yes"/>'
                "</Component>"
            )
    for below in entries:
        if below.is_dir() and any(entry.is_file() for entry in below.rglob("*")):
            path = below.relative_to(stage).as_posix()
            yield f'<Directory Id="{identifier("d", path)}" Name={quoteattr(below.name)}>'
            yield from _folder(below, stage, names)
            yield "</Directory>"
