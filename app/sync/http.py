"""HTTP/1.1 over one kept connection: TLS, proxies, a bound on time and size of everything, and an end from outside.

Built on the standard library's parser so that the tray needs no HTTP package. Blocking.
"""

import io
import os
import select
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPException, HTTPResponse
from threading import Lock
from typing import Final, TypeVar

from app.domain.errors import SafeSeatError, UnavailableError
from app.protocol.httpsig import Answer, Header
from app.sync.errors import NetworkError
from app.sync.link import Address, Outgoing
from app.sync.proxy import Ways
from app.sync.signin import Ask, Proxy, Told

ANSWER_MAX: Final = 2 * 1024 * 1024
CONNECT_S: Final = 5.0
CHUNK: Final = 64 * 1024
_T = TypeVar("_T")


class TlsSettings:
    """How connections are secured and routed; shared by all, because a context costs memory. Any thread."""

    def __init__(
        self, ca_file: str = "", *, environ: Mapping[str, str] = os.environ, proxy: str | None = None,
        ways: Ways | None = None,
    ) -> None:  # fmt: skip
        """`ca_file`: IT's own certificates instead of the system's store. `ways` instead of `environ` and `proxy`, see there."""
        self._ca_file = ca_file
        self.ways = ways or Ways(environ=environ, proxy=proxy)
        self._context: ssl.SSLContext | None = None
        self._lock = Lock()

    def context(self) -> ssl.SSLContext:
        """Return the one context, made at first use; UnavailableError if the certificate file cannot be used."""
        with self._lock:
            if self._context is None:
                self._context = _context(self._ca_file)
            return self._context

    def unproved(self) -> ssl.SSLContext:
        """A context that encrypts without proving the server: for an alarm whose server's certificate cannot be checked."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


def _context(ca_file: str) -> ssl.SSLContext:
    if ca_file:
        try:
            context = ssl.create_default_context(cafile=ca_file)
        except (OSError, ssl.SSLError) as error:
            raise UnavailableError(f"the certificate file {ca_file} cannot be used: {error}") from None
    else:
        import truststore

        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class _Wire:
    """A socket whose every wait ends at one deadline, which the owner moves; `makefile` is what HTTPResponse wants."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.deadline = 0.0

    def left(self) -> float:
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        return remaining

    def send(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self.sock.settimeout(self.left())
            rest = rest[self.sock.send(rest[: 16 * CHUNK]) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self))

    def stale(self) -> bool:
        """Whether the other end has closed the idle connection or sent what nobody asked for."""
        try:
            return bool(select.select([self.sock], [], [], 0)[0])
        except (OSError, ValueError):
            return True

    def shut(self) -> None:
        """Wake up whoever waits on the socket; any thread."""
        try:
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
        except OSError:
            return


class _Reader(io.RawIOBase):
    def __init__(self, wire: _Wire) -> None:
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]  # the stubs say Buffer, which 3.11 lacks
        self._wire.sock.settimeout(self._wire.left())
        return self._wire.sock.recv_into(buffer)


class Connection:
    """One connection of one lane to one server, made when it is needed.

    Used by one thread; `abort` and `close` may come from any other. Everything that goes wrong is a NetworkError.

    `for_alarms`: when the server's certificate cannot be checked (a wrong clock, an expired certificate, a lost authority),
    the connection is made all the same: no TLS state may refuse an alarm (protocol, alarm), the move proves itself, its PIN
    proof is sealed, and only an answer signed by the server's own key counts.
    """

    def __init__(self, address: Address, tls: "TlsSettings | None" = None, *, for_alarms: bool = False) -> None:
        self._for_alarms = for_alarms
        self._unproved = False
        self._address = address
        self._tls = tls or TlsSettings()
        self._wire: _Wire | None = None
        self._lock = Lock()
        self._closed = False
        self._busy = False
        self._failures = 0

    def request(self, sent: Outgoing, timeout_s: float) -> Answer:
        """Exchange one request for its whole answer within `timeout_s` in all."""

        def exchange() -> Answer:
            response = self._ask(sent, timeout_s)
            body = _body(response)
            answer = Answer(response.status, _headers(response), body)
            if response.will_close:
                self.drop()
            return answer

        return self._guarded(exchange)

    def stream(self, sent: Outgoing, silence_s: float) -> "Stream":
        """Send a request and return the head of its answer; the connection is the stream's, `silence_s` bounds each wait."""
        response = self._guarded(lambda: self._ask(sent, silence_s))
        return Stream(self, response, silence_s)

    def read(self, response: HTTPResponse, silence_s: float) -> bytes:
        """Return the next bytes of a stream, empty at its end; for `Stream`."""

        def some() -> bytes:
            wire = self._wire
            if wire is None:
                raise ConnectionAbortedError
            wire.deadline = time.monotonic() + silence_s
            return response.read1(CHUNK)

        return self._guarded(some)

    def abort(self) -> None:
        """End what is under way in another thread; the next request connects anew."""
        with self._lock:
            if self._wire is not None:
                self._wire.shut()

    def close(self) -> None:
        """End for good. Only the thread that uses the transport frees the socket if it is inside a request."""
        with self._lock:
            self._closed = True
            if self._wire is not None:
                self._wire.shut()
            busy = self._busy
        if not busy:
            self.drop()

    def _guarded(self, act: Callable[[], _T]) -> _T:
        with self._lock:
            self._busy = True
        try:
            return act()
        except (OSError, HTTPException, ValueError, SafeSeatError) as error:
            # ValueError: the standard library's word for a file that another thread has closed.
            self.drop()
            self._failures += 1
            raise _told(error) from None
        finally:
            with self._lock:
                self._busy = False

    def _ask(self, sent: Outgoing, timeout_s: float) -> HTTPResponse:
        wire = self._wire
        if wire is not None and wire.stale():
            self.drop()
            wire = None
        if wire is None:
            wire = self._connect(min(CONNECT_S, timeout_s))
        wire.deadline = time.monotonic() + timeout_s
        wire.send(_request_bytes(self._address.authority, sent))
        response = HTTPResponse(wire, method=sent.method)  # type: ignore[arg-type]  # it wants makefile and no more
        response.begin()
        return response

    def _connect(self, timeout_s: float) -> _Wire:
        """Connect by the first way that works; each gets its share of the time. Raises what the last way raised."""
        end = time.monotonic() + timeout_s
        routes = self._routes(timeout_s / 2)
        while True:
            share = (end - time.monotonic()) / len(routes)
            try:
                return self._secured(routes[0], max(0.0, share))
            except (OSError, HTTPException, NetworkError):
                self._tls.ways.failed(self._address)
                routes = routes[1:]
                if not routes or self._closed:
                    raise

    def _routes(self, patience_s: float) -> tuple[Proxy | None, ...]:
        """An alarm tries the straight way as well, and after a failure begins with the way that was not taken."""
        routes = self._tls.ways.routes(self._address, patience_s)
        if not self._for_alarms:
            return routes
        routes = routes if None in routes else (*routes, None)
        shift = self._failures % len(routes)
        return routes[shift:] + routes[:shift]

    def _secured(self, proxy: Proxy | None, timeout_s: float) -> _Wire:
        deadline = time.monotonic() + timeout_s
        try:
            wire = self._reach(proxy, deadline)
            if self._address.tls:
                wire.sock.settimeout(wire.left())
                context = self._tls.unproved() if self._unproved else self._tls.context()
                wire.sock = context.wrap_socket(wire.sock, server_hostname=self._address.host.strip("[]"))
            self._unproved = False
        except BaseException as error:
            self.drop()
            # a certificate that cannot be checked, or a certificate file that cannot be read
            doubted = isinstance(error, ssl.SSLCertVerificationError | UnavailableError) and not isinstance(error, NetworkError)
            if doubted and self._for_alarms and not self._unproved:
                self._unproved = True
                return self._secured(proxy, timeout_s)
            raise
        return wire

    def _reach(self, proxy: Proxy | None, deadline: float) -> _Wire:
        """A socket whose other end is the server, straight or behind a proxy; not secured yet."""
        if proxy is None:
            return self._dial(self._address.host, self._address.port, deadline)
        wire: list[_Wire] = []

        def dial() -> Ask:
            self.drop()
            wire[:] = [self._dial(proxy.host, proxy.port, deadline)]
            return lambda authorization: self._ask_proxy(wire[0], authorization)

        self._tls.ways.sign_in.through(proxy, dial, deadline - time.monotonic())
        return wire[0]

    def _dial(self, host: str, port: int, deadline: float) -> _Wire:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        sock = socket.create_connection((host.strip("[]"), port), timeout=left)
        wire = _Wire(sock)
        wire.deadline = deadline
        with self._lock:
            closed = self._closed
            if not closed:
                self._wire = wire
        if closed:
            sock.close()
            raise ConnectionAbortedError
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return wire

    def _ask_proxy(self, wire: _Wire, authorization: str) -> Told:
        target = f"{self._address.host}:{self._address.port}"
        lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
        if authorization:
            lines.append(f"Proxy-Authorization: {authorization}")
        wire.send("\r\n".join([*lines, "", ""]).encode("latin-1"))
        response = HTTPResponse(wire, method="CONNECT")  # type: ignore[arg-type]  # it wants makefile and no more
        response.begin()
        if response.status == 407:
            _body(response)  # so that the next answer on this connection is read from its beginning
        offers = tuple(value for name, value in _headers(response) if name == "proxy-authenticate")
        return Told(response.status, offers, response.will_close)

    def drop(self) -> None:
        """Close the present connection; only the thread that uses it. The next request makes a new one."""
        with self._lock:
            wire, self._wire = self._wire, None
        if wire is not None:
            wire.sock.close()


class Stream:
    """An open stream: the head of the answer, then bytes as they come; a context that ends the connection."""

    def __init__(self, connection: Connection, response: HTTPResponse, silence_s: float) -> None:
        self._connection = connection
        self._response = response
        self._silence_s = silence_s
        self.answer = Answer(response.status, _headers(response), b"")

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *exc: object) -> None:
        self._connection.drop()

    def __iter__(self) -> Iterator[bytes]:
        while data := self._connection.read(self._response, self._silence_s):
            yield data


def _request_bytes(authority: str, sent: Outgoing) -> bytes:
    lines = [f"{sent.method} {sent.target} HTTP/1.1", f"Host: {authority}"]
    lines += [f"{name}: {value}" for name, value in sent.headers]
    if sent.body or sent.method != "GET":
        lines.append(f"Content-Length: {len(sent.body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + sent.body


def _headers(response: HTTPResponse) -> tuple[Header, ...]:
    return tuple((name.lower(), value) for name, value in response.getheaders())


def _body(response: HTTPResponse) -> bytes:
    data = response.read(ANSWER_MAX + 1)
    if len(data) > ANSWER_MAX:
        raise HTTPException("the answer is too long")
    if response.length:
        raise HTTPException("the answer is cut off")
    return data


def _told(error: Exception) -> NetworkError:
    """Turn what the standard library raises into one word for the state line."""
    if isinstance(error, NetworkError):
        return error
    if isinstance(error, SafeSeatError):
        return NetworkError("settings", str(error))
    if isinstance(error, ssl.SSLCertVerificationError):
        return NetworkError("tls.certificate", f"the server's certificate is not trusted: {error.verify_message}")
    for kind, code, text in _WORDS:
        if isinstance(error, kind):
            return NetworkError(code, text)
    return NetworkError("network", f"the network failed: {error}")


_WORDS: Final[tuple[tuple[type[Exception], str, str], ...]] = (
    (TimeoutError, "mute", "the server did not answer in time"),
    (ssl.SSLError, "tls", "the secure connection could not be made"),
    (socket.gaierror, "name", "the server's name is not known"),
    (ConnectionRefusedError, "refused", "the server refused the connection"),
    (ConnectionError, "closed", "the connection was closed"),
    (HTTPException, "http", "the answer is not HTTP as it should be"),
)
