"""A system bus of its own with somebody on it who speaks of sleep as logind does; no machine is put to sleep.

The real logind tells of a sleep only where the kernel can sleep, which no machine that runs tests offers.
"""

import os
import subprocess
import threading
from pathlib import Path
from typing import Any

from jeepney import (  # type: ignore[import-untyped]  # jeepney has no types
    HeaderFields,
    Message,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)  # fmt: skip
from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]  # jeepney has no types
from jeepney.io.blocking import DBusConnection, open_dbus_connection  # type: ignore[import-untyped]  # jeepney has no types

from app.desktop.linux.logind import MANAGER, NAME

CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>
"""


class SleepTeller:
    """The bus and the one who owns logind's name on it; used as a context. `inhibited` counts the delays that are held."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.address = f"unix:path={folder}/bus"
        self._daemon: subprocess.Popen[str] | None = None
        self._bus: DBusConnection
        self._sending = threading.Lock()
        self._held: list[int] = []
        self._given: int | None = None
        self.preparing = False
        self.refuses = False
        self.inhibited = threading.Semaphore(0)

    def __enter__(self) -> "SleepTeller":
        config = self._folder / "bus.conf"
        config.write_text(CONFIG.format(folder=self._folder), encoding="ascii")
        self._daemon = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
        )
        assert self._daemon.stdout is not None
        assert self._daemon.stdout.readline()
        self._bus = open_dbus_connection(bus=self.address, enable_fds=True)
        self._bus.send_and_get_reply(message_bus.RequestName(NAME), timeout=5)
        self._thread = threading.Thread(target=self._serve, name="logind", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._daemon is not None
        self._daemon.terminate()
        self._daemon.wait(10)
        assert self._daemon.stdout is not None
        self._daemon.stdout.close()
        self._thread.join(5)
        self._bus.close()
        for one in self._held:
            os.close(one)

    def tell(self, asleep: bool) -> None:
        """Say that the machine prepares to sleep, or that it woke."""
        self.preparing = asleep
        with self._sending:
            self._bus.send(new_signal(MANAGER, "PrepareForSleep", "b", (asleep,)))

    def stranger(self, asleep: bool) -> None:
        """Somebody else on the bus says so."""
        with open_dbus_connection(bus=self.address) as other:
            other.send_and_get_reply(message_bus.GetNameOwner(NAME), timeout=5)
            other.send(new_signal(MANAGER, "PrepareForSleep", "b", (asleep,)))
            other.send_and_get_reply(message_bus.GetNameOwner(NAME), timeout=5)

    def delay_is_over(self, limit: float = 10.0) -> bool:
        """Wait until the newest inhibitor's other end was closed, as logind does before it sleeps."""
        import select

        return bool(select.select([self._held[-1]], [], [], limit)[0]) and not os.read(self._held[-1], 1)

    def _serve(self) -> None:
        while True:
            try:
                message = self._bus.receive()
                if message.header.message_type is MessageType.method_call:
                    with self._sending:
                        self._bus.send(self._answer(message))
                    if self._given is not None:
                        os.close(self._given)
                        self._given = None
            except (OSError, ConnectionError):
                return

    def _answer(self, message: Message) -> Message:
        member: Any = message.header.fields[HeaderFields.member]
        if member == "Inhibit" and not self.refuses:
            mine, theirs = os.pipe()
            self._held.append(mine)
            self._given = theirs
            answer = new_method_return(message, "h", (theirs,))
            self.inhibited.release()
            return answer
        if member == "Get":
            return new_method_return(message, "v", (("b", self.preparing),))
        return new_error(message, "org.freedesktop.DBus.Error.AccessDenied", "s", ("no",))
