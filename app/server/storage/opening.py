"""Open the databases by folder or URL, brought to the present schema."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.server.storage.engine import PostgresStore, SqliteStore, Store, postgres_url
from app.server.storage.migrate import upgrade


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
        stores = Stores(SqliteStore(data / "main.db", "main"), SqliteStore(data / "alarms.db", "alarms"))
    else:
        url = postgres_url(database)
        stores = Stores(PostgresStore(url), PostgresStore(url, in_order=True))
    await stores.main.write(partial(upgrade, group="main"))
    await stores.alarms.write(partial(upgrade, group="alarms"))
    return stores
