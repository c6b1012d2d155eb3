"""The first alarms tables."""

import sqlalchemy as sa
from alembic import op

revision = "alarms_0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES: tuple[tuple[str, tuple[sa.Column[object], ...]], ...] = (
    (
        "acts",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("alarm", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("act", sa.Text(), nullable=False),
            sa.Column("desk", sa.LargeBinary(), nullable=False),
            sa.Column("person", sa.Text(), nullable=False),
            sa.Column("no", sa.BigInteger(), nullable=False),
            sa.Column("word", sa.Text(), nullable=False),
            sa.Column("ms", sa.BigInteger(), nullable=False),
            sa.Column("evidence", sa.LargeBinary(), nullable=False),
        ),
    ),
    (
        "alarms",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("alarm", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("device", sa.LargeBinary(), nullable=False),
            sa.Column("stream", sa.LargeBinary(), nullable=False),
            sa.Column("who", sa.Text(), nullable=False),
            sa.Column("team", sa.Text(), nullable=False),
            sa.Column("seat", sa.Text(), nullable=False),
            sa.Column("floor", sa.Text(), nullable=False),
            sa.Column("opened_ms", sa.BigInteger(), nullable=False),
            sa.Column("open", sa.Boolean(), nullable=False),
            sa.Column("chain", sa.LargeBinary(), nullable=False),
        ),
    ),
    (
        "counters",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("name", sa.Text(), primary_key=True, autoincrement=False),
            sa.Column("value", sa.BigInteger(), nullable=False),
        ),
    ),
    (
        "events",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("recipient", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("event_no", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("bytes", sa.LargeBinary(), nullable=False),
            sa.Column("ms", sa.BigInteger(), nullable=False),
        ),
    ),
    (
        "moves",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("alarm", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("no", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("digest", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("packet", sa.LargeBinary(), nullable=False),
            sa.Column("verified", sa.Boolean(), nullable=False),
            sa.Column("received_ms", sa.BigInteger(), nullable=False),
        ),
    ),
    (
        "notices",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("alarm", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("key", sa.Text(), primary_key=True, autoincrement=False),
            sa.Column("ms", sa.BigInteger(), nullable=False),
        ),
    ),
    (
        "outbox",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("ref", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("kind", sa.Text(), nullable=False),
            sa.Column("body", sa.LargeBinary(), nullable=False),
            sa.Column("ms", sa.BigInteger(), nullable=False),
        ),
    ),
    (
        "told",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("alarm", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("recipient", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("no", sa.BigInteger(), nullable=False),
        ),
    ),
)
INDEXES: tuple[tuple[str, str, tuple[str, ...], bool], ...] = (
    ("alarms_by_id", "alarms", ("alarm",), False),
)


def upgrade() -> None:
    """Create every table and index."""
    for name, columns in TABLES:
        op.create_table(name, *columns, sqlite_with_rowid=False)
    for name, table, keys, unique in INDEXES:
        op.create_index(name, table, list(keys), unique=unique)
