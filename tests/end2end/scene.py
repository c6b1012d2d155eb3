"""Real programs on two virtual desktops, an eye on both PCs, and hands that kill what they are told to."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from app.agent.client import ask
from app.agent.profile import Profile
from app.domain.errors import SafeSeatError
from app.tools.demo.cast import Cast, Member
from app.tools.demo.play import environment, part
from app.tools.stage import Setup, Stage
from tests.helpers.honesty import Screen, Shown, read_log, untruths, wall_ms

LOOK_EVERY = 0.05
NS = 1_000_000_000


@dataclass(slots=True)
class Eye:
    """Looks at one PC all the time by its control port and keeps what differs from the look before."""

    member: Member
    seen: list[dict[str, object]] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look."""
        self._thread = threading.Thread(target=self._look, name="eye", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(10)

    def _look(self) -> None:
        while not self._stopping.wait(LOOK_EVERY):
            with suppress(SafeSeatError):
                answer = ask(Profile(self.member.profile).control, "status", timeout=2.0)
                if isinstance(answer, dict) and (not self.seen or answer != self.seen[-1]):
                    self.seen.append(answer)


@dataclass(slots=True)
class Scene:
    """Everything a story of the main job needs; use from one thread."""

    cast: Cast
    agent: Member
    lead: Member
    desk: Stage
    office: Stage
    port: int
    eyes: dict[str, Eye] = field(default_factory=dict)
    screens: dict[str, Screen] = field(default_factory=dict)
    log: list[Shown] = field(default_factory=list)

    # --- starting and ending ----------------------------------------------------------------------------------------

    def start_server(self) -> None:
        """Start the server again where it was."""
        self.cast.start_server({**os.environ}, port=self.port)

    def start(self, name: str) -> None:
        """Start a tray and wait until it is connected."""
        member, stage = (self.agent, self.desk) if name == "agent" else (self.lead, self.office)
        more = ["--lead"] if name == "lead" else []
        self.cast.start_tray(name, member, environment(stage), *more, lab=False)

    def ready(self) -> None:
        """Server, lead and agent run, and a lead would hear."""
        for name in ("lead", "agent"):
            if not self.runs(name):
                self.start(name)
        self.until(lambda: self.part("agent", "help").get("listeners"), "a lead who would hear", 60)
        self.until(lambda: self.part("lead", "desk").get("connected"), "the desk to be connected", 60)

    def runs(self, name: str) -> bool:
        """Whether a program of the cast runs."""
        with suppress(KeyError):
            return Path(f"/proc/{self.cast.pid(name)}").exists()
        return False

    # --- looking ----------------------------------------------------------------------------------------------------

    def status(self, name: str) -> dict[str, object]:
        """A PC's Snapshot."""
        return self.cast.status(self.agent if name == "agent" else self.lead)

    def part(self, name: str, slice_: str) -> dict[str, object]:
        """A slice of a PC's Snapshot."""
        return part(self.status(name), slice_)

    def sign(self) -> str:
        """What the agent's sign shows."""
        return str(self.part("agent", "help").get("sign"))

    def rows(self) -> list[dict[str, object]]:
        """The rows of the lead's desk."""
        return rows_of(self.status("lead"))

    def until(self, condition: Callable[[], object], what: str, limit: float = 15.0) -> None:
        """Wait for a condition; UnavailableError names what did not come."""
        self.cast.until(condition, what, limit)

    # --- doing ------------------------------------------------------------------------------------------------------

    def watch(self) -> None:
        """Begin to look at both PCs."""
        self.unwatch()
        self.eyes = {"agent": Eye(self.agent), "lead": Eye(self.lead)}
        for eye in self.eyes.values():
            eye.start()

    def unwatch(self) -> None:
        """Stop looking."""
        for eye in self.eyes.values():
            eye.stop()

    def press(self) -> None:
        """The help chord, twice, on the agent's keyboard."""
        self.desk.keys("ctrl+alt+grave", "ctrl+alt+grave")
        self.until(lambda: self.part("agent", "help").get("open"), "the alarm to be open")

    def act(self, alarm: str, act: str) -> int:
        """The lead answers; returns the boot instant of it."""
        told = ask(Profile(self.lead.profile).control, "desk", alarm=alarm, act=act)
        assert isinstance(told, dict)
        return int(told["asked_boot"])

    def painted(self, limit: float = 60.0) -> dict[str, object]:
        """Wait until the lead's window has painted the alarm; its row."""
        self.until(lambda: any(row["painted_boot"] for row in self.rows()), "the lead's window to paint", limit)
        return self.rows()[0]

    def answer(self, row: Mapping[str, object], raised_boot: int, earlier: Sequence[int] = ()) -> None:
        """The lead takes it, is on the spot and settles it; everything about it goes to the checker.

        `earlier`: boot instants at which a desk that was killed meanwhile had painted it.
        """
        alarm = str(row["alarm"])
        eye = self.eyes["lead"]
        self.until(lambda: any(alarm == one["alarm"] for board in eye.seen[-9:] for one in rows_of(board)), "the eye to see it")
        screen = self.screens[alarm] = Screen(wall_ms(raised_boot))
        screen.painted_ms += [wall_ms(boot) for boot in (*earlier, int(str(row["painted_boot"])))]
        screen.claimed_ms.append(wall_ms(self.act(alarm, "take")))
        self.until(lambda: self.sign() == "coming", "the sign that somebody comes", 60)
        # the eye looks now and then: it must not miss what is judged afterwards
        self.until(lambda: any(row["state"] == "taken" for board in eye.seen[-9:] for row in rows_of(board)), "the eye to see it taken")
        self.act(alarm, "on_spot")
        self.until(lambda: self.rows() and self.rows()[0]["next_action"] == "settle", "the lead on the spot")
        screen.ended_ms.append(wall_ms(self.act(alarm, "settle")))
        self.until(lambda: self.sign() == "none" and not self.rows(), "the alarm to be settled", 60)

    # --- judging ----------------------------------------------------------------------------------------------------

    def delivered_once(self, alarm: str, *, desks: int = 1) -> None:
        """One row, one id, one sound from all that the eye on the lead saw.

        `desks`: how often the lead's program was started meanwhile; one that starts while nobody has taken the alarm sounds.
        """
        boards = [one for one in self.eyes["lead"].seen if isinstance(one.get("desk"), dict)]
        ids = {str(row["alarm"]) for one in boards for row in rows_of(one)}
        assert ids == {alarm}, f"the desk showed {ids}"
        assert max(len(rows_of(one)) for one in boards) == 1
        sounding = [bool(part(one, "desk")["sounding"]) for one in boards]
        began = sum(now and not before for before, now in zip([False, *sounding], sounding, strict=False))
        assert 1 <= began <= desks, f"it began to sound {began} times"
        taken = [one for one in boards if any(row["state"] in ("taken", "on_spot") for row in rows_of(one))]
        assert taken
        assert not any(part(one, "desk")["sounding"] for one in taken), "it sounded again once taken"

    def honest(self) -> None:
        """Stop the agent in order, read the sign's log from its own file, and join it with the lead's screen."""
        self.unwatch()
        self.cast.stop("agent")
        command = [sys.executable, "-m", "tests.helpers.honesty", str(self.agent.profile)]
        done = subprocess.run(command, env=environment(self.desk), capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr.decode()
        self.log = read_log(done.stdout.decode())
        assert {one.alarm for one in self.log} >= set(self.screens), "an alarm left no trace in the sign's log"
        found = untruths(self.log, self.screens)
        assert not found, f"{found}; log {self.log[-8:]}; screens {self.screens}"


def rows_of(status: Mapping[str, object]) -> list[dict[str, object]]:
    """The rows of a desk in a Snapshot."""
    rows = part(status, "desk").get("rows")
    return rows if isinstance(rows, list) else []


def boot_ns() -> int:
    """The clock of the Snapshots."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """Server, agent and lead on two virtual desktops; nothing is left afterwards."""
    with Stage(Setup()) as desk, Stage(Setup()) as office:
        cast = Cast(folder)
        agent = Member(folder / "agent", "林小雨", "agent", "A-17")
        lead = Member(folder / "lead", "陈主管", "lead", "L-01")
        made = None
        try:
            cast.start_server({**os.environ})
            cast.enrol(agent, "demo", environment(desk))
            cast.enrol(lead, "demo", environment(office))
            made = Scene(cast, agent, lead, desk, office, urlsplit(cast.url).port or 0)
            yield made
        finally:
            if made is not None:
                made.unwatch()
            cast.close()


def append_counts(line: Mapping[str, object]) -> None:
    """One line of counts of a soak run."""
    file = Path("build/soak-counts.jsonl")
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\n")
