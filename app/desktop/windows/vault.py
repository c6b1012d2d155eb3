"""The Credential Manager through keyring's Windows backend, imported by name; kept on this machine, never roaming."""

import base64
import sys
from typing import Any

from app.domain.errors import UnavailableError

SERVICE = "SafeSeat"
LARGEST = 512
"""Bytes of a secret (port contract); as base64 in UTF-16 it takes 1368 of the 2560 bytes that Windows allows."""

FORM = "1:"
"""Every entry begins with it: an empty secret is no empty entry, and a foreign one is told."""

assert sys.platform == "win32"


class WindowsVault:
    """One service name for each secret, because the backend moves an older entry of the same name aside.

    Calls take a millisecond and open no dialog: the vault is open as long as the person is signed in. Any thread.
    """

    def __init__(self, service: str = SERVICE) -> None:
        self._service = service
        try:
            self._backend = _backend()
        except Exception as error:  # the backend raises its own kinds when its library is not there
            raise UnavailableError(f"The key store cannot be used ({type(error).__name__}).") from error

    def get(self, name: str, timeout: float) -> bytes | None:
        """The secret, None if there is none; UnavailableError when Windows refuses or the entry is foreign."""
        text = self._asked("get_password", name)
        if text is None:
            return None
        try:
            if not text.startswith(FORM):
                raise ValueError
            return base64.b64decode(text.removeprefix(FORM), validate=True)
        except ValueError as error:
            raise UnavailableError(f"The key store holds something else under the name {name}.") from error

    def set(self, name: str, secret: bytes, timeout: float) -> None:
        """Store up to 512 bytes in place of what was there; UnavailableError as above."""
        if len(secret) > LARGEST:
            raise UnavailableError(f"A secret of {len(secret)} bytes is too long for the key store ({LARGEST}).")
        self._asked("set_password", name, FORM + base64.b64encode(secret).decode("ascii"))

    def delete(self, name: str, timeout: float) -> None:
        """Remove a secret; none there is well."""
        if self._asked("get_password", name) is not None:
            self._asked("delete_password", name)

    def _asked(self, method: str, name: str, *values: str) -> str | None:
        try:
            found: str | None = getattr(self._backend, method)(f"{self._service}/{name}", self._service, *values)
        except Exception as error:  # pywintypes.error and OSError of the backend's library
            raise UnavailableError(f"The key store refused ({type(error).__name__}).") from error
        return found


def _backend() -> Any:
    """keyring's backend, persisted for the local machine, whose `set_password` leaves no copy of the old secret behind."""
    from keyring.backends import Windows

    class Backend(Windows.WinVaultKeyring):
        def set_password(self, service: str, username: str, password: str) -> None:
            self._set_password(service, username, password)  # type: ignore[no-untyped-call]  # keyring types half

    if Windows.missing_deps:
        raise UnavailableError("The key store's library is missing.")
    backend = Backend()  # type: ignore[no-untyped-call]  # keyring types half
    backend.persist = "local machine"
    return backend
