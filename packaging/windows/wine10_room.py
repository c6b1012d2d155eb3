"""A room with Wine 10: a Debian 13 folder in the user's cache, entered in namespaces of its own.

Everything mounted and started in the room is gone when the room's first process ends, however this program ends. Needs
root and mmdebstrap; the mirror is that of the machine's own apt sources.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

sys.path.insert(0, str(Path(__file__).resolve().parent))
from tools import BuildError, cache, run, wine_env  # type: ignore[import-not-found]  # found beside this file

SUITE = "trixie"
PACKAGES = "wine wine64 xvfb imagemagick xdotool x11-utils fonts-noto-cjk fonts-dejavu-core"
SIZE = (1600, 1000)
LIMIT = 300.0
PLACES = ("work", "out", "msi")
"""Folders of this machine that the room sees as /safeseat/NAME, which Windows calls Z:\\safeseat\\NAME."""


class NoRoomError(Exception):
    """Why there can be no room on this machine, in one sentence."""


def folder() -> Path:
    """The Debian folder, made once (about 500 MB to fetch, 2 GB on disk); NoRoomError says what is missing."""
    if os.geteuid() != 0:
        raise NoRoomError("The Wine 10 part needs root, because it enters a folder with another Debian in it.")
    made: Path = cache() / "debian13"
    stamp = made / "safeseat.packages"
    if stamp.exists() and stamp.read_text() == PACKAGES:
        return made
    for name in ("mmdebstrap", "unshare", "nsenter"):
        if shutil.which(name) is None:
            raise NoRoomError(f"{name} is missing. As root: apt-get install mmdebstrap util-linux")
    fresh = made.with_name("debian13.new")
    for old in (fresh, made):
        if old.exists():
            shutil.rmtree(old)
    command = ["mmdebstrap", "--mode=root", "--variant=apt", "--format=directory"]
    try:
        run([*command, "--include=" + ",".join(PACKAGES.split()), SUITE, fresh, mirror()])
    except BuildError as error:
        raise NoRoomError(f"Debian 13 could not be fetched: {error}") from error
    for place in PLACES:
        (fresh / "safeseat" / place).mkdir(parents=True)
    fresh.rename(made)
    stamp.write_text(PACKAGES)
    return made


def mirror() -> str:
    """The Debian mirror that this machine's own apt uses."""
    line = "$(REPO_URI) $(ORIGIN) $(LABEL) $(COMPONENT)"
    try:
        said = run(["apt-get", "indextargets", "--format", line, "Created-By: Packages"])
    except BuildError as error:
        raise NoRoomError(f"apt tells no mirror: {error}") from error
    for entry in said.splitlines():
        if entry.split()[1:] == ["Debian", "Debian", "main"]:
            return str(entry.split()[0])
    raise NoRoomError("This machine's apt knows no Debian mirror. As root: apt-get update")


class Room:
    """The entered folder, with its own screen; used as a context."""

    def __init__(self, debian: Path, work: Path, out: Path, msi: Path) -> None:
        self.debian, self.work = debian, work
        self.started = work / "started.log"
        self._shown = dict(zip(PLACES, (work, out, msi), strict=True))
        self._first: subprocess.Popen[bytes] | None = None
        self._inside = 0
        self._env = {
            "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/safeseat/work", "LANG": "C.UTF-8",
            **wine_env(Path("/safeseat/work/wine")),
        }  # fmt: skip

    @property
    def drive(self) -> Path:
        """Drive C: of the room's Wine."""
        return self.work / "wine" / "drive_c"

    def __enter__(self) -> Self:
        mounts = ["set -e", "mount --make-rprivate /", f"mount -t proc proc {self.debian}/proc", f"mount --rbind /dev {self.debian}/dev"]
        mounts += [f"mount --bind '{here}' '{self.debian}/safeseat/{place}'" for place, here in self._shown.items()]
        script = "\n".join([*mounts, "echo ready", "exec cat"])
        self._first = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert self._first.stdout is not None
        try:
            said = self._first.stdout.readline()
            if said != b"ready\n":
                raise NoRoomError(f"This machine does not let a folder be entered: {said.decode(errors='replace').strip()}")
            children = Path(f"/proc/{self._first.pid}/task/{self._first.pid}/children").read_text(encoding="ascii")
            self._inside = int(children.split()[0])
            self._open_screen()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        first, self._first = self._first, None
        if first is None:
            return
        assert first.stdin is not None
        assert first.stdout is not None
        first.stdin.close()  # its first process ends, and with it the kernel ends all others and takes the mounts away
        try:
            first.wait(10)
        except subprocess.TimeoutExpired:
            first.kill()
            first.wait(10)
        first.stdout.close()

    def _open_screen(self) -> None:
        read, write = os.pipe()
        size = f"{SIZE[0]}x{SIZE[1]}x24"
        self.start("Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp", pass_fds=(write,))
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise BuildError("The room's screen did not start.")
        self._env["DISPLAY"] = f":{number}"

    def start(self, *words: str, env: Mapping[str, str] | None = None, pass_fds: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
        """Start a program in the room that goes on running; it ends with the room at the latest. It prints into `started`."""
        with self.started.open("ab") as log:
            drain = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=log)  # under Wine, Python needs a pipe
        assert drain.stdin is not None
        started = subprocess.Popen(
            self._enter(words, env), stdin=subprocess.DEVNULL, stdout=drain.stdin, stderr=drain.stdin, pass_fds=pass_fds
        )
        drain.stdin.close()
        threading.Thread(target=drain.wait, daemon=True).start()
        return started

    def run(self, *words: str, limit: float = LIMIT, env: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Run a program to its end: exit code (its low 8 bits under Wine) and what it printed, both streams.

        What Wine starts beside it inherits the pipe and may hold it open, so the program's own end counts.
        """
        read, write = os.pipe()
        process = subprocess.Popen(self._enter(words, env), stdin=subprocess.DEVNULL, stdout=write, stderr=write)
        os.close(write)
        said = bytearray()

        def collect() -> None:
            with os.fdopen(read, "rb", buffering=0) as pipe:
                while part := pipe.read(65536):
                    said.extend(part)

        reader = threading.Thread(target=collect, daemon=True)
        reader.start()
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait(10)
            said.extend(b"\n(ended after %d s)" % limit)
        reader.join(0.5)
        return code, bytes(said).decode("utf-8", "replace").replace("\r", "")

    def wine(self, *words: str, limit: float = LIMIT) -> tuple[int, str]:
        """Run a Windows program to its end."""
        return self.run("wine", *words, limit=limit)

    def set_value(self, key: str, name: str, value: str | int) -> None:
        """Write a value of the registry, text or number."""
        kind = "REG_SZ" if isinstance(value, str) else "REG_DWORD"
        code, said = self.wine("reg", "add", key, "/v", name, "/t", kind, "/d", str(value), "/f", limit=60)
        if code:
            raise BuildError(f"{key}\\{name} could not be written: {said}")

    def value(self, key: str, name: str) -> str:
        """A text of the registry, empty if it is not there."""
        for line in self.wine("reg", "query", key, "/v", name, limit=60)[1].splitlines():
            if line.strip().startswith(name + " "):
                return line.split("REG_SZ", 1)[-1].strip()
        return ""

    def end_wine(self) -> None:
        """Sign the Windows session off, so that the next program begins a new one."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.run("wineserver", "-k", limit=30)
            self.run("wineserver", "-w", limit=30)

    def click(self, x: int, y: int) -> None:
        """A real click on the screen."""
        self.run("xdotool", "mousemove", str(x), str(y), "sleep", "0.3", "click", "1", limit=20)

    def screen(self, name: str) -> Path:
        """A picture of the whole screen in the output folder."""
        self.run("import", "-window", "root", f"/safeseat/out/{name}.png", limit=30)
        return self._shown["out"] / f"{name}.png"

    def _enter(self, words: tuple[str, ...], env: Mapping[str, str] | None) -> list[str]:
        variables = [f"{key}={value}" for key, value in {**self._env, **(env or {})}.items()]
        enter = ["nsenter", "--target", str(self._inside), "--mount", "--pid", "--", "chroot", str(self.debian)]
        return [*enter, "/usr/bin/env", "-i", *variables, *words]


def wait_until(holds: Callable[[], object], seconds: float = 40.0) -> bool:
    """Whether `holds()` became true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.3)
    return False
