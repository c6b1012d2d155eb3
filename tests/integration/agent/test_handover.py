"""The enrolment code that IT's installer left: taken by one agent alone, used once, erased, never told."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.agent.enrolled import enrolled_servers
from app.agent.enrolling import enrol_from_command_line
from app.agent.handover import Claim, HeldError, claim
from app.agent.profile import Profile
from app.agent.snapshot import Snapshot
from app.desktop.simulated import Machine
from app.domain.errors import SafeSeatError
from app.protocol.enrol import Token, parse_token
from app.server import commands
from app.server.commands import CodeFor
from app.sync.errors import EnrolError
from tests.helpers.agent import Pc, machine, running
from tests.helpers.server_thread import ServerThread

GONE = "http://127.0.0.1:9"


def seal(text: str) -> bytes:
    """As the simulated machine's system seals."""
    return text.encode()[::-1] + b":1"


@pytest.fixture
def code_file(tmp_path: Path) -> Path:
    return tmp_path / "enrol.bin"


@pytest.fixture
def pc(code_file: Path) -> Machine:
    made = machine()
    made.code_file = code_file
    return made


def url(server: ServerThread) -> str:
    return f"{'https' if server.tls else 'http'}://127.0.0.1:{server.port}"


def at(*urls: str) -> tuple[str, ...]:
    """The setting of the servers as a run is given it."""
    return (f"server.urls={','.join(urls)}",)


def enrolled(shown: Snapshot) -> bool:
    return "not_enrolled" not in shown.faults


def kinds(it: Pc) -> set[str]:
    """The kinds of record in the journal of a running agent."""
    journal = it.agent._files.journal
    assert journal is not None
    return {str(json.loads(one.record)["type"]) for one in journal.pending(0, 500, 1 << 20)}


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_the_code_enrols_a_running_agent_and_is_erased(tmp_path: Path, server: ServerThread, code_file: Path, pc: Machine) -> None:
    text = server.code("王芳", seat="A-7")
    code_file.write_bytes(seal(text))
    pc.site = "Tianhe"
    with running(tmp_path / "p", pc, settings=at(url(server))) as it:
        it.seen.until(lambda shown: shown.sync.connected and enrolled(shown), "the enrolment")
        it.seen.until(lambda shown: shown.sync.last_synced_ms is not None and shown.sync.waiting == 0, "delivery")
        assert not code_file.exists()
        assert "enrolled" in kinds(it)
    (listed,) = server.main_lane(commands.list_devices)
    assert (listed["site"], listed["site_claimed"]) == ("Shanghai", "Tianhe")
    (one,) = enrolled_servers(Profile(tmp_path / "p"))
    assert (one.url, one.pending) == (url(server), False)
    assert text.encode() not in everything_in(tmp_path / "p")
    assert parse_token(text).secret not in everything_in(tmp_path / "p")


def test_a_server_with_its_own_authority_is_reached_by_the_policys_file(tmp_path: Path, code_file: Path, pc: Machine) -> None:
    (tmp_path / "s").mkdir()
    server = ServerThread(tmp_path / "s", tls=True)
    try:
        code_file.write_bytes(seal(server.code("王芳")))
        with running(tmp_path / "p", pc, settings=(*at(url(server)), f"server.ca_file={server.ca}")) as it:
            it.seen.until(lambda shown: shown.sync.connected and enrolled(shown), "the enrolment")
    finally:
        server.stop()


def test_the_code_waits_until_a_server_answers_and_the_state_says_so(tmp_path: Path, server: ServerThread, code_file: Path, pc: Machine) -> None:
    code_file.write_bytes(seal(server.code("王芳")))
    with running(tmp_path / "p", pc, settings=at(GONE)) as it:
        it.seen.until(lambda shown: "handover_waiting" in shown.faults and not enrolled(shown), "the wait")
        assert code_file.exists()
    with running(tmp_path / "p", pc, settings=at(GONE, url(server))) as it:
        it.seen.until(lambda shown: enrolled(shown) and "handover_waiting" not in shown.faults, "the enrolment")


def test_an_attempt_is_repeated_by_itself(tmp_path: Path, code_file: Path, pc: Machine) -> None:
    (tmp_path / "s").mkdir()
    first = ServerThread(tmp_path / "s")
    code_file.write_bytes(seal(first.code("王芳")))
    first.stop()
    with running(tmp_path / "p", pc, settings=at(url(first))) as it:
        it.seen.until(lambda shown: "handover_waiting" in shown.faults, "the wait")
        again = ServerThread(tmp_path / "s", port=first.port)
        try:
            it.seen.until(lambda shown: enrolled(shown) and shown.sync.connected, "the enrolment", 60)
        finally:
            again.stop()


def used(server: ServerThread, tmp_path: Path) -> str:
    text = server.code("王芳")
    other = tmp_path / "used"
    other.write_text(text, "utf-8")
    enrol_from_command_line(tmp_path / "other", url(server), str(other), None, machine().desktop())
    return text


def expired(server: ServerThread, _tmp_path: Path) -> str:
    who = CodeFor("Shanghai", "王芳", "agent", "A")
    return server.main_lane(lambda conn: commands.make_codes(conn, server.keys, who, 1, 1))[0]


def unknown(server: ServerThread, _tmp_path: Path) -> str:
    token = parse_token(server.code("王芳"))
    return Token(token.id, bytes(20), token.fingerprint).text()


@pytest.mark.parametrize("spoil", [used, expired, unknown])
def test_a_signed_no_ends_it_and_the_code_is_erased(tmp_path: Path, server: ServerThread, code_file: Path, pc: Machine, spoil: object) -> None:
    assert callable(spoil)
    code_file.write_bytes(seal(spoil(server, tmp_path)))
    with running(tmp_path / "p", pc, settings=at(url(server))) as it:
        it.seen.until(lambda shown: "handover_refused" in shown.faults and not enrolled(shown), "the refusal")
        assert not code_file.exists()


def test_a_no_of_another_server_proves_nothing(tmp_path: Path, server: ServerThread, code_file: Path, pc: Machine) -> None:
    token = parse_token(server.code("王芳"))
    code_file.write_bytes(seal(Token(token.id, token.secret, b"\x07" * 20).text()))
    with running(tmp_path / "p", pc, settings=at(url(server))) as it:
        it.seen.until(lambda shown: "handover_waiting" in shown.faults, "the wait")
        assert code_file.exists()


def test_an_enrolment_that_could_not_be_kept_is_asked_for_again(tmp_path: Path, server: ServerThread, code_file: Path, pc: Machine) -> None:
    code_file.write_bytes(seal(server.code("王芳")))
    blocked = Profile(tmp_path / "p").enrolment.with_suffix(".json.part")
    blocked.mkdir()
    with running(tmp_path / "p", pc, settings=at(url(server))) as it:
        it.seen.until(lambda shown: "handover_waiting" in shown.faults, "the wait")
        assert code_file.exists()
        blocked.rmdir()
        it.seen.until(lambda shown: enrolled(shown) and shown.sync.connected, "the enrolment")


@pytest.mark.parametrize("left", [b"garbage", seal("not a code"), seal("ü" * 77), b"x" * 40_000])
def test_a_damaged_or_foreign_file_is_told_once_and_put_aside(tmp_path: Path, server: ServerThread, code_file: Path, pc: Machine, left: bytes) -> None:
    code_file.write_bytes(left)
    with running(tmp_path / "p", pc, settings=at(url(server))) as it:
        it.seen.until(lambda shown: "handover_damaged" in shown.faults, "the fault")
    assert not code_file.exists()
    assert code_file.with_name("enrol.bin.damaged").read_bytes() == left
    with running(tmp_path / "p", pc, settings=at(url(server))) as it:
        it.seen.until(lambda shown: "not_enrolled" in shown.faults, "the start")
        assert "handover_damaged" not in it.agent.snapshot.faults


def test_a_code_of_another_server_than_its_key_is_not_sent(tmp_path: Path, server: ServerThread, code_file: Path, pc: Machine) -> None:
    pc.server_key = "ab" * 20
    code_file.write_bytes(seal(server.code("王芳")))
    with running(tmp_path / "p", pc, settings=at(url(server))) as it:
        it.seen.until(lambda shown: "handover_other_server" in shown.faults, "the fault")
    assert server.main_lane(commands.list_devices) == []
    assert code_file.exists()


def test_a_code_without_a_server_to_take_it_to_is_told(tmp_path: Path, code_file: Path, pc: Machine) -> None:
    code_file.write_bytes(seal(Token(b"\x01" * 8, b"\x02" * 20, b"\x03" * 20).text()))
    with running(tmp_path / "p", pc) as it:
        it.seen.until(lambda shown: "handover_no_server" in shown.faults, "the fault")
    assert code_file.exists()


def test_only_one_of_two_agents_takes_the_code(tmp_path: Path, server: ServerThread, code_file: Path) -> None:
    machines = [machine(), machine()]
    for one in machines:
        one.code_file = code_file
    code_file.write_bytes(seal(server.code("王芳")))
    with (
        running(tmp_path / "a", machines[0], settings=at(url(server))) as a,
        running(tmp_path / "b", machines[1], settings=at(url(server))) as b,
    ):
        done = threading.Event()
        for pc in (a, b):
            pc.agent.subscribe(lambda shown: done.set() if shown.help.enrolled else None)
        assert done.wait(20)
        assert not code_file.exists()
    counts = [len(enrolled_servers(Profile(tmp_path / name))) for name in "ab"]
    assert sorted(counts) == [0, 1]


@pytest.fixture
def held(code_file: Path, pc: Machine) -> Iterator[Claim]:
    code_file.write_bytes(seal("A"))
    sealed = pc.desktop().installed.code
    assert sealed is not None
    found = claim(sealed)
    assert found is not None
    yield found
    found.release()


def test_a_claimed_file_is_held_for_one(held: Claim, pc: Machine) -> None:
    sealed = pc.desktop().installed.code
    assert sealed is not None
    with pytest.raises(HeldError):
        claim(sealed)
    held.release()
    again = claim(sealed)
    assert again is not None
    again.release()


def test_an_erased_file_was_overwritten_before_it_went(held: Claim, code_file: Path, pc: Machine) -> None:
    other_name = code_file.with_name("link")
    other_name.hardlink_to(code_file)
    held.erase()
    assert not code_file.exists()
    assert other_name.read_bytes() == b""
    sealed = pc.desktop().installed.code
    assert sealed is not None
    assert claim(sealed) is None


def test_an_empty_file_is_what_another_left(code_file: Path, pc: Machine) -> None:
    code_file.touch()
    sealed = pc.desktop().installed.code
    assert sealed is not None
    assert claim(sealed) is None
    assert not code_file.exists()


def test_the_command_line_too_asks_that_key_and_code_name_one_server(tmp_path: Path, server: ServerThread, pc: Machine) -> None:
    (tmp_path / "t").write_text(server.code("王芳"), "utf-8")
    pc.server_key = "ab" * 20
    with pytest.raises(EnrolError, match=r"^The enrolment code belongs to another server than the one that IT has set for this PC\.$"):
        enrol_from_command_line(tmp_path / "p", url(server), str(tmp_path / "t"), None, pc.desktop())
    pc.server_key = "not a key"
    with pytest.raises(EnrolError, match="ServerKey"):
        enrol_from_command_line(tmp_path / "p", url(server), str(tmp_path / "t"), None, pc.desktop())
    assert server.main_lane(commands.list_devices) == []
    pc.server_key = server.keys.fingerprint.hex()
    assert enrol_from_command_line(tmp_path / "p", url(server), str(tmp_path / "t"), None, pc.desktop())["pending"] is False


@pytest.mark.parametrize("key_set", [True, False])
def test_without_a_code_it_compares_twelve_characters(tmp_path: Path, server: ServerThread, pc: Machine, key_set: bool) -> None:
    server.code()
    pc.server_key = server.keys.fingerprint.hex() if key_set else ""
    said = enrol_from_command_line(tmp_path / "p", url(server), None, None, pc.desktop())
    (listed,) = server.main_lane(commands.list_devices)
    assert (said["pending"], said["code"]) == (True, listed["code"])
    with running(tmp_path / "p", pc) as it:
        it.seen.until(lambda shown: shown.sync.pending_approval, "the wait for IT")


def test_what_is_no_server_is_one_sentence(tmp_path: Path, pc: Machine) -> None:
    with pytest.raises(SafeSeatError):
        enrol_from_command_line(tmp_path / "p", GONE, None, None, pc.desktop())
