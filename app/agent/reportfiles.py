"""Drafts, notes and sent reports in the two encrypted files; runs in the journal lane."""

import base64
import binascii
import logging
from collections.abc import Iterable

from app.agent.events import Commit, Committed, Effect
from app.agent.events.reports import (
    CommitReport,
    KeepReports,
    LoadReports,
    MaskNote,
    MaskReport,
    ReportCommitted,
    ReportsKept,
    ReportsLoaded,
)
from app.agent.files import Files
from app.agent.lanes import Carrier
from app.agent.reportmask import mask_note, mask_report
from app.agent.reports import unpack_state
from app.domain.errors import SafeSeatError
from app.journal.check import Filter
from app.journal.errors import DiskFullError
from app.journal.local import STATE_MAX
from app.protocol.report_kinds import ReportSent

log = logging.getLogger(__name__)

STATE, UNREAD = "reports", "reports.unread"


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
            MaskReport: ("mask", mask_report),
            MaskNote: ("mask", mask_note),
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
        local = self._files.local
        if local is None:
            return (ReportsKept(False, "closed"),)
        if len(effect.blob) > STATE_MAX:
            return (ReportsKept(False, "large"),)
        try:
            local.put(STATE, effect.blob)
        except DiskFullError:
            return (ReportsKept(False, "full"),)
        except (SafeSeatError, OSError) as fault:
            log.error("drafts were not kept: %s", fault)
            return (ReportsKept(False, "other"),)
        return (ReportsKept(True),)

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
