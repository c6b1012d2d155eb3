"""The main job, played on two virtual desktops: lock, unlock, breaks, a talk, the silent alarm, a lead who comes.

Every step is awaited from outside (screen, locker, control port, database) and printed with its time.
"""

import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.errors import UnavailableError
from app.tools.demo.cast import Cast, Member
from app.tools.demo.evidence import examine
from app.tools.stage import Setup, Stage

PIN_CANARY = "739154"
CALL_CANARY = "canary-call-7f3a"


@dataclass(slots=True)
class Story:
    """Prints each step with the seconds since the beginning."""

    began: float = field(default_factory=time.monotonic)
    steps: list[tuple[float, str]] = field(default_factory=list)

    def tell(self, text: str) -> None:
        """Print one step."""
        at = time.monotonic() - self.began
        self.steps.append((at, text))
        print(f"{at:7.2f} s  {text}", flush=True)


@dataclass(slots=True)
class Scene:
    """What every act needs."""

    story: Story
    cast: Cast
    agent: Member
    lead: Member
    desk: Stage
    office: Stage
    pictures: Path | None

    def seat(self) -> dict[str, object]:
        """The agent's seat as its own snapshot shows it."""
        return part(self.cast.status(self.agent), "seat")

    def sign(self) -> str:
        """The agent's help sign."""
        return str(part(self.cast.status(self.agent), "help").get("sign"))

    def rows(self) -> list[object]:
        """The rows on the lead's desk."""
        rows = part(self.cast.status(self.lead), "desk").get("rows")
        return rows if isinstance(rows, list) else []

    def first_row(self) -> dict[str, object]:
        """The first row on the lead's desk, empty without one."""
        rows = self.rows()
        return rows[0] if rows and isinstance(rows[0], dict) else {}

    def until(self, condition: Callable[[], object], what: str, limit: float = 15.0) -> float:
        """Wait for a condition."""
        return self.cast.until(condition, what, limit)

    def keep_working(self, condition: Callable[[], object], what: str, limit: float = 40.0) -> None:
        """Move the agent's mouse as somebody at work does, until the condition holds."""
        end, step = time.monotonic() + limit, 0
        while not condition():
            if time.monotonic() > end:
                raise UnavailableError(f"Waited {limit:.0f} s in vain for {what}.")
            step += 1
            self.desk.move(300 + step % 40, 300)
            time.sleep(0.25)

    def picture(self, name: str) -> None:
        """Leave a picture of both screens."""
        if self.pictures is not None:
            self.desk.screenshot(self.pictures / f"{name}-agent.png")
            self.office.screenshot(self.pictures / f"{name}-lead.png")


def part(status: Mapping[str, object], name: str) -> dict[str, object]:
    """A slice of a snapshot as the control port tells it."""
    found = status.get(name)
    return found if isinstance(found, dict) else {}


def play(folder: Path, pictures: Path | None) -> int:
    """Play the job in `folder`; prints each step, returns 0. Raises UnavailableError when a step does not come."""
    story = Story()
    with Stage(Setup(login=True)) as desk, Stage(Setup()) as office:
        story.tell("two virtual desktops: the agent's with tray, vault and a real locker, the lead's beside it")
        cast = Cast(folder)
        agent = Member(folder / "agent", "林小雨", "agent", "A-17")
        lead = Member(folder / "lead", "陈主管", "lead", "L-01")
        scene = Scene(story, cast, agent, lead, desk, office, pictures)
        try:
            arrive(scene)
            lock_and_unlock(scene)
            rest_the_eyes(scene)
            talk_long(scene)
            call_for_help(scene)
            take_back(scene)
            leave(scene)
        finally:
            cast.close()
    return 0


def environment(stage: Stage) -> dict[str, str]:
    """What children of a stage get: the stage's own, and where this checkout lies."""
    return {
        **stage.env,
        "PYTHONPATH": os.pathsep.join(path for path in (str(Path.cwd()), os.environ.get("PYTHONPATH", "")) if path),
    }


def arrive(scene: Scene) -> None:
    """Server, enrolment, both trays."""
    cast, story = scene.cast, scene.story
    cast.start_server({**os.environ})
    story.tell(f"the server listens on {cast.url}")
    for member, stage in ((scene.agent, scene.desk), (scene.lead, scene.office)):
        cast.enrol(member, "客服一组", environment(stage))
    story.tell("agent and lead are enrolled by token; the secret was never sent")
    cast.start_tray("lead", scene.lead, environment(scene.office), "--lead", "--lang", "zh_CN", lab=False)
    cast.start_tray("agent", scene.agent, environment(scene.desk), "--lang", "zh_CN")
    scene.keep_working(lambda: part(cast.status(scene.agent), "help").get("listeners"), "a lead who would hear")
    story.tell("the agent's help button says that one lead would hear")
    scene.picture("1-ready")


def lock_and_unlock(scene: Scene) -> None:
    """Real idle time, warning, real locker, typed password."""
    desk, story = scene.desk, scene.story
    scene.until(lambda: scene.seat().get("warning_until_boot"), "the lock warning", 30)
    story.tell("nobody touched the PC: the lock warning is on screen")
    scene.picture("2-warning")
    scene.until(desk.locked, "the locker to hold the screen", 20)
    story.tell("the real locker holds the screen (seen in the session's LockedHint)")
    scene.until(lambda: scene.seat().get("locked"), "the agent to confirm the lock")
    story.tell("SafeSeat has confirmed the lock")
    scene.picture("3-locked")
    desk.unlock()
    scene.until(lambda: not scene.seat().get("locked"), "the unlock")
    story.tell("unlocked by typing the password")


def rest_the_eyes(scene: Scene) -> None:
    """An eyes break, offered while working, starts by itself and is kept."""
    offered = lambda: part(scene.seat(), "offer").get("kind") == "eyes"  # noqa: E731  # a name makes the wait readable
    scene.keep_working(offered, "an eyes break")
    scene.story.tell("an eyes break is offered")
    scene.picture("4-eyes-offer")
    before = number(scene.seat(), "breaks_kept")
    scene.keep_working(lambda: part(scene.seat(), "running").get("kind") == "eyes", "the eyes break to start")
    scene.picture("5-eyes-break")
    scene.keep_working(lambda: number(scene.seat(), "breaks_kept") > before, "the eyes break to be kept")
    scene.story.tell("the eyes break was kept")


def talk_long(scene: Scene) -> None:
    """A call longer than the policy's limit; nothing appears during it, the talk break comes after it."""
    cast, env = scene.cast, environment(scene.desk)
    profile = ["--profile", str(scene.agent.profile)]
    cast.tool(["call", "start", "--id", CALL_CANARY, *profile], env)
    scene.story.tell("the softphone's hook says: a call began")
    began = time.monotonic()
    offers: list[object] = []

    def long_enough() -> bool:
        if scene.seat().get("offer"):
            offers.append(scene.seat()["offer"])
        return time.monotonic() - began > 8

    scene.keep_working(long_enough, "a long talk")
    if offers:
        raise UnavailableError(f"Something was offered during the call: {offers[0]}.")
    with ThreadPoolExecutor(1) as beside:
        # on a busy machine the hook takes seconds, and a hand that rests so long would count as a break of its own
        ended = beside.submit(cast.tool, ["call", "end", "--id", CALL_CANARY, *profile], env)
        scene.keep_working(ended.done, "the softphone's hook", 60)
        ended.result()
    scene.keep_working(lambda: part(scene.seat(), "offer").get("kind") == "talk", "the talk break")
    scene.story.tell("the call is over: the talk break is offered, nothing was during it")
    scene.picture("6-talk-offer")


def call_for_help(scene: Scene) -> None:
    """The chord twice; the lead's window paints; 我来; the sign changes; settled."""
    story = scene.story
    scene.desk.keys("ctrl+alt+grave", "ctrl+alt+grave")
    pressed = time.monotonic()
    scene.until(scene.rows, "the lead's desk to show the alarm", 10)
    story.tell(
        f"the chord was pressed twice: the lead's desk shows {scene.first_row().get('who')} ({time.monotonic() - pressed:.3f} s, as polled)"
    )
    scene.until(lambda: scene.sign() == "shown", "the sign that somebody's device shows it")
    story.tell("the agent's sign says 二: shown on a person's device")
    scene.picture("7-alarm")
    press_the_one_button(scene, "take")
    scene.until(lambda: scene.sign() == "coming", "the sign that somebody comes")
    story.tell("我来 was clicked: the agent's sign says 三, somebody is coming")
    scene.picture("8-coming")
    press_the_one_button(scene, "on_spot")
    scene.until(lambda: scene.first_row().get("next_action") == "settle", "the lead on the spot")
    story.tell("已到场 was clicked")
    press_the_one_button(scene, "settle")
    scene.until(lambda: scene.sign() == "none" and not scene.rows(), "the alarm to be settled")
    story.tell("已处理 was clicked: settled, the sign is plain again")
    scene.picture("9-settled")


READ_THE_WORD = 1.2
"""Seconds that a person takes to read the button's new word; the button ignores presses meant for its last one."""


def press_the_one_button(scene: Scene, action: str) -> None:
    """Click the desk's one button where the window says it stands, once it offers `action`."""
    scene.until(lambda: scene.first_row().get("next_action") == action, f"the button to offer {action}")
    time.sleep(READ_THE_WORD)
    place = scene.cast.where(scene.lead, "lead.action")
    scene.office.click(place[0], place[1])


def take_back(scene: Scene) -> None:
    """A drill, taken back with a PIN: nothing of it is shown any more here, and a person still checks it."""
    env, profile = environment(scene.desk), ["--profile", str(scene.agent.profile)]
    scene.cast.tool(["alarm", "raise", "--drill", *profile], env)
    scene.until(lambda: scene.sign() == "shown" and scene.first_row().get("drill"), "the drill on the lead's desk")
    pin = scene.cast.folder / "pin"
    pin.write_text(PIN_CANARY)
    try:
        scene.cast.tool(["alarm", "take-back", "--pin-file", str(pin), *profile], env)
    finally:
        pin.unlink()
    scene.until(lambda: scene.sign() == "none", "the sign to be plain again")
    scene.until(lambda: scene.first_row().get("taken_back"), "the take-back on the lead's desk")
    scene.story.tell(
        "a drill was raised and taken back with a PIN: the PC shows nothing more, the lead still checks it"
    )
    scene.picture("10-drill-taken-back")


def leave(scene: Scene) -> None:
    """Orderly end, then the evidence."""
    scene.cast.stop("agent")
    scene.story.tell("the agent's tray was closed in order")
    for line in examine(scene.cast, scene.agent, environment(scene.desk), (PIN_CANARY, CALL_CANARY)):
        scene.story.tell(line)


def number(table: Mapping[str, object], key: str) -> int:
    """A whole number of a snapshot's slice, 0 if it is not there."""
    value = table.get(key)
    return value if isinstance(value, int) else 0
