"""What was acknowledged is there after kill -9; what was under way goes on after the restart."""

import secrets
from pathlib import Path

import pytest

from app.protocol import api
from app.protocol.alarm import ReceiptState
from app.server.alerts import chains
from app.server.storage import alarms as rows
from tests.helpers.server_child import ServerChild, safeseat
from tests.helpers.server_client import Pc, Where, lock_failed
from tests.helpers.server_thread import ServerThread
from tests.integration.server.conftest import MakePc


def where_of(child: ServerChild) -> Where:
    return Where(child.port, f"127.0.0.1:{child.port}", bytes.fromhex(str(child.ready["fingerprint"])))


@pytest.fixture
def folder(tmp_path: Path, database: str | None) -> tuple[Path, tuple[str, ...]]:
    return tmp_path, ("--database", database) if database else ()


def enrolled(child: ServerChild, folder: Path, more: tuple[str, ...], name: str, role: str) -> Pc:
    pc = Pc(where_of(child))
    code = safeseat("server", "token", "--data", str(folder), *more, "--site", "S", "--person", name, "--role", role, "--team", "A")
    assert code.returncode == 0, code.stderr
    assert pc.enrol(code.stdout.strip()).state == "enrolled"
    return pc


def test_acknowledged_records_and_alarms_survive_kill_9(folder: tuple[Path, tuple[str, ...]]) -> None:
    path, more = folder
    child = ServerChild(path, "--no-tls", *more)
    pc, lead = enrolled(child, path, more, "王芳", "agent"), enrolled(child, path, more, "李主管", "lead")
    pc.journal.add(lock_failed())
    ack = pc.deliver().ack()
    alarm = secrets.token_bytes(16)
    data = pc.alarm_bytes(alarm)
    assert pc.send_alarm(data).stored
    child.kill()
    pc.close()
    lead.close()
    again = ServerChild(path, "--no-tls", *more, port=child.port)
    try:
        head = pc.batch().ack()
        assert (head.n, head.h) == (ack.n, ack.h)
        assert pc.send_alarm(data).stored, "sent again, as a PC does that is not sure"
        desk = lead.stream_events()
        shown = desk.until(api.DeskAlarm)
        assert isinstance(shown, api.DeskAlarm)
        assert shown.alarm == alarm
        assert lead.receipt(alarm, ReceiptState.TAKEN).status == 200
        desk.close()
        outside = safeseat("server", "head", "--data", str(path), *more, "--device", pc.device.hex(), "--stream", pc.stream.hex())
        assert (outside.returncode, ack.h.hex() in outside.stdout) == (0, True)
    finally:
        pc.close()
        lead.close()
        assert again.stop() < 5


def test_open_streams_do_not_hold_up_an_orderly_stop(tmp_path: Path) -> None:
    child = ServerChild(tmp_path, "--no-tls")
    lead = enrolled(child, tmp_path, (), "李主管", "lead")
    desk = lead.stream_events()
    assert isinstance(desk.next(), api.Hello)
    assert child.stop() < 5
    assert child.process.returncode == 0
    desk.close()
    lead.close()


def test_the_escalation_resumes_after_a_restart(server: ServerThread, make_pc: MakePc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chains, "LEAD_WAIT_S", 1)
    pc, head = make_pc(), make_pc("部门负责人", role="head", team="H")
    make_pc("李主管", role="lead", seat="L-1")
    alarm = pc.raise_alarm()
    pc.close()
    head.close()
    server.stop()
    again = ServerThread(server.folder, server._database, port=server.port)
    try:
        desk = head.stream_events()
        shown = desk.until(api.DeskAlarm)
        assert isinstance(shown, api.DeskAlarm)
        assert shown.alarm == alarm
        row = again.alarm_lane(lambda conn: rows.find_alarm(conn, alarm))
        assert row is not None
        assert row.open
        desk.close()
    finally:
        head.close()
        again.stop()
        server.stop = lambda: None  # type: ignore[method-assign]  # it is stopped already


def test_the_next_step_is_told_in_time_without_anybody_asking(server: ServerThread, make_pc: MakePc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chains, "LEAD_WAIT_S", 1)
    pc, head = make_pc(), make_pc("部门负责人", role="head", team="H")
    make_pc("李主管", role="lead", seat="L-1")
    desk = head.stream_events()
    alarm = pc.raise_alarm()
    shown = desk.until(api.DeskAlarm)
    assert isinstance(shown, api.DeskAlarm)
    assert shown.alarm == alarm
    desk.close()
