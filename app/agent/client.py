"""The other end of the control port: ask the running agent of a profile. Light to import, for softphone hooks."""

import json
import socket
from pathlib import Path

from app.domain.errors import UnavailableError, UsageError

TIMEOUT = 5.0


class NoAgentError(UnavailableError):
    """No agent runs in this profile."""


def ask(control: Path, verb: str, timeout: float = TIMEOUT, **args: object) -> object:
    """Ask the agent whose control file is `control`; blocking up to `timeout` seconds.

    Raises NoAgentError when none runs, UsageError when it refuses, UnavailableError when it stays mute.
    """
    try:
        where = json.loads(control.read_bytes())
        port, token = int(where["port"]), str(where["token"])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise NoAgentError("SafeSeat does not run in this profile; start it first.") from fault
    line = json.dumps({"token": token, "verb": verb, **args}).encode() + b"\n"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=timeout) as link:
            link.settimeout(timeout)
            link.sendall(line)
            with link.makefile("rb") as stream:
                answer = json.loads(stream.readline())
    except ConnectionRefusedError as fault:
        raise NoAgentError("SafeSeat does not run in this profile; start it first.") from fault
    except (OSError, ValueError) as fault:
        raise UnavailableError("The running SafeSeat did not answer.") from fault
    if "error" in answer:
        raise UsageError(str(answer["error"]))
    return answer.get("ok")


def agent_kind(control: Path) -> str | None:
    """`headless` or `tray` of the agent that wrote the control file, None without one."""
    try:
        return str(json.loads(control.read_bytes())["kind"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
