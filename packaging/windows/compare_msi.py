"""Compares two installers: `compare_msi.py A.msi B.msi`. Two builds of one commit may differ in package code and dates only.

Prints a line for each difference in summary, tables, streams and installed files; exit code 0 alike, 1 different, 2 wrong
use, 3 a program is missing (msitools).
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from tools import BuildError, run  # type: ignore[import-not-found]  # found beside this file

MAY_DIFFER = ("Revision number (UUID)", "Created", "Last saved", "Last printed")
"""Lines of the summary: the package code, which must be new for every file, and when it was written."""

Parts = dict[str, str]


def main(argv: list[str]) -> int:
    if len(argv) != 2:
        print("usage: compare_msi.py A.msi B.msi", file=sys.stderr)
        return 2
    try:
        found = differences(parts_of(Path(argv[0])), parts_of(Path(argv[1])))
    except BuildError as error:
        print(error, file=sys.stderr)
        return 3
    print("\n".join(found) if found else "alike but for package code and dates")
    return 1 if found else 0


def parts_of(msi: Path) -> Parts:
    """Every part of an installer by name: summary lines, rows of each table sorted, hashes of streams and of installed files."""
    if not msi.is_file():
        raise BuildError(f"{msi} is not there.")
    msi = msi.resolve()
    parts = {f"summary: {line.partition(':')[0]}": line.partition(":")[2].strip() for line in run(["msiinfo", "suminfo", msi]).splitlines()}
    parts = {name: value for name, value in parts.items() if name.removeprefix("summary: ") not in MAY_DIFFER}
    with tempfile.TemporaryDirectory() as folder:
        for table in run(["msiinfo", "tables", msi]).split():
            if not table.startswith("_"):
                rows = run(["msiinfo", "export", msi, table], cwd=Path(folder)).splitlines()  # leaves a table's streams there
                parts[f"table {table}"] = "\n".join([*rows[:3], *sorted(rows[3:])])
        for number, stream in enumerate(run(["msiinfo", "streams", msi]).splitlines()):
            # the cabinet holds its own dates in an order of its own: its files are compared below
            if not stream.endswith(".cab") and "SummaryInformation" not in stream:
                parts[f"stream {stream}"] = _stream(msi, stream, Path(folder) / f"stream{number}")
        target = Path(folder) / "files"
        run(["msiextract", "-C", target, msi])
        for file in sorted(target.rglob("*")):
            if file.is_file():
                parts[f"file {file.relative_to(target).as_posix()}"] = hashlib.sha256(file.read_bytes()).hexdigest()
    return parts


def _stream(msi: Path, name: str, to: Path) -> str:
    """SHA-256 of a stream; not by `run`, which gives text."""
    with to.open("wb") as out:
        subprocess.run(["msiinfo", "extract", str(msi), name], stdout=out, check=True, timeout=120)
    return hashlib.sha256(to.read_bytes()).hexdigest()


def differences(one: Parts, other: Parts) -> list[str]:
    """One line for each part that differs or is missing on one side; for a table its first differing rows."""
    found = []
    for name in sorted(one.keys() | other.keys()):
        left, right = one.get(name), other.get(name)
        if left == right:
            continue
        if left is None or right is None:
            found.append(f"{name}: only in the {'second' if left is None else 'first'}")
        else:
            rows = sorted(set(left.splitlines()) ^ set(right.splitlines()))
            found.append(f"{name}: differs" + (": " + " | ".join(row.replace("\t", " ")[:80] for row in rows[:4]) if rows else ""))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
