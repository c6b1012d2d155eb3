"""The Secret Service (gnome-keyring, KWallet, KeePassXC) through keyring's backend, imported by name."""

import base64
import os
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from app.domain.errors import UnavailableError

SERVICE = "SafeSeat"
LARGEST = 512
"""Bytes of a secret (port contract); far below the 2560 of the smallest vault."""

T = TypeVar("T")


class SecretServiceVault:
    """Each call runs on a short-lived thread, because a locked collection blocks on a dialog of the desktop.

    A call that did not end in time goes on waiting for the person; until it ends, further calls wait for it within
    their own limit and raise UnavailableError. There is no other backend behind it: it fails closed. Importing
    keyring's discovery would cost 23 MB and could choose a plain-text file, hence the backend by name.
    """

    def __init__(self, service: str = SERVICE) -> None:
        self._service = service
        self._guard = threading.Lock()
        self._waiting: threading.Thread | None = None

    def get(self, name: str, timeout: float) -> bytes | None:
        """The secret, None if there is none; UnavailableError if the vault is missing, locked or mute."""
        text: str | None = self._within(lambda: _backend().get_password(self._service, name), timeout)
        try:
            return None if text is None else base64.b64decode(text, validate=True)
        except ValueError as error:
            raise UnavailableError(f"The key store holds something else under the name {name}.") from error

    def set(self, name: str, secret: bytes, timeout: float) -> None:
        """Store up to 512 bytes; UnavailableError as above."""
        if len(secret) > LARGEST:
            raise UnavailableError(f"A secret of {len(secret)} bytes is too long for the key store ({LARGEST}).")
        text = base64.b64encode(secret).decode("ascii")
        self._within(lambda: _backend().set_password(self._service, name, text), timeout)

    def delete(self, name: str, timeout: float) -> None:
        """Remove a secret; none there is well."""
        from keyring.errors import PasswordDeleteError

        def remove() -> None:
            try:
                _backend().delete_password(self._service, name)
            except PasswordDeleteError as error:
                if "No such password" not in str(error):
                    raise

        self._within(remove, timeout)

    def _within(self, act: Callable[[], T], timeout: float) -> T:
        if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
            raise UnavailableError("The key store cannot be reached: there is no session bus.")
        with self._guard:
            if self._waiting is not None:
                self._waiting.join(timeout)
                if self._waiting.is_alive():
                    raise UnavailableError("The key store is still waiting for somebody to unlock it.")
            done: list[T] = []
            failed: list[BaseException] = []

            def run() -> None:
                try:
                    done.append(act())
                except BaseException as error:  # handed over to the caller below
                    failed.append(error)

            worker = threading.Thread(target=run, name="vault", daemon=True)
            worker.start()
            worker.join(timeout)
            self._waiting = worker if worker.is_alive() else None
        if failed:
            raise UnavailableError(f"The key store refused ({type(failed[0]).__name__}).") from failed[0]
        if not done:
            raise UnavailableError(f"The key store gave no answer within {timeout:g} s; it may be locked.")
        return done[0]


def _backend() -> Any:
    """keyring's backend, which leaves its connection open when the collection stays locked; here it is closed."""
    import secretstorage.util
    from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]  # jeepney has no types
    from keyring.backends import SecretService
    from keyring.errors import KeyringLocked

    from app.desktop.linux.bus import OPEN_LIMIT

    class Backend(SecretService.Keyring):
        def get_preferred_collection(self) -> Any:
            bus = open_dbus_connection(auth_timeout=OPEN_LIMIT)  # the library's own waits one second
            try:
                secretstorage.util.add_match_rules(bus)
                collection = secretstorage.get_default_collection(bus)
                if collection.is_locked() and (collection.unlock() or collection.is_locked()):
                    raise KeyringLocked("The person did not unlock the collection.")
            except BaseException:
                bus.close()
                raise
            return collection

    return Backend()  # type: ignore[no-untyped-call]  # keyring types half
