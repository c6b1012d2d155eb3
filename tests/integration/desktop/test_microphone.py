"""The microphone sense against a real sound server and two real softphones in a call."""

import os
import shutil
import threading
from collections.abc import Iterator

import pytest

from app.desktop.linux.microphone import PulseMicrophone, parse_source_outputs
from app.domain.errors import UnavailableError
from app.tools.stage.crew import await_true
from tests.helpers.desktop_softphones import Softphone, SoundServer, missing_softphones


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    if absent := missing_softphones():
        pytest.skip("the softphones lack " + ", ".join(absent))
    with SoundServer({name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}) as server:
        for name in ("XDG_RUNTIME_DIR", "HOME", "XDG_CONFIG_HOME"):
            monkeypatch.setenv(name, server.env[name])
        monkeypatch.delenv("PULSE_SERVER", raising=False)
        yield server


@pytest.fixture
def phones(sound: SoundServer) -> Iterator[tuple[Softphone, Softphone]]:
    alice, bob = Softphone(sound, "alice"), Softphone(sound, "bob")
    yield alice, bob
    alice.close()
    bob.close()


@pytest.fixture
def microphone(sound: SoundServer) -> Iterator[PulseMicrophone]:
    sense = PulseMicrophone()
    yield sense
    sense.close()


@pytest.mark.slow
def test_two_softphones_in_a_call_are_seen_from_answer_to_end(
    phones: tuple[Softphone, Softphone], microphone: PulseMicrophone
) -> None:
    alice, bob = phones
    assert microphone.in_use_by() == frozenset()
    for _ in range(2):
        alice.send("dial", bob.address)
        bob.wait_for("CALL_INCOMING")
        assert microphone.in_use_by() == frozenset()
        bob.send("accept")
        alice.wait_for("CALL_ESTABLISHED")
        await_true(lambda: microphone.in_use_by() == frozenset({"baresip"}), "the call to be seen")
        alice.send("hangup")
        bob.wait_for("CALL_CLOSED")
        await_true(lambda: microphone.in_use_by() == frozenset(), "the end to be seen")


def test_a_sound_server_that_goes_away_is_unknown_and_comes_back(
    sound: SoundServer, microphone: PulseMicrophone
) -> None:
    assert microphone.in_use_by() == frozenset()
    sound.crew.stop("sound")
    await_true(lambda: microphone.in_use_by() is None, "the loss of the sound server")
    sound.start()
    await_true(lambda: microphone.in_use_by() == frozenset(), "the sound server's return")


def test_while_nobody_records_nothing_is_asked_again(
    sound: SoundServer, microphone: PulseMicrophone, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert microphone.in_use_by() == frozenset()
    await_true(lambda: asked_nothing(microphone, monkeypatch), "quiet")


def asked_nothing(microphone: PulseMicrophone, monkeypatch: pytest.MonkeyPatch) -> bool:
    """With pactl out of reach every new question would give None."""
    with monkeypatch.context() as patch:
        patch.setenv("PATH", "/nonexistent")
        quiet = microphone.in_use_by() == frozenset()
    microphone.in_use_by()
    return quiet


def test_closing_ends_the_program_and_the_thread(sound: SoundServer) -> None:
    before = set(threading.enumerate())
    sense = PulseMicrophone()
    sense.in_use_by()
    sense.close()
    sense.close()
    assert set(threading.enumerate()) == before
    assert sense.in_use_by() == frozenset()


def test_without_pactl_there_is_no_sense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(UnavailableError, match="pactl"):
        PulseMicrophone()


@pytest.mark.skipif(shutil.which("pactl") is None, reason="pactl is not installed")
def test_without_a_sound_server_the_use_is_unknown(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("empty")))
    monkeypatch.setenv("PULSE_SERVER", "unix:/nonexistent/native")
    sense = PulseMicrophone()
    assert sense.in_use_by() is None
    sense.close()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (b"[]", set()),
        (b"", set()),
        (
            b'[{"properties": {"application.process.id": "7", "application.process.binary": "/opt/X/Zoiper5"}}]',
            {"zoiper5"},
        ),
        (b'[{"properties": {"application.process.binary": "Probe"}}]', set()),
        (b'[{"properties": {"application.process.id": "7"}}, {}, 5, {"properties": {}}]', set()),
        (b"{}", set()),
    ],
)
def test_only_entries_of_a_process_count(text: bytes, names: set[str]) -> None:
    assert parse_source_outputs(text) == frozenset(names)


def test_an_answer_that_is_no_json_is_unknown() -> None:
    assert parse_source_outputs(b"Connection failure") is None
