"""Group commit: one failure undoes only itself, nothing answers before it is durable, and the schema is the declared one."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, insert, select

from app.domain.errors import UnavailableError
from app.server.storage import tables
from app.server.storage.engine import postgres_url, sqlite_engine
from app.server.storage.migrate import upgrade
from app.server.storage.opening import open_stores


def put(number: int) -> dict[str, object]:
    return {"site": bytes(16), "name": f"n{number}", "value": b"v"}


def names(conn: Connection) -> set[str]:
    return set(conn.execute(select(tables.facts.c.name)).scalars())


def test_one_failing_unit_of_a_group_undoes_only_itself(tmp_path: Path) -> None:
    async def story() -> tuple[list[object], set[str]]:
        stores = await open_stores(tmp_path)

        def unit(number: int, conn: Connection) -> int:
            conn.execute(insert(tables.facts), put(number))
            if number == 3:
                raise ValueError("this one is bad")
            return number

        units = [stores.main.write(partial(unit, number)) for number in range(6)]
        results = await asyncio.gather(*units, return_exceptions=True)
        found = await stores.main.read(names)
        await stores.close()
        return [type(one).__name__ for one in results], found

    results, found = asyncio.run(story())
    assert results == ["int", "int", "int", "ValueError", "int", "int"]
    assert found == {"n0", "n1", "n2", "n4", "n5"}


def test_what_was_answered_is_in_the_file_while_the_server_runs_on(tmp_path: Path) -> None:
    async def story() -> set[str]:
        stores = await open_stores(tmp_path)
        await stores.main.write(lambda conn: conn.execute(insert(tables.facts), put(1)))
        other = sqlite_engine(tmp_path / "main.db")
        with other.connect() as conn:
            found = names(conn)
        other.dispose()
        await stores.close()
        return found

    assert asyncio.run(story()) == {"n1"}


def test_writes_are_flushed_to_the_disk_at_every_commit(tmp_path: Path) -> None:
    engine = sqlite_engine(tmp_path / "x.db")
    with engine.connect() as conn:
        assert conn.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert conn.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()


def test_a_closed_database_says_so(tmp_path: Path) -> None:
    async def story() -> None:
        stores = await open_stores(tmp_path)
        await stores.close()
        await stores.main.write(names)

    with pytest.raises(UnavailableError, match="closed"):
        asyncio.run(story())


@pytest.mark.parametrize("group", ["main", "alarms"])
def test_the_migrations_make_exactly_the_declared_tables(tmp_path: Path, group: str) -> None:
    engine = sqlite_engine(tmp_path / "x.db")
    with engine.connect() as conn, conn.begin():
        upgrade(conn, group)
        declared = tables.MAIN if group == "main" else tables.ALARMS
        context = MigrationContext.configure(conn, opts={"version_table": f"schema_{group}"})
        assert compare_metadata(context, declared) == []
    engine.dispose()


def test_the_site_is_the_leading_column_of_every_key() -> None:
    for group in (tables.MAIN, tables.ALARMS):
        for table in group.tables.values():
            assert next(iter(table.primary_key.columns)).name == "site", table.name


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(UnavailableError, match="PostgreSQL or --data"):
        postgres_url("mysql://somewhere/x")
