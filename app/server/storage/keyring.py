"""The server's own keys and secrets as files of the owner only, outside every database and backup of it.

root.key (Ed25519, signs key sets only; belongs away from here after the first start), answer.key, seal.key (X25519),
pepper.key (for PIN values), master.key (for texts in the database), reports/ (a key per report), keyset.bin (what clients get). Made at the first start (protocol, "Keys").
"""

import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.errors import UnavailableError
from app.protocol.errors import StaleError
from app.protocol.keys import Alg, Ed25519Signer, root_fingerprint
from app.protocol.keyset import ALG_SEAL, KeySet, ServerKey, Use, open_keyset, sign_keyset
from app.protocol.seal import seal_public
from app.protocol.wire import tag
from app.server.storage.sealing import KeyFiles

_DAY_MS = 24 * 3600 * 1000
KEYSET_DAYS = 390
"""Below the 400 days that a key set may be good for, so that a clock error cannot make it too long."""
RENEW_DAYS = 60
"""With this much left, a start with the root key at hand signs a new set."""
OFFLINE: tuple[Use, ...] = ("policy", "content", "release")
"""Uses of keys whose private half never lies here; a renewed set takes them over."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Everything that the running server signs or opens with."""

    server: bytes
    answer: Ed25519Signer
    answer_id: str
    seal: bytes
    pepper: bytes
    master: bytes
    keyset: KeySet
    keyset_bytes: bytes
    fingerprint: bytes
    root_present: bool
    files: KeyFiles


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)
    part.replace(path)


def _secret(path: Path) -> bytes:
    if not path.exists():
        write_private(path, secrets.token_bytes(32))
    data = path.read_bytes()
    if len(data) != 32:
        raise UnavailableError(f"The key file {path.name} is damaged: it must have 32 bytes.")
    return data


def seal_text(master: bytes, about: bytes, text: str) -> bytes:
    """Return a text as it may lie in the database: AES-256-GCM under a key for what it is about; empty stays empty."""
    if not text:
        return b""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_text_key(master, about)).encrypt(nonce, text.encode(), about)


def open_text(master: bytes, about: bytes, sealed: bytes) -> str:
    """Return a sealed text; UnavailableError if it was changed or the master key is another."""
    if not sealed:
        return ""
    try:
        return AESGCM(_text_key(master, about)).decrypt(sealed[:12], sealed[12:], about).decode()
    except InvalidTag:
        raise UnavailableError("A stored text does not open with the master key that lies here.") from None


def _text_key(master: bytes, about: bytes) -> bytes:
    return hmac.digest(master, tag("text") + about, "sha256")


def open_keyring(folder: Path, now_ms: int) -> Keyring:
    """Return the server's keys, made if this is the first start; UnavailableError if a needed file is gone or damaged."""
    stored = folder / "keyset.bin"
    if not stored.exists():
        _secret(folder / "root.key")
    answer, seal = Ed25519Signer(_secret(folder / "answer.key")), _secret(folder / "seal.key")
    root = Ed25519Signer(_secret(folder / "root.key")) if (folder / "root.key").exists() else None
    if not stored.exists():
        if root is None:
            raise UnavailableError("The key set is gone and the root key is not here to sign a new one.")
        write_private(stored, _signed(root, answer, seal, now_ms, server=secrets.token_bytes(16), generation=1))
    keyset = _load(stored, now_ms)
    if root is not None and (keyset is None or keyset.expires - now_ms < RENEW_DAYS * _DAY_MS):
        old = _last(stored)
        others = tuple(key for key in old.keys if key.use in OFFLINE and key.to_ms > now_ms)
        made = _signed(root, answer, seal, now_ms, server=old.server, generation=old.generation + 1, others=others)
        write_private(stored, made)
        keyset = _load(stored, now_ms)
    if keyset is None:
        raise UnavailableError("The server's key set has expired; bring the root key and start again.")
    return _keyring(folder, stored.read_bytes(), keyset, answer, seal)


def _keyring(folder: Path, data: bytes, keyset: KeySet, answer: Ed25519Signer, seal: bytes) -> Keyring:
    known = [key for key in keyset.keys if key.use == "answer" and key.pub == answer.pub33]
    if not known:
        raise UnavailableError("The answer key is not in the key set that the root signed.")
    master = _secret(folder / "master.key")
    return Keyring(
        server=keyset.server,
        answer=answer,
        answer_id=known[0].id,
        seal=seal,
        pepper=_secret(folder / "pepper.key"),
        master=master,
        keyset=keyset,
        keyset_bytes=data,
        fingerprint=root_fingerprint(data[:32]),
        root_present=(folder / "root.key").exists(),
        files=KeyFiles(folder / "reports", master),
    )


def _load(stored: Path, now_ms: int) -> KeySet | None:
    data = stored.read_bytes()
    try:
        return open_keyset(data, root_fingerprint(data[:32]), now_ms)
    except StaleError:
        return None


def _last(stored: Path) -> KeySet:
    # It was good when it was written: what the next one takes over is wanted, whatever the time is now.
    return msgspec.json.decode(stored.read_bytes()[96:], type=KeySet)


def _signed(
    root: Ed25519Signer, answer: Ed25519Signer, seal: bytes, now_ms: int, *, server: bytes, generation: int,
    others: tuple[ServerKey, ...] = (),
) -> bytes:  # fmt: skip
    until = now_ms + KEYSET_DAYS * _DAY_MS
    # A PC whose clock is behind must be able to use the keys as well.
    since = now_ms - _DAY_MS
    keys = (
        ServerKey(id=f"answer-{generation}", alg=Alg.ED25519, pub=answer.pub33, use="answer", from_ms=since, to_ms=until),
        ServerKey(
            id=f"seal-{generation}", alg=ALG_SEAL, pub=b"\0" + seal_public(seal), use="seal", from_ms=since, to_ms=until
        ),
        *others,
    )
    return sign_keyset(KeySet(server=server, generation=generation, expires=until, keys=keys), root)
