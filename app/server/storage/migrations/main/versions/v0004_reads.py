"""Who read a report of whom, by role and day."""

import sqlalchemy as sa
from alembic import op

revision = "main_0004"
down_revision = "main_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; reads of before stand in the audit chain alone."""
    op.create_table(
        "reads",
        sa.Column("site", sa.LargeBinary(), primary_key=True, autoincrement=False),
        sa.Column("person", sa.LargeBinary(), primary_key=True, autoincrement=False),
        sa.Column("no", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("ms", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
