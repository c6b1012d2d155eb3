"""The demo's child processes: one server, one agent's PC, one lead's PC, each started and ended by its process id."""

import contextlib
import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.agent.client import ask
from app.agent.profile import Profile
from app.domain.errors import SafeSeatError, UnavailableError

LAB_POLICY = {
    "lock.idle_after": 8,
    "lock.warning": 4,
    "lock.idle_after_on_call": 9,
    "lock.retry": 2,
    "presence.away_after": 4,
    "breaks.eyes.every": 14,
    "breaks.eyes.length": 4,
    "breaks.eyes.auto_start": 3,
    "breaks.eyes.yield_to_rest": 0,
    "breaks.talk.after": 6,
    "breaks.talk.length": 5,
    "breaks.wrap_up": 1,
    "breaks.offer_patience": 30,
}
"""The lab scope's policy in seconds: a whole shift's worth of rules in two minutes."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody at a PC: profile folder and the person's place in the demo's roster."""

    profile: Path
    name: str
    role: str
    seat: str


class Cast:
    """Starts and ends the demo's programs below one folder; every wait has a limit. Use from one thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ca = folder / "server" / "ca.pem"
        self.url = ""
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._logs: list[IO[bytes]] = []

    def close(self) -> None:
        """End every program, newest first, in order where it listens and by its process id where not."""
        for name in reversed(list(self._running)):
            self.stop(name)
        for log in self._logs:
            log.close()

    def start_server(self, env: Mapping[str, str], port: int = 0) -> None:
        """Start the server and wait until it says that it listens; its address is in `url`."""
        data = str(self.folder / "server")
        process = self._start(
            "server",
            ["-m", "app", "server", "--data", data, "--port", str(port), "--host", "127.0.0.1"],
            env,
            pipe=True,
        )
        ready = json.loads(read_line(process, 30.0))
        self.url, self.ca = str(ready["url"]), Path(ready["ca"])

    def enrol(self, member: Member, team: str, env: Mapping[str, str]) -> None:
        """Make a token for the person and enrol the profile with it."""
        token = self.tool(
            ["server", "token", "--data", str(self.folder / "server"), "--site", "demo", "--person", member.name,
             "--role", member.role, "--team", team, "--seat", member.seat, "--floor", "3 楼"], env,
        ).strip()  # fmt: skip
        Profile(member.profile).write_private(member.profile / "demo", b"")
        file = member.profile / "token"
        Profile(member.profile).write_private(file, token.encode())
        try:
            self.tool(["enroll", "--server", self.url, "--ca-file", str(self.ca), "--token-file", str(file),
                       "--profile", str(member.profile)], env)  # fmt: skip
        finally:
            file.unlink()

    def start_tray(self, name: str, member: Member, env: Mapping[str, str], *more: str, lab: bool = True) -> float:
        """Start a tray program and wait until its control port answers; the seconds that took."""
        began = time.monotonic()
        policy = self.folder / f"policy-{name}.toml"  # each its own: a policy that changes holds at once
        lines = [f'"{key}" = {value}' for key, value in LAB_POLICY.items()] if lab else []
        policy.write_text("\n".join(lines) + f'\n"server.urls" = ["{self.url}"]\n"server.ca_file" = "{self.ca}"\n')
        words = ["-m", "ui", "--profile", str(member.profile), "--policy", str(policy), *more]
        self._start(name, words, env)
        self.until(lambda: self.status(member), f"the tray of {member.name}", 30.0)
        return time.monotonic() - began

    def tool(self, words: list[str], env: Mapping[str, str], limit: float = 60.0) -> str:
        """Run one `safeseat` verb; its output, or UnavailableError with what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "app", *words], env=dict(env), capture_output=True, timeout=limit, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if done.returncode:
            raise UnavailableError(f"safeseat {words[0]} failed: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout.decode()

    def status(self, member: Member) -> dict[str, object]:
        """The running agent's snapshot; an empty one while it does not answer."""
        try:
            answer = ask(Profile(member.profile).control, "status")
        except SafeSeatError:
            return {}
        return answer if isinstance(answer, dict) else {}

    def where(self, member: Member, name: str) -> tuple[int, int]:
        """Middle of a control on the member's screen, as its own window tells; real pixels."""
        answer = ask(Profile(member.profile).control, "where", name=name)
        if not isinstance(answer, dict):
            raise UnavailableError(f"{member.name}'s windows show no control {name}.")
        return int(answer["x"]) + int(answer["width"]) // 2, int(answer["y"]) + int(answer["height"]) // 2

    def until(self, condition: object, what: str, limit: float = 10.0) -> float:
        """Wait until `condition()` holds; the seconds it took, or UnavailableError naming `what`."""
        assert callable(condition)
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began > limit:
                raise UnavailableError(f"Waited {limit:.0f} s in vain for {what}.")
            for name, process in self._running.items():
                if process.poll() is not None:
                    raise UnavailableError(
                        f"{name} ended by itself with code {process.returncode}: {self._last_words(name)}"
                    )
            time.sleep(0.02)
        return time.monotonic() - began

    def _last_words(self, name: str) -> str:
        lines = (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return " / ".join(lines[-3:])

    def pid(self, name: str) -> int:
        """Process id of a running program."""
        return self._running[name].pid

    def kill(self, name: str) -> None:
        """End a program without warning, as a crash would."""
        process = self._running.pop(name)
        process.kill()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()

    def stop(self, name: str) -> None:
        """End a program in order, and by force when it does not."""
        process = self._running.pop(name, None)
        if process is None:
            return
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
        if process.stdout is not None:
            process.stdout.close()

    def _start(
        self, name: str, words: list[str], env: Mapping[str, str], *, pipe: bool = False
    ) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{name}.log").open("ab")
        self._logs.append(log)
        process = subprocess.Popen(
            [sys.executable, *words], env=dict(env), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if pipe else log, stderr=log,
        )  # fmt: skip
        self._running[name] = process
        return process


def read_line(process: subprocess.Popen[bytes], limit: float) -> bytes:
    """The first line that a child prints, within `limit` seconds; UnavailableError if it ends or stays mute."""
    assert process.stdout is not None
    line = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        end = time.monotonic() + limit
        while not line.endswith(b"\n"):
            if not selector.select(max(0.0, end - time.monotonic())):
                raise UnavailableError("A program of the demo said nothing in time.")
            got = os.read(process.stdout.fileno(), 4096)
            if not got:
                raise UnavailableError("A program of the demo ended at once; see its log.")
            line += got
    with contextlib.suppress(ValueError):
        return line.splitlines()[0]
    return line
