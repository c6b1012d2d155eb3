"""Reports: drafts that save themselves, reports that were sent, notes beside them, and what is still owed.

Typed text passes through here on its way to be masked and is never held: what the part keeps is masked. Nothing is thrown
away because it could not be kept or sent; it is tried again and the face says so.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from app.agent import commands
from app.agent.events import DeskEvent, LaneFailed, StateRecalled, VaultOpened
from app.agent.events.reports import (
    CommitReport,
    DropPhotos,
    KeepPhoto,
    KeepReports,
    LoadReports,
    MaskNote,
    MaskReport,
    NoteMasked,
    PhotoKept,
    ReportCommitted,
    ReportMasked,
    ReportsKept,
    ReportsLoaded,
)
from app.agent.reportowed import OwedWatch
from app.agent.reports import (
    FIELDS,
    KINDS,
    PHOTOS_MAX,
    ReportsState,
    WaitingNote,
    newest_first,
    pack_state,
    problem_of,
    pruned,
    record_of,
    unpack_state,
)
from app.agent.snapshot import ReportDraft, ReportsFace, Snapshot
from app.domain.moment import NS, Moment
from app.protocol.report_kinds import ReportNote, ReportSent
from app.protocol.reports import ReportUpdate

AGAIN = 5 * NS
"""What could not be kept or sent is tried again so often."""


@dataclass(slots=True)
class ReportsPart:
    """Owns ReportsFace; `new_id` brings randomness in."""

    new_id: Callable[[], bytes]
    name: str = field(default="reports", init=False)
    _state: ReportsState = field(default=ReportsState(), init=False)
    _loaded: bool = field(default=False, init=False)
    _masking: dict[bytes, int] = field(default_factory=dict, init=False)
    _typing: set[bytes] = field(default_factory=set, init=False)
    _gone: set[bytes] = field(default_factory=set, init=False)
    _committing: bool = field(default=False, init=False)
    _keeping: bool = field(default=False, init=False)
    _dirty: bool = field(default=False, init=False)
    _again_at: int | None = field(default=None, init=False)
    _started: bytes = field(default=b"", init=False)
    _photos: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict, init=False)
    _owed: OwedWatch = field(default_factory=OwedWatch, init=False)

    def handle(self, item: object, now: Moment) -> Iterable[object]:
        """Inputs: commands of the form, masked versions, answers of the files, ReportUpdate, the own alarm's end."""
        out = list(self._take(item, now))
        if self._again_at is not None and now.boot >= self._again_at:
            self._again_at = None
            out += self._next(now)
        return out

    def due(self) -> int | None:
        """When what could not be kept or sent is tried again."""
        return self._again_at

    def face(self, shown: Snapshot, now: Moment) -> Snapshot:
        """Fill in drafts and sent reports."""
        state, owed = self._state, self._state.owed
        face = ReportsFace(
            drafts=newest_first(state.drafts), sent=state.sent, started=self._started, loaded=self._loaded,
            notes_waiting=len(state.notes), alarm=owed.alarm if owed else b"", alarm_ms=owed.raised_ms if owed else 0,
            alarm_due_ms=owed.due_ms if owed else 0,
        )  # fmt: skip
        return replace(shown, reports=face)

    def _take(self, item: object, now: Moment) -> Iterable[object]:
        match item:
            case commands.EditReport():
                return self._edit(item)
            case commands.StartReport(kind, text):
                return self._start(kind, text, now)
            case ReportMasked():
                return self._masked(item, now)
            case commands.SendReport(report):
                return self._send(report, now)
            case commands.DiscardReport(report):
                return self._discard(report, now)
            case commands.NoteReport():
                return (MaskNote(item),) if item.text.strip() else ()
            case commands.AddPhoto(report, data):
                return (KeepPhoto(report, data),)
            case PhotoKept() | commands.DropPhoto():
                return self._photo(item, now)
            case NoteMasked(report, text):
                self._state = replace(self._state, notes=(*self._state.notes, WaitingNote(report, text.strip())))
                return self._changed(now)
            case _:
                return self._told(item, now)

    def _told(self, item: object, now: Moment) -> Iterable[object]:
        """What files, servers and the alarm say."""
        match item:
            case VaultOpened() | StateRecalled() if not self._loaded:
                return (LoadReports(),)
            case ReportsLoaded() if item.ok and not self._loaded:
                return self._recall(item, now)
            case ReportsKept(kept, reason, "reports"):
                return self._kept(kept, reason, now)
            case ReportCommitted():
                return self._committed(item, now)
            case DeskEvent(_, ReportUpdate() as update):
                return self._updated(update, now)
            case LaneFailed("mask"):
                self._masking.clear()
                self._state = self._state.unkept("other")
            case _ if (owed := self._owed.told(item, now)) is not None:
                self._state = replace(self._state, owed=owed)
                return self._changed(now)
            case _:
                pass
        return ()

    # --- drafts ---------------------------------------------------------------------------------------------------

    def _edit(self, edit: commands.EditReport) -> Iterable[object]:
        if len(edit.fields) != len(FIELDS) or edit.report in self._gone:
            return ()
        self._masking[edit.report] = self._masking.get(edit.report, 0) + 1
        return (MaskReport(edit),)

    def _start(self, kind: str, text: str, now: Moment) -> Iterable[object]:
        self._started = self.new_id()
        fields = tuple(text if name == "text" else "" for name in FIELDS)
        known = kind if kind in KINDS else ""
        return self._edit(commands.EditReport(self._started, 0, fields, kind=known, occurred_ms=now.wall_ms))

    def _masked(self, masked: ReportMasked, now: Moment) -> Iterable[object]:
        new = masked.draft
        left = self._masking.get(new.report, 0) - 1
        (self._masking.pop(new.report, None) if left <= 0 else self._masking.update({new.report: left}))
        if new.report in self._gone:
            return ()
        (self._typing.add if masked.typing else self._typing.discard)(new.report)
        old = self._state.draft(new.report)
        begun = old.begun_ms if old is not None else now.wall_ms
        photos = old.photos if old is not None else self._photos.pop(new.report, ())
        saved_ms = old.saved_ms if old is not None else 0
        sending = old is not None and old.sending
        self._state = self._state.put(
            replace(new, begun_ms=begun, changed_ms=now.wall_ms, photos=photos, saved_ms=saved_ms, sending=sending, saved=False)
        )
        return self._changed(now)

    def _send(self, report: bytes, now: Moment) -> Iterable[object]:
        draft = self._state.draft(report)
        if draft is None and report not in self._masking:
            return ()
        if draft is None:  # its first version is still being masked
            draft = ReportDraft(report, fields=("",) * len(FIELDS), begun_ms=now.wall_ms, changed_ms=now.wall_ms)
        self._state = self._state.put(replace(draft, sending=True, problem=""))
        return self._next(now)

    def _discard(self, report: bytes, now: Moment) -> Iterable[object]:
        draft = self._state.draft(report)
        self._gone.add(report)
        self._state = self._state.dropped(report)
        drop = (DropPhotos(draft.photos),) if draft is not None and draft.photos else ()
        return (*drop, *self._changed(now))

    def _photo(self, told: PhotoKept | commands.DropPhoto, now: Moment) -> Iterable[object]:
        """A photo is durable and belongs to its draft, or is taken off it."""
        draft = self._state.draft(told.report)
        had = draft.photos if draft is not None else self._photos.get(told.report, ())
        rest = tuple(one for one in had if one != told.digest)
        if isinstance(told, PhotoKept):
            if told.report in self._gone or (told.kept and len(rest) >= PHOTOS_MAX):
                return (DropPhotos((told.digest,)),)
            if not told.kept:
                self._state = self._state if draft is None else self._state.put(replace(draft, problem=f"photo:{told.reason}"))
                return ()
            rest = (*rest, told.digest)
        if draft is None:
            self._photos[told.report] = rest
            return ()
        self._state = self._state.put(replace(draft, photos=rest, changed_ms=now.wall_ms))
        drop = () if isinstance(told, PhotoKept) else (DropPhotos((told.digest,)),)
        return (*drop, *self._changed(now))

    # --- keeping and sending --------------------------------------------------------------------------------------

    def _changed(self, now: Moment) -> list[object]:
        self._dirty = True
        return self._next(now)

    def _next(self, now: Moment) -> list[object]:
        """The next version to keep and the next record to write, one of each at a time."""
        out: list[object] = []
        if not self._loaded:
            self._state = self._state.unkept("closed")
            return out
        if self._dirty and not self._keeping:
            self._dirty, self._keeping = False, True
            before, self._state = self._state, pruned(self._state, now.wall_ms)
            if old := tuple(photo for one in before.drafts if one not in self._state.drafts for photo in one.photos):
                out.append(DropPhotos(old))
            out.append(KeepReports(pack_state(self._state)))
        if not self._committing and (record := self._to_commit(now)) is not None:
            self._committing = True
            out.append(CommitReport(record))
        return out

    def _to_commit(self, now: Moment) -> ReportSent | ReportNote | None:
        for draft in self._state.drafts:
            # only the newest version leaves, and never one with digits hidden because they were being typed
            if not draft.sending or draft.report in self._masking:
                continue
            if problem := "typing" if draft.report in self._typing else problem_of(draft):
                self._state = self._state.put(replace(draft, sending=False, problem=problem))
                continue
            return record_of(draft, now.wall_ms)
        note = next(iter(self._state.notes), None)
        return None if note is None else ReportNote(ms=now.wall_ms, report=note.report, text=note.text)

    def _kept(self, kept: bool, reason: str, now: Moment) -> list[object]:
        self._keeping = False
        if not kept:
            self._dirty = True
            self._state = self._state.unkept(reason)
            self._wait(now)
            return []
        if not self._dirty:
            self._state = self._state.kept(now.wall_ms)
        return self._next(now)

    def _committed(self, told: ReportCommitted, now: Moment) -> list[object]:
        self._committing = False
        record = told.record
        if not told.kept:
            draft = self._state.draft(record.report) if isinstance(record, ReportSent) else None
            if draft is not None:
                self._state = self._state.put(replace(draft, problem=told.reason or "other"))
            self._wait(now)
            return []
        if isinstance(record, ReportSent):
            self._gone.add(record.report)
            self._state = self._state.was_sent(record)
        else:
            self._state = self._state.was_noted(record)
        return self._changed(now)

    def _wait(self, now: Moment) -> None:
        self._again_at = now.boot + AGAIN

    # --- what comes back ------------------------------------------------------------------------------------------

    def _recall(self, loaded: ReportsLoaded, now: Moment) -> Iterable[object]:
        """Take what the last run left beside what was written since the start."""
        kept, mine = unpack_state(loaded.blob) or ReportsState(), self._state
        known = {one.report for one in mine.drafts} | self._gone
        # what the journal holds already is on its way: it is written no second time, and its photos follow it
        left = (replace(one, sending=one.report in loaded.committed) for one in kept.drafts if one.report not in known)
        self._state = replace(
            kept, drafts=(*mine.drafts, *left), sent=(*mine.sent, *kept.sent), notes=(*kept.notes, *mine.notes),
            owed=mine.owed or kept.owed,
        )  # fmt: skip
        self._loaded = True
        return self._changed(now)

    def _updated(self, update: ReportUpdate, now: Moment) -> Iterable[object]:
        before, self._state = self._state, self._state.updated(update, now.wall_ms)
        if before == self._state:
            return ()
        return self._changed(now)
