"""Drafts, notes and sent reports in the two encrypted files; runs in the journal lane."""

import base64
import binascii
import logging
from collections.abc import Iterable
from contextlib import suppress

from app.agent.events import Commit, Committed, Effect
from app.agent.events.reports import (
    CommitReport,
    DropPhotos,
    KeepPhoto,
    KeepReports,
    LoadReports,
    MaskNote,
    MaskReport,
    MaskSuggestion,
    PhotoKept,
    ReportCommitted,
    ReportsKept,
    ReportsLoaded,
)
from app.agent.files import Files
from app.agent.lanes import Carrier
from app.agent.reportmask import mask_note, mask_report, mask_suggestion
from app.agent.reports import unpack_state
from app.domain.errors import SafeSeatError
from app.journal.check import Filter
from app.journal.errors import DiskFullError
from app.journal.local import STATE_MAX
from app.protocol.report_kinds import ReportSent
from app.protocol.reports import PHOTO_MAX
from app.protocol.wire import sha256

log = logging.getLogger(__name__)

STATE, UNREAD = "reports", "reports.unread"


def _photo(digest: bytes) -> str:
    return f"photo.{digest.hex()}"


class ReportFiles:
    """Carries out what the reports part asks of the files."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def carriers(self) -> dict[type[Effect], tuple[str, Carrier]]:
        """Lane and carrier of each effect."""
        table: dict[type[Effect], tuple[str, object]] = {
            LoadReports: ("journal", self.load),
            KeepReports: ("journal", self.keep),
            CommitReport: ("journal", self.commit),
            KeepPhoto: ("journal", self.keep_photo),
            DropPhotos: ("journal", self.drop_photos),
            MaskReport: ("mask", mask_report),
            MaskNote: ("mask", mask_note),
            MaskSuggestion: ("mask", mask_suggestion),
        }
        return table  # type: ignore[return-value]  # each carrier takes its own kind of effect, which the key says

    def load(self, _effect: LoadReports) -> Iterable[object]:
        """Tell what was kept, and which of it the journal holds already; `ok` False while there are no files."""
        local = self._files.local
        if local is None:
            return (ReportsLoaded(ok=False),)
        try:
            blob = local.get(STATE) or b""
            state = unpack_state(blob)
            if state is None:
                log.error("the kept drafts cannot be read and are put aside")
                local.put(UNREAD, blob)
            committed = self._committed() if state is not None and state.drafts else frozenset()
        except (SafeSeatError, OSError) as fault:
            log.error("drafts could not be read: %s", fault)
            return (ReportsLoaded(ok=False),)
        return (ReportsLoaded(True, blob if state is not None else b"", committed),)

    def keep(self, effect: KeepReports) -> Iterable[object]:
        """Keep one version, durable when answered with `kept`."""
        reason = self._put(effect.name, effect.blob)
        return (ReportsKept(not reason, reason, effect.name),)

    def keep_photo(self, effect: KeepPhoto) -> Iterable[object]:
        """Keep one photo under its digest."""
        digest = sha256(effect.data)
        reason = "large" if len(effect.data) > PHOTO_MAX else self._put(_photo(digest), effect.data)
        return (PhotoKept(effect.report, digest, not reason, reason),)

    def drop_photos(self, effect: DropPhotos) -> Iterable[object]:
        """Forget photos."""
        if self._files.local is not None:
            for digest in effect.digests:
                with suppress(SafeSeatError):
                    self._files.local.put(_photo(digest), None)
        return ()

    def photo(self, digest: bytes) -> bytes | None:
        """A kept photo, None if there is none. Any thread."""
        local = self._files.local
        if local is None:
            return None
        try:
            return local.get(_photo(digest))
        except SafeSeatError:
            return None

    def _put(self, name: str, blob: bytes) -> str:
        """Keep bytes under a name; why not, empty when they are durable."""
        local = self._files.local
        if local is None:
            return "closed"
        if len(blob) > STATE_MAX:
            return "large"
        try:
            local.put(name, blob)
        except DiskFullError:
            return "full"
        except (SafeSeatError, OSError) as fault:
            log.error("%s was not kept: %s", name.partition(".")[0], fault)
            return "other"
        return ""

    def commit(self, effect: CommitReport) -> Iterable[object]:
        """Write the record, once: a crash between journal and state must not send a report twice."""
        if self._files.journal is None:
            return (ReportCommitted(effect.record, False, "closed"),)
        record = effect.record
        if isinstance(record, ReportSent) and record.report in self._committed():
            return (ReportCommitted(record, True),)
        answers = list(self._files.commit(Commit((record,))))
        kept = [one for one in answers if isinstance(one, Committed)]
        good = bool(kept) and kept[0].kept
        return [*answers, ReportCommitted(record, good, "" if good else kept[0].reason if kept else "other")]

    def _committed(self) -> frozenset[bytes]:
        journal = self._files.journal
        if journal is None:
            return frozenset()
        found = set()
        for row in journal.rows(Filter("incident.reported")):
            said = row["record"]
            if isinstance(said, dict):
                try:
                    found.add(base64.b64decode(str(said.get("report", ""))))
                except binascii.Error:
                    continue
        return frozenset(found)
