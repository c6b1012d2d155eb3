"""Open the databases by folder or URL, brought to the present schema."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.server.storage.engine import PostgresStore, SqliteStore, Store, postgres_url
from app.server.storage.migrate import is_current, upgrade


@dataclass(frozen=True, slots=True)
class Stores:
    """The bulk lane and the alarm lane: own connections each, own files with SQLite."""

    main: Store
    alarms: Store

    async def close(self) -> None:
        """Close both."""
        await self.alarms.close()
        await self.main.close()


async def open_stores(data: Path, database: str | None = None) -> Stores:
    """Return both lanes: SQLite files in the folder `data`, or PostgreSQL when `database` names one."""
    if database is None:
        alarms: Store = SqliteStore(data / "alarms.db", "alarms")
    else:
        alarms = PostgresStore(postgres_url(database), in_order=True)
    await _upgrade(alarms, "alarms")
    return Stores(await open_main(data, database), alarms)


async def open_main(data: Path, database: str | None = None) -> Store:
    """Return the bulk lane alone, for what has nothing to do with alarms."""
    main: Store = SqliteStore(data / "main.db", "main") if database is None else PostgresStore(postgres_url(database))
    await _upgrade(main, "main")
    return main


async def _upgrade(store: Store, group: str) -> None:
    if not await store.read(partial(is_current, group=group)):
        await store.write(partial(upgrade, group=group))
