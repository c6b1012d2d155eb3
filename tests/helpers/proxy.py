"""A web proxy that demands a sign-in and counts how often a password was tried; to be served by `faults`."""

import base64
import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import spnego
from spnego.exceptions import SpnegoError

from tests.helpers.faults import Peer, http

NAME, PASSWORD = "OFFICE\\linxy", "Anquan-2026"


def accounts(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Make the one account known to the acceptor of NTLM."""
    domain, name = NAME.split("\\")
    file = folder / "accounts"
    file.write_text(f"{domain}:{name}:{PASSWORD}\n", encoding="ascii")
    patch.setenv("NTLM_USER_FILE", str(file))


@dataclass(slots=True)
class GuardedProxy:
    """The plan of a proxy before the server at `port`: `scheme` is Negotiate, NTLM or Basic; `closes` after each 407.

    `tried`: proofs that came (whole passwords or last messages). `granted`: tunnels. `silent`: no word after a proof.
    """

    port: int
    scheme: str = "Basic"
    closes: bool = False
    silent: bool = False
    tried: int = 0
    granted: int = 0
    heads: list[str] = field(default_factory=list)

    def __call__(self, peer: Peer) -> None:
        context = None
        while True:
            head, _ = peer.request()
            self.heads.append(head)
            given = next((line for line in head.split("\r\n") if line.lower().startswith("proxy-authorization:")), "")
            scheme, _, token = given.partition(":")[2].strip().partition(" ")
            challenge = b""
            if scheme.lower() == self.scheme.lower() and self.scheme == "Basic":
                self.tried += 1
                if base64.b64decode(token).decode() == f"{NAME}:{PASSWORD}":
                    break
            elif scheme.lower() == self.scheme.lower():
                context = context or spnego.server(protocol=self.scheme.lower())
                first = b"NTLMSSP\0\3" not in base64.b64decode(token)
                self.tried += not first
                try:
                    challenge = context.step(base64.b64decode(token)) or b""
                except SpnegoError:
                    context, challenge = None, b""
                if context is not None and context.complete:
                    break
            if self.silent and given:
                peer.wait()
                return
            self._refuse(peer, challenge)
            if self.closes and not challenge:
                return
        self.granted += 1
        peer.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self._tunnel(peer)

    def _refuse(self, peer: Peer, challenge: bytes) -> None:
        word = f"{self.scheme} {base64.b64encode(challenge).decode()}".strip()
        if self.scheme == "Basic":
            word = 'Basic realm="office"'
        more = (("Connection", "close"),) if self.closes and not challenge else ()
        peer.send(http(407, b"<html>sign in</html>" * 50, ("Proxy-Authenticate", word), *more))

    def _tunnel(self, peer: Peer) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as far:
            back = threading.Thread(target=pump, args=(far, peer.sock))
            back.start()
            pump(peer.sock, far)
            back.join(5)


def pump(source: socket.socket, sink: socket.socket) -> None:
    """Carry bytes one way until either side ends."""
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    try:
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return
