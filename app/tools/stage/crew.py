"""The processes of one stage: started with a mark, ended by their own ids in reverse order, nothing left behind."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from app.domain.errors import UnavailableError

MARK = "SAFESEAT_STAGE"
"""Environment variable that every process of a stage inherits; its value is unique for each stage."""

GRACE = 3.0
"""Seconds between asking a process to end and killing it."""


class StageError(UnavailableError):
    """The virtual desktop could not be brought up or did not answer in time."""


def await_true(condition: Callable[[], bool], what: str, limit: float = 10.0, every: float = 0.02) -> None:
    """Ask `condition` every `every` seconds until it holds; StageError naming `what` after `limit` seconds."""
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise StageError(f"The stage waited {limit:g} s for {what} in vain.")
        time.sleep(every)


class Crew:
    """Starts programs and ends them; use from one thread that lives as long as the stage.

    The programs get a parent-death signal, so they end too when the process of this stage is killed; the kernel sends
    it when the *thread* that started them ends, hence the rule.
    """

    def __init__(self, mark: str, logs: Path) -> None:
        self.mark = mark
        self._logs = logs
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(
        self,
        name: str,
        argv: Sequence[str],
        env: Mapping[str, str],
        *,
        user: str | None = None,
        feed: bytes | None = None,
        answer: bool = False,
    ) -> str:
        """Start `argv`; with `answer`, return the first line it writes to the file descriptor put in for "{answer}".

        `user` runs it as that user with the groups of that user; `feed` is written to its standard input.
        Raises StageError if it is absent or gives no answer.
        """
        command = ["setpriv", "--pdeathsig", "TERM"]
        if user is not None:
            command += ["--reuid", user, "--regid", user, "--init-groups"]
        reader, writer = os.pipe() if answer else (-1, -1)
        command += [part.replace("{answer}", str(writer)) for part in argv]
        try:
            process = self._spawn(name, command, env, feed is not None, (writer,) if answer else ())
        except OSError as error:
            raise StageError(f"{name} could not be started: {error}.") from error
        finally:
            if answer:
                os.close(writer)
        if feed is not None and process.stdin is not None:
            process.stdin.write(feed)
            process.stdin.close()
        if not answer:
            return ""
        try:
            return self._first_line(name, reader)
        finally:
            os.close(reader)

    def _spawn(
        self, name: str, command: Sequence[str], env: Mapping[str, str], fed: bool, files: tuple[int, ...]
    ) -> subprocess.Popen[bytes]:
        with (self._logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                env={**env, MARK: self.mark},
                stdout=log,
                stderr=log,
                start_new_session=True,
                stdin=subprocess.PIPE if fed else subprocess.DEVNULL,
                pass_fds=files,
            )
        self._running.append((name, process))
        return process

    def pid(self, name: str) -> int:
        """The process id of the program started last under `name`; StageError if there is none."""
        for known, process in reversed(self._running):
            if known == name:
                return process.pid
        raise StageError(f"{name} does not run on this stage.")

    def alive(self, name: str) -> bool:
        """Whether the program started last under `name` still runs."""
        return any(known == name and process.poll() is None for known, process in self._running)

    def stop(self, name: str) -> None:
        """End every program started under `name`; none there is well."""
        for entry in [entry for entry in self._running if entry[0] == name]:
            self._end(entry[1])
            self._running.remove(entry)

    def stop_all(self) -> None:
        """End all in reverse order, then whatever they left behind that still carries the mark."""
        while self._running:
            self._end(self._running.pop()[1])
        end = time.monotonic() + GRACE
        while (left := self.leftovers()) and time.monotonic() < end:
            for pid in left:
                _signal(pid, signal.SIGTERM)
            time.sleep(0.05)
        for pid in self.leftovers():
            _kill(pid)

    def leftovers(self) -> list[int]:
        """Process ids, other than this one, whose environment carries the mark of this stage."""
        return [pid for pid, mark in marked().items() if mark == self.mark]

    def _first_line(self, name: str, reader: int) -> str:
        end, got = time.monotonic() + 10.0, b""
        while not got.endswith(b"\n"):
            ready, _, _ = select.select([reader], [], [], max(0.0, end - time.monotonic()))
            piece = os.read(reader, 4096) if ready else b""
            if not piece:
                raise StageError(f"{name} gave no answer; its log says: {self.log(name)[-300:].strip() or 'nothing'}")
            got += piece
        return got.decode().strip()

    def log(self, name: str) -> str:
        """What a program wrote so far."""
        try:
            return (self._logs / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(GRACE)


def marked() -> dict[int, str]:
    """Every process but this one that carries a stage's mark, with the mark; those of other users only for root."""
    found = {}
    wanted = f"{MARK}=".encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                variables = (entry / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            for variable in variables:
                if variable.startswith(wanted):
                    found[int(entry.name)] = variable.removeprefix(wanted).decode(errors="replace")
    return found


def end_abandoned() -> None:
    """End what is left of stages whose process was killed; a mark begins with the number of that process.

    Most end by their parent-death signal, but a program that changes its user loses it.
    """
    for pid, mark in marked().items():
        owner = mark.split("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            _signal(pid, signal.SIGTERM)


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except OSError:
        return


def _kill(pid: int) -> None:
    if sys.platform != "win32":
        _signal(pid, signal.SIGKILL)


def run(argv: Sequence[str], env: Mapping[str, str], limit: float = 10.0, feed: str | None = None) -> str:
    """Run a short program to its end and return its output; StageError if it fails or takes longer than `limit` s."""
    try:
        done = subprocess.run(
            list(argv),
            env=dict(env),
            capture_output=True,
            text=True,
            timeout=limit,
            check=False,
            input=feed if feed is not None else "",
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StageError(f"{argv[0]} failed: {error}.") from error
    if done.returncode != 0:
        raise StageError(f"{argv[0]} failed with code {done.returncode}: {done.stderr.strip()[-300:]}")
    return done.stdout
