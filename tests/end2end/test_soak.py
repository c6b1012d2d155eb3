"""The same faults many times, at random instants: counts go to `build/soak-counts.jsonl`, losses must be none."""

import os
import random
import time

import pytest

from tests.end2end.scene import Scene, append_counts, boot_ns
from tests.end2end.test_faults import kill_the_agent_between, stop_the_server_meanwhile

ROUNDS = int(os.environ.get("SAFESEAT_SOAK_ROUNDS", "100"))


def killed_at_random(scene: Scene, dice: random.Random) -> tuple[str, int]:
    """The chord, then kill -9 of one program at any instant; it comes back and the alarm is answered.

    Returns the alarm and how many desks there were: a lead's desk that comes back to an open alarm has to sound as well.
    """
    victim = dice.choice(("agent", "server", "lead"))
    raised = boot_ns()
    scene.press()
    end = time.monotonic() + dice.uniform(0.0, 0.4)
    scene.until(lambda: time.monotonic() > end, "the instant of the kill")
    # what this desk has painted until now dies with it, and the sign may have told of it rightly
    before = [row["painted_boot"] for row in scene.rows() if row["painted_boot"]] if victim == "lead" else []
    scene.cast.kill(victim)
    if victim == "server":
        scene.start_server()
    else:
        scene.start(victim)
    row = scene.painted()
    scene.until(lambda: scene.sign() == "shown", "the sign that a desk shows it", 60)
    scene.answer(row, raised, earlier=[int(str(boot)) for boot in before])
    return str(row["alarm"]), 2 if victim == "lead" else 1


@pytest.mark.soak
@pytest.mark.desktop
@pytest.mark.slow
@pytest.mark.xdist_group("end2end")
@pytest.mark.timeout(0)
@pytest.mark.skipif(not os.environ.get("SAFESEAT_SOAK"), reason="the full counts are run by the soak command only")
def test_no_alarm_is_lost_or_told_twice_in_many_rounds(play: Scene) -> None:
    seed = random.SystemRandom().randrange(2**32)
    dice = random.Random(seed)
    counts = {"agent_killed_between": 0, "server_stopped": 0, "killed_at_random": 0}
    began = time.monotonic()
    try:
        for _ in range(ROUNDS):
            play.ready()
            play.watch()
            kind, desks = dice.choice(sorted(counts)), 1
            if kind == "agent_killed_between":
                alarm = kill_the_agent_between(play)
            elif kind == "server_stopped":
                alarm = stop_the_server_meanwhile(play)
            else:
                alarm, desks = killed_at_random(play, dice)
            play.delivered_once(alarm, desks=desks)
            play.honest()
            counts[kind] += 1
    finally:
        spent = round(time.monotonic() - began, 1)
        append_counts({"what": "alarm_faults", "seed": seed, "rounds": ROUNDS, "seconds": spent, **counts, "well": sum(counts.values())})
