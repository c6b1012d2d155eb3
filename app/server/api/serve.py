"""Run the application under uvicorn with bounds on what a stranger may make it hold: headers, time, connections."""

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.domain.errors import UnavailableError

HEADERS_MAX = 32 * 1024
FIRST_REQUEST_S = 15.0
"""A connection that has sent no whole request head by then is closed."""
STOP_S = 1
"""Requests under way get this long at an orderly stop (all in all under 5 s)."""
BACKLOG = 2048


class OneWrite:
    """A transport that sends what is written in one turn of the loop at once.

    uvicorn writes head and body apart, which costs two TLS records and wakes every resting PC twice for each heartbeat.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._parts: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send `data` with whatever else is written in this turn."""
        self._parts.append(data)
        if len(self._parts) == 1:
            self._loop.call_soon(self.flush)

    def flush(self) -> None:
        """Send now."""
        if self._parts:
            parts, self._parts = self._parts, []
            self._transport.write(b"".join(parts))

    def close(self) -> None:
        """Send what is left, then close."""
        self.flush()
        self._transport.close()


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with a bound on the request head and on silence before the first request."""

    _head = 0
    _seen = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own type is wider than asyncio's
        """Start the clock of the first request."""
        super().connection_made(OneWrite(transport, self.loop))  # type: ignore[arg-type]  # it forwards all that it does not change
        self._first = self.loop.call_later(FIRST_REQUEST_S, self._too_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._first.cancel()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Count anew for each request."""
        self._head = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Count the target."""
        self._count(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header."""
        self._count(name + value)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """A request head is there in time."""
        self._seen = True
        self._first.cancel()
        super().on_headers_complete()

    def _count(self, part: bytes) -> None:
        self._head += len(part)
        if self._head > HEADERS_MAX:
            raise ValueError("the request head is too long")

    def _too_late(self) -> None:
        if not self._seen:
            self.transport.close()


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound socket and how it speaks: certificate and key for TLS, or neither."""

    sock: socket.socket
    cert: Path | None = None
    key: Path | None = None

    @property
    def port(self) -> int:
        """The port, also when 0 was asked for."""
        return int(self.sock.getsockname()[1])


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket, on every address when `host` is empty; UnavailableError if the address cannot be had."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0] if host else socket.AF_INET
        # asyncio sets TCP_NODELAY only where the protocol is named; without it every answer waits for a delayed ack.
        sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if sys.platform != "win32":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(BACKLOG)
    except OSError as error:
        raise UnavailableError(f"Cannot listen on {host}:{port}: {error.strerror or error}.") from None
    sock.setblocking(False)
    return sock


class Server(uvicorn.Server):
    """uvicorn's server whose signals are ours to handle."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave signals to `app.server.main`."""
        yield


def _worth_telling(record: logging.LogRecord) -> bool:
    """Connections that idle PCs keep open are closed at a stop: no error."""
    return not record.getMessage().startswith("Cancel 0 running task(s)")


def make_server(app: Any, listener: Listener) -> Server:
    """Return the server, ready for `serve(sockets=[listener.sock])`; end it with `should_exit = True`."""
    logging.getLogger("uvicorn.error").addFilter(_worth_telling)
    # Whatever handlers and level somebody sets: uvicorn's own lines name addresses, which are nobody's business here.
    logging.getLogger("uvicorn.access").disabled = True
    config = uvicorn.Config(
        app,
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        loop="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=STOP_S,
        ssl_certfile=None if listener.cert is None else str(listener.cert),
        ssl_keyfile=None if listener.key is None else str(listener.key),
    )
    return Server(config)
