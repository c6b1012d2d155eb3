"""Builds the installer for Windows on Linux: `dev.py msi [--runtime DIR] [--sign COMMAND]`.

Writes `build/windows/SafeSeat-VERSION-x64.msi` and its bill of materials. Needs mingw, wixl, msitools, osslsigncode and
Wine (the bytecode is made by the runtime that is shipped). Exit code 0 well, 3 with one sentence of what is missing.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import sys
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import actions  # type: ignore[import-not-found]  # found beside this file
import materials  # type: ignore[import-not-found]  # found beside this file
import payload  # type: ignore[import-not-found]  # found beside this file
import signatures  # type: ignore[import-not-found]  # found beside this file
from harvest import NAMESPACE, harvested  # type: ignore[import-not-found]  # found beside this file
from tools import HERE, ROOT, UNREACHED, BuildError, FetchError, cache, run, wine_env  # type: ignore[import-not-found]  # found beside this file

OUT: Path = ROOT / "build" / "windows"
GCC, WINDRES = "x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-windres"
LAUNCHERS = (
    ("SafeSeat.exe", "SafeSeat", ['-DMODULE=L"ui"', "-DWINDOW", "-mwindows"]),
    ("bin/safeseat.exe", "SafeSeat command line", ['-DMODULE=L"app"', "-DFOLDERS_UP=1", "-mconsole"]),
)
HANDOVER = ("msi", "crypt32", "wtsapi32", "userenv", "shell32", "ole32", "advapi32", "uuid")
"""Libraries of Windows that the installer's own library uses."""

LINKED = "-Wl,--no-insert-timestamp,--dynamicbase,--nxcompat,--high-entropy-va"
STRICT = ("-O2", "-s", "-Wall", "-Wextra", "-Werror", "-municode", "-D_WIN32_WINNT=0x0A00")
ASKED_AGAIN = {"cServerUrl": "SERVER_URL", "cServerKey": "SERVER_KEY", "cSite": "SITE", "cAutostart": 'AUTOSTART <> "0"'}
"""Components with a condition, which a reinstallation asks again: a value can be given later, and taken back."""

TRANSITIVE_REGISTRY_64_BIT = 64 + 4 + 256
AFTERWARDS = (
    f"INSERT INTO `Property` (`Property`, `Value`) VALUES ('MsiHiddenProperties', '{';'.join(actions.HIDDEN)}')",
    *(f"UPDATE `Component` SET `Condition` = '{when}' WHERE `Component` = '{name}'" for name, when in ASKED_AGAIN.items()),
    *(f"UPDATE `Component` SET `Attributes` = {TRANSITIVE_REGISTRY_64_BIT} WHERE `Component` = '{name}'" for name in ASKED_AGAIN),
)
"""What wixl does not write, besides the actions."""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py msi", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runtime", type=Path, metavar="DIR", help="an unpacked embeddable CPython 3.12 for x64 (default: the pinned one)")
    parser.add_argument("--sign", metavar="COMMAND", help="program that signs the file given as its last argument")
    parser.add_argument("--version", metavar="X.Y.Z", help="version of the installer (default: the project's)")
    options = parser.parse_args(argv)
    try:
        build(options.runtime, options.sign, options.version or project_version())
    except FetchError as error:
        print(error, file=sys.stderr)
        return UNREACHED  # type: ignore[no-any-return]  # an int, beside this file
    except BuildError as error:
        print(error, file=sys.stderr)
        return 3
    return 0


def project_version() -> str:
    found = re.search(r'__version__ = "([0-9.]+)"', (ROOT / "app" / "__init__.py").read_text(encoding="utf-8"))
    assert found
    return found.group(1)


def build(given: Path | None, sign: str | None, version: str) -> Path:
    stage = OUT / "stage"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    lib = stage / "lib"
    tell("runtime, its signatures verified")
    payload.runtime(stage / "runtime", given, payload.root_certificates())
    tell(f"its library: {hashlib.sha256((stage / 'runtime' / 'python312.zip').read_bytes()).hexdigest()}  python312.zip (carries no signature)")
    if run(["git", "status", "--porcelain", "app", "ui", "resources"]).strip():
        tell("note: what is not committed is inside too, so this installer belongs to no commit")
    tell("Windows wheels from the lock")
    payload.libraries(lib)
    payload.program(lib)
    payload.prune(lib)
    payload.complete(lib)
    tell("launchers")
    for name, description, flags in LAUNCHERS:
        launcher(stage / name, description, flags, version)
    if sign:
        tell(f"{signatures.sign_unsigned(stage, sign)} programs signed")
    tell("bytecode")
    compile_with_runtime(stage, lib)
    shutil.copyfile(ROOT / "LICENSE", stage / "LICENSE.txt")
    epoch = int(run(["git", "log", "-1", "--format=%ct"]).strip())
    files, size = payload.settle(stage, epoch)
    tell("installer")
    handover(OUT / "handover.dll", version)
    signatures.sign(OUT / "handover.dll", sign)
    msi = installer(stage, version)
    signatures.sign(msi, sign)
    bill = materials.bill(lib, stage / "runtime", version, (ROOT / "uv.lock").read_text(encoding="utf-8"))
    (OUT / f"SafeSeat-{version}.cdx.json").write_text(bill, encoding="utf-8")
    tell(f"{msi.relative_to(ROOT)}: {msi.stat().st_size / 1e6:.1f} MB; installed {files} files, {size / 1e6:.1f} MB")
    return msi


def tell(text: str) -> None:
    print(f"[msi] {text}", flush=True)


def resources(template: str, name: str, description: str, version: str) -> Path:
    """Compile version resource, icon and manifest for one program."""
    work = OUT / "launcher"
    work.mkdir(exist_ok=True)
    values = {
        "ICON": (HERE / "safeseat.ico").as_posix(), "MANIFEST": (HERE / "launcher.manifest").as_posix(), "VERSION": version,
        "NUMBERS": ",".join([*version.split("."), "0", "0", "0"][:4]), "DESCRIPTION": description, "NAME": name,
    }  # fmt: skip
    text = (HERE / template).read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    source, made = work / f"{template}.rc", work / f"{template}.o"
    source.write_text(text, encoding="utf-8")
    run([WINDRES, "-i", source, "-o", made])
    return made


def launcher(target: Path, description: str, flags: list[str], version: str) -> None:
    """One launcher with icon, manifest and version resource; without a time stamp, so that it is the same every time."""
    target.parent.mkdir(parents=True, exist_ok=True)
    made = resources("launcher.rc.in", target.name, description, version)
    run([GCC, *STRICT, '-DPYTHON_DLL=L"python312.dll"', *flags, HERE / "launcher.c", made, LINKED, "-o", target])


def handover(target: Path, version: str) -> None:
    """The library of the installer's own actions; it is never installed."""
    made = resources("handover.rc.in", target.name, "SafeSeat installer actions", version)
    sources = (HERE / "handover.c", HERE / "handover_trays.c")
    place = "-Wl,--image-base,0x180000000"  # else it depends on the folder that it is made in
    run([GCC, "-shared", *STRICT, *sources, made, *(f"-l{name}" for name in HANDOVER), "-static-libgcc", LINKED, place, "-o", target])


def compile_with_runtime(stage: Path, lib: Path) -> None:
    """The console program of the runtime is not shipped; a copy of it beside the build compiles."""
    work = OUT / "compiler"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(stage, work)
    prefix = cache() / "wine"
    if not (prefix / "system.reg").exists():
        run(["wineboot", "-i"], env=wine_env(prefix))
    flags = ['-DMODULE=L"compileall"', "-DFOLDERS_UP=1", "-mconsole"]
    launcher(work / "bin" / "compile.exe", "compiler", flags, "0.0.0")
    payload.compiled(lib, work / "bin" / "compile.exe", prefix)
    shutil.rmtree(work)


def installer(stage: Path, version: str) -> Path:
    """wixl, then what it cannot write; any warning of it is an error, because it ignores what it does not know."""
    for name in ("safeseat.wxs", "safeseat.ico"):
        shutil.copyfile(HERE / name, OUT / name)
    (OUT / "payload.wxs").write_text(harvested(stage), encoding="utf-8")
    msi = OUT / f"SafeSeat-{version}-x64.msi"
    msi.unlink(missing_ok=True)
    code = str(uuid.uuid5(NAMESPACE, f"product/{version}")).upper()
    said = run([
        "wixl", "-a", "x64", "-D", f"Version={version}", "-D", f"ProductCode={code}", "-o", msi.name, "safeseat.wxs", "payload.wxs",
    ], cwd=OUT)  # fmt: skip
    if said.strip():
        raise BuildError(f"wixl warned, and what it warns of is missing in the installer:\n{said[-2000:]}")
    complete(msi)
    return msi


def complete(msi: Path) -> None:
    """Write what wixl cannot, and read it back."""
    secure = property_of(msi, "SecureCustomProperties")
    joined = ";".join(dict.fromkeys([*filter(None, secure.split(";")), *actions.SECURE]))
    change = f"UPDATE `Property` SET `Value` = '{joined}' WHERE `Property` = 'SecureCustomProperties'"
    if not secure:
        change = f"INSERT INTO `Property` (`Property`, `Value`) VALUES ('SecureCustomProperties', '{joined}')"
    run(["msibuild", msi, "-q", change, *AFTERWARDS, *actions.statements()])
    written = (run(["msiinfo", "export", msi, table]) for table in ("CustomAction", "InstallExecuteSequence", "InstallUISequence"))
    faults = actions.faults(*written)
    if property_of(msi, "MsiHiddenProperties") != ";".join(actions.HIDDEN) or property_of(msi, "SecureCustomProperties") != joined:
        faults.append("The installer's secret properties are not hidden.")
    components = {row[0]: row for row in actions.rows_of(run(["msiinfo", "export", msi, "Component"]))}
    for name, when in ASKED_AGAIN.items():
        if components[name][3:5] != [str(TRANSITIVE_REGISTRY_64_BIT), when]:
            faults.append(f"The component {name} has not its condition.")
    if faults:
        raise BuildError(" ".join(faults))


def property_of(msi: Path, name: str) -> str:
    """A value of the Property table, empty if it is not there."""
    table: str = run(["msiinfo", "export", msi, "Property"])
    for line in table.splitlines():
        key, _, value = line.partition("\t")
        if key == name:
            return value.strip()
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
