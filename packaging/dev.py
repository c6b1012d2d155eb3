#!/usr/bin/env python3
"""The developer's one entrance: sets everything up, then runs, demonstrates, tests, soaks, checks or generates.

Standard library only, so that it works on a fresh machine. It makes `.venv` in the project's root from `uv.lock` and, on
Debian as root, installs the system packages that are missing; otherwise it prints the one command to run and exits 3.
Package mirrors are taken from the machine's own pip and apt configuration.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BUILD = ROOT / "build"
PYTHON = VENV / "bin" / "python"
UV = "uv==0.13.9"

BUILD_PACKAGES = ["gcc", "libc6-dev", "linux-libc-dev", "python3-dev", "python3-venv"]
SCREEN_PACKAGES = """
xvfb libgl1 libegl1 libglib2.0-0 libfontconfig1 libxkbcommon0 libdbus-1-3 libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4
libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 fonts-wqy-microhei fonts-noto-cjk openbox
trayer xdotool x11-utils x11-xserver-utils imagemagick dbus xfce4-notifyd gnome-keyring i3lock xss-lock systemd
""".split()
TEST_PACKAGES = "postgresql baresip-core pulseaudio pulseaudio-utils libasound2-plugins xfce4-panel".split()
INSTALL = ["apt-get", "install", "-y", "--no-install-recommends"]
WINDOWS_PACKAGES = "gcc-mingw-w64-x86-64 wixl msitools osslsigncode wine wine64 xvfb".split()
WINDOWS_PROGRAMS = "x86_64-w64-mingw32-gcc wixl msibuild osslsigncode wine Xvfb".split()


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, text in VERBS.items():
        verbs.add_parser(name, help=text[1], add_help=name not in PASS_ON)
    options, rest = parser.parse_known_args(argv)
    if rest and options.verb not in PASS_ON:
        parser.error(f"{options.verb} takes no argument {rest[0]!r}")
    return VERBS[options.verb][0](rest)


def say(text: str) -> None:
    print(f"[dev] {text}", flush=True)


def run(*command: object, env: dict[str, str] | None = None) -> int:
    say(" ".join(str(part) for part in command).replace(str(ROOT) + os.sep, ""))
    process = subprocess.Popen([str(part) for part in command], cwd=ROOT, env={**os.environ, **(env or {})})
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # Ctrl+C reached the child as well, which ends in order


# --- setting up ---------------------------------------------------------------------------------------------------


def ensure(system: list[str]) -> None:
    ensure_system(BUILD_PACKAGES + system)
    ensure_venv()


def missing_packages(names: list[str]) -> list[str]:
    shown = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *names], capture_output=True, text=True, check=False
    ).stdout
    have = {line.split()[0] for line in shown.splitlines() if line.endswith(" installed")}
    return [name for name in names if name not in have]


def ensure_system(names: list[str]) -> None:
    if shutil.which("dpkg-query") is None:
        say("not a Debian system: the programs listed in the README must be there already")
        return
    missing = missing_packages(names)
    if not missing:
        return
    if os.geteuid() != 0:
        print("Missing system packages. Run this once, then the same command again:\n  sudo " + " ".join([*INSTALL, *missing]))
        raise SystemExit(3)
    if not installed(missing):
        print("The system packages could not be installed; the lines above say why.", file=sys.stderr)
        raise SystemExit(3)


def installed(missing: list[str]) -> bool:
    """Install packages as root; whether that went well."""
    say(f"installing {len(missing)} system packages")
    env = {"DEBIAN_FRONTEND": "noninteractive"}
    return not (run("apt-get", "-q", "update", env=env) or run(*INSTALL, *missing, "-q", env=env))


def interpreter() -> str:
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        return sys.executable
    for name in ("python3.12", "python3.11", "python3.13"):
        found = shutil.which(name)
        if found:
            return found
    print("Python 3.11, 3.12 or 3.13 is needed.", file=sys.stderr)
    raise SystemExit(3)


def ensure_venv() -> None:
    stamp = VENV / "safeseat.lock"
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pins = (ROOT / "uv.lock").read_text(encoding="utf-8") + json.dumps([declared["project"], declared["build-system"]])
    wanted = hashlib.sha256((pins + UV + str(ROOT)).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted and PYTHON.exists():
        return
    say("virtual environment from the lock file")
    if not PYTHON.exists() and run(interpreter(), "-m", "venv", VENV):
        raise SystemExit(3)
    requirements = BUILD / "requirements.txt"
    BUILD.mkdir(exist_ok=True)
    pip: list[object] = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    steps = [
        [*pip, UV],
        [VENV / "bin" / "uv", "export", "--quiet", "--frozen", "--all-extras", "--all-groups", "--no-emit-project", "-o", requirements],
        [*pip, "--no-deps", "--require-hashes", "-r", requirements],
        [*pip, "--no-deps", "--no-build-isolation", "-e", ROOT],
    ]
    # uv only reads the lock here, so it is silenced on the sources that it would never ask
    for step in steps:
        if run(*step, env={"UV_OFFLINE": "1"}):
            print("The virtual environment could not be made; the lines above say why.", file=sys.stderr)
            raise SystemExit(3)
    stamp.write_text(wanted)


def lock(_rest: list[str]) -> int:
    """Resolve anew; the index's host is taken out again, because hashes pin the files and each machine has its mirror."""
    ensure(SCREEN_PACKAGES)
    sources = ROOT / "uv.lock"
    kept = sources.read_text()
    failed = run(VENV / "bin" / "uv", "lock", "--upgrade")
    if failed:
        sources.write_text(kept)
        return 3
    import re

    sources.write_text(re.sub(r"https://[^/\"]+/", "https://index.invalid/", sources.read_text()))
    return 0


# --- verbs --------------------------------------------------------------------------------------------------------


def do_run(rest: list[str]) -> int:
    ensure(SCREEN_PACKAGES)
    return run(PYTHON, "-m", "ui", *rest)


def do_demo(rest: list[str]) -> int:
    ensure(SCREEN_PACKAGES)
    return run(PYTHON, "-m", "app", "demo", "--pictures", BUILD / "demo", *rest)


def do_check(rest: list[str]) -> int:
    ensure(SCREEN_PACKAGES)
    return checks()


def checks() -> int:
    failures = 0
    for command in (
        [VENV / "bin" / "ruff", "check", "--quiet", "."],
        [PYTHON, "-m", "mypy"],
        [PYTHON, "-m", "mypy", "--platform", "win32", "app", "ui"],
        [VENV / "bin" / "lint-imports", "--no-cache"],
        [PYTHON, "-m", "pytest", "-q", "tests/unit/house"],
    ):
        failures += run(*command) != 0
    say("checks: " + ("all well" if not failures else f"{failures} failed"))
    return 1 if failures else 0


def do_test(rest: list[str]) -> int:
    """Checks, the Windows part where Wine can be had, every test with reduced counts, the coverage ratchet.

    `--windows`: the Windows part alone (what follows goes to it); `--no-windows`: all but it; anything else goes to pytest
    (then neither checks nor ratchet).
    """
    if "--windows" in rest:
        return windows([word for word in rest if word != "--windows"])
    left_out = "--no-windows" in rest
    rest = [word for word in rest if word != "--no-windows"]
    ensure(SCREEN_PACKAGES + TEST_PACKAGES)
    if rest:
        return run(PYTHON, "-m", "pytest", *rest)
    began = time.monotonic()
    failed = checks()
    # before the suite, because the suite's closing line is the one that is read for the counts
    failed |= 0 if left_out else windows_if_possible()
    failed |= suite({}, str(min(4, max(2, os.cpu_count() or 2))))
    say(f"test took {time.monotonic() - began:.0f} s: " + ("FAILED" if failed else "all well"))
    return 1 if failed else 0


def suite(env: dict[str, str], workers: str) -> int:
    data = BUILD / "coverage"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    coverage = [PYTHON, "-m", "coverage"]
    failed = run(*coverage, "run", "-m", "pytest", "-q", "-n", workers, "--dist", "loadgroup", "--durations=15", env=env)
    run(*coverage, "combine", "--quiet")
    run(*coverage, "json", "--quiet", "-o", data / "coverage.json")
    ratchet = run(PYTHON, ROOT / "packaging" / "ratchet.py", data / "coverage.json")
    # the runner's own closing line must be the last word on counts, so the ratchet speaks before a repeat of it
    return 1 if failed or ratchet else 0


SOAKED = ["tests/scenario/seat/test_random_shifts.py", "tests/integration/journal/test_powercut.py", "tests/end2end/test_soak.py"]
"""What has full counts: random shifts, simulated power cuts, the alarm under faults."""


RUNS_KEPT = 5


def do_soak(rest: list[str]) -> int:
    """Full counts and the bench; the result file names commit and machine of each run, newest first, and is committed."""
    ensure(SCREEN_PACKAGES + TEST_PACKAGES)
    began = time.time()
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    report, bench, counts = BUILD / "soak.xml", BUILD / "bench.json", BUILD / "soak-counts.jsonl"
    counts.unlink(missing_ok=True)
    # the bench first and alone: beside a soak it would measure the soak
    measured = 0 if rest else run(PYTHON, "-m", "app", "bench", "--out", bench)
    code = run(PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", f"--junitxml={report}", *(rest or SOAKED),
               env={"SAFESEAT_SOAK": "1"})
    result = {
        "commit": commit,
        "began": int(began),
        "seconds": round(time.time() - began),
        "machine": {"system": platform.platform(), "cpu": cpu_name(), "cores": os.cpu_count(), "python": platform.python_version()},
        "exit": code or measured,
        "tests": junit_counts(report),
        "cases": junit_cases(report),
        "counts": soak_counts(),
        "bench": json.loads(bench.read_text()) if bench.exists() and not rest else None,
    }
    target = ROOT / "resources" / "docs" / "developer" / "soak.json"
    earlier = json.loads(target.read_text())["runs"] if target.exists() else []
    target.write_text(json.dumps({"runs": [result, *earlier][:RUNS_KEPT]}, indent=1, ensure_ascii=False) + "\n")
    say(f"written: {target.relative_to(ROOT)}")
    return code or measured


def cpu_name() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def junit_counts(report: Path) -> dict[str, int]:
    from xml.etree import ElementTree

    if not report.exists():
        return {}
    suite = next(ElementTree.parse(report).getroot().iter("testsuite"))
    return {key: int(suite.attrib[key]) for key in ("tests", "failures", "errors", "skipped")}


def junit_cases(report: Path) -> dict[str, float]:
    """Seconds of each soak test by its name."""
    from xml.etree import ElementTree

    if not report.exists():
        return {}
    return {case.attrib["name"]: round(float(case.attrib["time"]), 1) for case in ElementTree.parse(report).getroot().iter("testcase")}


def soak_counts() -> list[object]:
    """What the soak tests counted themselves (one JSON line each in build/soak-counts.jsonl)."""
    file = BUILD / "soak-counts.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def do_generate(rest: list[str]) -> int:
    ensure(SCREEN_PACKAGES)
    return run(PYTHON, "-m", "tests.helpers.generate")


def do_pictures(rest: list[str]) -> int:
    ensure(SCREEN_PACKAGES)
    return run(PYTHON, "-m", "tests.gui.pictures", "--out", BUILD / "pictures", *rest)


# --- Windows ------------------------------------------------------------------------------------------------------

WINDOWS = ROOT / "packaging" / "windows"
SHIPPED = ("app", "ui", "resources", "packaging/windows", "pyproject.toml", "uv.lock", "LICENSE", ":!packaging/windows/wine*")
"""What the installer is made from (the tests of it are not)."""

CANNOT = 3
"""Exit code of the Windows programs when this machine lacks what they need, as everywhere."""


UNREACHED = 4
"""Exit code of the build when the machine's package index has no Windows wheels for it (tools.py)."""


def do_msi(rest: list[str]) -> int:
    """The installer for Windows; what it downloads stays in the user's cache folder."""
    ensure(SCREEN_PACKAGES + WINDOWS_PACKAGES)
    msi_stamp().unlink(missing_ok=True)
    state = msi_state()
    code = run(PYTHON, WINDOWS / "make_msi.py", *rest)
    if not code and not rest:
        msi_stamp().write_text(state)
    return code


def msi_stamp() -> Path:
    return BUILD / "windows" / "built-from"


def msi_state() -> str:
    """What an installer of this tree would be made from: the commit's files, what is changed and what is new."""
    found = hashlib.sha256()
    for command in (["ls-tree", "-r", "HEAD"], ["diff", "HEAD"], ["ls-files", "--others", "--exclude-standard"]):
        found.update(subprocess.run(["git", *command, "--", *SHIPPED], cwd=ROOT, capture_output=True, check=False).stdout)
    return found.hexdigest()


def windows(rest: list[str]) -> int:
    """The Windows part, with the packages that it needs; builds the installer when it is missing or older than the tree."""
    pictures = "--wine10" in rest
    ensure(SCREEN_PACKAGES + WINDOWS_PACKAGES)
    stamp = msi_stamp()
    fresh = stamp.exists() and stamp.read_text() == msi_state() and any(stamp.parent.glob("*.msi"))
    built = 0 if fresh else do_msi([])
    if built == UNREACHED:
        return CANNOT
    if built:
        # without Wine there is no bytecode either: then the sentence on Wine is the one to read
        return CANNOT if run(PYTHON, WINDOWS / "wine_test.py", "--probe") == CANNOT else 1
    code = run(PYTHON, WINDOWS / "wine_test.py", *(word for word in rest if word != "--wine10"))
    return run(PYTHON, WINDOWS / "wine10.py") or code if pictures else code


def windows_if_possible() -> int:
    """The Windows part where Wine is there or can be installed; otherwise a line that says what is left out."""
    if shutil.which("dpkg-query"):
        missing = missing_packages(WINDOWS_PACKAGES)
        if missing and not (os.geteuid() == 0 and installed(missing)):
            say("the Windows part is left out, because packages are missing. As root: " + " ".join([*INSTALL, *missing]))
            return 0
    elif absent := [name for name in WINDOWS_PROGRAMS if shutil.which(name) is None]:
        say("the Windows part is left out, because these programs are missing: " + ", ".join(absent))
        return 0
    code = windows([])
    if code == CANNOT:
        say("the Windows part is left out: the line above says why")
        return 0
    return code


def do_wine(rest: list[str]) -> int:
    """Another name of `test --windows`."""
    return windows(rest)


PASS_ON = {"run", "demo", "test", "soak", "pictures", "msi", "wine"}
VERBS = {
    "run": (do_run, "start the tray program from this checkout (arguments are passed on)"),
    "demo": (do_demo, "server, agent and lead desk on this machine; without a screen it plays by itself"),
    "test": (do_test, "all checks and tests; --windows: under Wine alone, --no-windows: not that (other words go to pytest)"),
    "soak": (do_soak, "the full counts; writes resources/docs/developer/soak.json"),
    "check": (do_check, "ruff, mypy, import contracts, house rules"),
    "generate": (do_generate, "write what is generated from code: documents, tables, golden files"),
    "pictures": (do_pictures, "a picture of every surface in build/pictures"),
    "msi": (do_msi, "the installer for Windows, in build/windows (needs mingw, wixl and Wine)"),
    "wine": (do_wine, "the same as test --windows: the adapters and the installer under Wine"),
    "lock": (lock, "resolve the dependencies anew into uv.lock"),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
