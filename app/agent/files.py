"""Both encrypted files of the profile: opened with keys from the vault, written by the journal lane.

Fails closed: without a vault nothing is written in clear, and lock, breaks and alarm go on (design, section 1).
"""

import contextlib
import logging
import secrets
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from struct import Struct

from msgspec import structs

from app.agent.events import (
    Commit,
    Committed,
    ForgetMoves,
    KeepMove,
    MoveDone,
    MoveKept,
    OpenVault,
    ReadState,
    SaveState,
    StateRead,
    StateRecalled,
    VaultOpened,
)
from app.agent.identity import Identity
from app.agent.profile import Profile
from app.desktop.ports import Vault
from app.domain.errors import SafeSeatError, UnavailableError
from app.domain.ids import ID_BYTES
from app.domain.moment import NS, Moment
from app.journal.errors import DiskFullError, WrongKeyError
from app.journal.journal import Journal
from app.journal.keys import KEY_BYTES, JournalKeys, vault_names
from app.journal.local import LocalStore
from app.journal.profile import ProfileFiles, open_files
from app.protocol.record_kinds import ExitPlanned, Record
from app.protocol.records import File, kind_of
from app.sync.stream import Cursor

log = logging.getLogger(__name__)

VAULT_TIMEOUT = 20.0
"""Seconds that a key store may take: a locked one opens a dialog that a person has to answer."""
ALARM_STATE, CURSORS = "alarm", "cursors"
UNWRITTEN_MAX = 1000
"""So many records wait in memory for the vault; more would only pile up behind a dialog that nobody answers."""
RETIRE_EVERY = 24 * 3600 * NS
_CURSOR = Struct(">16sQQ")


class Files:
    """Owns the open files; `open` runs in the vault lane, the rest in the journal lane. Any thread may read `journal`."""

    def __init__(self, profile: Profile, identity: Identity, vault: Vault | None, now: Callable[[], Moment]) -> None:
        self._profile = profile
        self._identity = identity
        self._vault = vault
        self._now = now
        self._lock = threading.Lock()
        self.journal: Journal | None = None
        self.local: LocalStore | None = None
        self._unkept: list[KeepMove] = []
        self._unwritten: list[Record] = []
        self._opening = True
        self._state = b""
        self._faults: tuple[str, ...] = ()
        self.heard_to: Callable[[], dict[bytes, Cursor]] = dict
        self.servers: Callable[[], list[bytes]] = list
        self._opened: ProfileFiles | None = None
        self._retire_at = 0
        self._acknowledged = 0
        self._acked = threading.Condition()

    # --- opening --------------------------------------------------------------------------------------------------

    def open(self, _asked: OpenVault) -> Iterable[object]:
        """Fetch the keys, open both files, tell what the last run left."""
        if self.journal is not None:
            return ()
        try:
            keys = self._keys()
        except (SafeSeatError, OSError) as fault:
            log.warning("no key store: %s", fault)
            return [self._closed("vault_missing", signed=False)]
        now = self._now()
        ids = self._identity.ids
        try:
            opened = open_files(
                self._profile.folder, keys, device=ids.device, stream=ids.stream,
                new_epoch=lambda: secrets.token_bytes(ID_BYTES), now=now,
            )  # fmt: skip
        except (SafeSeatError, OSError) as fault:
            log.error("the journal cannot be opened: %s", fault)
            return [self._closed("journal_key" if isinstance(fault, WrongKeyError) else "journal_missing", signed=True)]
        journal, local = opened.journal, opened.local
        self._opened = opened
        if journal.opening.aside is not None or local.aside is not None:
            self._faults = ("journal_damaged",)
        self._identity.beats.begin(opened.starts)
        state = local.get(ALARM_STATE) or b""
        left = tuple(journal.alarms().load())
        return [VaultOpened(True, True, state, left, self._faults), *self._begin(journal, local)]

    def _begin(self, journal: Journal, local: LocalStore) -> list[object]:
        """From now on there are files: what came before them is written late."""
        with self._lock:
            self.journal, self.local, self._opening = journal, local, False
            moves, self._unkept = self._unkept, []
            records, self._unwritten = self._unwritten, []
        kept = [answer for effect in moves for answer in self.keep_move(replace(effect, record=_late(effect.record)))]
        if records:
            done, reason = self._write([record for record in map(_late, records) if record is not None])
            kept.append(Committed(done, self.waiting(), reason))
        if self._state:
            self.save_state(SaveState(ALARM_STATE, self._state))
        return kept

    def _closed(self, fault: str, *, signed: bool) -> VaultOpened:
        with self._lock:
            self._opening, self._unwritten = False, []
        self._faults = (fault,)
        return VaultOpened(signed=signed, journal=False, faults=self._faults)

    def _keys(self) -> JournalKeys:
        if self._vault is None:
            raise UnavailableError("This desktop has no key store.")
        names = vault_names(self._profile.folder)
        journal, local = (_secret(self._vault, names[name], VAULT_TIMEOUT) for name in ("journal", "local"))
        self._identity.adopt(device_seed(self._vault, self._profile, VAULT_TIMEOUT))
        return JournalKeys(journal, local)

    # --- writing --------------------------------------------------------------------------------------------------

    def commit(self, effect: Commit) -> Iterable[object]:
        """Write each record into its file, then hand on what waited for it."""
        kept, reason = self._write(effect.records)
        self._retire(self._now())
        return [Committed(kept, self.waiting(), reason), *effect.then]

    def _retire(self, now: Moment) -> None:
        """Once a day, and soon after the start, destroy what is past its days (privacy table, retention)."""
        if self._opened is None or now.boot < self._retire_at:
            return
        self._retire_at = now.boot + RETIRE_EVERY
        try:
            self._opened.retire(now, self.servers())
        except (SafeSeatError, OSError) as fault:
            log.error("what is past its days could not be destroyed: %s", fault)

    def _write(self, records: Sequence[Record]) -> tuple[bool, str]:
        with self._lock:
            journal, local = self.journal, self.local
            if journal is None or local is None:
                if self._opening and len(self._unwritten) < UNWRITTEN_MAX:
                    self._unwritten += records
                return False, "closed"
        now = self._now()
        leaving = [record for record in records if kind_of(record).file is File.JOURNAL]
        staying = [record for record in records if kind_of(record).file is File.LOCAL]
        try:
            if leaving:
                journal.append(leaving, now)
            if staying:
                local.append(staying, now)
        except DiskFullError:
            return False, "full"
        except (SafeSeatError, OSError) as fault:
            log.error("records were not kept: %s", fault)
            return False, str(fault)
        return True, ""

    def keep_move(self, effect: KeepMove) -> list[object]:
        """Keep a signed move over a crash, with its record; answers `MoveKept` once that is durable."""
        with self._lock:
            if self.journal is None:
                self._unkept.append(effect)
                return []
        journal = self.journal
        answers: list[object] = []
        try:
            journal.alarms().put(effect.alarm, effect.no, effect.body)
            answers.append(MoveKept(effect.alarm, effect.no))
        except (SafeSeatError, OSError) as fault:
            log.error("a move was not kept: %s", fault)
        if effect.record is not None:
            kept, reason = self._write([effect.record])
            answers.append(Committed(kept, self.waiting(), reason))
        return answers

    def forget_moves(self, effect: ForgetMoves) -> Iterable[object]:
        """Forget the moves of a settled alarm."""
        if self.journal is not None:
            rows = self.journal.alarms()
            for packet, _ in rows.load():
                if packet[32:48] == effect.alarm:
                    rows.drop(effect.alarm, int.from_bytes(packet[48:52], "big"))
        return ()

    def move_done(self, effect: MoveDone) -> Iterable[object]:
        """Note that a server holds the move; the last one lets it go."""
        if self.journal is not None:
            rows = self.journal.alarms()
            rows.done(effect.alarm, effect.no, effect.server)
            if effect.last:
                rows.drop(effect.alarm, effect.no)
        return ()

    def save_state(self, effect: SaveState) -> Iterable[object]:
        """Keep a small state over a restart; the open alarm's with how far each server's events were heard."""
        if effect.name == ALARM_STATE:
            self._state = effect.blob
        if self.local is not None:
            with contextlib.suppress(SafeSeatError):
                self.local.put(effect.name, effect.blob or None)
                if effect.name == ALARM_STATE:
                    # a stream that has not begun yet does not make forget where the last one stood
                    heard = {**self.cursors(), **self.heard_to()} if effect.blob else {}
                    self.local.put(CURSORS, _pack_cursors(heard) or None)
        return ()

    def read_state(self, effect: ReadState) -> Iterable[object]:
        """Tell a part the small state that it kept."""
        if self.local is None:
            return ()
        return (StateRead(effect.name, self.local.get(effect.name) or b""),)

    def recall(self) -> StateRecalled:
        """What a part that was built anew has to know."""
        return StateRecalled(self._state, self._faults)

    def cursors(self) -> dict[bytes, Cursor]:
        """How far each server's events were heard when the open alarm was last saved."""
        if self.local is None:
            return {}
        return _unpack_cursors(self.local.get(CURSORS) or b"")

    def record_exit(self, cause: str) -> int:
        """Record that this end is planned, so that its silence is no alert; returns its number, 0 without a journal."""
        self._write([ExitPlanned(ms=self._now().wall_ms, cause=cause)])  # type: ignore[arg-type]  # keeper maps causes to these words
        journal = self.journal
        return 0 if journal is None else journal.head()[1]

    def waiting(self) -> int:
        """Records that no server has acknowledged yet."""
        journal = self.journal
        return 0 if journal is None else max(0, journal.head()[1] - self._acknowledged)

    def note_acknowledged(self, n: int) -> int:
        """A server holds 1..n; returns how many still wait. Any thread."""
        with self._acked:
            self._acknowledged = max(self._acknowledged, n)
            self._acked.notify_all()
        return self.waiting()

    def wait_acknowledged(self, n: int, timeout: float) -> bool:
        """Wait until a server holds 1..n, at most `timeout` seconds."""
        with self._acked:
            return self._acked.wait_for(lambda: self._acknowledged >= n, timeout)

    def close(self) -> None:
        """Close both files."""
        for file in (self.journal, self.local):
            if file is not None:
                file.close()
        self.journal = self.local = None


def _late(record: Record | None) -> Record | None:
    """The record marked as written after its effect, if its kind knows that."""
    return structs.replace(record, late=True) if record is not None and hasattr(record, "late") else record


def _pack_cursors(cursors: Mapping[bytes, Cursor]) -> bytes:
    return b"".join(_CURSOR.pack(server, *cursor) for server, cursor in cursors.items())


def _unpack_cursors(blob: bytes) -> dict[bytes, Cursor]:
    if len(blob) % _CURSOR.size:
        return {}
    return {server: (generation, number) for server, generation, number in _CURSOR.iter_unpack(blob)}


def device_seed(vault: Vault, profile: Profile, timeout: float) -> bytes:
    """The device key's seed from the vault, made at first use. Blocking; raises UnavailableError."""
    name = vault_names(profile.folder)["journal"].removesuffix("journal") + "device"
    return _secret(vault, name, timeout)


def _secret(vault: Vault, name: str, timeout: float) -> bytes:
    found = vault.get(name, timeout)
    if found is None:
        found = secrets.token_bytes(KEY_BYTES)
        vault.set(name, found, timeout)
    return found


def main(argv: Sequence[str]) -> int:
    """`safeseat journal …`: the journal's own tool with keys from this desktop's vault."""
    from app.desktop.open import open_desktop
    from app.journal import tool

    arguments = list(argv)
    if not any(word.split("=")[0] == "--profile" for word in arguments) and arguments and not arguments[0].startswith("-"):
        arguments += ["--profile", str(Profile().folder)]
    folder = tool.parser().parse_args(arguments).profile

    def keys() -> JournalKeys:
        desktop = open_desktop()
        names = vault_names(folder)
        try:
            vault = desktop.vault
            found = [vault.get(names[name], VAULT_TIMEOUT) if vault else None for name in ("journal", "local")]
        finally:
            desktop.close()
        if found[0] is None or found[1] is None:
            raise UnavailableError("The key store has no journal key for this profile.")
        return JournalKeys(found[0], found[1])

    try:
        return tool.main(arguments, keys)
    except SafeSeatError as fault:
        sys.stderr.write(f"{fault}\n")
        return 3 if isinstance(fault, UnavailableError) else 2
