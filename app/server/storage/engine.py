"""Two ways to a database behind one Protocol: one writer thread with group commit (SQLite), a pool (PostgreSQL).

A unit of work is a plain function of a SQLAlchemy connection; the same function runs on both. `write` returns only after
the commit is durable. SQLite: one process, one writer, WAL, synchronous=FULL; whatever waits when the writer becomes free
goes into one commit, so a lone unit never waits for company. PostgreSQL: synchronous_commit stays on, so with a
synchronous standby the answer waits for it too.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.domain.errors import UnavailableError

T = TypeVar("T")
Work = Callable[[Connection], T]

GROUP_MAX = 256
"""Units of work in one commit: bounds how long the first of them waits."""


class Store(Protocol):
    """A database that runs units of work; safe to use from the one event loop that made it."""

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction and return its result once the commit is durable; its exception undoes only itself."""

    async def read(self, work: Work[T]) -> T:
        """Run `work` on a connection for reading."""

    async def close(self) -> None:
        """Finish what was accepted and release everything."""


def hold(conn: Connection, what: bytes) -> None:
    """Serialise on `what` until the end of the transaction; SQLite has one writer anyway."""
    if conn.dialect.name == "postgresql":
        number = int.from_bytes(what[:8].ljust(8, b"\0"), "big", signed=True)
        conn.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def sqlite_engine(path: Path) -> Engine:
    """Return an engine on a SQLite file with the durable settings; transactions are ours to begin."""
    engine = create_engine(URL.create("sqlite+pysqlite", database=str(path)), poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _settle(raw: sqlite3.Connection, _record: object) -> None:
        raw.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "temp_store=MEMORY", "foreign_keys=ON", "busy_timeout=5000"):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get("writer") else "BEGIN")

    return engine


class _Job:
    __slots__ = ("done", "error", "result", "work")

    def __init__(self, work: Callable[[Connection], Any], done: "asyncio.Future[Any]") -> None:
        self.work = work
        self.done = done
        self.result: Any = None
        self.error: BaseException | None = None


class SqliteStore:
    """One file, one writer thread, one reader thread."""

    def __init__(self, path: Path, name: str) -> None:
        self._engine = sqlite_engine(path)
        self._loop = asyncio.get_running_loop()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._run, name=f"writer-{name}", daemon=True)
        self._reader = ThreadPoolExecutor(1, f"reader-{name}")
        self._read_conn: Connection | None = None
        self._closed = False
        self._writer.start()

    async def write(self, work: Work[T]) -> T:
        """See Store."""
        if self._closed:
            raise UnavailableError("The database is closed.")
        done: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put(_Job(work, done))
        return await done

    async def read(self, work: Work[T]) -> T:
        """See Store."""
        return await self._loop.run_in_executor(self._reader, self._read, work)

    def _read(self, work: Work[T]) -> T:
        if self._read_conn is None:
            self._read_conn = self._engine.connect()
        with self._read_conn.begin():
            return work(self._read_conn)

    async def close(self) -> None:
        """See Store."""
        if self._closed:
            return
        self._closed = True
        self._jobs.put(None)
        await self._loop.run_in_executor(self._reader, self._writer.join)
        await self._loop.run_in_executor(self._reader, self._close_reader)
        self._reader.shutdown()
        self._engine.dispose()

    def _close_reader(self) -> None:
        if self._read_conn is not None:
            self._read_conn.close()

    def _run(self) -> None:
        with self._engine.connect().execution_options(writer=True) as conn:
            while (first := self._jobs.get()) is not None:
                group = [first]
                last = False
                while len(group) < GROUP_MAX and not last:
                    try:
                        more = self._jobs.get_nowait()
                    except queue.Empty:
                        break
                    if more is None:
                        last = True
                    else:
                        group.append(more)
                _commit(conn, group)
                self._loop.call_soon_threadsafe(_settle_all, group)
                if last:
                    return


def _commit(conn: Connection, group: list[_Job]) -> None:
    try:
        with conn.begin():
            for job in group:
                _work(conn, job)
    except (SQLAlchemyError, OSError) as broken:
        for job in group:
            job.error = job.error or UnavailableError(f"The database did not take it: {type(broken).__name__}.")


def _work(conn: Connection, job: _Job) -> None:
    try:
        with conn.begin_nested():
            job.result = job.work(conn)
    except Exception as error:  # it belongs to this one unit; the others of the group go on
        job.error = error


def _settle_all(group: list[_Job]) -> None:
    for job in group:
        if job.done.done():
            continue
        if job.error is not None:
            job.done.set_exception(job.error)
        else:
            job.done.set_result(job.result)


class PostgresStore:
    """A pool of connections to PostgreSQL; the server itself groups commits.

    `in_order` runs one transaction at a time, so that numbers given in them rise in the order of the commits.
    """

    def __init__(self, url: URL, *, size: int = 4, in_order: bool = False) -> None:
        self._engine = create_async_engine(url, pool_size=size, max_overflow=size, pool_pre_ping=True)
        self._turns = asyncio.Semaphore(1 if in_order else 2 * size)

    async def write(self, work: Work[T]) -> T:
        """See Store."""
        async with self._turns, self._engine.begin() as conn:
            return await conn.run_sync(work)

    async def read(self, work: Work[T]) -> T:
        """See Store."""
        async with self._engine.connect() as conn:
            return await conn.run_sync(work)

    async def close(self) -> None:
        """See Store."""
        await self._engine.dispose()


def postgres_url(database: str) -> URL:
    """Return the asyncpg URL for `postgresql://…`; UnavailableError for another kind of database."""
    url = make_url(database)
    if url.get_backend_name() != "postgresql":
        raise UnavailableError(f"This database is not supported: {url.get_backend_name()}. Use PostgreSQL or --data.")
    return url.set(drivername="postgresql+asyncpg")
