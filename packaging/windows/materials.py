"""The bill of materials: what is inside the installer, as CycloneDX JSON. Standard library only."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
import uuid
from email.message import Message
from email.parser import Parser
from pathlib import Path

BOM_NAMESPACE = uuid.UUID("8C0A4C0E-7A43-4D36-9C1E-0E6D2C1B6F10")
WHEEL = re.compile(r"-(?P<python>[^-]+)-(?P<abi>[^-]+)-(?P<platform>[^-]+)\.whl$")
UNKNOWN = "see its licence file"


def bill(lib: Path, runtime: Path, version: str, lock: str) -> str:
    """Name, version, hash and licence of every package below `lib`, and of CPython.

    The hash is that of the wheel in the lock's text (`uv.lock`), so that it can be compared with the package index; for
    CPython that of its library. The same input gives the same text.
    """
    hashes = wheel_hashes(lock)
    found = [Parser().parsestr(file.read_text(encoding="utf-8")) for file in sorted(lib.glob("*.dist-info/METADATA"))]
    parts = [_cpython(runtime), *(_part(facts, hashes) for facts in found)]
    whole = {"type": "application", "bom-ref": "safeseat", "name": "SafeSeat", "version": version, "licenses": [{"license": {"id": "Apache-2.0"}}]}
    depends = [{"ref": "safeseat", "dependsOn": [part["bom-ref"] for part in parts]}]
    body = {"metadata": {"component": whole}, "components": parts, "dependencies": depends}
    serial = uuid.uuid5(BOM_NAMESPACE, json.dumps(body, sort_keys=True))
    head = {"bomFormat": "CycloneDX", "specVersion": "1.5", "serialNumber": f"urn:uuid:{serial}", "version": 1}
    return json.dumps({**head, **body}, indent=1) + "\n"


def wheel_hashes(lock: str) -> dict[str, str]:
    """`name==version` -> SHA-256 of the wheel that 64-bit Windows with Python 3.12 takes."""
    found = {}
    for package in tomllib.loads(lock).get("package", []):
        ranked = [(rank, wheel["hash"]) for wheel in package.get("wheels", []) if (rank := preference(wheel["url"])) > 0]
        if ranked:
            found[f"{canonical(package['name'])}=={package['version']}"] = max(ranked)[1].removeprefix("sha256:")
    return found


def preference(name: str) -> int:
    """How much Windows with Python 3.12 prefers a wheel by its file name: exact, stable interface, pure; 0 does not fit."""
    tags = WHEEL.search(name)
    if tags is None or tags["platform"] not in {"win_amd64", "any"}:
        return 0
    if tags["platform"] == "any":
        return 1 if "py3" in tags["python"].split(".") else 0
    if tags["python"] == tags["abi"] == "cp312":
        return 1000
    minor = re.fullmatch(r"cp3([0-9]+)", tags["python"])
    if tags["abi"] == "abi3" and minor and int(minor[1]) <= 12:
        return 100 + int(minor[1])
    return 10 if tags["abi"] == "none" and "py3" in tags["python"].split(".") else 0


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def cpython_version(library: bytes) -> str:
    """The version in CPython's library, from its version resource; `3.12` if there is none."""
    key = "ProductVersion".encode("utf-16-le")
    at = library.find(key)
    said = library[at + len(key) : at + len(key) + 32].decode("utf-16-le", "replace") if at >= 0 else ""
    found = re.search(r"3\.12\.[0-9]+", said)
    return found.group(0) if found else "3.12"


def _cpython(runtime: Path) -> dict[str, object]:
    data = (runtime / "python312.dll").read_bytes()
    version = cpython_version(data)
    return {
        "type": "application", "bom-ref": f"cpython@{version}", "name": "CPython", "version": version,
        "purl": f"pkg:generic/cpython@{version}", "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(data).hexdigest()}],
        "licenses": [{"license": {"id": "PSF-2.0"}}],
    }  # fmt: skip


def _part(facts: Message, hashes: dict[str, str]) -> dict[str, object]:
    name, version = str(facts["Name"]), str(facts["Version"])
    purl = f"pkg:pypi/{canonical(name)}@{version}"
    part: dict[str, object] = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    digest = hashes.get(f"{canonical(name)}=={version}")
    if digest:
        part["hashes"] = [{"alg": "SHA-256", "content": digest}]
    return {**part, "licenses": licences(facts)}


def licences(facts: Message) -> list[dict[str, object]]:
    """A package's licence as its metadata has it: an SPDX expression, else a name, else its classifiers."""
    if facts["License-Expression"]:
        return [{"expression": str(facts["License-Expression"])}]
    named = str(facts["License"] or "").strip().splitlines()
    if named and len(named[0]) <= 100:
        return [{"license": {"name": named[0]}}]
    classes = [text.rpartition(" :: ")[2] for text in facts.get_all("Classifier") or () if text.startswith("License :: ")]
    return [{"license": {"name": name}} for name in classes or [UNKNOWN]]
