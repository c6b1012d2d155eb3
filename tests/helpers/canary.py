"""Plants what the search for canaries has to find: the check of the check."""

import gzip
import zlib
from pathlib import Path

from app.tools.demo.canaries import forms


def plant(folder: Path, canary: str) -> int:
    """Write the canary in many forms, as a check of the check; returns how many files."""
    import zstandard

    text = f"before {canary} after"
    made = dict(forms(canary))
    made |= {"zlib": zlib.compress(text.encode()), "gzip": gzip.compress(text.encode())}
    made["zstd"] = zstandard.ZstdCompressor().compress(text.encode())
    for number, data in enumerate(made.values()):
        (folder / f"planted-{number}").write_bytes(b"\0noise\xff" + data + b"noise")
    return len(made)
