"""What the Windows part has to show: from the silent installation with an enrolment code to the clean removal.

One agent's PC under Wine, one lead on Linux, one server between them; no drill, nothing pretended.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import wine_search as search  # type: ignore[import-not-found]  # found beside this file
from wine_lab import ROOT, Wine  # type: ignore[import-not-found]  # found beside this file
from wine_looks import Looks  # type: ignore[import-not-found]  # found beside this file
from wine_office import AGENT, SITE, Office  # type: ignore[import-not-found]  # found beside this file

sys.path.insert(0, str(ROOT))
from app.agent.client import ask
from app.domain.errors import SafeSeatError

SETUP = r"HKLM\Software\SafeSeat\Setup"
POLICY = r"HKLM\Software\Policies\SafeSeat"
RUN_KEY = r"HKLM\Software\Microsoft\Windows\CurrentVersion\Run"
LEFT = "SAFESEATCOUNTERCHECK7654321"
PICTURES = ROOT / "build" / "wine"


def state(wine: Wine, part: str) -> dict[str, object]:
    """A slice of the tray's snapshot, empty while it does not answer."""
    try:
        answer = ask(wine.profile / "control.json", "status")
    except SafeSeatError:
        return {}
    found = answer.get(part) if isinstance(answer, dict) else None
    return found if isinstance(found, dict) else {part: found}


def connected(wine: Wine) -> bool:
    return state(wine, "sync").get("connected") is True


def runs(wine: Wine) -> bool:
    """Whether a tray answers in this profile."""
    return bool(state(wine, "sync").get("configured"))


def start_tray(wine: Wine) -> subprocess.Popen[bytes]:
    """The Run key's command, as the session's start runs it."""
    process: subprocess.Popen[bytes] = wine.start(wine.registry(RUN_KEY, "SafeSeat").strip('"'))
    return process


# --- installation -------------------------------------------------------------------------------------------------


def install(wine: Wine, looks: Looks, office: Office, msi: Path) -> str:
    """Silent, with the code in a file; returns the code."""
    token: str = office.token()
    file = wine.folder / "token.txt"
    file.write_text(token, encoding="ascii")
    wine.set_registry(POLICY, "server.ca_file", wine.path(office.authority))
    given = [f"SERVER_URL={office.url}", f"SERVER_KEY={office.key(token)}", f"SITE={SITE}", f"ENROLL_TOKEN=file:{wine.path(file)}"]
    with search.Watch(wine.prefix, token) as watch:
        code, log = wine.msiexec("/i", msi, *given)
    looks.look("a silent installation with an enrolment code in a file ends with 0", code == 0, f"{code}\n{log[-1500:]}")
    looks.look(f"the code stood in no command line and no environment of {len(watch.seen)} processes meanwhile", not watch.found and watch.seen, watch.found)
    looks.look("the file with the code is erased", not file.exists())
    looks.look("the code waits sealed for the first tray", (wine.shared / "enrol.bin").exists(), list(wine.shared.glob("*")))
    nowhere(wine, looks, token, "before the tray has taken it, the code")
    return token


def nowhere(wine: Wine, looks: Looks, token: str, who: str, but: bytes = b"") -> None:
    """Search files, hives, log, command lines and environments; `but`: this text of the installer's log is left out."""
    found = search.in_files([wine.prefix, wine.folder / "started.log"], token, wine.ready)
    log = wine.folder / "msi.log"
    raw = log.read_bytes() if log.exists() else b""
    found += [f"msi.log: {form}" for form, needle in search.needles(token).items() if needle in (raw.replace(but, b"") if but else raw)]
    found += search.in_registry(wine.exported(), token) + search.in_processes(wine.prefix, token)
    looks.look(f"{who} stands in clear in no file, registry value, log, cached installer, command line or environment", not found, found)


def remembered(wine: Wine, looks: Looks, office: Office, version: str, msi: Path) -> None:
    stage = msi.parent / "stage"
    wanted = {file.relative_to(stage).as_posix() for file in stage.rglob("*") if file.is_file()}
    there = {file.relative_to(wine.program).as_posix() for file in wine.program.rglob("*") if file.is_file()}
    looks.look(f"all {len(wanted)} files are installed and no other", there == wanted, sorted(there ^ wanted)[:5])
    values = {name: wine.registry(SETUP, name) for name in ("ServerUrl", "Site", "Version", "Autostart")}
    expected = {"ServerUrl": office.url, "Site": SITE, "Version": version, "Autostart": "1"}
    looks.look("the properties are remembered", values == expected and len(wine.registry(SETUP, "ServerKey")) == 40, values)
    looks.look("the server is set as policy", wine.registry(POLICY + r"\server.urls", "1") == office.url)
    command = wine.registry(RUN_KEY, "SafeSeat")
    looks.look("the tray starts with the session", command == r'"C:\Program Files\SafeSeat\SafeSeat.exe"', command)


def launchers(wine: Wine, looks: Looks, office: Office, version: str) -> None:
    said = wine.safeseat("--version")
    looks.look("safeseat --version", said.strip() == f"safeseat {version}", said)
    said = wine.safeseat("doctor", "--json")
    states = {finding["what"]: finding["state"] for finding in map(json.loads, filter(is_json, said.splitlines()))}
    parts = {what: states.get(what) for what in ("idle time", "screen lock", "key store", "hotkeys", "notices")}
    looks.look("doctor finds idle time, lock, key store, hotkeys and notices", set(parts.values()) == {"well"}, said)
    said = wine.safeseat("policy", "show")
    looks.look("the program takes the server from the machine's policy", office.url in said and "HKLM" in said, said)
    wrong = wine.safeseat("nonsense")
    looks.look("wrong use is one sentence", "Traceback" not in wrong and "invalid choice" in wrong, wrong)


def is_json(line: str) -> bool:
    return line.startswith("{")


# --- the tray -----------------------------------------------------------------------------------------------------


def first_start(wine: Wine, looks: Looks, token: str) -> subprocess.Popen[bytes]:
    running = start_tray(wine)
    looks.wait("the Run key's command starts the tray, which enrols by itself", lambda: connected(wine), lambda: (state(wine, "sync"), state(wine, "faults")))
    looks.wait("the sealed code is gone", lambda: not (wine.shared / "enrol.bin").exists())
    nowhere(wine, looks, token, "after the tray has taken it, the code")
    return running


def alarm(wine: Wine, looks: Looks, office: Office) -> None:
    """Raised on Windows, painted on Linux, taken by a click there, told on Windows."""
    office.touched()
    looks.wait("the tray knows that a lead would hear", lambda: state(wine, "help").get("listeners"), lambda: state(wine, "help"))
    said = wine.safeseat("alarm", "raise")
    looks.wait("an alarm raised by safeseat.exe stands on the Linux lead's desk", office.row, lambda: said)
    row = office.row()
    looks.look("with the roster's name, and as no drill", row.get("who") == AGENT and row.get("drill") is False, row)
    looks.wait("the server has the receipt that the lead's device gives only for what it painted", office.painted, office.last_words)
    office.picture(PICTURES / "lead-alarm.png")
    looks.wait("the tray's sign says that it is shown", lambda: state(wine, "help").get("sign") == "shown", lambda: state(wine, "help"))
    office.press("take")
    looks.wait("the lead takes it: the tray's sign says that somebody comes", lambda: state(wine, "help").get("sign") == "coming", lambda: state(wine, "help"))
    office.press("on_spot")
    office.press("settle")
    looks.wait("settled: the sign is plain again", lambda: state(wine, "help").get("sign") == "none", lambda: state(wine, "help"))


def refused_lock(wine: Wine, looks: Looks) -> None:
    """Wine knows no lock: a good test of the failed one."""
    wine.safeseat("lock")
    looks.wait("a lock that the system refuses is told", lambda: "lock_failed" in str(state(wine, "faults")), lambda: state(wine, "faults"))
    rows = records(wine, "lock.failed")
    looks.look("and recorded as technical", any("lock_work_station" in row for row in rows), rows)


def records(wine: Wine, kind: str) -> list[str]:
    """Records of a kind in this PC's journal."""
    said = wine.safeseat("journal", "show", "--json", "--profile", windows_profile(wine), "--type", kind)
    return [line for line in said.splitlines() if is_json(line)]


def windows_profile(wine: Wine) -> str:
    return "C:\\" + str(wine.profile.relative_to(wine.prefix / "drive_c")).replace("/", "\\")


def files(wine: Wine, looks: Looks) -> None:
    for name in ("journal.db", "local.db"):
        data = (wine.profile / name).read_bytes() if (wine.profile / name).exists() else b""
        looks.look(f"{name} is encrypted in the Windows profile", len(data) > 100 and not data.startswith(b"SQLite format"), data[:16])


def quiet(wine: Wine, looks: Looks) -> None:
    """The tray's log holds warnings and faults only, so none may be there; what it printed goes to another file."""
    log = wine.profile / "agent.log"
    text = log.read_text(encoding="utf-8") if log.exists() else ""
    printed = (wine.folder / "started.log").read_text(encoding="utf-8", errors="replace")
    bad = [line for line in (text + printed).splitlines() if " ERROR " in line or "Traceback" in line or " CRITICAL " in line]
    looks.look(f"the tray logged no fault ({len(text.splitlines())} warnings)", not bad, bad[:5])


# --- upgrade and removal ------------------------------------------------------------------------------------------


def upgrade(wine: Wine, looks: Looks, office: Office, running: subprocess.Popen[bytes], msi: Path, version: str) -> None:
    """While the tray runs: the installer ends it in order and brings it back."""
    before = (wine.profile / "ids.json").read_bytes()
    enrolled = (wine.profile / "enrolment.json").read_bytes()
    code, log = wine.msiexec("/i", msi)
    looks.look("an upgrade while the tray runs ends with 0", code == 0, f"{code}\n{log[-1500:]}")
    looks.look("the tray was ended in order", wine.ended(running) == 0, running.returncode)
    values = [wine.registry(SETUP, name) for name in ("Version", "ServerUrl", "Site")]
    looks.look("the upgrade keeps server and site", values == [version, office.url, SITE], values)
    looks.wait("the installer brings the tray back, which needs no new enrolment", lambda: connected(wine), lambda: state(wine, "sync"))
    kept = (wine.profile / "ids.json").read_bytes() == before and (wine.profile / "enrolment.json").read_bytes() == enrolled
    looks.look("the person's files are kept", kept)
    causes = records(wine, "exit.planned")
    looks.look("the journal has the end for an update", any('"update"' in row for row in causes), causes)


def downgrade(wine: Wine, looks: Looks, older: Path, version: str) -> None:
    code, _ = wine.msiexec("/i", older)
    looks.look("a downgrade is refused", code != 0 and wine.registry(SETUP, "Version") == version, code)
    looks.look("and the tray goes on", connected(wine), state(wine, "sync"))


def orderly_stop(wine: Wine, looks: Looks) -> None:
    wine.safeseat("stop")
    looks.wait("safeseat stop ends the tray", lambda: not runs(wine))
    said = wine.safeseat("journal", "verify", "--profile", windows_profile(wine))
    looks.look("the journal is whole and acknowledged", said.startswith("well:"), said)


def removal(wine: Wine, looks: Looks, running: subprocess.Popen[bytes], msi: Path) -> None:
    code, log = wine.msiexec("/x", msi)
    looks.look("removal while the tray runs ends with 0", code == 0, f"{code}\n{log[-1500:]}")
    looks.look("the tray was ended in order by the removal", wine.ended(running) == 0, running.returncode)
    left = [file for file in wine.program.rglob("*") if file.is_file()] if wine.program.exists() else []
    looks.look("no installed file is left", not left, left[:5])
    looks.look("no value of the installer is left", not any(wine.registry(SETUP, name) for name in ("Version", "ServerUrl", "ServerKey", "Site")))
    looks.look("nothing starts with the session any more", not wine.registry(RUN_KEY, "SafeSeat"))
    looks.look("no enrolment code is left", not list(wine.shared.glob("*")) if wine.shared.exists() else True)
    looks.look("the person's journal stays", (wine.profile / "journal.db").exists())


def plain_code(wine: Wine, looks: Looks, office: Office, msi: Path) -> None:
    """The code itself on the command line, installed and removed: afterwards it stands nowhere."""
    token = office.token()
    code, log = wine.msiexec("/i", msi, f"SERVER_URL={office.url}", f"ENROLL_TOKEN={token}")
    looks.look("an installation with the code itself ends with 0", code == 0, f"{code}\n{log[-1500:]}")
    nowhere(wine, looks, token, "the code given itself")
    damaged_code(wine, looks)
    code, _ = wine.msiexec("/x", msi)
    looks.look("its removal ends with 0, and no code is left", code == 0 and not (wine.shared / "enrol.bin").exists(), code)


def damaged_code(wine: Wine, looks: Looks) -> None:
    """A second profile finds something that is no code: it says so once in its log, which shows that the log is written."""
    (wine.shared / "enrol.bin").write_bytes(b"damaged")
    folder = wine.prefix / "drive_c" / "other"
    running = wine.start(r"C:\Program Files\SafeSeat\SafeSeat.exe", "--profile", r"C:\other")
    log = folder / "agent.log"
    looks.wait("what is no code is told in the tray's log", lambda: log.exists() and "WARNING" in log.read_text(encoding="utf-8"))
    looks.look("and put aside", not (wine.shared / "enrol.bin").exists(), list(wine.shared.glob("*")))
    wine.safeseat("stop", "--profile", r"C:\other")
    looks.look("that tray ends in order", wine.ended(running) == 0, running.returncode)


def counter_check(wine: Wine, looks: Looks, secret: str) -> None:
    """The same search finds what is left in a file, a registry value, an environment and a command line."""
    left = wine.prefix / "drive_c" / "windows" / "temp" / "left.txt"
    left.write_text(secret, encoding="utf-16-le")
    wine.set_registry(r"HKCU\Left", "there", secret)
    process = subprocess.Popen(["sleep", "60"], env={"WINEPREFIX": str(wine.prefix), "PATH": os.environ["PATH"], "LEFT": secret})
    try:
        found = [search.in_files([wine.prefix], secret, wine.ready), search.in_registry(wine.exported(), secret)]
        found.append(search.in_processes(wine.prefix, secret))
    finally:
        process.terminate()
        process.wait(10)
        left.unlink()
    looks.look("a search for something that was left finds it in file, registry and process", all(found), found)


def whole(wine: Wine, looks: Looks, msi: Path, newer: Path, versions: tuple[str, str]) -> None:
    """Everything in its order."""
    shutil.rmtree(PICTURES, ignore_errors=True)
    with Office(wine.folder) as office:
        looks.extra = lambda: wine.last_words() + "\n" + office.last_words()
        counter_check(wine, looks, LEFT)
        token = install(wine, looks, office, msi)
        remembered(wine, looks, office, versions[0], msi)
        launchers(wine, looks, office, versions[0])
        running = first_start(wine, looks, token)
        alarm(wine, looks, office)
        refused_lock(wine, looks)
        files(wine, looks)
        upgrade(wine, looks, office, running, newer, versions[1])
        downgrade(wine, looks, msi, versions[1])
        orderly_stop(wine, looks)
        quiet(wine, looks)
        running = start_tray(wine)
        looks.wait("the tray starts once more", lambda: connected(wine), lambda: state(wine, "sync"))
        removal(wine, looks, running, newer)
        plain_code(wine, looks, office, newer)
