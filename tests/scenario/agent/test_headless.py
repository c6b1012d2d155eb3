"""`safeseat agent --headless` as a process: readiness, one instance, signals, kill, takeover by a tray."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.agent.client import ask
from app.agent.profile import Profile
from app.agent.start import AgentOptions, AlreadyRunningError, start_agent
from tests.helpers.agent import machine, running

LIMIT = 30


class Headless:
    """One headless agent on a simulated desktop."""

    def __init__(self, folder: Path, *more: str) -> None:
        words = ["-m", "app", "agent", "--headless", "--desktop", "simulated", "--profile", str(folder), *more]
        self.process = subprocess.Popen(
            [sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        )  # fmt: skip

    def line(self) -> str:
        """The first line that it says."""
        assert self.process.stdout is not None
        assert select.select([self.process.stdout], [], [], LIMIT)[0], "it said nothing"
        return self.process.stdout.readline().decode()

    def ended(self) -> tuple[int, str, str]:
        """Its exit code and the rest of what it said; one that does not end is killed and told."""
        try:
            out, err = self.process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        return self.process.returncode, out.decode(), err.decode()

    def close(self) -> None:
        """End it whatever it does."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(LIMIT)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Headless]:
    made = Headless(tmp_path)
    assert json.loads(made.line())["ready"] is True
    yield made
    made.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(agent: Headless, tmp_path: Path, number: int) -> None:
    agent.process.send_signal(number)
    assert agent.ended() == (0, "", "")
    assert not Profile(tmp_path).control.exists()


def test_it_can_be_stopped_over_the_control_port(agent: Headless, tmp_path: Path) -> None:
    assert ask(Profile(tmp_path).control, "stop") == {"stopping": True}
    assert agent.ended() == (0, "", "")


def test_a_second_one_says_so_and_exits_0(agent: Headless, tmp_path: Path) -> None:
    second = Headless(tmp_path)
    assert second.ended() == (0, "SafeSeat already runs in this profile.\n", "")
    assert agent.process.poll() is None


def test_killed_it_leaves_no_lock_behind(agent: Headless, tmp_path: Path) -> None:
    agent.process.kill()
    agent.process.wait(LIMIT)
    again = Headless(tmp_path)
    assert json.loads(again.line())["ready"] is True
    again.process.terminate()
    assert again.ended()[0] == 0


def test_a_tray_takes_over_from_it_and_it_ends_in_order(agent: Headless, tmp_path: Path) -> None:
    tray = start_agent(AgentOptions(profile=tmp_path), machine().desktop())
    try:
        assert agent.ended() == (0, "", "")
        assert json.loads(Profile(tmp_path).control.read_bytes())["kind"] == "tray"
    finally:
        assert tray.stop(10)


def test_a_headless_one_stands_back_from_a_tray(tmp_path: Path) -> None:
    tray = start_agent(AgentOptions(profile=tmp_path), machine().desktop())
    try:
        assert Headless(tmp_path).ended()[:2] == (0, "SafeSeat already runs in this profile.\n")
        with pytest.raises(AlreadyRunningError):
            start_agent(AgentOptions(profile=tmp_path), machine().desktop())
    finally:
        assert tray.stop(10)


@pytest.mark.parametrize(
    ("file", "content", "more", "code"),
    [
        ("ids.json", b"{", (), 3),
        ("policy.toml", b"not toml", ("--policy", "policy.toml"), 2),
        ("policy.toml", b"", ("--policy", "absent.toml"), 2),
        ("policy.toml", b"", ("--set", "nonsense"), 2),
        ("policy.toml", b"", ("--set", "no.such=1"), 2),
        ("policy.toml", b"", ("--desktop", "dreamt"), 2),
    ],
)
def test_what_cannot_start_says_why_in_one_sentence(
    tmp_path: Path, file: str, content: bytes, more: tuple[str, ...], code: int
) -> None:
    (tmp_path / file).write_bytes(content)
    done = Headless(tmp_path, *(str(tmp_path / word) if word.endswith(".toml") else word for word in more)).ended()
    assert (done[0], done[1]) == (code, "")
    assert done[2]
    assert "Traceback" not in done[2]
    with running(tmp_path / "other"):
        pass
