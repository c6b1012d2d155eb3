"""The file in which a PC keeps the site's pack: verifiable at every start without server, vault or clock.

"SSKEPT1" ‖ 0x0A ‖ u64 ms at which it was taken ‖ u32 length ‖ the key set of then, in its wire form ‖ the pack. The key set
proves itself by the root that this PC was enrolled with, the pack by a key that was good at that time.
"""

from dataclasses import dataclass
from pathlib import Path

from app.content.errors import ContentError
from app.content.packs import FILE_MAX, verified
from app.protocol.document import Document
from app.protocol.keyset import KEYS_MAX_BYTES, kept_keyset
from app.protocol.wire import Reader, u32, u64

MAGIC = b"SSKEPT1\n"
KEPT_MAX = len(MAGIC) + 12 + KEYS_MAX_BYTES + FILE_MAX


@dataclass(frozen=True, slots=True)
class KeptPack:
    """What stands in the file; nothing of it is verified yet."""

    taken_ms: int
    keys: bytes
    file: bytes

    def packed(self) -> bytes:
        """The bytes to write."""
        return MAGIC + u64(self.taken_ms) + u32(len(self.keys)) + self.keys + self.file

    def document(self, fingerprint: bytes) -> Document:
        """The pack's document, proved by the root with this fingerprint; ContentError or ProtocolError."""
        return verified(self.file, kept_keyset(self.keys, fingerprint), self.taken_ms)


def read_kept(path: Path) -> KeptPack | None:
    """The kept pack of a profile, None if there is none; ContentError, ProtocolError or OSError for one that cannot be used."""
    try:
        with path.open("rb") as stream:
            data = stream.read(KEPT_MAX + 1)
    except FileNotFoundError:
        return None
    if len(data) > KEPT_MAX or not data.startswith(MAGIC):
        raise ContentError("The kept pack is damaged.")
    reader = Reader(data[len(MAGIC) :], "kept pack")
    taken_ms = reader.u64()
    return KeptPack(taken_ms, reader.take(reader.u32()), reader.rest())
