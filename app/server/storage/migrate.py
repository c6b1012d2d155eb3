"""Bring a database to the present schema: alembic's versions from the first table on."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.server.storage.engine import hold

_FOLDER = Path(__file__).parent / "migrations"
GROUPS = ("main", "alarms")


def is_current(conn: Connection, group: str) -> bool:
    """Say whether there is nothing to do, by reading only: a verb beside a running server must not hold its lock."""
    context = MigrationContext.configure(conn, opts={"version_table": f"schema_{group}"})
    return context.get_current_revision() == ScriptDirectory(str(_FOLDER / group)).get_current_head()


def upgrade(conn: Connection, group: str) -> None:
    """Create or change the tables of `group` inside the caller's transaction; replicas wait for each other."""
    hold(conn, b"migrate")
    config = Config()
    config.set_main_option("script_location", str(_FOLDER / group).replace("%", "%%"))
    config.attributes["connection"] = conn
    config.attributes["version_table"] = f"schema_{group}"
    command.upgrade(config, "head")
