"""Signed documents: policy, content packs, roster and release by one mechanism; versions only rise.

Wire form: u8 kind ‖ site[16] ‖ u64 version ‖ u64 not_before ‖ u64 not_after ‖ signature[64] ‖ bytes.
"""

from dataclasses import dataclass
from enum import Enum, IntEnum

from app.protocol.errors import ProtocolError, ReplayedError, TooLargeError
from app.protocol.keys import SIGNATURE_BYTES, Signer
from app.protocol.keyset import KeySet, Use
from app.protocol.wire import Reader, fixed, sha256, tag, u8, u64

DOCUMENT_MAX = 8 << 20


class DocKind(IntEnum):
    """What a document is."""

    POLICY = 1
    CONTENT = 2
    ROSTER = 3
    RELEASE = 4


ROSTER_DAYS_MAX = 7
"""A roster is good for 7 days (protocol, "LAN datagram")."""

_USES: dict[DocKind, tuple[Use, ...]] = {
    DocKind.POLICY: ("policy", "answer"),
    DocKind.CONTENT: ("content",),
    DocKind.ROSTER: ("answer",),
    DocKind.RELEASE: ("release",),
}


@dataclass(frozen=True, slots=True)
class Document:
    """A document and its frame; times in ms; `body` is what the layer above understands."""

    kind: DocKind
    site: bytes
    version: int
    not_before: int
    not_after: int
    body: bytes

    def message(self) -> bytes:
        """Return the bytes that are signed."""
        when = u64(self.version) + u64(self.not_before) + u64(self.not_after)
        return tag("doc") + u8(self.kind) + fixed(self.site, 16, "a site id") + when + sha256(self.body)


@dataclass(frozen=True, slots=True)
class Verified:
    """A document with the use of the key that signed it: `answer` may sign a policy only if it tightens."""

    document: Document
    use: Use
    key_id: str


class Validity(Enum):
    """Where now lies in a document's time; a stale one stays in force until a newer one comes, and is shown as such."""

    EARLY = "early"
    VALID = "valid"
    STALE = "stale"


def make_document(document: Document, signer: Signer) -> bytes:
    """Return the wire form; TooLargeError over 8 MiB, ProtocolError if its time is empty."""
    if len(document.body) > DOCUMENT_MAX:
        raise TooLargeError(f"a document may have {DOCUMENT_MAX} bytes")
    if document.not_after <= document.not_before:
        raise ProtocolError("the document's time is empty")
    frame = u8(document.kind) + fixed(document.site, 16, "a site id")
    when = u64(document.version) + u64(document.not_before) + u64(document.not_after)
    return frame + when + signer.sign(document.message()) + document.body


def open_document(data: bytes, kind: DocKind, keys: KeySet, now_ms: int) -> Verified:
    """Return the document of this kind if a key of a fitting use signed it; ProtocolError and its kinds otherwise.

    `now_ms` says which keys are good, not whether the document is: see `validity`.
    """
    if len(data) > DOCUMENT_MAX + 256:
        raise TooLargeError(f"a document may have {DOCUMENT_MAX} bytes")
    reader = Reader(data, "document")
    reader.expect(u8(kind))
    site, version, not_before, not_after = reader.take(16), reader.u64(), reader.u64(), reader.u64()
    sig, body = reader.take(SIGNATURE_BYTES), reader.rest()
    document = Document(kind, site, version, not_before, not_after, body)
    use, key_id = _signed_by(document, sig, keys, now_ms)
    if not_after <= not_before:
        raise ProtocolError("the document's time is empty")
    return Verified(document, use, key_id)


def _signed_by(document: Document, sig: bytes, keys: KeySet, now_ms: int) -> tuple[Use, str]:
    failure: ProtocolError | None = None
    for use in _USES[document.kind]:
        try:
            return use, keys.verify_any(use, now_ms, sig, document.message()).id
        except ProtocolError as error:
            failure = failure or error
    raise failure or ProtocolError("nobody may sign such a document")


def validity(document: Document, now_ms: int) -> Validity:
    """Return whether the document is early, valid or stale at `now_ms`."""
    if now_ms < document.not_before:
        return Validity.EARLY
    return Validity.VALID if now_ms < document.not_after else Validity.STALE


@dataclass(frozen=True, slots=True)
class Held:
    """What is remembered of the newest document per (kind, site), by the guard or the vault."""

    version: int
    digest: bytes


def held_of(document: Document) -> Held:
    """Return what to remember of a document that was taken."""
    return Held(document.version, sha256(document.message()))


def accept(document: Document, held: Held | None, site: bytes, now_ms: int) -> Held:
    """Return what to remember if the document may be taken; the same one again is taken, which changes nothing.

    Raises ProtocolError (another site, or not yet in its time, or already past it) or ReplayedError (a lower version, or
    the same version with other content).
    """
    if document.site != site:
        raise ProtocolError("the document is for another site")
    now = held_of(document)
    if held is not None:
        if now.version < held.version:
            raise ReplayedError(f"the document has version {now.version}, {held.version} is already in force")
        if now.version == held.version and now.digest != held.digest:
            raise ReplayedError(f"two different documents have version {now.version}")
        if now == held:
            return held
    if validity(document, now_ms) is not Validity.VALID:
        raise ProtocolError(f"the document is {validity(document, now_ms).value}")
    return now
