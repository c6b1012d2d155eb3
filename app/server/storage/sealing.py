"""Keys of single reports, photos and months as files of their own, outside every database: destroying one is the deletion.

A backup of the database holds nothing that opens without these files, so a restored backup has lost what was deleted too
(privacy, "Deletion"). The file alone opens nothing either: the key is made from it and the master key.
"""

import hmac
import os
import secrets
import sys
from collections.abc import Collection
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.errors import UnavailableError
from app.protocol.wire import tag

NONCE = 12
KEY = 32
ORPHAN_MS = 24 * 3600 * 1000
"""A key that no row names is taken for left over after this time: its transaction may still be under way before."""


class KeyFiles:
    """A folder of key files, named by 16 random bytes; safe from any thread, blocking."""

    def __init__(self, folder: Path, master: bytes) -> None:
        self._folder, self._master = folder, master

    def make(self, key: bytes | None = None, *, stamp_ms: int | None = None) -> bytes:
        """Return the name of a key, new unless `key` names one; durable before it returns.

        `stamp_ms` becomes the file's time, where the present time would tell too much. OSError if it cannot be written.
        """
        name = secrets.token_bytes(16) if key is None else key
        path = self._path(name)
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                os.write(handle, secrets.token_bytes(KEY))
                os.fsync(handle)
            finally:
                os.close(handle)
            if stamp_ms is not None:
                os.utime(part, (stamp_ms / 1000, stamp_ms / 1000))
            part.replace(path)
            _sync(path.parent)
            if stamp_ms is not None:
                os.utime(path.parent, (stamp_ms / 1000, stamp_ms / 1000))
        return name

    def has(self, key: bytes) -> bool:
        """Say whether the key is there, that is, was not destroyed."""
        return self._path(key).exists()

    def seal(self, key: bytes, data: bytes) -> bytes:
        """Return data under AES-256-GCM; UnavailableError if the key was destroyed."""
        cipher = self._cipher(key)
        if cipher is None:
            raise UnavailableError("The key of this entry was destroyed.")
        nonce = secrets.token_bytes(NONCE)
        return nonce + cipher.encrypt(nonce, data, key)

    def open(self, key: bytes, sealed: bytes) -> bytes | None:
        """Return sealed data, None once its key was destroyed; UnavailableError if it was changed."""
        cipher = self._cipher(key)
        if cipher is None:
            return None
        try:
            return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], key)
        except (InvalidTag, ValueError):
            raise UnavailableError("A stored text does not open with the key that lies here.") from None

    def destroy(self, key: bytes) -> None:
        """Overwrite and remove a key; nothing if it is gone already."""
        path = self._path(key)
        try:
            with path.open("r+b", buffering=0) as file:
                file.write(secrets.token_bytes(KEY))
                os.fsync(file.fileno())
        except FileNotFoundError:
            return
        path.unlink()
        _sync(path.parent)

    def orphans(self, known: Collection[bytes], now_ms: int) -> list[bytes]:
        """Return keys older than a day that are not among `known`."""
        found = []
        for path in self._folder.glob("*/*.key"):
            key = bytes.fromhex(path.stem)
            if key not in known and path.stat().st_mtime * 1000 < now_ms - ORPHAN_MS:
                found.append(key)
        return found

    def _path(self, key: bytes) -> Path:
        return self._folder / key.hex()[:2] / f"{key.hex()}.key"

    def _cipher(self, key: bytes) -> AESGCM | None:
        try:
            data = self._path(key).read_bytes()
        except FileNotFoundError:
            return None
        if len(data) != KEY:
            raise UnavailableError("A key file is damaged.")
        return AESGCM(hmac.digest(self._master, tag("report") + key + data, "sha256"))


def _sync(folder: Path) -> None:
    """Make the folder's entries durable, where the system lets a folder be opened."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
