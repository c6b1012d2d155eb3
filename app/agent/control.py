"""The control port: loopback TCP, one JSON line asked, one answered, a token from an owner-only file.

Command-line verbs, softphone hooks and a second tray talk to the running agent through it.
"""

import contextlib
import hmac
import json
import logging
import secrets
import socket
import threading
from collections.abc import Callable, Mapping

from app.agent.profile import Profile
from app.domain.errors import SafeSeatError

log = logging.getLogger(__name__)

LONGEST_LINE = 16_384
TIMEOUT = 5.0
"""Seconds that a client may take for its line; a silent one is dropped."""

Verb = Callable[[Mapping[str, object]], object]


class ControlPort:
    """Listens on 127.0.0.1 and gives verbs to `handle`; own thread, one short-lived thread per client."""

    def __init__(self, profile: Profile, verbs: Mapping[str, Verb], kind: str) -> None:
        self._profile = profile
        self._verbs = dict(verbs)
        self._token = secrets.token_urlsafe(32)
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=16)
        self._stopping = threading.Event()
        port = self._socket.getsockname()[1]
        written = json.dumps({"port": port, "token": self._token, "kind": kind}).encode()
        profile.write_private(profile.control, written)
        self._thread = threading.Thread(target=self._accept, name="control", daemon=True)
        self._thread.start()

    def add(self, name: str, verb: Verb) -> None:
        """Answer one more verb."""
        self._verbs[name] = verb

    def close(self) -> None:
        """Stop listening and remove the file that tells where."""
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(TIMEOUT)
        with contextlib.suppress(OSError):
            self._profile.control.unlink()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                client, _ = self._socket.accept()
            except OSError:
                # closed by `close`, or out of files for a moment: a port that gave up would leave hooks deaf
                if self._stopping.wait(0.2):
                    return
                continue
            threading.Thread(target=self._serve, args=(client,), name="control-client", daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            client.settimeout(TIMEOUT)
            with client.makefile("rwb") as stream:
                line = stream.readline(LONGEST_LINE + 1)
                stream.write(json.dumps(self._answer(line), ensure_ascii=False).encode() + b"\n")

    def _answer(self, line: bytes) -> dict[str, object]:
        if len(line) > LONGEST_LINE or not line.endswith(b"\n"):
            return {"error": "The request is too long or was cut off."}
        try:
            asked = json.loads(line)
        except (ValueError, RecursionError):
            return {"error": "The request is not JSON."}
        if not isinstance(asked, dict) or not isinstance(asked.get("token"), str):
            return {"error": "The request has no token."}
        if not hmac.compare_digest(asked["token"].encode(errors="replace"), self._token.encode()):
            return {"error": "The token is wrong."}
        verb = self._verbs.get(str(asked.get("verb")))
        if verb is None:
            return {"error": f"The agent does not know the verb {asked.get('verb')!r}."}
        try:
            return {"ok": verb(asked)}
        except SafeSeatError as fault:
            return {"error": str(fault)}
        except Exception as fault:
            log.exception("control verb %s", asked.get("verb"))
            return {"error": f"The agent could not do that ({type(fault).__name__})."}
