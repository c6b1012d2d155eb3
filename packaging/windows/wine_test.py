"""Runs the built installer and the Windows adapters under Wine: `dev.py test --windows` (Wine 8 of Debian 12, no screen needed).

In order: adapters (contract suite and what only Windows shows), silent installation with properties, launchers, doctor,
enrolment with a server on this machine, the tray by the Run key's command with an alarm and a lock that Wine refuses,
upgrade, refused downgrade, removal. Prints a line for each look; exit code 1 if one was not as expected.

What is not shown here (Wine has neither a lock nor toasts nor policies) stands in the check list for real Windows.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import make_msi as build  # type: ignore[import-not-found]  # found beside this file
from wine_lab import NoWineError, Server, Wine  # type: ignore[import-not-found]  # found beside this file

SECRET = "SAFESEATWINETESTTOKEN234567"
SETUP = r"HKLM\Software\SafeSeat\Setup"
RUN_KEY = r"HKLM\Software\Microsoft\Windows\CurrentVersion\Run"
PROGRAM = r"C:\Program Files\SafeSeat"
TRAY_LIMIT = 40.0

failures: list[str] = []


def look(what: str, well: bool, seen: object = "") -> None:
    print(f"[wine] {'well  ' if well else 'FAILED'} {what}" + (f": {str(seen).strip()[:600]}" if seen and not well else ""), flush=True)
    if not well:
        failures.append(what)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py test --windows", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-adapters", action="store_true", help="only the installer")
    parser.add_argument("--keep", action="store_true", help="keep the Wine folder and name it")
    parser.add_argument("--probe", action="store_true", help="only see whether Wine runs here (exit code 3: it does not)")
    options = parser.parse_args(argv)
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="safeseat-wine-"))
    try:
        with Wine(folder) as wine:
            if options.probe:
                return 0
            if not options.no_adapters:
                adapters(wine)
            installer(wine)
    finally:
        if options.keep:
            print(f"[wine] kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"[wine] {time.monotonic() - began:.0f} s: " + (f"{len(failures)} FAILED" if failures else "all well"))
    return 1 if failures else 0


def adapters(wine: Wine) -> None:
    """The suites on the checkout, with the runtime's own Python and the locked wheels."""
    said = wine.pytest("tests/contract/desktop", "tests/integration/windows", "tests/unit/desktop_windows", "-k", "not linux")
    last = said.strip().splitlines()[-1] if said.strip() else "no output"
    look(f"adapters: {last}", " passed" in last and "failed" not in last and "error" not in last, said[-3000:])


def installer(wine: Wine) -> None:
    version = build.project_version()
    msi = build.OUT / f"SafeSeat-{version}-x64.msi"
    newer = ".".join([*version.split(".")[:2], str(int(version.split(".")[2]) + 1)])
    if not msi.exists():
        look("the installer is there (run dev.py msi first)", False)
        return
    next_msi = shutil.copy(build.installer(build.OUT / "stage", newer), wine.folder)
    (build.OUT / f"SafeSeat-{newer}-x64.msi").unlink()
    refused_token(wine, msi)
    first_installation(wine, msi, version)
    launchers(wine, version)
    with Server(wine.folder) as server:
        tray(wine, server)
    upgrade(wine, Path(next_msi), newer)
    code, _ = wine.msiexec("/i", msi)
    look("a downgrade is refused", code != 0 and wine.registry(SETUP, "Version") == newer, code)
    removal(wine, Path(next_msi))


def refused_token(wine: Wine, msi: Path) -> None:
    code, _ = wine.msiexec("/i", msi, f"ENROLL_TOKEN={SECRET}")  # Wine's own log does not know hidden properties
    look("an enrolment code on the command line is refused", code != 0 and not wine.program.exists(), code)
    left = [file for file in wine.prefix.rglob("*") if file.is_file() and not file.is_symlink() and holds(file, SECRET)]
    look("and stands in no file and no registry of the machine", not left, left)


def holds(file: Path, text: str) -> bool:
    try:
        data = file.read_bytes()
    except OSError:
        return False
    return text.encode() in data or text.encode("utf-16-le") in data


def first_installation(wine: Wine, msi: Path, version: str) -> None:
    code, log = wine.msiexec("/i", msi, "SERVER_URL=https://localhost:9", "SITE=Tianhe")
    look("a silent installation ends with 0", code == 0, f"{code}\n{log[-1500:]}")
    stage = build.OUT / "stage"
    wanted = {file.relative_to(stage).as_posix() for file in stage.rglob("*") if file.is_file()}
    there = {file.relative_to(wine.program).as_posix() for file in wine.program.rglob("*") if file.is_file()}
    look(f"all {len(wanted)} files are installed and no other", there == wanted, sorted(there ^ wanted)[:5])
    values = {name: wine.registry(SETUP, name) for name in ("ServerUrl", "Site", "Version", "Autostart", "ServerKey")}
    expected = {"ServerUrl": "https://localhost:9", "Site": "Tianhe", "Version": version, "Autostart": "1", "ServerKey": ""}
    look("the properties are remembered", values == expected, values)
    look("the server is set as policy", wine.registry(r"HKLM\Software\Policies\SafeSeat\server.urls", "1") == "https://localhost:9")
    look("the tray starts with the session", wine.registry(RUN_KEY, "SafeSeat") == f'"{PROGRAM}\\SafeSeat.exe"', wine.registry(RUN_KEY, "SafeSeat"))


def launchers(wine: Wine, version: str) -> None:
    look("safeseat --version", wine.safeseat("--version").strip() == f"safeseat {version}", wine.safeseat("--version"))
    said = wine.safeseat("doctor", "--json")
    states = {finding["what"]: finding["state"] for finding in map(json.loads, filter(is_json, said.splitlines()))}
    parts = {what: states.get(what) for what in ("idle time", "screen lock", "key store", "hotkeys", "notices")}
    look("doctor finds idle time, lock, key store, hotkeys and notices", set(parts.values()) == {"well"}, said)
    said = wine.safeseat("policy", "show")
    look("the program takes the server from the machine's policy", "https://localhost:9" in said and "HKLM" in said, said)
    wrong = wine.safeseat("nonsense")
    look("wrong use is one sentence", "Traceback" not in wrong and "invalid choice" in wrong, wrong)


def is_json(line: str) -> bool:
    return line.startswith("{")


def tray(wine: Wine, server: Server) -> None:
    token = wine.folder / "token"
    token.write_text(server.token(), encoding="ascii")
    said = wine.safeseat("enroll", "--server", server.url, "--token-file", wine.path(token), "--ca-file", wine.path(server.authority))
    look("the PC enrols over TLS", "is enrolled" in said, said)
    command = wine.registry(RUN_KEY, "SafeSeat").strip('"')
    running = wine.start(command, "--lang", "en", env={"QT_QPA_PLATFORM": "offscreen"})
    try:
        look("the Run key's command starts the tray", until(lambda: state(wine).get("sync", {}).get("connected") is True), state(wine))
        wine.safeseat("alarm", "raise", "--drill")
        look("an alarm is kept", until(lambda: state(wine).get("help", {}).get("sign") in {"kept", "nobody", "delivered"}), state(wine))
        wine.safeseat("lock")
        look("a lock that the system refuses is told", until(lambda: "lock_failed" in state(wine).get("faults", [])), state(wine))
    finally:
        wine.safeseat("stop")
        look("it stops in order", wine.ended(running) == 0)
    said = wine.safeseat("journal", "verify")
    look("the journal is whole and acknowledged", said.startswith("well:"), said)
    profile = wine.profile
    for name in ("journal.db", "local.db"):
        data = (profile / name).read_bytes() if (profile / name).exists() else b""
        look(f"{name} is encrypted in the Windows profile", len(data) > 100 and not data.startswith(b"SQLite format"), data[:16])
    log = (profile / "agent.log").read_text(encoding="utf-8") if (profile / "agent.log").exists() else ""
    look("the tray logged no fault", "ERROR" not in log, log)


def state(wine: Wine) -> dict[str, dict[str, object]]:
    try:
        found = json.loads(wine.safeseat("status", "--json"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def until(holds_now: Callable[[], bool]) -> bool:
    end = time.monotonic() + TRAY_LIMIT
    while time.monotonic() < end:
        if holds_now():
            return True
        time.sleep(0.3)
    return False


def upgrade(wine: Wine, msi: Path, version: str) -> None:
    before = sorted(file.name for file in wine.profile.iterdir())
    code, log = wine.msiexec("/i", msi)
    look("an upgrade ends with 0", code == 0, f"{code}\n{log[-1500:]}")
    values = [wine.registry(SETUP, name) for name in ("Version", "ServerUrl", "Site")]
    look("it keeps server and site", values == [version, "https://localhost:9", "Tianhe"], values)
    look("it keeps the person's files", sorted(file.name for file in wine.profile.iterdir()) == before)
    look("the upgraded program runs", wine.safeseat("--version").startswith("safeseat "))


def removal(wine: Wine, msi: Path) -> None:
    code, log = wine.msiexec("/x", msi)
    look("removal ends with 0", code == 0, f"{code}\n{log[-1500:]}")
    left = [file for file in wine.program.rglob("*") if file.is_file()] if wine.program.exists() else []
    look("no installed file is left", not left, left[:5])
    look("no value of the installer is left", not any(wine.registry(SETUP, name) for name in ("Version", "ServerUrl", "Site")))
    look("nothing starts with the session any more", not wine.registry(RUN_KEY, "SafeSeat"))
    look("the person's journal stays", (wine.profile / "journal.db").exists())


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    try:
        sys.exit(main(sys.argv[1:]))
    except NoWineError as error:
        print(error, file=sys.stderr)
        sys.exit(3)
    except (build.BuildError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        sys.exit(1)
