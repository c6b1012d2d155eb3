"""Signatures of Windows programs: who signed what is taken in, and IT's own signature on what is made.

Needs osslsigncode for checking. A root certificate alone says little, because many publishers have certificates of the
same authority: it is the signer's own organisation that counts.
"""

from __future__ import annotations

import re
import shlex
import shutil
import struct
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from tools import LIMIT, BuildError, run  # type: ignore[import-not-found]  # found beside this file

PROGRAMS = {".exe", ".dll", ".pyd"}
PUBLISHERS = ("Python Software Foundation", "Microsoft Corporation")
"""Organisations that sign what belongs to a CPython runtime."""

_SECURITY_DIRECTORY = 4
"""Place of the signatures among the data directories of a program file."""


def programs(folder: Path) -> list[Path]:
    """Every program and library below a folder, in the order of their paths."""
    return sorted(file for file in folder.rglob("*") if file.suffix.lower() in PROGRAMS and file.is_file())


def verify_runtime(folder: Path, roots: Path) -> int:
    """Check that every program carries a valid signature of one of PUBLISHERS; their number. `roots` is a PEM file."""
    found = programs(folder)
    for file in found:
        if publisher(file, roots) not in PUBLISHERS:
            raise BuildError(f"{file.name} is not signed by the {PUBLISHERS[0]} or {PUBLISHERS[1]}, or was changed after it was signed.")
    return len(found)


def publisher(file: Path, roots: Path) -> str:
    """The organisation of the certificate that signed a file, empty if there is no valid signature."""
    words = ["osslsigncode", "verify", "-ignore-crl", "-in", str(file), "-CAfile", str(roots), "-TSA-CAfile", str(roots)]
    if shutil.which(words[0]) is None:
        raise BuildError(f"{words[0]} is not installed.")
    done = subprocess.run(words, capture_output=True, text=True, errors="replace", timeout=LIMIT, check=False)
    if done.returncode and "Unknown option" in done.stdout + done.stderr:  # 2.5 of Debian 12 never asks for revocation lists
        words.remove("-ignore-crl")
        done = subprocess.run(words, capture_output=True, text=True, errors="replace", timeout=LIMIT, check=False)
    if done.returncode:
        return ""
    return organisation(done.stdout)


def organisation(report: str) -> str:
    """The signer's organisation in a report of osslsigncode; not that of an authority or of a time stamp, which follow."""
    signer = re.search(r"^Signer's certificate:\s*\n(?:\s*-+\n)?\s*Signer #0:\s*\n\s*Subject: (.*)$", report, re.MULTILINE)
    if signer is None:
        return ""
    named = re.search(r"(?:^|/)O=([^/]*)(?:/|$)", signer.group(1).strip())
    return named.group(1) if named else ""


def is_signed(data: bytes) -> bool:
    """Whether a program file carries any signature, valid or not."""
    try:
        start = struct.unpack_from("<I", data, 0x3C)[0]
        wide = struct.unpack_from("<H", data, start + 24)[0] == 0x20B
        return bool(struct.unpack_from("<II", data, start + 24 + (112 if wide else 96) + 8 * _SECURITY_DIRECTORY)[1])
    except struct.error:
        return False


def sign(file: Path, command: str | None) -> None:
    """The signing hook: run IT's command with the file as its last argument; nothing without a command."""
    if command:
        run([*shlex.split(command), file])


def sign_unsigned(folder: Path, command: str | None) -> int:
    """Sign every program below a folder that carries no signature yet; their number."""
    unsigned = [file for file in programs(folder) if not is_signed(file.read_bytes())] if command else []
    for file in unsigned:
        sign(file, command)
    return len(unsigned)
