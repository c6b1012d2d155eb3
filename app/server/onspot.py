"""What verbs on the server's machine share: the data folder, an event loop, one unit of work on the main tables."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from app.server.alerts.clock import SystemClock
from app.server.storage.keyring import Keyring, open_keyring
from app.server.storage.opening import open_main

T = TypeVar("T")


def folder_of(options: argparse.Namespace) -> Path:
    """Return the folder of keys and data: as told, else the system's place for it."""
    if options.data is not None:
        return Path(options.data)
    from platformdirs import user_data_path

    return user_data_path("safeseat-server", appauthor=False)


def run(work: Coroutine[object, object, T]) -> T:
    """Run a coroutine to its end on the loop that fits the system."""
    if sys.platform == "win32":
        with asyncio.Runner() as runner:
            return runner.run(work)
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def on_database(options: argparse.Namespace, work: Callable[[Connection, Keyring], T]) -> T:
    """Run one unit of work on the main tables, beside a running server or without one."""

    async def unit() -> T:
        folder = folder_of(options)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys = open_keyring(folder / "keys", SystemClock().wall_ms())
        store = await open_main(folder, options.database)
        try:
            return await store.write(lambda conn: work(conn, keys))
        finally:
            await store.close()

    return run(unit())
