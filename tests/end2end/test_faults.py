"""The main job while programs die: an alarm arrives once, and the sign never claims what is not so."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from app.tools.demo.cast import Cast
from app.tools.demo.play import environment
from tests.end2end.scene import Scene, boot_ns
from tests.helpers.honesty import Screen, Shown, untruths

pytestmark = [
    pytest.mark.desktop, pytest.mark.slow, pytest.mark.xdist_group("end2end"), pytest.mark.timeout(240),
]  # fmt: skip
TABLE = "alarms"


def picture(scene: Scene, folder: Path, name: str) -> Image.Image:
    """What the lead's screen shows."""
    file = folder / f"{name}.png"
    scene.office.screenshot(file)
    with Image.open(file) as image:
        return image.convert("RGB")


def changed(one: Image.Image, other: Image.Image) -> int:
    """How many pixels differ."""
    difference = ImageChops.difference(one, other).convert("L")
    return sum(difference.histogram()[24:])


def kill_the_agent_between(scene: Scene) -> str:
    """Server away, the chord, kill -9, everything back: returns the alarm that was delivered."""
    scene.cast.kill("server")
    raised = boot_ns()
    scene.press()
    scene.until(lambda: scene.sign() == "kept", "the sign that it is kept")
    scene.cast.kill("agent")
    scene.start_server()
    scene.start("agent")
    row = scene.painted()
    scene.until(lambda: scene.sign() == "shown", "the sign after the restart", 60)
    scene.answer(row, raised)
    return str(row["alarm"])


def stop_the_server_meanwhile(scene: Scene) -> str:
    """Server stopped in order, the chord, six seconds, server back: returns the alarm that was delivered."""
    scene.cast.stop("server")
    raised = boot_ns()
    scene.press()
    scene.until(lambda: scene.sign() == "kept", "the sign that it is kept")
    scene.until(lambda: scene.sign() == "nobody", "the sign that nobody has it", 10)
    assert boot_ns() - raised > 6e9
    assert not any(row["painted_boot"] for row in scene.rows())
    scene.start_server()
    row = scene.painted()
    scene.until(lambda: scene.sign() == "shown", "the sign that a desk shows it", 60)
    scene.answer(row, raised)
    return str(row["alarm"])


def test_killed_between_raise_and_delivery_it_is_delivered_once(play: Scene) -> None:
    alarm = kill_the_agent_between(play)
    play.delivered_once(alarm)
    play.honest()


def test_raised_without_a_server_it_is_delivered_once_when_that_comes_back(play: Scene, tmp_path: Path) -> None:
    calm = picture(play, tmp_path, "calm")
    play.cast.stop("server")
    raised = boot_ns()
    play.press()
    play.until(lambda: play.sign() == "kept", "the sign that it is kept")
    play.until(lambda: play.sign() == "nobody", "the sign that nobody has it", 10)
    assert boot_ns() - raised > 6e9
    assert play.rows() == []
    play.start_server()
    row = play.painted()
    # the row claims to be painted: the screen itself has to bear it out
    assert changed(calm, picture(play, tmp_path, "alarm")) > 5_000
    play.until(lambda: play.sign() == "shown", "the sign that a desk shows it", 60)
    play.answer(row, raised)
    play.delivered_once(str(row["alarm"]))
    signs = [one.sign for one in _log_of(play, str(row["alarm"]))]
    assert signs == ["kept", "nobody", "delivered", "coming", "none"]


def _log_of(scene: Scene, alarm: str) -> list[Shown]:
    scene.honest()
    return [one for one in scene.log if one.alarm == alarm]


def test_a_server_killed_after_its_answer_has_lost_nothing(play: Scene) -> None:
    play.cast.stop("lead")
    raised = boot_ns()
    play.press()
    alarms = play.cast.folder / "server"
    play.until(lambda: stored(alarms) > 0, "the server to hold the alarm")
    play.cast.kill("server")
    assert stored(alarms) > 0
    play.start_server()
    play.start("lead")
    row = play.painted()
    play.until(lambda: play.sign() == "shown", "the sign that a desk shows it", 60)
    play.answer(row, raised)
    play.delivered_once(str(row["alarm"]))
    play.honest()


def stored(folder: Path) -> int:
    """Open alarms in the server's own file, looked at from outside."""
    with closing(sqlite3.connect(f"file:{folder / 'alarms.db'}?mode=ro", uri=True)) as conn:
        return int(conn.execute(f"SELECT count(*) FROM {TABLE} WHERE open").fetchone()[0])


def test_with_one_of_two_servers_dead_it_is_delivered_all_the_same(play: Scene, tmp_path: Path) -> None:
    second = Cast(tmp_path)
    try:
        second.start_server({})
        for member, stage in ((play.agent, play.desk), (play.lead, play.office)):
            second.enrol(member, "demo", environment(stage))
        second.kill("server")
    finally:
        second.close()
    play.until(lambda: play.part("agent", "help").get("listeners"), "a lead who would hear", 60)
    play.until(lambda: play.part("lead", "desk").get("connected"), "the desk to be connected", 60)
    raised = boot_ns()
    play.press()
    row = play.painted()
    play.until(lambda: play.sign() == "shown", "the sign that a desk shows it")
    play.answer(row, raised)
    play.delivered_once(str(row["alarm"]))
    play.honest()


def test_the_checker_finds_every_kind_of_untruth() -> None:
    screen = Screen(10_000, painted_ms=[12_000], claimed_ms=[15_000], ended_ms=[20_000])
    for ms, sign, honest in (
        (9_000, "kept", False), (10_010, "kept", True), (11_000, "delivered", False), (12_001, "delivered", True),
        (14_000, "coming", False), (15_000, "coming", True), (13_000, "nobody", False), (16_001, "nobody", False),
        (19_000, "none", False), (20_000, "none", True),
    ):  # fmt: skip
        assert (untruths([Shown(ms, "a", sign)], {"a": screen}) == []) is honest, (ms, sign)
    assert untruths([Shown(16_001, "a", "nobody")], {"a": Screen(10_000)}) == []
    assert untruths([Shown(1, "b", "kept")], {"a": screen})
