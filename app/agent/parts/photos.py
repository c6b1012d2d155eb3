"""Photos of reports that were sent: uploaded after their report, again and again until every server has them, then forgotten."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.agent.events import ReadState, SaveState, StateRead, StateRecalled, VaultOpened
from app.agent.events.reports import DropPhotos, PhotoSent, ReportCommitted, SendPhoto
from app.agent.snapshot import Snapshot
from app.domain.moment import NS, Moment
from app.protocol.report_kinds import ReportSent

STATE = "photos"
FIRST, AGAIN = 3 * NS, 60 * NS
"""A report needs a moment to arrive; then each try waits so long."""
KEPT_MS = 28 * 24 * 3600 * 1000
"""A photo that no server took goes after so long (privacy, "stays on the PC")."""


@dataclass(slots=True)
class PhotosPart:
    """Owns no slice of the Snapshot; the form shows the draft's own photos."""

    name: str = field(default="photos", init=False)
    _waiting: dict[bytes, int] = field(default_factory=dict, init=False)
    _sending: bytes = field(default=b"", init=False)
    _due: int | None = field(default=None, init=False)
    _loaded: bool = field(default=False, init=False)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: reports whose record is durable, answers of the upload, the kept state."""
        match item:
            case ReportCommitted(ReportSent() as record, True) if record.photos:
                self._waiting.update(dict.fromkeys(record.photos, now.wall_ms))
                self._due = now.boot + FIRST
                return self._saved()
            case PhotoSent(digest, done):
                return self._sent(digest, done, now)
            case VaultOpened() | StateRecalled() if not self._loaded:
                return (ReadState(STATE),)
            case StateRead(name, blob) if name == STATE and not self._loaded:
                self._loaded = True
                self._waiting = {**_read(blob), **self._waiting}
                self._due = now.boot + FIRST if self._waiting else None
                return self._saved()
            case _ if self._due is not None and now.boot >= self._due:
                return self._next(now)
        return ()

    def due(self) -> int | None:
        """When the next upload is tried."""
        return self._due

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Nothing is shown."""
        return shown

    def _next(self, now: Moment) -> Iterable[object]:
        self._due = None
        old = tuple(digest for digest, ms in self._waiting.items() if ms < now.wall_ms - KEPT_MS)
        for digest in old:
            del self._waiting[digest]
        gone = (DropPhotos(old), *self._saved()) if old else ()
        self._sending = next(iter(self._waiting), b"")
        return (*gone, SendPhoto(self._sending)) if self._sending else gone

    def _sent(self, digest: bytes, done: bool, now: Moment) -> Iterable[object]:
        self._sending = b""
        if done:
            self._waiting.pop(digest, None)
        elif digest in self._waiting:
            self._waiting[digest] = self._waiting.pop(digest)  # the others are not held up by it
        self._due = now.boot + (FIRST if done else AGAIN) if self._waiting else None
        return (DropPhotos((digest,)), *self._saved()) if done else ()

    def _saved(self) -> tuple[object, ...]:
        if not self._loaded:
            return ()
        blob = json.dumps({digest.hex(): ms for digest, ms in self._waiting.items()}).encode() if self._waiting else b""
        return (SaveState(STATE, blob),)


def _read(blob: bytes) -> dict[bytes, int]:
    try:
        return {bytes.fromhex(digest): int(ms) for digest, ms in json.loads(blob or b"{}").items()}
    except (ValueError, TypeError, AttributeError):
        return {}
