"""The body of one delivery: signed head, V, the heartbeat's status and up to 500 records; also empty (heartbeat).

Binary: head[136] ‖ sig[64] ‖ V[106] ‖ u32 length ‖ status JSON ‖ u32 count ‖ count × (u32 length ‖ salt[16] ‖ bytes),
packed by zstd or gzip; `+json` is the same content as one JSON object, for a proxy that wants to read along.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from struct import Struct
from typing import Annotated

import msgspec
from msgspec import Meta

from app.protocol.chain import RECORD_MAX, SALT_BYTES, Chain
from app.protocol.compression import OPENED_MAX, Packing, compress, decompress
from app.protocol.errors import ProtocolError, TooLargeError
from app.protocol.keys import SIGNATURE_BYTES, PublicKey
from app.protocol.pins import HEAD_BYTES, Head, parse_head
from app.protocol.vouch import VOUCH_BYTES, Vouch, parse_vouch, verify_vouch
from app.protocol.wire import Reader, fixed, u32

RECORDS_MAX = 500
STATUS_MAX = 4096
MEDIA_BATCH = "application/vnd.safeseat.batch"

PartName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_.]{0,31}\Z")]
ErrorCode = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_.]{0,47}\Z")]
Version = Annotated[str, Meta(max_length=32)]


class Status(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a heartbeat says beside the head (privacy table, "heartbeat"): kept as the last value only, no history."""

    armed: Annotated[bool, Meta(description="whether an alarm pressed now would be sent")]
    app: Annotated[Version, Meta(description="version of the program")]
    errors: Annotated[
        dict[PartName, ErrorCode], Meta(max_length=32, description="parts that do not work: part to error code")
    ] = {}


_STATUS = msgspec.json.Decoder(Status)


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as it travels: its salt and its bytes."""

    salt: bytes
    record: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """A decoded body; nothing in it is believed before V and the head's signature are verified."""

    head_bytes: bytes
    sig: bytes
    vouch_bytes: bytes
    status: Status
    entries: tuple[Entry, ...]

    @property
    def head(self) -> Head:
        """The head, parsed."""
        return parse_head(self.head_bytes)

    @property
    def vouch(self) -> Vouch:
        """V, parsed."""
        return parse_vouch(self.vouch_bytes)

    def verify(self, server: bytes, machine: PublicKey, now_ms: int) -> Head:
        """Return the head if `machine` vouched for the session key, that key signed the head, and it is for `server`.

        BadSignatureError, StaleError or ProtocolError. The request's own signature is `httpsig.verify_request`'s, with
        `vouch.key`.
        """
        head = self.head
        vouch = verify_vouch(self.vouch_bytes, machine, head.device, head.stream, now_ms)
        vouch.key.verify(self.sig, self.head_bytes)
        if head.server != server:
            raise ProtocolError("the head is for another server")
        return head

    def chain_from(self, pin: Chain) -> Chain:
        """Return the chain after these records, appended to `pin`."""
        for entry in self.entries:
            pin = pin.append(entry.salt, entry.record)
        return pin


class _JsonEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    salt: bytes
    record: bytes


class _JsonBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    head: bytes
    sig: bytes
    vouch: bytes
    status: Status
    entries: list[_JsonEntry]


_JSON = msgspec.json.Decoder(_JsonBatch)


def media_type(packing: Packing) -> str:
    """Return the media type of a body packed so."""
    return f"{MEDIA_BATCH}+{packing.value}"


def packing_of(media: str) -> Packing:
    """Return the packing that a batch's media type names; ProtocolError for any other type or spelling."""
    for packing in Packing:
        if media == media_type(packing):
            return packing
    raise ProtocolError(f"this is not the media type of a batch: {media[:60]!r}")


def encode_batch(
    head: bytes,
    sig: bytes,
    vouch: bytes,
    status: Status,
    entries: Sequence[Entry] = (),
    *,
    packing: Packing = Packing.ZSTD,
) -> bytes:
    """Return the body; TooLargeError over 500 records, 8 MiB opened or 1 MiB sent: then send fewer."""
    _check(entries)
    fixed(head, HEAD_BYTES, "a head")
    fixed(sig, SIGNATURE_BYTES, "a signature")
    fixed(vouch, VOUCH_BYTES, "a vouch")
    if packing is Packing.NONE:
        shown = [_JsonEntry(entry.salt, entry.record) for entry in entries]
        return compress(msgspec.json.encode(_JsonBatch(head, sig, vouch, status, shown)), packing)
    status_bytes = msgspec.json.encode(status)
    parts = [head, sig, vouch, u32(len(status_bytes)), status_bytes, u32(len(entries))]
    for entry in entries:
        parts += (u32(len(entry.record)), entry.salt, entry.record)
    return compress(b"".join(parts), packing)


def decode_batch(body: bytes, media: str) -> Batch:
    """Return the parts of a body of this media type; ProtocolError or TooLargeError. Bounds the decompression first."""
    packing = packing_of(media)
    data = decompress(body, packing)
    batch = _from_json(data) if packing is Packing.NONE else _from_binary(data)
    _check(batch.entries)
    return batch


def _check(entries: Sequence[Entry]) -> None:
    if len(entries) > RECORDS_MAX:
        raise TooLargeError(f"a batch may hold {RECORDS_MAX} records, not {len(entries)}")
    for entry in entries:
        fixed(entry.salt, SALT_BYTES, "a salt")
        if len(entry.record) > RECORD_MAX:
            raise TooLargeError(f"a record may hold {RECORD_MAX} bytes, not {len(entry.record)}")


def _from_json(data: bytes) -> Batch:
    try:
        found = _JSON.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ProtocolError("this is not a batch in JSON") from None
    entries = tuple(Entry(one.salt, one.record) for one in found.entries)
    head = fixed(found.head, HEAD_BYTES, "a head")
    sig, vouch = fixed(found.sig, SIGNATURE_BYTES, "a signature"), fixed(found.vouch, VOUCH_BYTES, "a vouch")
    return Batch(head, sig, vouch, found.status, entries)


def _from_binary(data: bytes) -> Batch:
    reader = Reader(data, "batch")
    head, sig, vouch = reader.take(HEAD_BYTES), reader.take(SIGNATURE_BYTES), reader.take(VOUCH_BYTES)
    length = reader.u32()
    if length > STATUS_MAX:
        raise TooLargeError("the batch's status is too long")
    try:
        status = _STATUS.decode(reader.take(length))
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ProtocolError("the batch's status is not one of this protocol") from None
    count = reader.u32()
    if count > RECORDS_MAX:
        raise TooLargeError(f"a batch may hold {RECORDS_MAX} records, not {count}")
    return Batch(head, sig, vouch, status, _entries(reader.rest(), count))


_ENTRY = Struct(f">I{SALT_BYTES}s")


def _entries(data: bytes, count: int) -> tuple[Entry, ...]:
    # Unrolled by hand: the server opens some 80,000 records a second on one core (design, "Promises").
    entries: list[Entry] = []
    at, size = 0, len(data)
    for _ in range(count):
        start = at + _ENTRY.size
        if start > size:
            raise ProtocolError("the batch is cut off")
        length, salt = _ENTRY.unpack_from(data, at)
        at = start + length
        if at > size:
            raise ProtocolError("the batch is cut off")
        entries.append(Entry(salt, data[start:at]))
    if at != size:
        raise ProtocolError(f"the batch has {size - at} trailing bytes")
    return tuple(entries)


def fits(entries: Sequence[Entry]) -> int:
    """Return how many of the first entries go into one batch before compression can matter: 500, or 1 MiB of bytes."""
    size, count = 0, 0
    for entry in entries[:RECORDS_MAX]:
        size += _ENTRY.size + len(entry.record)
        if size > SENT_BUDGET and count:
            break
        count += 1
    return count


SENT_BUDGET = (OPENED_MAX >> 3) - HEAD_BYTES - SIGNATURE_BYTES - VOUCH_BYTES - STATUS_MAX - 8 - 1024
"""Bytes of records that fit 1 MiB even if they do not compress at all."""
