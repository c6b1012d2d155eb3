"""Signs a site's pack with IT's offline `content` key, adds the second person's signature, and shows what a pack holds."""

import os
import secrets
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.content.errors import ContentError
from app.content.head import SCHEMA
from app.content.packs import countersign, needs_two, packed, read, sign
from app.content.search.near import said
from app.content.search.sections import FIELDS, phrases
from app.content.search.words import plain_han
from app.content.shipped import shipped_text
from app.content.source import Source, read_pack
from app.protocol.keys import Ed25519Signer

DAY_MS = 86_400_000


def signed(folder: Path, key_source: str, site: str, days: int, now_ms: int) -> bytes:
    """The signed pack of a folder; its version is the one in pack.toml. ContentError tells what is wrong."""
    if not 1 <= days <= 3650:
        raise ContentError("A pack is good for 1 to 3650 days.")
    source, faults = read_pack(folder)
    if faults:
        raise ContentError(f"{faults[0]} ({len(faults)} fault{'s' * (len(faults) != 1)} in all; see content check).")
    content: dict[str, object] = {"schema": SCHEMA, "id": source.name, "entries": source.entries, "pinyin": pinyin_of(source)}
    if source.removed:
        content["removed"] = list(source.removed)
    if source.site:
        content["site"] = dict(source.site)
    if source.reviewed_on:
        content["reviewed_on"] = source.reviewed_on
    times = (now_ms, now_ms + days * DAY_MS)
    return sign(packed(content), source.version, _hex(site, 16, "site id"), times, Ed25519Signer(_key(key_source)))


def pinyin_of(source: Source) -> dict[str, dict[str, list[str]]]:
    """The readings of every script of a pack; without pypinyin each character has the one that it mostly has."""
    script_readings: Callable[[Mapping[str, Any]], dict[str, list[str]]]
    try:
        from app.tools.packs.pinyin import script_readings
    except ImportError:
        script_readings = usual_readings
    return {name: script_readings(data) for name, data in sorted(source.entries.get("scripts", {}).items())}


def usual_readings(script: Mapping[str, Any]) -> dict[str, list[str]]:
    """Readings by the shipped table of sounds; phrases with a character that it does not know are left out."""
    table = shipped_text("content", "core", "built", "sounds.txt")
    found = {}
    for part in FIELDS:
        texts = [plain_han(text) for text in phrases(script, part, "zh_CN")]
        found[part] = list(dict.fromkeys(filter(None, (said(table, text) for text in texts))))
    return found


def second(file: bytes, key_source: str) -> bytes:
    """The same pack with a second signature."""
    read(file)
    return countersign(file, Ed25519Signer(_key(key_source)))


def shown(file: bytes) -> dict[str, str]:
    """What a pack file holds, so that a second person sees what gets the signature; who signed it is not asked."""
    document, pack = read(file)
    two = needs_two(pack, None)
    return {
        "pack": pack.name,
        "version": str(pack.version),
        "site": document.site.hex(),
        "from": _day(document.not_before),
        "to": _day(document.not_after),
        "entries": ", ".join(f"{kind}/{name}" for kind, files in pack.entries.items() for name in files) or "none",
        "removed": ", ".join(pack.removed) or "none",
        "values": ", ".join(f"{key} = {text}" for key, text in pack.site.items()) or "none",
        "second signature": f"needed: it {two}" if two else "needed only if it changes a number that the site gave before",
    }


def new_key(path: Path) -> str:
    """Write a new private key, for its owner only, and return its public half in hex; a file that is there stays."""
    seed = secrets.token_bytes(32)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ContentError(f"{path} is there already; a key is never overwritten.") from None
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(seed.hex() + "\n")
    return Ed25519Signer(seed).pub33[1:].hex()


def _day(ms: int) -> str:
    try:
        return datetime.fromtimestamp(ms / 1000, UTC).date().isoformat()
    except (OverflowError, ValueError, OSError):
        return "a day beyond the calendar"


def _key(source: str) -> bytes:
    if source == "-":
        data = sys.stdin.buffer.read(1024)
    else:
        with Path(source).open("rb") as stream:
            data = stream.read(1024)
    if len(data) == 32:
        return data
    try:
        return _hex(data.decode("ascii").strip(), 32, "key")
    except UnicodeDecodeError:
        raise ContentError("The key file holds neither 32 bytes nor 64 hex digits.") from None


def _hex(text: str, size: int, what: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != size:
        raise ContentError(f"The {what} must be {2 * size} hex digits.")
    return found
