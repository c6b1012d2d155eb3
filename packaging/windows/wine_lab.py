"""A machine to try the installer on: a Wine folder with its own screen.

Every wait has a limit, and everything that is started is ended by its own handle.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path
from typing import Self

sys.path.insert(0, str(Path(__file__).resolve().parent))
import make_msi as build  # type: ignore[import-not-found]  # found beside this file
from tools import HERE, ROOT, cache, run, wine_env  # type: ignore[import-not-found]  # found beside this file

STUBS = {"bcryptprimitives.dll": ["wine_bcryptprimitives.c", "-ladvapi32"], "icuuc.dll": ["wine_icuuc.c"]}
"""Libraries of every Windows 10 that Wine 8 lacks; for these tests only."""

LIMIT = 300.0
BOOT_LIMIT = 120.0
ENVIRONMENT = r"HKCU\Environment"


class NoWineError(Exception):
    """Wine itself cannot run here, in one sentence."""


class Wine:
    """One fresh Wine folder; used as a context. `ready` is the time (seconds of the epoch) at which Windows stood."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.prefix = folder / "wine"
        self.program = self.prefix / "drive_c" / "Program Files" / "SafeSeat"
        self.ready = 0.0
        self._env = {**os.environ, **wine_env(self.prefix)}
        self._screen: subprocess.Popen[bytes] | None = None
        self._readers: dict[int, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        try:
            self._open_screen()
            self._boot()
            self._run("wine", "reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f")
            # no window manager is there, and Wine would wait two seconds for its word whenever a tray icon goes
            self._run("wine", "reg", "add", r"HKCU\Software\Wine\X11 Driver", "/v", "Managed", "/d", "N", "/f")
            # as an account's own variable, so that also what the installer starts finds it
            self._run("wine", "reg", "add", ENVIRONMENT, "/v", "QT_QPA_PLATFORM", "/d", "offscreen", "/f")
            for name, source in STUBS.items():
                target = self.prefix / "drive_c" / "windows" / "system32" / name
                run([build.GCC, "-shared", "-O2", "-o", target, HERE / source[0], *source[1:]])
        except BaseException:
            self.__exit__()
            raise
        self.ready = time.time()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        if self._screen is not None:
            self._screen.terminate()
            self._screen.wait(10)
            self._screen = None

    def _open_screen(self) -> None:
        read, write = os.pipe()
        self._screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"], pass_fds=(write,),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        with os.fdopen(read) as pipe:
            line = pipe.readline().strip() if select.select([pipe], [], [], 20.0)[0] else ""
        if not line:
            raise NoWineError("Wine has no screen here: Xvfb did not start within 20 s.")
        self._env["DISPLAY"] = ":" + line

    def _boot(self) -> None:
        """Wine's own start-up, tried twice: it is not what is tested here."""
        said = b""
        for _ in range(2):
            said += self._run("wineboot", "-i", limit=BOOT_LIMIT).stdout
            if self._run("wine", "cmd", "/c", "echo", "ready", limit=BOOT_LIMIT).stdout.strip().endswith(b"ready"):
                return
            self._end()
            shutil.rmtree(self.prefix, ignore_errors=True)
        why = said.decode("utf-8", "replace").strip()[-600:] or "it says nothing"
        raise NoWineError(f"Wine does not run on this machine (it needs /proc and the right to trace its own processes); its last words: {why}")

    def _end(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(["wineserver", "-k"], env=self._env, timeout=30, check=False, stderr=subprocess.DEVNULL)

    @property
    def profile(self) -> Path:
        """The Windows profile's folder of the person's data."""
        users = self.prefix / "drive_c" / "users"
        found = sorted(folder for folder in users.glob("*/AppData/Local/SafeSeat"))
        return found[0] if found else users / "nobody"

    @property
    def shared(self) -> Path:
        """The folder of the machine's data, where the installer leaves the enrolment code."""
        return self.prefix / "drive_c" / "ProgramData" / "SafeSeat"

    def path(self, file: Path) -> str:
        """A file of this system as Windows names it."""
        return "Z:" + str(file).replace("/", "\\")

    def msiexec(self, verb: str, msi: Path, *properties: str) -> tuple[int, str]:
        """Install or remove silently; exit code (its low 8 bits) and the verbose log, which stays as msi.log."""
        log = self.folder / "msi.log"
        log.unlink(missing_ok=True)
        done = self._run("wine", "msiexec", verb, self.path(msi), "/qn", "/norestart", "/L*v", self.path(log), *properties)
        text = log.read_bytes() if log.exists() else b""
        return done.returncode, text.decode("utf-16" if text.startswith(b"\xff\xfe") else "utf-8", "replace")

    def registry(self, key: str, name: str) -> str:
        """A value's text, empty if it is not there."""
        said = self._run("wine", "reg", "query", key, "/v", name).stdout.decode("utf-8", "replace")
        for line in said.splitlines():
            if line.strip().startswith(name + " "):
                return line.split("REG_SZ", 1)[-1].strip()
        return ""

    def set_registry(self, key: str, name: str, text: str) -> None:
        """Set a text, as group policy does."""
        self._run("wine", "reg", "add", key, "/v", name, "/d", text, "/f")

    def exported(self) -> bytes:
        """The machine's and the accounts' hives as they stand now, also what is not yet in their files."""
        found = b""
        for hive in ("HKLM", "HKU"):
            file = self.folder / f"{hive}.reg"
            self._run("wine", "reg", "export", hive, self.path(file), "/y")
            found += file.read_bytes().decode("utf-16").encode() if file.exists() else b""
            file.unlink(missing_ok=True)
        return found

    def safeseat(self, *words: str) -> str:
        """What the installed console command prints, both streams."""
        return self._run("wine", str(self.program / "bin" / "safeseat.exe"), *words, limit=60.0).stdout.decode("utf-8", "replace").replace("\r", "")

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a program that goes on running; end it with `ended`. Its streams are pipes, as Python needs them in Wine."""
        with (self.folder / "started.log").open("ab") as log:
            reader = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=log)
        assert reader.stdin is not None
        started = subprocess.Popen(["wine", *words], env=self._env, stdin=subprocess.PIPE, stdout=reader.stdin, stderr=reader.stdin)
        reader.stdin.close()
        self._readers[started.pid] = reader
        return started

    def ended(self, process: subprocess.Popen[bytes]) -> int:
        """Its exit code; killed after 30 s."""
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        assert process.stdin is not None
        process.stdin.close()
        reader = self._readers.pop(process.pid)
        try:
            reader.wait(2)
        except subprocess.TimeoutExpired:  # what the program started beside it still holds the pipe
            reader.kill()
            reader.wait(5)
        return process.returncode

    def pytest(self, *words: str) -> str:
        """Run tests of the checkout with the runtime's Python and the locked wheels for Windows."""
        return self._run("wine", str(python_for_tests(self)), "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", *words, limit=900).stdout.decode("utf-8", "replace")

    def last_words(self) -> str:
        """The ends of the logs of tray and installer."""
        logs = [self.profile / "agent.log", self.folder / "started.log"]
        return "\n".join(f"--- {log.name}\n{log.read_text(encoding='utf-8', errors='replace')[-1200:]}" for log in logs if log.exists())

    def _run(self, *words: str, limit: float = LIMIT) -> subprocess.CompletedProcess[bytes]:
        """Run to the end of the program itself: what Wine starts beside it inherits the pipe and may hold it open."""
        read, write = os.pipe()
        process = subprocess.Popen(list(words), env=self._env, cwd=ROOT, stdin=subprocess.PIPE, stdout=write, stderr=write)
        os.close(write)
        said = bytearray()

        def collect() -> None:
            with os.fdopen(read, "rb", buffering=0) as pipe:
                while part := pipe.read(65536):
                    said.extend(part)

        reader = threading.Thread(target=collect, daemon=True)
        reader.start()
        assert process.stdin is not None
        process.stdin.close()
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait(10)
            said.extend(b"\n(ended after %d s)" % limit)
        reader.join(0.5)
        return subprocess.CompletedProcess(list(words), code, bytes(said))


def python_for_tests(wine: Wine) -> Path:
    """The runtime's Python with the locked wheels for Windows and this checkout on its path."""
    site = cache() / "test-site"
    wanted = cache() / "test-requirements.txt"
    uv = Path(sys.executable).with_name("uv")
    run([uv, "export", "--quiet", "--frozen", "--extra", "agent", "--all-groups", "--no-emit-project", "-o", wanted], {"UV_OFFLINE": "1"})
    kept = site / "requirements.txt"
    if not kept.exists() or kept.read_text() != wanted.read_text():
        shutil.rmtree(site, ignore_errors=True)
        build.payload.wheels(wanted, site)
        shutil.copyfile(wanted, kept)
    folder = wine.folder / "python"
    with zipfile.ZipFile(build.payload.embedded()) as files:
        for entry in files.infolist():
            if not entry.is_dir():
                (folder / Path(entry.filename).name).parent.mkdir(exist_ok=True)
                (folder / Path(entry.filename).name).write_bytes(files.read(entry))
    (folder / "python312._pth").write_text(f"python312.zip\n.\n{wine.path(ROOT)}\n{wine.path(site)}\n", encoding="utf-8")
    return folder / "python.exe"
