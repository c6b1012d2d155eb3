"""A machine to try the installer on: a Wine folder with its own screen, and a server of this checkout beside it.

Every wait has a limit, and everything that is started is ended by its own handle.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from typing import Self

sys.path.insert(0, str(Path(__file__).resolve().parent))
import make_msi as build  # type: ignore[import-not-found]  # found beside this file
from tools import HERE, ROOT, BuildError, cache, run, wine_env  # type: ignore[import-not-found]  # found beside this file

STUBS = {"bcryptprimitives.dll": ["wine_bcryptprimitives.c", "-ladvapi32"], "icuuc.dll": ["wine_icuuc.c"]}
"""Libraries of every Windows 10 that Wine 8 lacks; for these tests only."""

LIMIT = 300.0


class NoWineError(Exception):
    """Wine itself cannot run here, in one sentence."""


class Wine:
    """One fresh Wine folder; used as a context."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.prefix = folder / "wine"
        self.program = self.prefix / "drive_c" / "Program Files" / "SafeSeat"
        self._env = {**os.environ, **wine_env(self.prefix)}
        self._screen: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        read, write = os.pipe()
        self._screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"], pass_fds=(write,),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        with os.fdopen(read) as pipe:
            self._env["DISPLAY"] = ":" + pipe.readline().strip()
        self._boot()
        self._run("wine", "reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f")
        for name, source in STUBS.items():
            target = self.prefix / "drive_c" / "windows" / "system32" / name
            run([build.GCC, "-shared", "-O2", "-o", target, HERE / source[0], *source[1:]])
        return self

    def _boot(self) -> None:
        """Wine's own start-up, tried twice: it is not what is tested here."""
        said = b""
        for _ in range(2):
            said += self._run("wineboot", "-i", limit=120.0).stdout
            if self._run("wine", "cmd", "/c", "echo", "ready").stdout.strip().endswith(b"ready"):
                return
            self._end()
            shutil.rmtree(self.prefix, ignore_errors=True)
        self.__exit__()
        raise NoWineError("Wine does not run on this machine: " + (said.decode("utf-8", "replace").strip()[-600:] or "it says nothing"))

    def _end(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(["wineserver", "-k"], env=self._env, timeout=30, check=False, stderr=subprocess.DEVNULL)

    def __exit__(self, *_: object) -> None:
        self._end()
        if self._screen is not None:
            self._screen.terminate()
            self._screen.wait(10)

    @property
    def profile(self) -> Path:
        """The Windows profile's folder of the person's data."""
        users = self.prefix / "drive_c" / "users"
        found = sorted(folder for folder in users.glob("*/AppData/Local/SafeSeat"))
        return found[0] if found else users / "nobody"

    def path(self, file: Path) -> str:
        """A file of this system as Windows names it."""
        return "Z:" + str(file).replace("/", "\\")

    def msiexec(self, verb: str, msi: Path, *properties: str) -> tuple[int, str]:
        """Install or remove silently; exit code (its low 8 bits) and the verbose log."""
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

    def safeseat(self, *words: str) -> str:
        """What the installed console command prints, both streams."""
        return self._run("wine", str(self.program / "bin" / "safeseat.exe"), *words, limit=60.0).stdout.decode("utf-8", "replace").replace("\r", "")

    def start(self, *words: str, env: dict[str, str]) -> subprocess.Popen[bytes]:
        """Start a program that goes on running; end it with `ended`. Its streams are pipes, as Python needs them in Wine."""
        log = (self.folder / "started.log").open("wb")
        reader = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=log)
        assert reader.stdin is not None
        started = subprocess.Popen(["wine", *words], env={**self._env, **env}, stdin=subprocess.PIPE, stdout=reader.stdin, stderr=reader.stdin)
        reader.stdin.close()
        log.close()
        self._reader = reader
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
        self._reader.wait(10)
        return process.returncode

    def pytest(self, *words: str) -> str:
        """Run tests of the checkout with the runtime's Python and the locked wheels for Windows."""
        python = self._test_python()
        return self._run("wine", str(python), "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", *words, limit=900).stdout.decode("utf-8", "replace")

    def _test_python(self) -> Path:
        site = cache() / "test-site"
        wanted = cache() / "test-requirements.txt"
        uv = Path(sys.executable).with_name("uv")
        run([uv, "export", "--quiet", "--frozen", "--extra", "agent", "--all-groups", "--no-emit-project", "-o", wanted], {"UV_OFFLINE": "1"})
        kept = site / "requirements.txt"
        if not kept.exists() or kept.read_text() != wanted.read_text():
            shutil.rmtree(site, ignore_errors=True)
            build.payload.wheels(wanted, site)
            shutil.copyfile(wanted, kept)
        folder = self.folder / "python"
        with zipfile.ZipFile(build.payload.embedded()) as files:
            for entry in files.infolist():
                if not entry.is_dir():
                    (folder / Path(entry.filename).name).parent.mkdir(exist_ok=True)
                    (folder / Path(entry.filename).name).write_bytes(files.read(entry))
        (folder / "python312._pth").write_text(f"python312.zip\n.\n{self.path(ROOT)}\n{self.path(site)}\n", encoding="utf-8")
        return folder / "python.exe"

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


class Server:
    """`safeseat server` of this checkout on a free port, with its own TLS authority; used as a context."""

    def __init__(self, folder: Path) -> None:
        self._data = folder / "server"
        self.authority = self._data / "tls" / "ca.pem"
        self.url = ""
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app", "server", "--data", str(self._data), "--host", "127.0.0.1", "--port", "0"], cwd=ROOT,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise BuildError("The server did not start.")
        self.url = f"https://localhost:{json.loads(line)['port']}"
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._process.stdout.close()

    def token(self) -> str:
        """An enrolment code for one PC."""
        return str(run([sys.executable, "-m", "app", "server", "token", "--site", "S", "--person", "P", "--team", "T", "--data", self._data]))
