"""The lead's tone: goes on until somebody answers, gets louder in 20 s, and says honestly when there is no device."""

import os
import shutil
import signal
import stat
import subprocess
import wave
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.content.shipped import shipped_bytes
from tests.gui.lead.scene import QuietVoice, Scene, board, row
from ui.surfaces.lead.player import EVERY_MS, ChildVoice, Tone
from ui.surfaces.lead.tones import NAMES, SILENCE, silence, tone

PLAYER = """#!/bin/sh
echo "$$ $@" >> "{log}"
exec sleep {length}
"""


class Programs:
    """A folder of players that stands first on PATH: real child processes that a test can count."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.log = folder / "played"
        self.folder = folder
        monkeypatch.setenv("PATH", str(folder))

    def install(self, name: str, body: str) -> None:
        for tool in ("sleep",):
            link = self.folder / tool
            if not link.exists():
                link.symlink_to(f"/bin/{tool}")
        file = self.folder / name
        file.write_text(body.replace("exec sleep", f"exec {self.folder}/sleep"))
        file.chmod(file.stat().st_mode | stat.S_IXUSR)

    def played(self) -> list[tuple[int, str]]:
        """(process id, name of the file) of every child so far."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [(int(line.split()[0]), Path(line.split()[-1]).name) for line in lines]


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    return Programs(tmp_path, monkeypatch)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_shipped_tones_are_exactly_what_the_script_makes() -> None:
    for step, name in enumerate(NAMES, 1):
        assert shipped_bytes("sounds", name) == tone(step)
    assert shipped_bytes("sounds", SILENCE) == silence()


def test_tones_are_soft_and_each_is_louder_than_the_last() -> None:
    peaks = []
    for step in range(1, len(NAMES) + 1):
        with wave.open(BytesIO(tone(step))) as sound:
            assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
            assert sound.getnframes() / sound.getframerate() < 1
            frames = sound.readframes(sound.getnframes())
        samples = memoryview(frames).cast("h")
        peaks.append(max(abs(sample) for sample in samples))
        assert abs(samples[0]) < 100
        assert abs(samples[len(samples) - 1]) < 100
    assert peaks == sorted(peaks)
    assert peaks[-1] < 0.6 * 32767
    assert (len(NAMES) - 1) * EVERY_MS == 20_000


def test_tone_begins_with_the_call_and_ends_with_the_answer(scene: Scene) -> None:
    assert isinstance(scene.voice, QuietVoice)
    scene.show()
    assert scene.voice.played == [SILENCE]
    scene.show(row(1))
    assert scene.voice.played == [SILENCE, NAMES[0]]
    scene.show(row(1), row(2))
    assert scene.voice.played == [SILENCE, NAMES[0]]
    scene.show(row(1, state="taken", taken_by="张主管"), sounding=False)
    assert scene.surface.tone is not None
    assert not scene.surface.tone.sounding
    assert scene.voice.stopped == 1


def test_tone_rises_step_by_step_and_stays_at_the_set_volume(qtbot: QtBot) -> None:
    voice = QuietVoice()
    playing = Tone(lambda: None, voice)
    playing._timer.setInterval(1)
    playing.sound(True)
    qtbot.waitUntil(lambda: len(voice.played) >= 9, timeout=5000)
    playing.close()
    assert voice.played[:8] == [*NAMES, NAMES[-1], NAMES[-1]]


def test_a_real_child_plays_and_is_ended_the_moment_somebody_answers(programs: Programs, qtbot: QtBot) -> None:
    programs.install("paplay", PLAYER.format(log=programs.log, length=60))
    voice = ChildVoice()
    playing = Tone(lambda: None, voice)
    playing.sound(True)
    qtbot.waitUntil(lambda: len(programs.played()) == 1, timeout=5000)
    pid, name = programs.played()[0]
    assert name == NAMES[0]
    assert voice.child == pid
    playing.sound(False)
    qtbot.waitUntil(lambda: not alive(pid), timeout=5000)
    playing.close()
    assert voice.child == 0


def test_closing_leaves_no_child(programs: Programs, qtbot: QtBot) -> None:
    programs.install("paplay", PLAYER.format(log=programs.log, length=60))
    playing = Tone(lambda: None, ChildVoice())
    playing.sound(True)
    qtbot.waitUntil(lambda: len(programs.played()) == 1, timeout=5000)
    playing.close()
    assert not alive(programs.played()[0][0])


def test_without_a_player_the_desk_says_that_it_is_silent(programs: Programs, qtbot: QtBot) -> None:
    scene = Scene(voice=ChildVoice())
    scene.show()
    assert scene.desk.calm.sound.text() == "没有声音设备，来求助时只有画面"
    assert programs.played() == []
    scene.show(row(1))
    assert "没有声音设备" in scene.desk.trouble.text()
    scene.close()


def test_a_player_that_finds_no_device_is_told_and_a_device_that_comes_back_too(programs: Programs, qtbot: QtBot) -> None:
    programs.install("paplay", "#!/bin/sh\nexit 1\n")
    scene = Scene(voice=ChildVoice())
    scene.show()
    qtbot.waitUntil(scene.desk.calm.sound.isVisible, timeout=5000)
    programs.install("paplay", PLAYER.format(log=programs.log, length=0))
    scene.show(row(1))
    qtbot.waitUntil(lambda: "没有声音设备" not in scene.desk.trouble.text(), timeout=5000)
    scene.close()


def test_a_player_that_hangs_is_told_and_does_not_silence_the_next_note(programs: Programs, qtbot: QtBot) -> None:
    programs.install("paplay", PLAYER.format(log=programs.log, length=60))
    playing = Tone(lambda: None, ChildVoice())
    playing._timer.setInterval(200)
    playing.sound(True)
    qtbot.waitUntil(lambda: len(programs.played()) == 3, timeout=5000)
    assert playing.fault
    assert [name for _, name in programs.played()] == list(NAMES[:3])
    playing.close()


def test_a_child_that_dies_by_itself_does_not_stop_the_tone(programs: Programs, qtbot: QtBot) -> None:
    programs.install("paplay", PLAYER.format(log=programs.log, length=60))
    playing = Tone(lambda: None, ChildVoice())
    playing._timer.setInterval(200)
    playing.sound(True)
    qtbot.waitUntil(lambda: len(programs.played()) == 1, timeout=5000)
    os.kill(programs.played()[0][0], signal.SIGKILL)
    qtbot.waitUntil(lambda: len(programs.played()) == 3, timeout=5000)
    playing.close()


@pytest.fixture
def sound_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[Callable[[], str]]:
    """A real PulseAudio with a sink that leads nowhere; the callable lists what plays on it."""
    if not shutil.which("pulseaudio") or not shutil.which("pactl"):
        pytest.skip("this machine has no PulseAudio to play on")
    socket = tmp_path / "pulse" / "native"
    for name, value in {"XDG_RUNTIME_DIR": tmp_path, "HOME": tmp_path, "PULSE_SERVER": f"unix:{socket}"}.items():
        monkeypatch.setenv(name, str(value))
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--load=module-null-sink",
               "--load=module-native-protocol-unix"]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        qtbot.waitUntil(lambda: subprocess.run(["pactl", "info"], capture_output=True, timeout=10, check=False).returncode == 0,
                        timeout=20_000)  # fmt: skip
        yield lambda: subprocess.run(
            ["pactl", "list", "sink-inputs"], capture_output=True, text=True, timeout=10, check=False
        ).stdout
        server.terminate()


@pytest.mark.slow
def test_a_real_sound_server_gets_the_tone_and_gets_no_more_after_the_answer(
    sound_server: Callable[[], str], qtbot: QtBot
) -> None:
    voice = ChildVoice()
    playing = Tone(lambda: None, voice)
    heard: list[bool] = []
    voice.worked.connect(heard.append)
    playing.sound(True)
    qtbot.waitUntil(lambda: "SafeSeat" in sound_server(), timeout=20_000)
    qtbot.waitUntil(lambda: heard == [True], timeout=10_000)
    assert not playing.fault
    qtbot.waitUntil(lambda: "SafeSeat" in sound_server(), timeout=20_000)
    playing.sound(False)
    qtbot.waitUntil(lambda: "SafeSeat" not in sound_server(), timeout=10_000)
    qtbot.waitUntil(lambda: voice.child == 0, timeout=5000)
    playing.close()


def test_nothing_sounds_for_a_board_that_does_not_ask_for_it(scene: Scene) -> None:
    scene.show(row(1), sounding=False)
    assert scene.surface.tone is not None
    assert not scene.surface.tone.sounding
    assert board(row(1)).sounding
