"""The control port: who may ask, what a bad request gets, and what the verbs post."""

import json
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.agent import commands
from app.agent.client import NoAgentError, agent_kind, ask
from app.agent.control import LONGEST_LINE, ControlPort
from app.agent.profile import Profile
from app.agent.snapshot import Snapshot
from app.agent.verbs import Verbs
from app.domain.errors import UnavailableError, UsageError
from tests.unit.agent.moments import START


class Desk:
    """A control port with what its verbs posted."""

    def __init__(self, folder: Path) -> None:
        self.profile = Profile(folder)
        self.posted: list[object] = []
        table = Verbs(self.posted.append, lambda: Snapshot(7, START), lambda: START.boot).table()
        self.port = ControlPort(self.profile, table, "headless")
        self.where = json.loads(self.profile.control.read_bytes())

    def raw(self, data: bytes, *, end: bool = True) -> dict[str, object]:
        """Send bytes as they are; the one answer."""
        with socket.create_connection(("127.0.0.1", self.where["port"]), timeout=10) as link:
            link.sendall(data)
            if end:
                link.shutdown(socket.SHUT_WR)
            with link.makefile("rb") as stream:
                answer = json.loads(stream.readline())
        assert isinstance(answer, dict)
        return answer

    def ask(self, verb: str, **args: object) -> object:
        return ask(self.profile.control, verb, 10.0, **args)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("profile"))
    yield made
    made.port.close()


@pytest.fixture(autouse=True)
def empty(desk: Desk) -> None:
    desk.posted.clear()


def test_the_file_that_tells_where_is_for_its_owner_alone_and_goes_with_the_port(tmp_path: Path) -> None:
    made = Desk(tmp_path)
    assert made.profile.control.stat().st_mode & 0o777 == 0o600
    assert agent_kind(made.profile.control) == "headless"
    made.port.close()
    assert not made.profile.control.exists()
    assert agent_kind(made.profile.control) is None


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"", "cut off"),
        (b"no newline", "cut off"),
        (b"x" * (LONGEST_LINE + 10) + b"\n", "too long"),
        (b"{\n", "not JSON"),
        (b"[" * 9000 + b"\n", "not JSON"),
        (b'{"verb": 1}\n', "no token"),
        (b"[1]\n", "no token"),
        (b'{"token": "wrong", "verb": "status"}\n', "token is wrong"),
        (b'{"token": "\\ud800", "verb": "status"}\n', "token is wrong"),
    ],
)
def test_a_bad_request_gets_one_sentence(desk: Desk, line: bytes, sentence: str) -> None:
    assert sentence in str(desk.raw(line)["error"])
    assert desk.posted == []


@given(line=st.binary(max_size=200))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_get_past_the_token(desk: Desk, line: bytes) -> None:
    assert "error" in desk.raw(line + b"\n")
    assert desk.posted == []


def test_an_unknown_verb_is_said_so(desk: Desk) -> None:
    with pytest.raises(UsageError, match="does not know the verb 'dance'"):
        desk.ask("dance")


@pytest.mark.parametrize(
    ("verb", "args", "posted"),
    [
        ("lock", {}, commands.LockNow()),
        ("call", {"what": "start", "id": "line 1"}, commands.Call("start", "line 1")),
        ("call", {"what": "hard"}, commands.Call("hard", "call")),
        ("raise", {}, commands.RaiseAlarm(START.boot)),
        ("raise", {"drill": True}, commands.RaiseAlarm(START.boot, drill=True)),
        ("take-back", {"pin": "482913"}, commands.TakeBack("482913")),
        ("break", {}, commands.TakeBreak()),
        ("break", {"answer": "later"}, commands.AnswerOffer("later")),
        ("stop", {}, commands.Quit("asked")),
        ("stop", {"reason": "takeover"}, commands.Quit("takeover")),
        ("stop", {"reason": "nonsense"}, commands.Quit("asked")),
        ("desk", {"alarm": "ab" * 16, "act": "take"}, commands.DeskAct(b"\xab" * 16, "take")),
        ("desk", {"alarm": "ab" * 16, "act": "say", "sentence": 3}, commands.DeskAct(b"\xab" * 16, "say", 3)),
    ],
)
def test_a_verb_posts_its_command(desk: Desk, verb: str, args: Mapping[str, object], posted: object) -> None:
    desk.ask(verb, **args)
    assert desk.posted == [posted]


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        ("call", {"what": "dance"}),
        ("call", {"what": "start", "id": ""}),
        ("call", {"what": "start", "id": "x" * 65}),
        ("call", {"what": "start", "id": "a\nb"}),
        ("call", {"what": "start", "id": 5}),
        ("take-back", {"pin": "12345"}),
        ("take-back", {"pin": "²²²²²²"}),
        ("take-back", {"pin": 123456}),
        ("take-back", {}),
        ("break", {"answer": "never"}),
        ("desk", {"alarm": "xy", "act": "take"}),
        ("desk", {"alarm": "ab" * 16, "act": "dance"}),
        ("desk", {"alarm": "ab" * 16, "act": "say"}),
        ("desk", {"alarm": "ab" * 16, "act": "say", "sentence": 100}),
        ("desk", {"alarm": "ab" * 16, "act": "say", "sentence": "1"}),
    ],
)
def test_bad_arguments_are_refused_in_one_sentence(desk: Desk, verb: str, args: Mapping[str, object]) -> None:
    with pytest.raises(UsageError, match=r"^[A-Z].*\.$"):
        desk.ask(verb, **args)
    assert desk.posted == []


def test_a_verb_that_fails_tells_its_kind_and_the_port_lives_on(desk: Desk) -> None:
    def fail(_asked: Mapping[str, object]) -> object:
        raise RuntimeError("secret inside")

    desk.port.add("fail", fail)
    with pytest.raises(UsageError, match=r"RuntimeError") as told:
        desk.ask("fail")
    assert "secret" not in str(told.value)
    desk.ask("lock")


def test_status_and_alarm_are_plain_json(desk: Desk) -> None:
    status = desk.ask("status")
    assert isinstance(status, dict)
    assert status["revision"] == 7
    assert desk.ask("alarm") == {"sign": "none", "open": False, "sentence": 0, "listeners": None}


def test_without_an_agent_the_client_says_so(tmp_path: Path) -> None:
    for written in (None, b"", b"{}", b"[1]", b'{"port": "x", "token": 1}', b'{"port": 1, "token": "t"}'):
        control = tmp_path / "control.json"
        if written is not None:
            control.write_bytes(written)
        with pytest.raises(NoAgentError, match="does not run"):
            ask(control, "status", timeout=2)


def test_a_mute_agent_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        control = tmp_path / "control.json"
        control.write_text(json.dumps({"port": mute.getsockname()[1], "token": "t"}))
        with pytest.raises(UnavailableError, match="did not answer"):
            ask(control, "status", timeout=0.1)
