"""A server that misbehaves as told: mute, half open, cut, slow, corrupt, a proxy's page; and a TLS certificate to do it with."""

import contextlib
import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.protocol.httpsig import Answer

Plan = Callable[["Peer"], None]
"""What to do with one connection."""


class Peer:
    """One accepted connection; every wait ends when the server is closed."""

    def __init__(self, sock: socket.socket, over: threading.Event) -> None:
        self.sock = sock
        self.over = over
        self._rest = b""

    def request(self) -> tuple[str, bytes]:
        """Read one request; returns (head, body)."""
        while b"\r\n\r\n" not in self._rest:
            data = self.sock.recv(65536)
            if not data:
                raise ConnectionError
            self._rest += data
        head, _, rest = self._rest.partition(b"\r\n\r\n")
        size = 0
        for line in head.decode("latin-1").split("\r\n")[1:]:
            name, _, value = line.partition(":")
            if name.lower() == "content-length":
                size = int(value)
        while len(rest) < size:
            rest += self.sock.recv(65536)
        self._rest = rest[size:]
        return head.decode("latin-1"), rest[:size]

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.sock.sendall(data)

    def wait(self) -> None:
        """Say nothing more until the server is closed."""
        self.over.wait(30)

    def cut(self) -> None:
        """Reset the connection."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.sock.close()


def http(status: int = 200, body: bytes = b"yes", *headers: tuple[str, str]) -> bytes:
    """Return an answer's bytes."""
    lines = [
        f"HTTP/1.1 {status} Reason",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def http_of(answer: Answer) -> bytes:
    """Return a protocol answer's bytes."""
    return http(answer.status, answer.body, *answer.headers)


class FaultServer:
    """Listens on a free port and carries out one plan a connection; the last plan serves all further ones."""

    def __init__(self, *plans: Plan, context: ssl.SSLContext | None = None) -> None:
        self._plans = list(plans)
        self._context = context
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self.connections = 0
        self._accepting = threading.Thread(target=self._accept, name="faults", daemon=True)
        self._accepting.start()

    @property
    def port(self) -> int:
        """The port."""
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        """The address."""
        return f"{'https' if self._context else 'http'}://127.0.0.1:{self.port}"

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            plan = self._plans[min(self.connections, len(self._plans) - 1)]
            self.connections += 1
            self._sockets.append(sock)
            thread = threading.Thread(target=self._serve, args=(sock, plan), name="faults-peer", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket, plan: Plan) -> None:
        with contextlib.suppress(OSError):
            if self._context is not None:
                sock = self._context.wrap_socket(sock, server_side=True)
                self._sockets.append(sock)
            with sock:
                plan(Peer(sock, self._over))

    def close(self) -> None:
        """End everything; no thread is left."""
        self._over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(5)
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for sock in self._sockets:
            sock.close()


@contextmanager
def faults(*plans: Plan, context: ssl.SSLContext | None = None) -> Iterator[FaultServer]:
    """Run a fault server for a block."""
    server = FaultServer(*plans, context=context)
    try:
        yield server
    finally:
        server.close()


def certificate(folder: Path, name: str = "127.0.0.1") -> tuple[Path, ssl.SSLContext]:
    """Make a self-signed certificate; returns its file (to trust it) and a server's context."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "SafeSeat test")])
    now = datetime.datetime.now(datetime.UTC)
    names: list[x509.GeneralName] = [x509.DNSName("localhost")]
    if name[0].isdigit():
        names.append(x509.IPAddress(ipaddress.ip_address(name)))
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key_file.write_bytes(secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert_file, key_file)
    return cert_file, context
