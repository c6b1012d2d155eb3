"""The first main tables."""

import sqlalchemy as sa
from alembic import op

revision = "main_0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES: tuple[tuple[str, tuple[sa.Column[object], ...]], ...] = (
    (
        "accounts",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("account", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("person", sa.LargeBinary(), nullable=False),
        ),
    ),
    (
        "audit",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("n", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("kind", sa.Text(), nullable=False),
            sa.Column("salt", sa.LargeBinary(), nullable=False),
            sa.Column("bytes", sa.LargeBinary(), nullable=False),
            sa.Column("h", sa.LargeBinary(), nullable=False),
            sa.Column("ref", sa.LargeBinary(), nullable=False),
            sa.Column("ms", sa.BigInteger(), nullable=False),
        ),
    ),
    (
        "devices",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("device", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("state", sa.Text(), nullable=False),
            sa.Column("alg", sa.BigInteger(), nullable=False),
            sa.Column("pub", sa.LargeBinary(), nullable=False),
            sa.Column("host", sa.Text(), nullable=False),
            sa.Column("system", sa.Text(), nullable=False),
            sa.Column("version", sa.Text(), nullable=False),
            sa.Column("seat", sa.Text(), nullable=False),
            sa.Column("floor", sa.Text(), nullable=False),
            sa.Column("code", sa.Text(), nullable=False),
            sa.Column("created_ms", sa.BigInteger(), nullable=False),
        ),
    ),
    (
        "documents",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("kind", sa.Integer(), primary_key=True, autoincrement=False),
            sa.Column("version", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("bytes", sa.LargeBinary(), nullable=False),
        ),
    ),
    (
        "epochs",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("stream", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("epoch", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("log", sa.BigInteger(), nullable=False),
            sa.Column("device", sa.LargeBinary(), nullable=False),
            sa.Column("prev_epoch", sa.LargeBinary(), nullable=False),
            sa.Column("prev_n", sa.BigInteger(), nullable=False),
            sa.Column("prev_h", sa.LargeBinary(), nullable=False),
            sa.Column("n", sa.BigInteger(), nullable=False),
            sa.Column("h", sa.LargeBinary(), nullable=False),
            sa.Column("beat", sa.BigInteger(), nullable=False),
            sa.Column("created", sa.BigInteger(), nullable=False),
            sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        ),
    ),
    (
        "facts",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("name", sa.Text(), primary_key=True, autoincrement=False),
            sa.Column("value", sa.LargeBinary(), nullable=False),
        ),
    ),
    (
        "history",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("stream", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("no", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("fact", sa.Text(), nullable=False),
            sa.Column("epoch", sa.LargeBinary(), nullable=False),
            sa.Column("from_n", sa.BigInteger(), nullable=False),
            sa.Column("to_n", sa.BigInteger(), nullable=False),
            sa.Column("evidence", sa.LargeBinary(), nullable=False),
            sa.Column("ms", sa.BigInteger(), nullable=False),
        ),
    ),
    (
        "people",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("person", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("name", sa.Text(), nullable=False),
            sa.Column("team", sa.Text(), nullable=False),
        ),
    ),
    (
        "pins",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("log", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("n", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("h", sa.LargeBinary(), nullable=False),
            sa.Column("beat", sa.BigInteger(), nullable=False),
            sa.Column("ms", sa.BigInteger(), nullable=False),
            sa.Column("head", sa.LargeBinary(), nullable=False),
            sa.Column("sig", sa.LargeBinary(), nullable=False),
            sa.Column("vouch", sa.LargeBinary(), nullable=False),
        ),
    ),
    (
        "records",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("log", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("n", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("kind", sa.Text(), nullable=False),
            sa.Column("salt", sa.LargeBinary(), nullable=False),
            sa.Column("bytes", sa.LargeBinary(), nullable=False),
            sa.Column("leaf", sa.LargeBinary(), nullable=False),
            sa.Column("received_ms", sa.BigInteger(), nullable=False),
        ),
    ),
    (
        "roles",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("person", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("role", sa.Text(), primary_key=True, autoincrement=False),
            sa.Column("team", sa.Text(), primary_key=True, autoincrement=False),
        ),
    ),
    (
        "seats",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("seat", sa.Text(), primary_key=True, autoincrement=False),
            sa.Column("floor", sa.Text(), nullable=False),
            sa.Column("team", sa.Text(), nullable=False),
        ),
    ),
    (
        "set_aside",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("log", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("n", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("reason", sa.Text(), nullable=False),
        ),
    ),
    (
        "sites",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("name", sa.Text(), nullable=False),
            sa.Column("number", sa.Text(), nullable=False),
        ),
    ),
    (
        "streams",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("stream", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("device", sa.LargeBinary(), nullable=False),
            sa.Column("person", sa.LargeBinary(), nullable=True),
            sa.Column("created_ms", sa.BigInteger(), nullable=False),
            sa.Column("pin", sa.LargeBinary(), nullable=True),
            sa.Column("duress", sa.LargeBinary(), nullable=True),
        ),
    ),
    (
        "teams",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("team", sa.Text(), primary_key=True, autoincrement=False),
        ),
    ),
    (
        "tokens",
        (
            sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("token", sa.LargeBinary(), primary_key=True, autoincrement=False),
            sa.Column("mac_key", sa.LargeBinary(), nullable=False),
            sa.Column("person", sa.LargeBinary(), nullable=True),
            sa.Column("role", sa.Text(), nullable=False),
            sa.Column("team", sa.Text(), nullable=False),
            sa.Column("seat", sa.Text(), nullable=False),
            sa.Column("floor", sa.Text(), nullable=False),
            sa.Column("expires_ms", sa.BigInteger(), nullable=False),
            sa.Column("used_by", sa.LargeBinary(), nullable=True),
        ),
    ),
)
INDEXES: tuple[tuple[str, str, tuple[str, ...], bool], ...] = (
    ("audit_by_ref", "audit", ("site", "ref",), True),
    ("devices_by_id", "devices", ("device",), False),
    ("epochs_by_log", "epochs", ("site", "log",), True),
    ("sites_by_name", "sites", ("name",), True),
    ("streams_by_id", "streams", ("stream",), False),
    ("tokens_by_id", "tokens", ("token",), False),
)


def upgrade() -> None:
    """Create every table and index."""
    for name, columns in TABLES:
        op.create_table(name, *columns, sqlite_with_rowid=False)
    for name, table, keys, unique in INDEXES:
        op.create_index(name, table, list(keys), unique=unique)
