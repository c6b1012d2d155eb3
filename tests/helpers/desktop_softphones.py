"""Two real softphones (baresip) with a real sound server (PulseAudio) and no sound card."""

import json
import secrets
import shutil
import socket
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from app.tools.stage.crew import MARK, Crew, StageError, await_true, run

NEEDED = {"baresip": "baresip-core", "pulseaudio": "pulseaudio", "pactl": "pulseaudio-utils"}
MODULES = Path("/usr/lib/baresip/modules")
PHONE = """poll_method epoll
sip_listen 127.0.0.1:{sip}
module_path {modules}
audio_player alsa,default
audio_source alsa,default
audio_alert alsa,default
ringback_disabled yes
module g711.so
module alsa.so
module uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
"""


def missing_softphones() -> list[str]:
    """What is not installed, with its package."""
    return [f"{name} (apt install {package})" for name, package in NEEDED.items() if not shutil.which(name)]


class SoundServer:
    """A private PulseAudio with a silent loudspeaker and a silent microphone; `env` lets programs use it."""

    def __init__(self, env: dict[str, str]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="safeseat-sound-"))
        (self.folder / "runtime").mkdir(mode=0o700)
        self.crew = Crew(f"sound-{secrets.token_hex(6)}", self.folder)
        self.env = {
            **env, MARK: self.crew.mark, "HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder / "runtime"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
        }  # fmt: skip
        self.env.pop("PULSE_SERVER", None)

    def __enter__(self) -> Self:
        (self.folder / ".asoundrc").write_text("pcm.!default { type pulse }\nctl.!default { type pulse }\n")
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.crew.stop_all()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        load = [
            "module-native-protocol-unix",
            "module-null-sink sink_name=spk",
            "module-null-sink sink_name=micfeed",
            "module-remap-source master=micfeed.monitor source_name=mic",
        ]
        arguments = [part for module in load for part in ("--load", module)]
        self.crew.start(
            "sound", ["pulseaudio", "--daemonize=no", "-n", "--exit-idle-time=-1", "--use-pid-file=no", *arguments],
            self.env,
        )  # fmt: skip
        await_true(self._answers, "the sound server", every=0.05)
        run(["pactl", "set-default-sink", "spk"], self.env)
        run(["pactl", "set-default-source", "mic"], self.env)

    def _answers(self) -> bool:
        try:
            return "mic" in run(["pactl", "list", "short", "sources"], self.env)
        except StageError:
            return False


class Softphone:
    """One baresip, driven over its control port; every wait has a limit."""

    def __init__(self, sound: SoundServer, name: str) -> None:
        self.name = name
        self.sip, control = _free_ports()
        folder = sound.folder / name
        folder.mkdir()
        (folder / "config").write_text(PHONE.format(sip=self.sip, control=control, modules=MODULES))
        (folder / "accounts").write_text(f"<{self.address}>;regint=0;audio_codecs=PCMU\n")
        (folder / "contacts").write_text("")
        sound.crew.start(name, ["baresip", "-f", str(folder)], sound.env)
        self._socket = self._connect(control)
        self._buffer = b""

    @property
    def address(self) -> str:
        return f"sip:{self.name}@127.0.0.1:{self.sip}"

    def send(self, command: str, params: str = "") -> None:
        text = json.dumps({"command": command, "params": params, "token": "t"}).encode()
        self._socket.sendall(b"%d:%s," % (len(text), text))

    def wait_for(self, event: str) -> dict[str, Any]:
        """The next event of this kind; TimeoutError after 15 s without any."""
        while True:
            message = self._next()
            if message.get("type") == event:
                return message

    def close(self) -> None:
        self._socket.close()

    def _next(self) -> dict[str, Any]:
        while True:
            head, colon, rest = self._buffer.partition(b":")
            if colon and len(rest) > int(head):
                self._buffer = rest[int(head) + 1 :]
                message: dict[str, Any] = json.loads(rest[: int(head)])
                return message
            piece = self._socket.recv(65536)
            if not piece:
                raise StageError(f"the softphone {self.name} has ended")
            self._buffer += piece

    @staticmethod
    def _connect(port: int) -> socket.socket:
        found: list[socket.socket] = []

        def there() -> bool:
            try:
                found.append(socket.create_connection(("127.0.0.1", port), timeout=15))
            except OSError:
                return False
            return True

        await_true(there, "the softphone's control port", every=0.05)
        return found[0]


def _free_ports() -> tuple[int, int]:
    """A port for SIP whose successor is free too (it is taken for TLS), and one for control."""
    while True:
        with socket.socket() as control, socket.socket() as sip, socket.socket() as tls:
            for end in (control, sip):
                end.bind(("127.0.0.1", 0))
            number = int(sip.getsockname()[1])
            try:
                tls.bind(("127.0.0.1", number + 1))
            except OSError:
                continue
            return number, int(control.getsockname()[1])
