"""A site's signed content pack: what its file is, when it is taken, and why not; refused whole, the last good one stays.

File: "SSPACK1" ‖ 0x0A ‖ u8 further signatures (0..1) ‖ each 64 bytes ‖ signed document of kind content, whose body is zstd'd
canonical JSON. A further signature is over the same message by another `content` key of the server's key set: whoever
changes a phone number or takes an emergency card away needs a second person.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from app.content.cards import CardNumbers, card_numbers, shipped_cards
from app.content.check import ID, check_all
from app.content.errors import ContentError
from app.content.head import about_faults
from app.content.search.sections import FIELDS
from app.content.shapes import KINDS, PHONES
from app.content.site import SitePack
from app.protocol.compression import OPENED_MAX, SENT_MAX, Packing, compress, decompress
from app.protocol.document import DocKind, Document, Held, accept, held_of, make_document, open_document
from app.protocol.errors import ProtocolError
from app.protocol.fields import canonical, decode
from app.protocol.keys import SIGNATURE_BYTES, Signer
from app.protocol.keyset import KeySet

MAGIC = b"SSPACK1\n"
FILE_MAX = SENT_MAX + 1024
"""Bytes of a pack file; its body opens to 8 MiB at most."""
ENTRIES_MAX = 500
"""Entries of one kind."""
REMOVED_MAX = 500
READINGS_MAX = 400
"""Readings of one field of a script, each of at most 400 letters."""
_HEAD = ("schema", "id", "removed", "site", "reviewed_on")


@dataclass(frozen=True, slots=True)
class Taken:
    """A pack that holds from now on, and what has to be remembered of it."""

    pack: SitePack
    held: Held


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing changes, in one sentence."""

    reason: str


class PackState(Protocol):
    """Where the newest pack is kept: `held` in the guard or the vault, the file beside it. Blocking is up to the caller."""

    def held(self) -> Held | None:
        """What is remembered of the newest pack that was ever taken."""

    def file(self) -> bytes:
        """The last good pack, empty if there is none."""

    def keep(self, held: Held, file: bytes) -> None:
        """Remember both from now on."""


class Packs:
    """The site's pack over the shipped content; one per site and state, one thread at a time."""

    def __init__(self, state: PackState, site: bytes) -> None:
        self._state = state
        self._site = site

    def current(self) -> SitePack | None:
        """The last good pack; also past its time, and when its key is no longer valid. None if there is none or it is damaged."""
        held, file = self._state.held(), self._state.file()
        if held is None or not file:
            return None
        try:
            return reopened(file, held)
        except (ContentError, ProtocolError):
            return None

    def take(self, file: bytes, keys: KeySet, now_ms: int) -> Taken | Refused:
        """Take a newer pack, or say why not; the same one again changes nothing. Never raises for what stands in it."""
        try:
            held = self._state.held()
            document, signers = _verified(file, keys, now_ms)
            fresh = accept(document, held, self._site, now_ms)
            pack = opened(document)
            if signers < 2 and (why := needs_two(pack, self.current())):
                raise ContentError(f"This pack {why}, which needs the signature of a second person.")
        except ContentError as error:
            return Refused(str(error))
        except ProtocolError as error:
            text = str(error)
            return Refused(f"{text[:1].upper()}{text[1:]}.")
        if fresh != held or not self._state.file():
            self._state.keep(fresh, file)
        return Taken(pack, fresh)


def reopened(file: bytes, held: Held) -> SitePack:
    """A pack that was taken before: its digest in `held` covers every byte, so no key is asked again."""
    _, frame = _parts(file)
    document = _frame(frame)
    if held_of(document) != held:
        raise ContentError("The kept pack is not the one that was taken.")
    return opened(document)


def unchecked(file: bytes, held: Held) -> SitePack:
    """The same, for a pack that this process has checked before: read in a few milliseconds however large it is."""
    document = framed(file)
    if held_of(document) != held:
        raise ContentError("The kept pack is not the one that was taken.")
    return _site_pack(decode(decompress(document.body, Packing.ZSTD), dict[str, Any], "a content pack", OPENED_MAX), held.version)


def sign(body: bytes, version: int, site: bytes, time_ms: tuple[int, int], signer: Signer) -> bytes:
    """The pack file with one signature; `body` from `packed`, `time_ms` when it holds: from, to."""
    return MAGIC + b"\0" + make_document(Document(DocKind.CONTENT, site, version, *time_ms, body), signer)


def countersign(file: bytes, signer: Signer) -> bytes:
    """The same file with the signature of a second person; ContentError if it has one already."""
    further, frame = _parts(file)
    if further:
        raise ContentError("This pack has two signatures already.")
    return MAGIC + b"\1" + signer.sign(_frame(frame).message()) + frame


def packed(content: Mapping[str, Any]) -> bytes:
    """The body of a pack; ContentError if a PC would not take it."""
    data = canonical(content)
    _pack(data, 1)
    return compress(data, Packing.ZSTD)


def opened(document: Document) -> SitePack:
    """The pack in a verified document; ContentError or ProtocolError telling the first thing that is wrong."""
    return _pack(decompress(document.body, Packing.ZSTD), document.version)


def read(file: bytes) -> tuple[Document, SitePack]:
    """A pack file without asking who signed it: for showing and for the second signer, who has to see what it is."""
    document = _frame(_parts(file)[1])
    return document, opened(document)


def framed(file: bytes) -> Document:
    """What a pack's frame claims (site, version, time), unverified and unopened; ContentError if it is none."""
    return _frame(_parts(file)[1])


def verified(file: bytes, keys: KeySet, at_ms: int) -> Document:
    """The document of a pack that a `content` key signed that was good at `at_ms`; ContentError, ProtocolError."""
    return _verified(file, keys, at_ms)[0]


def _parts(file: bytes) -> tuple[list[bytes], bytes]:
    if len(file) > FILE_MAX:
        raise ContentError(f"A pack may have {FILE_MAX} bytes, not {len(file)}.")
    start = len(MAGIC) + 1
    if not file.startswith(MAGIC) or len(file) < start or file[start - 1] > 1:
        raise ContentError("This is not a content pack.")
    end = start + file[start - 1] * SIGNATURE_BYTES
    return [file[start:end]] if end > start else [], file[end:]


def _frame(frame: bytes) -> Document:
    """The document without its signature, read like `open_document` does."""
    head = 1 + 16 + 3 * 8
    if len(frame) < head + SIGNATURE_BYTES or frame[0] != DocKind.CONTENT:
        raise ContentError("This is not a content pack.")
    version, begins, ends = (int.from_bytes(frame[at : at + 8], "big") for at in (17, 25, 33))
    return Document(DocKind.CONTENT, frame[1:17], version, begins, ends, frame[head + SIGNATURE_BYTES :])


def _verified(file: bytes, keys: KeySet, now_ms: int) -> tuple[Document, int]:
    """The document and by how many different keys it is signed; a wrong second signature refuses the whole."""
    further, frame = _parts(file)
    first = open_document(frame, DocKind.CONTENT, keys, now_ms)
    ids = {first.key_id}
    for sig in further:
        ids.add(keys.verify_any("content", now_ms, sig, first.document.message()).id)
    pubs = {key.pub for key in keys.keys if key.id in ids}
    return first.document, len(pubs)


def _pack(data: bytes, version: int) -> SitePack:
    content = decode(data, dict[str, Any], "a content pack", OPENED_MAX)
    # one form only: also catches keys that stand twice, of which a parser silently keeps one
    if canonical(content) != data:
        raise ContentError("The pack is not in canonical form.")
    for key in content:
        if key not in (*_HEAD, "entries", "pinyin"):
            raise ContentError(f"The pack holds the unknown key {key[:60]!r}.")
    entries, pinyin = content.get("entries"), content.get("pinyin", {})
    about = {key: content[key] for key in _HEAD if key in content} | {"version": version}
    for what, why in about_faults(about):
        raise ContentError(f"pack: {what}: {why}.")
    _bounds(entries, content.get("removed", []))
    assert isinstance(entries, dict)
    for fault in check_all(entries):
        raise ContentError(str(fault))
    _readings(pinyin, entries.get("scripts", {}))
    return _site_pack(content, version)


def _site_pack(content: Mapping[str, Any], version: int) -> SitePack:
    return SitePack(
        content["id"], version, content["entries"], tuple(content.get("removed", ())), content.get("site", {}),
        content.get("reviewed_on", ""), content.get("pinyin", {}),
    )  # fmt: skip


def _bounds(entries: object, removed: list[str]) -> None:
    if not isinstance(entries, dict) or any(kind not in KINDS for kind in entries):
        raise ContentError(f"The pack's entries must be tables of {', '.join(KINDS)}.")
    for kind, files in entries.items():
        if not isinstance(files, dict) or not all(isinstance(data, dict) for data in files.values()):
            raise ContentError(f"The pack's {kind} must be tables by their ids.")
        if len(files) > ENTRIES_MAX:
            raise ContentError(f"The pack has {len(files)} {kind}, at most {ENTRIES_MAX} are taken.")
    if len(removed) > REMOVED_MAX:
        raise ContentError(f"The pack removes {len(removed)} entries, at most {REMOVED_MAX} are taken.")


def _readings(pinyin: object, scripts: Mapping[str, Any]) -> None:
    if not isinstance(pinyin, dict):
        raise ContentError("The pack's pinyin must be a table.")
    for name, fields in pinyin.items():
        well = name in scripts and ID.match(name) and isinstance(fields, dict) and set(fields) <= set(FIELDS)
        if not well or not all(_reading(one) for found in fields.values() for one in _listed(found)):
            raise ContentError(f"The pack's pinyin of {name[:60]!r} is not that of one of its scripts.")


def _listed(found: object) -> Iterator[object]:
    if not isinstance(found, list) or len(found) > READINGS_MAX:
        raise ContentError("The pack's pinyin is not a short list.")
    yield from found


def _reading(one: object) -> bool:
    return isinstance(one, str) and 0 < len(one) <= 400 and one.isascii() and one.isalpha() and one[0].isupper()


def needs_two(pack: SitePack, before: SitePack | None) -> str:
    """What in a pack one person alone may not change, as the rest of a sentence; empty if nothing.

    Counted are numbers of the site that were there and are now others or gone, cards that are gone, and cards that call
    other numbers. The first time that a site gives a number changes nothing that was there.
    """
    old = before.site if before else {}
    changed = [key for key in PHONES if key in old and pack.site.get(key) != old[key]]
    if changed:
        return f"changes {', '.join(changed)}"
    was, now = _cards(before), _cards(pack)
    for name, numbers in was.items():
        if name not in now:
            return f"takes away the card {name}"
        if now[name] != numbers:
            return f"changes the numbers on the card {name}"
    return ""


def _cards(pack: SitePack | None) -> dict[str, CardNumbers]:
    found = dict(shipped_cards())
    if pack is not None:
        for name in pack.removed_of("cards"):
            found.pop(name, None)
        found.update((name, card_numbers(data)) for name, data in pack.tables("cards").items())
    return found
