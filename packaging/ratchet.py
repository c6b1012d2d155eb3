"""The coverage ratchet: folders where rules and formats live are covered whole; a file that gets there stays there.

Usage: ratchet.py COVERAGE.json. Exit 1 with one line per file that fell behind.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "packaging" / "covered.txt"
WATCHED = ("app/domain/", "app/policy/", "app/protocol/", "app/journal/", "app/sync/", "app/privacy/")


def main(report: str) -> int:
    files = json.loads(Path(report).read_text(encoding="utf-8"))["files"]
    whole = {
        name
        for name, entry in files.items()
        if name.startswith(WATCHED) and entry["summary"]["percent_covered"] >= 100 and entry["summary"]["num_statements"]
    }
    listed = {line for line in LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")}
    fallen = sorted(listed - whole)
    for name in fallen:
        entry = files.get(name)
        missing = entry["missing_lines"][:12] if entry else "the file is gone"
        branches = entry.get("missing_branches", [])[:6] if entry else ""
        print(f"[ratchet] {name} fell below 100 %: lines {missing} branches {branches}; add the missing story")
    joined = sorted(whole - listed)
    if joined:
        print("[ratchet] these reached 100 %, add them to packaging/covered.txt: " + " ".join(joined))
    total = [entry["summary"]["percent_covered"] for name, entry in files.items() if name.startswith(WATCHED)]
    print(f"[ratchet] {len(whole)} of {len(total)} watched files are covered whole")
    return 1 if fallen or joined else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
