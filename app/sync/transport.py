"""What delivery asks of the network: one blocking exchange, or one stream of bytes; each object is one connection."""

from collections.abc import Iterator
from typing import Protocol

from app.protocol.httpsig import Answer
from app.sync.link import Outgoing


class OpenStream(Protocol):
    """A stream's answer: its head, then bytes as they come; a context that ends the connection."""

    @property
    def answer(self) -> Answer:
        """Status and headers; the body is empty here."""

    def __enter__(self) -> "OpenStream": ...
    def __exit__(self, *exc: object) -> None: ...
    def __iter__(self) -> Iterator[bytes]:
        """Yield bytes until the other end closes; NetworkError("mute") after too long a silence."""


class Transport(Protocol):
    """One connection of one lane to one server. Used by one thread; `abort` and `close` may come from any other."""

    def request(self, sent: Outgoing, timeout_s: float) -> Answer:
        """Exchange one request for its whole answer within `timeout_s` in all; raises NetworkError and nothing else."""

    def stream(self, sent: Outgoing, silence_s: float) -> OpenStream:
        """Send a request and return the head of its answer; `silence_s` bounds every wait. NetworkError."""

    def abort(self) -> None:
        """End what is under way in another thread with NetworkError; the next request connects anew."""

    def close(self) -> None:
        """As `abort`, for good."""
