"""From the gesture to the lead's board and back, with servers that are away, dead or two, and PCs without a vault."""

import time
from functools import partial
from pathlib import Path

from app.agent import commands
from app.agent.client import ask
from app.agent.snapshot import Sign, Snapshot
from app.agent.start import RunningAgent
from app.domain.moment import NS
from tests.helpers.agent import Pc, enrol, machine, running
from tests.helpers.server_thread import ServerThread


def press(pc: Pc) -> bytes:
    """The help gesture."""
    pc.agent.post(commands.RaiseAlarm(pc.machine.now().boot))
    pc.seen.until(lambda shown: shown.help.open, "the alarm to be open")
    return b""


def sign(pc: Pc, word: Sign, limit: float = 20.0) -> None:
    pc.seen.until(lambda shown: shown.help.sign is word, f"the sign {word}", limit)


def row(lead: Pc, limit: float = 30.0) -> bytes:
    """The alarm on the lead's board, painted."""
    shown = lead.seen.until(lambda now: now.desk and now.desk.rows, "a row on the board", limit)
    assert shown.desk is not None
    assert len(shown.desk.rows) == 1
    alarm = shown.desk.rows[0].alarm
    lead.agent.post(commands.Painted(alarm, lead.machine.now().boot))
    return alarm


def offers(action: str, shown: Snapshot) -> bool:
    return bool(shown.desk and shown.desk.rows and shown.desk.rows[0].next_action == action)


def settle(lead: Pc, alarm: bytes) -> None:
    for act, action in (("take", "on_spot"), ("on_spot", "settle")):
        lead.agent.post(commands.DeskAct(alarm, act))
        lead.seen.until(partial(offers, action), f"{act} to be believed")
    lead.agent.post(commands.DeskAct(alarm, "settle"))
    lead.seen.until(lambda now: now.desk and not now.desk.rows, "the board to be empty")


def heard(pc: Pc) -> None:
    pc.seen.until(lambda shown: shown.help.listeners, "a lead who would hear")


def test_raised_painted_taken_settled(server: ServerThread, tmp_path: Path) -> None:
    here, there = machine(), machine()
    enrol(server, tmp_path / "agent", here, "林小雨")
    enrol(server, tmp_path / "lead", there, "陈主管", role="lead", seat="L-1")
    there.typing()
    with running(tmp_path / "lead", there, lead=True) as lead, running(tmp_path / "agent", here) as pc:
        heard(pc)
        press(pc)
        alarm = row(lead)
        sign(pc, Sign.SHOWN)
        lead.agent.post(commands.DeskAct(alarm, "say", 3))
        pc.seen.until(lambda shown: shown.help.sentence == 3, "the lead's sentence")
        settle(lead, alarm)
        pc.seen.until(lambda shown: not shown.help.open, "the end")
        signs = [shown.help.sign for shown in pc.seen.all]
        assert [one for at, one in enumerate(signs) if one is not ([None, *signs])[at]] == [
            Sign.NONE, Sign.KEPT, Sign.SHOWN, Sign.COMING, Sign.NONE,
        ]  # fmt: skip


def test_a_take_back_leaves_the_pc_plain_and_the_lead_with_a_row(server: ServerThread, tmp_path: Path) -> None:
    here, there = machine(), machine()
    enrol(server, tmp_path / "agent", here, "林小雨")
    enrol(server, tmp_path / "lead", there, "陈主管", role="lead", seat="L-1")
    with running(tmp_path / "lead", there, lead=True) as lead, running(tmp_path / "agent", here) as pc:
        heard(pc)
        press(pc)
        alarm = row(lead)
        sign(pc, Sign.SHOWN)
        pc.agent.post(commands.TakeBack("482913"))
        pc.seen.until(lambda shown: not shown.help.open, "the take-back")
        at = len(pc.seen.all)
        lead.seen.until(lambda now: now.desk and now.desk.rows[0].taken_back, "the board to know")
        settle(lead, alarm)
        assert all(shown.help.sign is Sign.NONE and not shown.help.open for shown in pc.seen.all[at:])


def test_raised_while_the_server_is_away_it_goes_when_it_is_back_and_after_a_restart(tmp_path: Path) -> None:
    folder, here, there = tmp_path / "server", machine(), machine()
    folder.mkdir()
    first = ServerThread(folder)
    enrol(first, tmp_path / "agent", here, "林小雨")
    enrol(first, tmp_path / "lead", there, "陈主管", role="lead", seat="L-1")
    port = first.port
    first.stop()
    with running(tmp_path / "agent", here) as pc:
        pc.seen.until(lambda shown: shown.help.enrolled, "the enrolment")
        press(pc)
        sign(pc, Sign.KEPT)
    again = machine()
    again.secrets = here.secrets
    second = ServerThread(folder, port=port)
    try:
        with running(tmp_path / "lead", there, lead=True) as lead, running(tmp_path / "agent", again) as pc:
            alarm = row(lead)
            sign(pc, Sign.SHOWN)
            settle(lead, alarm)
            pc.seen.until(lambda shown: not shown.help.open, "the end")
        with running(tmp_path / "agent", again) as pc:
            pc.seen.until(lambda shown: shown.sync.connected, "the connection")
            assert not pc.agent.snapshot.help.open, "it was settled, also over a restart"
    finally:
        second.stop()


def test_settled_while_the_pc_was_off_is_told_when_it_comes_back(server: ServerThread, tmp_path: Path) -> None:
    here, there = machine(), machine()
    enrol(server, tmp_path / "agent", here, "林小雨")
    enrol(server, tmp_path / "lead", there, "陈主管", role="lead", seat="L-1")
    with running(tmp_path / "lead", there, lead=True) as lead:
        with running(tmp_path / "agent", here) as pc:
            heard(pc)
            press(pc)
            alarm = row(lead)
            sign(pc, Sign.SHOWN)
        settle(lead, alarm)
        with running(tmp_path / "agent", here) as pc:
            pc.seen.until(lambda shown: shown.help.open, "the alarm as it was left")
            pc.seen.until(lambda shown: not shown.help.open, "the news that it was settled")


def test_without_a_vault_it_goes_unverified_and_both_sides_say_so(server: ServerThread, tmp_path: Path) -> None:
    here, there = machine(), machine()
    enrol(server, tmp_path / "agent", here, "林小雨")
    enrol(server, tmp_path / "lead", there, "陈主管", role="lead", seat="L-1")
    with running(tmp_path / "lead", there, lead=True) as lead:
        lead.seen.until(lambda now: now.desk and now.desk.connected, "the board to be connected")
        with running(tmp_path / "agent", here, "vault_missing") as pc:
            pc.seen.until(lambda shown: "vault_missing" in shown.faults, "the fault")
            press(pc)
            row(lead)
            sign(pc, Sign.KEPT)
            board = lead.agent.snapshot.desk
            assert board is not None
            assert board.rows[0].unverified


def test_a_pc_that_is_not_enrolled_says_that_nobody_would_hear(tmp_path: Path) -> None:
    with running(tmp_path) as pc:
        pc.seen.until(lambda shown: "not_enrolled" in shown.faults, "the fault")
        press(pc)
        sign(pc, Sign.KEPT)
        sign(pc, Sign.NOBODY, 10)


def test_enrolled_while_it_runs_it_is_protected_without_a_restart(server: ServerThread, tmp_path: Path) -> None:
    here = machine()
    with running(tmp_path, here) as pc:
        pc.seen.until(lambda shown: "not_enrolled" in shown.faults, "the fault")
        enrol(server, tmp_path, here, "林小雨")
        pc.seen.until(lambda shown: shown.help.enrolled and shown.sync.connected, "the connection")
        assert "not_enrolled" not in pc.agent.snapshot.faults
        enrol(server, tmp_path, here)
        pc.seen.until(lambda shown: shown.sync.connected, "the connection again")


def test_an_end_in_order_takes_less_than_five_seconds_and_leaves_no_port(server: ServerThread, tmp_path: Path) -> None:
    here = machine()
    enrol(server, tmp_path, here, "林小雨")
    with running(tmp_path, here) as pc:
        pc.seen.until(lambda shown: shown.sync.connected, "the connection")
        ask(pc.agent.profile.control, "stop")
        pc.seen.until(lambda shown: shown.stopping, "the end")
        assert stopped_within(pc.agent, 5)
        assert not pc.agent.profile.control.exists()


def stopped_within(agent: RunningAgent, seconds: float) -> bool:
    began = time.monotonic()
    return agent.stop(seconds) and time.monotonic() - began < seconds


def test_at_rest_nothing_is_published(server: ServerThread, tmp_path: Path) -> None:
    here = machine()
    enrol(server, tmp_path, here, "林小雨")
    here.typing()
    with running(tmp_path, here) as pc:
        pc.seen.until(lambda shown: shown.sync.connected and not shown.sync.waiting and shown.help.listeners == 0, "rest")
        settled: Snapshot = pc.agent.snapshot
        # two heartbeats pass; the server's own counters would show them, the person's screen must not
        pc.machine.touch()
        beats = int(pc.machine.now().boot + 11 * NS)
        while pc.machine.now().boot < beats:
            pc.agent.actor.join(0.5)
        assert pc.agent.snapshot.revision - settled.revision <= 1
