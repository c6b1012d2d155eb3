"""Reports, photos, notes, suggestions, notices; sites have a time zone."""

import sqlalchemy as sa
from alembic import op

revision = "main_0003"
down_revision = "main_0002"
branch_labels = None
depends_on = None

TABLES: tuple[tuple[str, tuple[sa.Column[object], ...]], ...] = (
    (
        "barred",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("key", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("person", sa.LargeBinary(), primary_key=True, autoincrement=False),
        ),
    ),
    (
        "bulletin_reads",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("id", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("team", sa.Text(), primary_key=True, autoincrement=False),
            sa.Column("count", sa.BigInteger(), nullable=False),
        ),
    ),
    (
        "bulletins",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("id", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("title", sa.Text(), nullable=False),
            sa.Column("text", sa.Text(), nullable=False),
            sa.Column("from_ms", sa.BigInteger(), nullable=False),
            sa.Column("until_ms", sa.BigInteger(), nullable=False),
        ),
    ),
    (
        "event_days",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("day", sa.Text(), primary_key=True, autoincrement=False),
            sa.Column("last", sa.BigInteger(), nullable=False),
        ),
    ),
    (
        "incidents",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("key", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("report", sa.LargeBinary(), nullable=False),
            sa.Column("stream", sa.LargeBinary(), nullable=False),
            sa.Column("person", sa.LargeBinary(), nullable=True),
            sa.Column("team", sa.Text(), nullable=False),
            sa.Column("number", sa.Text(), nullable=False),
            sa.Column("hazard", sa.Boolean(), nullable=False),
            sa.Column("kind", sa.Text(), nullable=False),
            sa.Column("level", sa.BigInteger(), nullable=False),
            sa.Column("handler", sa.Text(), nullable=False),
            sa.Column("state", sa.Text(), nullable=False),
            sa.Column("risk", sa.Text(), nullable=False),
            sa.Column("received_ms", sa.BigInteger(), nullable=False),
            sa.Column("scored_ms", sa.BigInteger(), nullable=False),
            sa.Column("approved_ms", sa.BigInteger(), nullable=False),
            sa.Column("mend_by_ms", sa.BigInteger(), nullable=False),
            sa.Column("rechecked_ms", sa.BigInteger(), nullable=False),
            sa.Column("special_ms", sa.BigInteger(), nullable=False),
            sa.Column("investigation_ms", sa.BigInteger(), nullable=False),
            sa.Column("closed_ms", sa.BigInteger(), nullable=False),
            sa.Column("body", sa.LargeBinary(), nullable=False),
            sa.Column("told_no", sa.BigInteger(), nullable=False),
        ),
    ),
    (
        "notes",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("key", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("no", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("own", sa.Boolean(), nullable=False),
            sa.Column("ms", sa.BigInteger(), nullable=False),
            sa.Column("body", sa.LargeBinary(), nullable=False),
        ),
    ),
    (
        "photos",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("key", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("hash", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("photo_key", sa.LargeBinary(), nullable=False),
            sa.Column("body", sa.LargeBinary(), nullable=True),
        ),
    ),
    (
        "risks",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("no", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("what", sa.Text(), nullable=False),
            sa.Column("likelihood", sa.BigInteger(), nullable=False),
            sa.Column("impact", sa.BigInteger(), nullable=False),
        ),
    ),
    (
        "sealed",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("log", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("n", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("key", sa.LargeBinary(), nullable=False),
        ),
    ),
    (
        "suggestions",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("id", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("month", sa.Text(), nullable=False),
            sa.Column("body", sa.LargeBinary(), nullable=False),
            sa.Column("receipt", sa.LargeBinary(), nullable=False),
            sa.Column("answer", sa.LargeBinary(), nullable=False),
        ),
    ),
)
INDEXES: tuple[tuple[str, str, tuple[str, ...], bool], ...] = (
    ("incidents_by_number", "incidents", ("site", "number"), True),
    ("incidents_by_stream", "incidents", ("stream", "report"), True),
    ("sealed_by_key", "sealed", ("site", "key"), False),
    ("suggestions_by_receipt", "suggestions", ("receipt",), False),
)


def upgrade() -> None:
    """Create the tables and indexes, add the column; sites known before keep the server's own zone."""
    for name, columns in TABLES:
        op.create_table(name, *columns, sqlite_with_rowid=False)
    for name, table, keys, unique in INDEXES:
        op.create_index(name, table, list(keys), unique=unique)
    op.add_column("sites", sa.Column("zone", sa.Text(), nullable=False, server_default=""))
