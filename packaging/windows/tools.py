"""Programs that the Windows build runs, and the folder outside the checkout where downloads stay. Standard library only."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
LIMIT = 600.0
"""Seconds that any one program may take."""


class BuildError(Exception):
    """Why there is no installer, in one sentence (and what the program that failed said)."""


class FetchError(BuildError):
    """Something that the build downloads could not be had from the machine's package index."""


UNREACHED = 4
"""Exit code of the build when the package index did not give what it needs."""


def cache() -> Path:
    """Downloads and the Wine folder of the build; may be deleted at any time."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(base) / "safeseat-windows"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def run(command: Sequence[object], env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> str:
    """Run a program and return what it printed, both streams; BuildError when it fails or takes too long."""
    words = [str(part) for part in command]
    if shutil.which(words[0]) is None:
        raise BuildError(f"{words[0]} is not installed.")
    try:
        done = subprocess.run(
            words, cwd=cwd, env={**os.environ, **(env or {})}, input="", capture_output=True, text=True, errors="replace",
            timeout=LIMIT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"{words[0]} took longer than {LIMIT:g} s.") from error
    if done.returncode:
        raise BuildError(f"{words[0]} failed ({done.returncode}):\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout + done.stderr


def index_env() -> dict[str, str]:
    """pip's own configuration (index, mirrors, certificates) as uv reads it; hashes pin every file, so any source will do."""
    said: dict[str, str] = {}
    for line in run([sys.executable, "-m", "pip", "config", "list"]).splitlines():
        key, _, value = line.partition("=")
        name = key.strip().rpartition(".")[2]
        if name and (name not in said or key.startswith(":env:")):
            said[name] = value.strip().strip("'\"")
    env = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    if "index-url" in said:
        env["UV_DEFAULT_INDEX"] = said["index-url"]
    if more := [one for one in said.get("extra-index-url", "").split() if one.startswith("http")]:
        env["UV_INDEX"] = " ".join(more)
    if links := [one for one in said.get("find-links", "").split() if "://" in one or Path(one).is_dir()]:
        env["UV_FIND_LINKS"] = ",".join(links)
    if Path(said.get("cert", "")).is_file():
        env["SSL_CERT_FILE"] = said["cert"]
    return env


def wine(prefix: Path, *words: object, env: Mapping[str, str] | None = None) -> str:
    """Run a Windows program under Wine with pipes for its streams, which Python needs there."""
    return run(["wine", *words], env={**wine_env(prefix), **(env or {})})


def wine_env(prefix: Path) -> dict[str, str]:
    """Variables for a Wine folder; wbemprox is off because its stand-in crashes Python 3.12's platform module."""
    return {"WINEPREFIX": str(prefix), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "wbemprox=;mscoree=;mshtml=;winemenubuilder.exe="}


def pinned(lock: Path) -> dict[str, tuple[str, str]]:
    """Name -> (version, SHA-256) of a lock file with one hash for each package."""
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, version, digest = line.replace("==", " ").replace("--hash=sha256:", " ").split()
            found[name] = (version, digest)
    return found


def fetched(name: str) -> Path:
    """The pinned file of a package from the machine's package index; from the cache when it is there with its hash."""
    version, digest = pinned(HERE / "runtime.lock")[name]
    folder = cache() / f"{name}-{version}"
    for _ in range(2):
        for file in folder.glob("*") if folder.exists() else ():
            if hashlib.sha256(file.read_bytes()).hexdigest() == digest:
                return file
        folder.mkdir(exist_ok=True)
        wanted = folder / "wanted.txt"
        wanted.write_text(f"{name}=={version} --hash=sha256:{digest}\n", encoding="utf-8")
        try:
            run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "-r", wanted, "-d", folder])
        except BuildError as error:
            raise FetchError(f"{name} {version} could not be fetched: {error}") from error
    raise FetchError(f"{name} {version} could not be fetched with its hash.")
