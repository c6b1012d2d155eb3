"""The installed program under Wine 10 with Qt's real `windows` plugin, and pictures of it: `dev.py test --windows --wine10`.

Installs the built MSI in a room with Debian 13 (see `wine10_room.py`), starts the tray by the Run key's command on a
Windows desktop with a task bar, clicks on it, looks at each surface from inside, and takes pictures of all surfaces with
the shipped runtime into build/pictures-windows. Exit code 1 if a look failed, 3 if this machine cannot have the room.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import make_msi as build  # type: ignore[import-not-found]  # found beside this file
from tools import HERE, ROOT, BuildError, run  # type: ignore[import-not-found]  # found beside this file
from wine10_room import SIZE, NoRoomError, Room, folder, wait_until  # type: ignore[import-not-found]  # found beside this file

sys.path.insert(0, str(ROOT))
from app.agent.client import ask
from app.domain.errors import SafeSeatError

OUT = ROOT / "build" / "pictures-windows"
RUN_KEY = r"HKLM\Software\Microsoft\Windows\CurrentVersion\Run"
DESKTOP_KEY = r"HKCU\Software\Wine\Explorer"
LOOK_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
LINK_KEY = r"HKLM\Software\Microsoft\Windows NT\CurrentVersion\FontLink\SystemLink"
PROGRAM = "Program Files/SafeSeat"
STUBS = {"icuuc.dll": "wine_icuuc.c"}
"""Libraries of every Windows 10 that Wine 10 lacks; for these tests only."""
PICTURES_LIMIT = 900.0
DPI_150 = 144

failures: list[str] = []


def look(what: str, well: object, seen: object = "") -> None:
    shown = f": {str(seen).strip()[:600]}" if seen and not well else ""
    print(f"[wine10] {'well  ' if well else 'FAILED'} {what}{shown}", flush=True)
    if not well:
        failures.append(what)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="wine10.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-pictures", action="store_true", help="only the looks")
    parser.add_argument("--only", metavar="NAME", help="pictures of one surface")
    options = parser.parse_args(argv)
    began = time.monotonic()
    msi = build.OUT / f"SafeSeat-{build.project_version()}-x64.msi"
    if not msi.exists():
        raise NoRoomError("There is no installer yet. Build it first: python3 packaging/dev.py msi")
    debian: Path = folder()
    if not (options.no_pictures or options.only):
        shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="safeseat-wine10-"))
    try:
        with Room(debian, work, OUT, msi.parent) as room:
            install(room, msi)
            tray(room)
            bench = workbench(room)
            probe(room, bench, "100 %")
            if not options.no_pictures:
                take_pictures(room, bench, options.only)
            larger(room, bench)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"[wine10] {time.monotonic() - began:.0f} s: " + (f"{len(failures)} FAILED" if failures else "all well"))
    return 1 if failures else 0


def install(room: Room, msi: Path) -> None:
    """A Windows with a desktop and a task bar, and the installer's program in it."""
    look(f"Wine: {room.run('wine', '--version', limit=60)[1].strip()}", True)
    room.run("wineboot", "-i")
    for name, source in STUBS.items():
        run([build.GCC, "-shared", "-O2", "-o", room.drive / "windows" / "system32" / name, HERE / source])
    room.set_value(DESKTOP_KEY, "Desktop", "shell")  # the name "shell" brings the task bar
    room.set_value(DESKTOP_KEY + r"\Desktops", "shell", f"{SIZE[0]}x{SIZE[1]}")
    room.set_value(LOOK_KEY, "SystemUsesLightTheme", 1)  # Wine's task bar is light
    room.set_value(LOOK_KEY, "AppsUseLightTheme", 1)
    for font in ("Tahoma", "Tahoma Bold"):  # titles and task bar, which Wine draws itself
        room.wine("reg", "add", LINK_KEY, "/v", font, "/t", "REG_MULTI_SZ", "/d", "NotoSansCJK-Regular.ttc,Noto Sans CJK SC", "/f")
    room.end_wine()
    code, said = room.wine("msiexec", "/i", rf"Z:\safeseat\msi\{msi.name}", "/qn", "/norestart", "SITE=Tianhe")
    look("the installer ends with 0", code == 0, f"{code} {said}")


@contextmanager
def running(room: Room, command: str) -> Iterator[subprocess.Popen[bytes]]:
    """The tray program, stopped in order afterwards."""
    started = room.start("wine", command, "--lang", "zh_CN", "--theme", "light")
    try:
        yield started
    finally:
        room.wine("C:\\" + PROGRAM.replace("/", "\\") + r"\bin\safeseat.exe", "stop", limit=60)
        try:
            code = started.wait(30)
        except subprocess.TimeoutExpired:
            started.kill()
            code = started.wait(10)
        look("the tray stops in order", code == 0, code)


def tray(room: Room) -> None:
    command = room.value(RUN_KEY, "SafeSeat").strip('"')
    look("the Run key names the program", command.endswith("SafeSeat.exe"), command)
    with running(room, command):
        look("the tray started by it shows the first page", wait_until(lambda: place(room, "firststart.ok")), told(room))
        time.sleep(1.5)
        room.screen("screen-1-first-start")
        ok = place(room, "firststart.ok")
        room.click(*middle(ok))
        look("a click closes the first page", wait_until(lambda: not place(room, "firststart.ok"), 10))
        handle = place(room, "handle")
        look("the handle stands at the right edge", handle and handle["x"] + handle["width"] == SIZE[0], handle)
        room.click(handle.get("x", 0) + 13, handle.get("y", 0) + 40)
        look("a click on it opens the flyout", wait_until(lambda: place(room, "flyout.help"), 10))
        time.sleep(1)
        room.screen("screen-2-flyout-by-handle")
        room.click(300, 300)
        look("a click elsewhere closes it", wait_until(lambda: not place(room, "flyout.help"), 10))
        room.click(SIZE[0] - 10, SIZE[1] - 10)  # the icon stands alone at the task bar's end
        look("a click on the tray icon opens it", wait_until(lambda: place(room, "flyout.help"), 10))
        time.sleep(1)
        room.screen("screen-3-flyout-by-tray-icon")
    log = profile(room) / "agent.log"
    said = log.read_text(encoding="utf-8") if log.exists() else ""
    look("the tray logged no fault", "ERROR" not in said and "Traceback" not in said, said)


def profile(room: Room) -> Path:
    """The person's folder in the Windows profile."""
    users: Path = room.drive / "users"
    found = sorted(users.glob("*/AppData/Local/SafeSeat"))
    return found[0] if found else users / "nobody"


def place(room: Room, name: str) -> dict[str, int]:
    """Where the running tray has a control on the screen; empty while it has not."""
    try:
        found = ask(profile(room) / "control.json", "where", name=name)
    except SafeSeatError:
        return {}
    return {key: int(value) for key, value in found.items()} if isinstance(found, Mapping) else {}


def told(room: Room) -> str:
    """What the started programs printed, the last of it."""
    return str(room.started.read_text(encoding="utf-8", errors="replace"))[-600:]


def middle(where: Mapping[str, int]) -> tuple[int, int]:
    return where.get("x", 0) + where.get("width", 0) // 2, where.get("y", 0) + where.get("height", 0) // 2


def workbench(room: Room) -> str:
    """A copy of the installed program with the tests' pictures and a launcher for any module; Windows' name of the launcher."""
    bench = room.drive / "bench"
    for part in ("runtime", "lib"):
        shutil.copytree(room.drive / PROGRAM / part, bench / part)
    shutil.copytree(ROOT / "tests", bench / "lib" / "tests", ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copyfile(HERE / "wine10_probe.py", bench / "lib" / "wine10_probe.py")
    build.launcher(bench / "bin" / "bench.exe", "bench", ['-DMODULE=L"runpy"', "-DFOLDERS_UP=1", "-mconsole"], "0.0.0")
    return r"C:\bench\bin\bench.exe"


def probe(room: Room, bench: str, scale: str) -> None:
    code, said = room.wine(bench, "wine10_probe", limit=180)
    for line in said.splitlines():
        if line.startswith('{"look"'):
            found = json.loads(line)
            look(f"{scale}: {found['look']}", found["well"], found["seen"])
    look(f"{scale}: looked at everything", code == 0, said[-1500:])


def take_pictures(room: Room, bench: str, only: str | None) -> None:
    """Every surface in light and dark, Chinese and English."""
    words = ["--here", "--out", r"Z:\safeseat\out", "--theme", "light", "--theme", "dark", "--lang", "zh_CN", "--lang", "en"]
    code, said = room.wine(bench, "tests.gui.pictures", *words, *(["--only", only] if only else []), limit=PICTURES_LIMIT)
    taken = len(list(OUT.glob("*-zh_CN.png"))) + len(list(OUT.glob("*-en.png")))
    look(f"{taken} pictures in {OUT.relative_to(ROOT)}", code == 0 and taken >= 4, said[-1500:])


def larger(room: Room, bench: str) -> None:
    """The same at 150 %, as Windows scales."""
    room.set_value(r"HKCU\Control Panel\Desktop", "LogPixels", DPI_150)
    room.end_wine()
    probe(room, bench, "150 %")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except NoRoomError as error:
        print(error, file=sys.stderr)
        sys.exit(3)
    except (BuildError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        sys.exit(1)
