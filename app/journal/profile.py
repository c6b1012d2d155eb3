"""Both files of a profile together: each is the other's witness, and both forget in time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.moment import Moment
from app.journal.journal import Journal
from app.journal.keys import JOURNAL_FILE, LOCAL_FILE, JournalKeys
from app.journal.local import LocalStore
from app.journal.table import Pin, unpack_pin
from app.protocol.record_kinds import RetentionRun

PIN_STATE: Final = "journal.pin"
"""Name of the local file's state that holds the newest acknowledged place of the journal (`Pin.pack`)."""
STARTS_STATE: Final = "journal.starts"
"""The start counter once more, so that a damaged journal does not make beats go back."""


@dataclass(frozen=True, slots=True)
class ProfileFiles:
    """The open files and the start counter of this start, which is the upper half of every beat."""

    journal: Journal
    local: LocalStore
    starts: int

    def retire(self, now: Moment, servers: Sequence[bytes]) -> int:
        """Destroy what is past its days in both files, with a record of it; `servers`: those that must hold it first.

        Meant once a day. Blocking. Returns how many records.
        """
        counts = {"journal.days": self.journal.retire(now, servers), "local.days": self.local.retire(now)}
        runs = [
            RetentionRun(ms=now.wall_ms, rule=rule, before_ms=now.wall_ms, count=count)
            for rule, count in counts.items()
            if count
        ]
        if runs:
            self.local.append(runs, now)
        return sum(counts.values())

    def close(self) -> None:
        """Close both."""
        self.journal.close()
        self.local.close()


def open_files(
    folder: Path, keys: JournalKeys, *, device: bytes, stream: bytes, new_epoch: Callable[[], bytes], now: Moment
) -> ProfileFiles:
    """Open or create both files in `folder` and raise the start counter; errors as `Journal.open` and `LocalStore.open`.

    The local file keeps the newest acknowledged place, so a journal that was put back from an old copy, emptied or
    damaged beyond reading is noticed, and its next epoch names where the old one ended.
    """
    local = LocalStore.open(folder / LOCAL_FILE, keys.local, now=now)
    try:
        known = unpack_pin(local.get(PIN_STATE))
        path = folder / JOURNAL_FILE
        journal = Journal.open(
            path, keys.journal, device=device, stream=stream, new_epoch=new_epoch, now=now, expect=known
        )
        journal.witness = _witness(local, known)
        starts = journal.raise_starts(int(local.get(STARTS_STATE) or b"0"))
        local.put(STARTS_STATE, b"%d" % starts)
    except BaseException:
        local.close()
        raise
    return ProfileFiles(journal, local, starts)


def _witness(local: LocalStore, known: Pin | None) -> Callable[[Pin], None]:
    newest = known

    def keep(pin: Pin) -> None:
        nonlocal newest
        if newest is None or newest.epoch != pin.epoch or newest.n < pin.n:
            local.put(PIN_STATE, pin.pack())
            newest = pin

    return keep
