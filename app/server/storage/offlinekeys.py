"""IT's offline keys in the key set: added, listed and taken out, each time as a new generation that the root signs."""

from pathlib import Path

from msgspec import structs

from app.domain.errors import UnavailableError, UsageError
from app.protocol.errors import ProtocolError
from app.protocol.keys import Alg, Ed25519Signer, public_key
from app.protocol.keyset import KeySet, ServerKey, Use, sign_keyset
from app.server.storage.keyring import OFFLINE, Keyring, write_private

DAY_MS = 24 * 3600 * 1000
DAYS_MAX = 3650


def listed(keys: KeySet) -> list[dict[str, object]]:
    """Return every key as a row for people: id, use, public half in hex, from and to in ms."""
    return [{"id": one.id, "use": one.use, "pub": one.pub.hex(), "from": one.from_ms, "to": one.to_ms} for one in keys.keys]


def add(folder: Path, keys: Keyring, use: Use, name: str, public: str, days: int, now_ms: int) -> int:
    """Put a public Ed25519 key (64 hex digits) into the key set and return the set's new generation.

    UsageError for what does not fit, UnavailableError without the root key.
    """
    if not 1 <= days <= DAYS_MAX:
        raise UsageError(f"A key is good for 1 to {DAYS_MAX} days.")
    try:
        pub = b"\0" + bytes.fromhex(public)
        public_key(Alg.ED25519, pub)
    except (ValueError, ProtocolError):
        raise UsageError("The public key must be 64 hex digits, as `safeseat content key` prints them.") from None
    known = keys.keyset
    if any(one.pub == pub for one in known.keys):
        raise UsageError("This key is in the key set already; two persons need two keys.")
    # A PC whose clock is behind must be able to use the key as well.
    fresh = {"id": name, "alg": Alg.ED25519, "pub": pub, "use": use, "from": now_ms - DAY_MS, "to": now_ms + days * DAY_MS}
    return _write(folder, keys, (*known.keys, _key(fresh)))


def remove(folder: Path, keys: Keyring, name: str) -> int:
    """Take an offline key out and return the set's new generation; PCs refuse what it signs once they have the set."""
    left = tuple(one for one in keys.keyset.keys if one.id != name or one.use not in OFFLINE)
    if len(left) == len(keys.keyset.keys):
        raise UsageError(f"There is no offline key {name} in the key set.")
    return _write(folder, keys, left)


def _key(fields: dict[str, object]) -> ServerKey:
    import msgspec

    try:
        return msgspec.convert(fields, ServerKey)
    except msgspec.ValidationError:
        raise UsageError("A key's id has 1 to 64 letters, digits, dots, dashes and underscores.") from None


def _write(folder: Path, keys: Keyring, those: tuple[ServerKey, ...]) -> int:
    root = folder / "root.key"
    if not root.exists():
        raise UnavailableError("The root key is not here: bring root.key back into the keys folder, and take it away afterwards.")
    made = structs.replace(keys.keyset, generation=keys.keyset.generation + 1, keys=those)
    try:
        data = sign_keyset(made, Ed25519Signer(root.read_bytes()))
    except ProtocolError as fault:
        raise UsageError(f"The key does not fit into the key set: {fault}.") from None
    if data[:32] != keys.keyset_bytes[:32]:
        raise UsageError("This is another root key than the one that signed the key set.")
    write_private(folder / "keyset.bin", data)
    return made.generation
