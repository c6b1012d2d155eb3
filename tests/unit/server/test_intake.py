"""Whatever order, overlap or damage a PC sends: what is acknowledged is stored, and a clean history is never accused."""

import os
import secrets
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from app.protocol import batch, pins
from app.protocol.batch import Entry, Status
from app.protocol.chain import Chain
from app.protocol.keys import Ed25519Signer, public_of
from app.protocol.vouch import no_vouch
from app.server.api import intake
from app.server.api.intake import Arrival, Held, Taken
from app.server.incidents.taking import House
from app.server.storage import logs
from app.server.storage.directory import Directory
from app.server.storage.engine import sqlite_engine
from app.server.storage.keyring import open_keyring
from app.server.storage.migrate import upgrade
from tests.helpers.server_client import Journal, lock_failed

SESSION = Ed25519Signer(b"\x01" * 32)
SITE, DEVICE, STREAM, SERVER = (bytes([number]) * 16 for number in (1, 2, 3, 4))


@lru_cache(maxsize=1)
def empty_database() -> bytes:
    """The tables, made once: migrations cost more than a whole example."""
    with tempfile.TemporaryDirectory() as folder:
        engine = sqlite_engine(Path(folder) / "main.db")
        with engine.connect() as conn, conn.begin():
            upgrade(conn, "main")
        engine.dispose()
        return (Path(folder) / "main.db").read_bytes()


class Log:
    """The server's side of one stream, on a file of its own."""

    def __init__(self, folder: str) -> None:
        (Path(folder) / "main.db").write_bytes(empty_database())
        self._engine = sqlite_engine(Path(folder) / "main.db")
        self.conn: Connection = self._engine.connect()
        raw = self.conn.connection.dbapi_connection
        assert raw is not None
        raw.execute("PRAGMA synchronous=OFF")
        self.beat = 1 << 32
        self.house = House(open_keyring(Path(folder) / "keys", 1_795_478_400_000), Directory())

    def send(self, journal: Journal, entries: Sequence[Entry], at: Chain) -> Taken | Held:
        self.beat += 1
        head = pins.Head(SERVER, DEVICE, STREAM, journal.epoch, at.n, at.h, self.beat, 5)
        vouch = no_vouch(public_of(SESSION))
        body = batch.encode_batch(head.pack(), pins.sign_head(head, SESSION), vouch, Status(armed=True, app="1"), entries)
        found = batch.decode_batch(body, "application/vnd.safeseat.batch+zstd")
        with self.conn.begin():
            return intake.take(self.conn, Arrival(SITE, found, head, self.beat, 7, self.house))

    def close(self) -> None:
        self.conn.close()
        self._engine.dispose()


_step = st.tuples(st.sampled_from(["add", "send", "resend", "beat", "gap"]), st.integers(0, 9), st.integers(0, 9))


@settings(max_examples=30, deadline=None)
@given(st.lists(_step, max_size=25))
def test_an_honest_pc_is_never_accused_and_never_loses_an_acknowledged_record(steps: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log, journal, held = Log(folder), Journal(DEVICE, STREAM), 0
        for name, one, two in steps:
            if name == "add":
                for _ in range(one):
                    journal.add(lock_failed())
                continue
            start = {"send": held, "resend": max(0, held - one), "beat": held, "gap": min(held + one, journal.at.n)}[name]
            end = start if name == "beat" else min(start + two, journal.at.n)
            if name != "beat" and start == end:
                continue  # a PC sends no empty batch but the heartbeat, whose head is all there is
            at = journal.at if name == "beat" else journal.heads[end]
            found = log.send(journal, journal.entries[start:end], at)
            assert found.broken == ()
            if isinstance(found, Held):
                assert found.code == "gap"
                assert found.n == held
                assert start > held or held == 0
            elif start != end:
                assert (found.at.n, found.at.h) == (end, journal.heads[end].h)
                held = max(held, end)
        with log.conn.begin():
            epoch = logs.find_epoch(log.conn, SITE, STREAM, journal.epoch)
            assert (epoch.n if epoch else 0) == held
            if epoch is not None:
                assert logs.recompute(log.conn, epoch) == journal.heads[held]
        log.close()


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 12), st.integers(0, 11), st.sampled_from(["salt", "record", "swap", "drop"]))
def test_a_history_changed_up_to_the_pin_is_always_found(count: int, where: int, how: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log, journal = Log(folder), Journal(DEVICE, STREAM)
        for _ in range(count):
            journal.add(lock_failed())
        assert isinstance(log.send(journal, journal.entries, journal.at), Taken)
        entries, place = list(journal.entries), where % count
        if how == "salt":
            entries[place] = Entry(os.urandom(16), entries[place].record)
        elif how == "record":
            entries[place] = Entry(entries[place].salt, b'{"ms":9,"type":"gap"}')
        elif how == "swap":
            entries[place], entries[place + 1] = entries[place + 1], entries[place]
        else:
            del entries[place]
        forged = Journal(DEVICE, STREAM)
        forged.epoch, forged.entries, forged.at = journal.epoch, entries, journal.heads[0]
        for entry in entries:
            forged.at = forged.at.append(entry.salt, entry.record)
        found = log.send(forged, forged.entries, forged.at)
        assert isinstance(found, Held)
        assert found.code == "history.forked"
        assert [one.fact for one in found.broken] == ["forked"]
        log.close()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=6))
def test_no_record_can_block_or_crash_the_intake(records: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log, journal = Log(folder), Journal(DEVICE, STREAM)
        journal.epoch = secrets.token_bytes(16)
        honest = Journal(DEVICE, STREAM)
        for record in records:
            honest.add(record)
        assert isinstance(log.send(honest, honest.entries, honest.at), Taken)
        log.close()
