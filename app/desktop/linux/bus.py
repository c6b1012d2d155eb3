"""One blocking D-Bus connection with limits on every wait (jeepney)."""

import contextlib
import socket
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Literal, Self

from jeepney import (  # type: ignore[import-untyped]  # jeepney has no types
    DBusAddress,
    HeaderFields,
    MatchRule,
    Message,
    MessageType,
    message_bus,
    new_method_call,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection  # type: ignore[import-untyped]  # jeepney has no types

from app.domain.errors import UnavailableError

__all__ = ["Bus", "BusError", "BusMuteError", "DBusAddress", "HeaderFields", "MatchRule", "Message"]

EARLY_MAX = 100
"""Signals kept that came during a call, the oldest forgotten first."""
CALL_LIMIT = 1.0
"""Seconds that a call waits for its answer unless told otherwise."""
OPEN_LIMIT = 5.0
"""Seconds that a bus may take to let somebody in; a millisecond, but seconds on a machine that is just starting."""


class BusError(UnavailableError):
    """The bus is missing or mute, or the service refused; `name` is the D-Bus error name if it gave one."""

    def __init__(self, text: str, name: str = "") -> None:
        super().__init__(text)
        self.name = name


class BusMuteError(BusError):
    """No answer in time: the bus or the service may be there and only slow."""


class Bus:
    """A connection of one thread at a time; only `interrupt` may come from another thread."""

    def __init__(self, kind: Literal["SESSION", "SYSTEM"], *, descriptors: bool = False) -> None:
        """`descriptors`: answers may carry open files."""
        try:
            self._connection: DBusConnection = open_dbus_connection(kind, descriptors, OPEN_LIMIT)
        except TimeoutError as error:
            raise BusMuteError(f"The {kind.lower()} bus did not answer within {OPEN_LIMIT:g} s.") from error
        except (OSError, KeyError, ValueError, RuntimeError, StopIteration) as error:
            raise BusError(f"The {kind.lower()} bus cannot be reached ({type(error).__name__}: {error}).") from error
        self._early: deque[Message] = deque(maxlen=EARLY_MAX)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back; may be called again."""
        self._connection.close()

    def interrupt(self) -> None:
        """Let a waiting `call` or `wait_for` of another thread end with BusError, now."""
        with contextlib.suppress(OSError):
            self._connection.sock.shutdown(socket.SHUT_RDWR)

    def call(
        self,
        address: DBusAddress,
        method: str,
        signature: str | None = None,
        body: tuple[Any, ...] = (),
        limit: float = CALL_LIMIT,
    ) -> tuple[Any, ...]:
        """Call a method and return the body of its answer; BusError after `limit` seconds or when it is refused."""
        return self._send(new_method_call(address, method, signature, body), limit)

    def get(self, address: DBusAddress, name: str, limit: float = CALL_LIMIT) -> Any:
        """Read one property."""
        properties = DBusAddress(address.object_path, address.bus_name, "org.freedesktop.DBus.Properties")
        return self.call(properties, "Get", "ss", (address.interface, name), limit)[0][1]

    def subscribe(self, rule: MatchRule, shown: MatchRule | None = None) -> None:
        """Ask the bus to send the signals that match; `shown`: the same rule as messages show it, if they differ."""
        # what comes while a call waits for its answer is kept for the next `wait_for`
        self._connection.filter(shown or rule, queue=self._early)
        self._send(message_bus.AddMatch(rule), CALL_LIMIT)

    def wait_for(self, matches: Callable[[Message], bool], limit: float | None) -> Message | None:
        """The next message that matches, None after `limit` seconds; BusError when the connection ends."""
        end = None if limit is None else time.monotonic() + limit
        while self._early:
            if matches(early := self._early.popleft()):
                return early
        while True:
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                return None
            try:
                message = self._connection.receive(timeout=left)
            except TimeoutError:
                return None
            except (OSError, ValueError) as error:
                raise BusError("The bus has closed the connection.") from error
            if matches(message):
                return message

    def _send(self, message: Message, limit: float) -> tuple[Any, ...]:
        try:
            reply = self._connection.send_and_get_reply(message, timeout=limit)
        except TimeoutError as error:
            raise BusMuteError(f"The bus gave no answer within {limit:g} s.") from error
        except (OSError, ValueError) as error:
            raise BusError("The bus has closed the connection.") from error
        if reply.header.message_type == MessageType.error:
            name = str(reply.header.fields.get(HeaderFields.error_name, ""))
            raise BusError(f"The bus refused: {reply.body[0] if reply.body else name}.", name)
        body: tuple[Any, ...] = reply.body
        return body
