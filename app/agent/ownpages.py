"""Reads and writes what the pages of the person's own show: the newest records, the day, mood notes, the export.

Runs in a lane of its own; the files' locks are held for one query at a time, so that nothing waits for a page.
"""

import base64
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from app.agent.daypicture import picture
from app.agent.events import Effect
from app.agent.events.pages import (
    DayRead,
    DropMood,
    ExportOwn,
    KeepMood,
    LeavesRead,
    LookAtPc,
    OwnExported,
    PcSeen,
    ReadDay,
    ReadLeaves,
)
from app.agent.files import Files
from app.agent.lanes import Carrier
from app.agent.pagefaces import DayFace, LeavesFace, MoodNote, OwnEntry
from app.agent.profile import Profile
from app.agent.reportfiles import STATE as REPORTS
from app.agent.reportfiles import UNREAD, ReportFiles
from app.agent.reports import FIELDS, unpack_state
from app.agent.snapshot import ReportDraft
from app.desktop.ports import Desktop, Locked
from app.domain.errors import SafeSeatError
from app.domain.moment import NS, Moment
from app.journal.check import Filter
from app.journal.journal import Journal
from app.journal.local import LocalStore

log = logging.getLogger(__name__)

NEWEST = 60
"""So many records are shown; all of them are in the export."""
MOODS = "moods"
MOODS_MAX, LINE_MAX = 2000, 120
STATES = (MOODS, "training", "checks", "guide", REPORTS, UNREAD)
"""Small states of the local file that are the person's own and go into the export.

A suggestion that waits is left out: a file that ties it to a person would outlast the hours for which it waits.
"""
FORMULA = ("=", "+", "-", "@", "\t")
"""A cell that begins so would be run by a spreadsheet."""


class OwnPages:
    """Knows the open files; every method runs in the lane named in `carriers`."""

    def __init__(self, files: Files, profile: Profile, desktop: Desktop) -> None:
        self._files, self._profile, self._desktop = files, profile, desktop
        self._now: Callable[[], Moment] = desktop.clock.now

    def carriers(self) -> dict[type[Effect], tuple[str, Carrier]]:
        """Which effect runs where."""
        table: dict[type[Effect], tuple[str, Any]] = {
            ReadLeaves: ("pages", self.leaves),
            ReadDay: ("pages", self.day),
            KeepMood: ("pages", self.keep_mood),
            DropMood: ("pages", self.drop_mood),
            ExportOwn: ("pages", self.export),
            LookAtPc: ("facts", self.look),
        }
        return table

    def leaves(self, _effect: ReadLeaves) -> Iterable[object]:
        """The newest records of the journal, newest first."""
        journal = self._files.journal
        if journal is None:
            return (LeavesRead(LeavesFace(readable=False)),)
        head = journal.head()[1]
        held = head - self._files.waiting()
        try:
            rows = journal.rows(Filter(first=max(1, head - NEWEST + 1)))
        except SafeSeatError as fault:
            log.error("the journal cannot be shown: %s", fault)
            return (LeavesRead(LeavesFace(readable=False)),)
        entries = (_entry(row, row["n"] <= held) for row in reversed(rows) if isinstance(row["record"], dict))
        return (LeavesRead(LeavesFace(True, tuple(entries))),)

    def day(self, _effect: ReadDay) -> Iterable[object]:
        """Today as this PC alone knows it."""
        now_ms = self._now().wall_ms
        began = midnight(now_ms)
        local = self._files.local
        if local is None:
            return (DayRead(DayFace(began, now_ms, readable=False)),)
        try:
            rows = [row["record"] for row in local.rows(since_ms=began) if isinstance(row["record"], dict)]
            moods = _moods(local)
        except SafeSeatError as fault:
            log.error("the day cannot be shown: %s", fault)
            return (DayRead(DayFace(began, now_ms, readable=False)),)
        return (DayRead(replace(picture(rows, began, now_ms), moods=moods)),)

    def keep_mood(self, effect: KeepMood) -> Iterable[object]:
        """Mask, keep, show."""
        from app.privacy.masking import mask

        line = mask(" ".join(effect.line.split())[:LINE_MAX]).text
        return self._change(lambda notes: [*notes, MoodNote(effect.ms, max(0, min(10, effect.strength)), line)][-MOODS_MAX:])

    def drop_mood(self, effect: DropMood) -> Iterable[object]:
        """Forget one note or all."""
        return self._change(lambda notes: [one for one in notes if effect.ms and one.ms != effect.ms])

    def _change(self, make: Callable[[Iterable[MoodNote]], list[MoodNote]]) -> Iterable[object]:
        local = self._files.local
        if local is not None:
            notes = [[one.ms, one.strength, one.line] for one in make(_moods(local))]
            local.put(MOODS, json.dumps(notes, ensure_ascii=False).encode() if notes else None)
        return self.day(ReadDay())

    def export(self, effect: ExportOwn) -> Iterable[object]:
        """Everything of the person that this PC holds, as one file that its owner alone may read."""
        journal, local = self._files.journal, self._files.local
        if journal is None or local is None:
            return (OwnExported("unreadable"),)
        try:
            if effect.form == "csv":
                made = as_csv(journal, local)
            else:
                made = as_json(journal, local, self._now().wall_ms, ReportFiles(self._files).photo)
            self._profile.write_private(Path(effect.path), made)
        except SafeSeatError as fault:
            log.error("the export cannot be made: %s", fault)
            return (OwnExported("unreadable"),)
        except OSError as fault:
            log.warning("the export was not written: %s", fault.strerror)
            return (OwnExported("unwritten"),)
        return (OwnExported("done"),)

    def look(self, _effect: LookAtPc) -> Iterable[object]:
        """What the machine tells, and whether it could be locked."""
        facts, lock = self._desktop.facts, self._desktop.lock
        found = facts.look() if facts is not None else ()
        lockable = lock is not None and lock.state() is not Locked.UNKNOWN
        return (PcSeen((*found, ("lock_test", lockable))),)


def _entry(row: dict[str, Any], held: bool) -> OwnEntry:
    record = row["record"]
    ms = record.get("ms")
    text = json.dumps(record, ensure_ascii=False)
    return OwnEntry(row["n"], ms if isinstance(ms, int) else 0, str(row["type"]), text, held)


def _moods(local: LocalStore) -> tuple[MoodNote, ...]:
    """The notes as kept; a damaged state is none."""
    try:
        found = json.loads(local.get(MOODS) or b"[]")
        return tuple(MoodNote(int(ms), int(strength), str(line)) for ms, strength, line in found)
    except (ValueError, TypeError):
        return ()


def midnight(wall_ms: int) -> int:
    """The beginning of the local day of a wall instant."""
    day = datetime.fromtimestamp(wall_ms / 1000).astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    return int(datetime(day.year, day.month, day.day).astimezone().timestamp() * 1000)


def _states(local: LocalStore) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in STATES:
        blob = local.get(name)
        if blob:
            try:
                found[name] = json.loads(blob)
            except ValueError:
                found[name] = blob.hex()
    return found


def _drafts(local: LocalStore) -> tuple[ReportDraft, ...]:
    """Reports that were begun and not sent; none where they cannot be read, which the export then holds as bytes."""
    state = unpack_state(local.get(REPORTS) or b"")
    return state.drafts if state is not None else ()


def as_json(journal: Journal, local: LocalStore, wall_ms: int, photo: Callable[[bytes], bytes | None]) -> bytes:
    """What leaves, what stays, and the own notes and drafts, each with its very fields; `photo` reads a draft's photo."""
    photos = {digest.hex(): photo(digest) or b"" for draft in _drafts(local) for digest in draft.photos}
    made = {
        "made": datetime.fromtimestamp(wall_ms / 1000).astimezone().isoformat(timespec="seconds"),
        "leaves": journal.rows(),
        "stays": local.rows(),
        "own": _states(local),
        "photos": {name: base64.b64encode(data).decode() for name, data in photos.items()},
    }
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def as_csv(journal: Journal, local: LocalStore) -> bytes:
    """One line a record: where, number, time, type, fields; for spreadsheets, so with a byte order mark."""
    import csv  # only for somebody who exports
    import io

    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(("where", "number", "time", "type", "fields"))
    for row in journal.rows():
        table.writerow(("leaves", row["n"], row["time"], row["type"] or "", _cell(row["record"])))
    for row in local.rows():
        table.writerow(("stays", "", row["time"], row["type"], _cell(row["record"])))
    for one in _moods(local):
        when = datetime.fromtimestamp(one.ms / 1000).astimezone().isoformat(timespec="seconds")
        table.writerow(("own", "", when, "mood", _cell(f"{one.strength} {one.line}".strip())))
    for draft in _drafts(local):
        when = datetime.fromtimestamp(draft.changed_ms / 1000).astimezone().isoformat(timespec="seconds")
        said = {"kind": draft.kind, "level": draft.level, "to": draft.to, **dict(zip(FIELDS, draft.fields, strict=True))}
        table.writerow(("own", "", when, "report draft", _cell(said)))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "'" + text if text.startswith(FORMULA) else text


def day_name(wall_ns: int) -> str:
    """The local day of a wall instant, as YYYY-MM-DD."""
    return datetime.fromtimestamp(wall_ns / NS).astimezone().strftime("%Y-%m-%d")
